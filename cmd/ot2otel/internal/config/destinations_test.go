package config

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ot2otel/ot2otel/export"
)

func TestNoDestinationMeansConsole(t *testing.T) {
	for name, environ := range map[string][]string{
		"nothing set":        nil,
		"protocol but where": {"OTEL_EXPORTER_OTLP_PROTOCOL=grpc", "OTEL_EXPORTER_OTLP_TIMEOUT=100"},
	} {
		l, err := load(t, "", environ)
		if err != nil || len(l.Destinations) != 0 {
			t.Errorf("%s: %v, %v", name, l, err)
		}
	}
	l, err := load(t, "export: {endpoint: 'a:1'}\ndestinations: []\n", nil)
	if err != nil || len(l.Destinations) != 0 {
		t.Errorf("an empty list: %v, %v", l, err)
	}
}

func TestStandardVariables(t *testing.T) {
	l, err := load(t, "", []string{
		"OTEL_EXPORTER_OTLP_ENDPOINT=https://a:4318", "OTEL_EXPORTER_OTLP_PROTOCOL=http/json",
		"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/protobuf", "OTEL_EXPORTER_OTLP_TIMEOUT=1500",
		"OTEL_EXPORTER_OTLP_HEADERS=Authorization=Basic%20YQ==,x=1%2C2", "OTEL_EXPORTER_OTLP_COMPRESSION=gzip",
	})
	if err != nil {
		t.Fatal(err)
	}
	d := l.Destinations[0]
	want := export.Config{
		Endpoint: "https://a:4318", Protocol: export.HTTPProtobuf, Timeout: 1500 * time.Millisecond, Compression: export.Gzip,
		Headers: map[string]export.Secret{"Authorization": "Basic YQ==", "x": "1,2"},
		TLS:     export.TLS{MinVersion: "1.2"},
	}.WithDefaults()
	if diff := cmp.Diff(want, d, cmp.Transformer("text", func(s export.Secret) string { return string(s) })); diff != "" {
		t.Errorf("destination (-want +got):\n%s", diff)
	}
	if got := origin(l, "export.protocol"); got != "http/protobuf from env OTEL_EXPORTER_OTLP_TRACES_PROTOCOL" {
		t.Error(got)
	}
}

// endpoint and traces_endpoint are one choice: whichever is set higher up holds.
func TestEndpointIsOneChoice(t *testing.T) {
	traces := []string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://env/custom"}
	for _, c := range []struct {
		name, file             string
		env, args              []string
		wantEndpoint, wantPath string
	}{
		{"variable", "", traces, nil, "", "http://env/custom"},
		{"flag over variable", "", traces, []string{"--endpoint=http://flag"}, "http://flag", ""},
		{"variable over file", "export: {endpoint: 'http://file'}", traces, nil, "", "http://env/custom"},
		{"block over variable", "destinations: [{endpoint: 'http://block'}]", traces, nil, "http://block", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, err := load(t, c.file, c.env, c.args...)
			if err != nil {
				t.Fatal(err)
			}
			if d := l.Destinations[0]; d.Endpoint != c.wantEndpoint || d.TracesEndpoint != c.wantPath {
				t.Errorf("endpoint %q, traces_endpoint %q", d.Endpoint, d.TracesEndpoint)
			}
		})
	}
}

func TestDestinationsInherit(t *testing.T) {
	const file = `
export:
  compression: gzip
  headers: {a: b}
  queue: {max_bytes: 1MiB}
destinations:
  - name: one
    endpoint: http://one:4318
  - name: two
    endpoint: two:4317
    compression: none
    queue:
      max_bytes: 2MiB
`
	l, err := load(t, file, []string{"OTEL_EXPORTER_OTLP_TIMEOUT=100"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, item := range l.Items() {
		switch strings.Split(item.Key, ".")[len(strings.Split(item.Key, "."))-1] {
		case "name", "endpoint", "compression", "headers", "timeout":
			if strings.HasPrefix(item.Key, "destinations") {
				got = append(got, item.Key+" = "+item.Value+" from "+item.Origin)
			}
		}
	}
	want := []string{
		"destinations[0].name = one from f.yaml:7",
		"destinations[0].endpoint = http://one:4318 from f.yaml:8",
		"destinations[0].headers = (secret) from f.yaml:4",
		"destinations[0].compression = gzip from f.yaml:3",
		"destinations[0].timeout = 100ms from env OTEL_EXPORTER_OTLP_TIMEOUT",
		"destinations[1].name = two from f.yaml:9",
		"destinations[1].endpoint = two:4317 from f.yaml:10",
		"destinations[1].headers = (secret) from f.yaml:4",
		"destinations[1].compression = none from f.yaml:11",
		"destinations[1].timeout = 100ms from env OTEL_EXPORTER_OTLP_TIMEOUT",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	if l.Destinations[0].QueueBytes != 1<<20 || l.Destinations[1].QueueBytes != 2<<20 {
		t.Errorf("queues of %d and %d bytes", l.Destinations[0].QueueBytes, l.Destinations[1].QueueBytes)
	}
}

func TestDestinationsOnALine(t *testing.T) {
	const file = "destinations: [{endpoint: 'file:1'}]"
	env := []string{"OT2OTEL_DESTINATIONS=name=a,endpoint=env-a:1;name=b,endpoint=env-b:1,headers=x=1,headers=y=2%2C3;"}
	l, err := load(t, file, env)
	if err != nil {
		t.Fatal(err)
	}
	if len(l.Destinations) != 2 || l.Destinations[1].Endpoint != "env-b:1" || l.Destinations[1].Headers["x"] != "1" || l.Destinations[1].Headers["y"] != "2,3" {
		t.Errorf("from the environment: %+v", l.Destinations)
	}
	l, err = load(t, file, env, "--destination=endpoint=flag-a:1,queue.max_bytes=1MiB", "--destination=endpoint=flag-b:1")
	if err != nil {
		t.Fatal(err)
	}
	if len(l.Destinations) != 2 || l.Destinations[0].Endpoint != "flag-a:1" || l.Destinations[0].QueueBytes != 1<<20 {
		t.Errorf("from flags: %+v", l.Destinations)
	}
}

func TestBadDestinations(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		want []string
	}{
		{"no endpoint", []string{"--destination=name=a"}, []string{"flag --destination: a destination without an endpoint"}},
		{"not a pair", []string{"--destination=http://a:4317"}, []string{
			"flag --destination: a destination is written name=…,endpoint=…; a comma inside a value is written %2C",
			"flag --destination: a destination without an endpoint",
		}},
		{"unknown key", []string{"--destination=endpoint=a:1,protoco=grpc"}, []string{`flag --destination: unknown key "protoco"; did you mean "protocol"?`}},
		{"a group is no key", []string{"--destination=endpoint=a:1,queue=1"}, []string{`flag --destination: unknown key "queue"; did you mean "queue"?`}},
		{"same name", []string{"--destination=endpoint=a:1", "--destination=endpoint=a:1"}, []string{
			`flag --destination: the destination of flag --destination is called "a:1", too: give each a name of its own`,
		}},
		{"what they share is reported once", []string{"--senders=0", "--destination=endpoint=a:1", "--destination=endpoint=b:1"}, []string{
			"flag --senders: export.senders: 0 is not between 1 and 256",
		}},
		{"HTTP without a scheme", []string{"--endpoint=a:1", "--protocol=http/json"}, []string{
			`flag --endpoint: endpoint: "a:1" has no scheme; write http://a:1 or https://a:1`,
		}},
		{"certificate without key", []string{"--endpoint=https://a:1", "--tls-cert-file=c.pem"}, []string{
			`flag --tls-cert-file: tls.cert_file: "c.pem" needs`,
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := load(t, "", nil, c.args...)
			if diff := cmp.Diff(c.want, messages(err), cmp.Comparer(oneBeginsOther)); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
		})
	}
}

// oneBeginsOther lets a test leave out the end of a message that another package words.
func oneBeginsOther(a, b string) bool { return strings.HasPrefix(a, b) || strings.HasPrefix(b, a) }

// No error, note or print shows what is in a header.
func TestSecretsAreNeverShown(t *testing.T) {
	const secret = "s3cr3t"
	for name, file := range map[string]string{
		"good":                 "export: {endpoint: 'a:1', headers: {authorization: s3cr3t}}",
		"not a pair":           "export: {endpoint: 'a:1', headers: s3cr3t}",
		"bad escape":           "export: {endpoint: 'a:1', headers: 'a=s3cr3t%'}",
		"bad characters":       `export: {endpoint: 'a:1', headers: {a: "s3cr3t\n"}}`,
		"forbidden name":       "export: {endpoint: 'a:1', headers: {host: s3cr3t}}",
		"in a list":            "destinations: [{endpoint: 'a:1', headers: {k: s3cr3t}}]",
		"variable not allowed": "export: {endpoint: 'a:1', headers: {k: 's3cr3t$'}}",
	} {
		l, err := load(t, file, nil)
		shown := ""
		if err != nil {
			shown = err.Error()
		} else {
			shown = string(l.YAML())
			for _, item := range l.Items() {
				shown += item.Value
			}
		}
		if strings.Contains(shown, secret) {
			t.Errorf("%s: the secret is in %q", name, shown)
		}
	}
}
