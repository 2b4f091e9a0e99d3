package export

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var showSecrets = cmp.Transformer("text", func(s Secret) string { return string(s) })

func fromEnv(pairs ...string) (Env, error) {
	return FromEnv(func(name string) string {
		for _, pair := range pairs {
			if key, value, _ := strings.Cut(pair, "="); "OTEL_EXPORTER_OTLP_"+key == name {
				return value
			}
		}
		return ""
	})
}

// TestEnvironment: a row for each rule of the OTLP exporter's variables.
func TestEnvironment(t *testing.T) {
	for name, c := range map[string]struct {
		env     []string
		want    Config
		origins map[string]string // without the prefix
	}{
		"nothing set":     {nil, Config{}, nil},
		"empty is unset":  {[]string{"ENDPOINT=", "TRACES_PROTOCOL= "}, Config{}, nil},
		"general":         {[]string{"ENDPOINT=http://h:4318"}, Config{Endpoint: "http://h:4318"}, map[string]string{"endpoint": "ENDPOINT"}},
		"twin as it is":   {[]string{"TRACES_ENDPOINT=http://h:1/x"}, Config{TracesEndpoint: "http://h:1/x"}, map[string]string{"traces_endpoint": "TRACES_ENDPOINT"}},
		"twin wins":       {[]string{"ENDPOINT=http://a:1", "TRACES_ENDPOINT=http://b:1"}, Config{TracesEndpoint: "http://b:1"}, map[string]string{"traces_endpoint": "TRACES_ENDPOINT"}},
		"empty twin":      {[]string{"ENDPOINT=http://a:1", "TRACES_ENDPOINT="}, Config{Endpoint: "http://a:1"}, map[string]string{"endpoint": "ENDPOINT"}},
		"protocol":        {[]string{"PROTOCOL=http/json"}, Config{Protocol: HTTPJSON}, map[string]string{"protocol": "PROTOCOL"}},
		"protocol twin":   {[]string{"PROTOCOL=grpc", "TRACES_PROTOCOL=http/protobuf"}, Config{Protocol: HTTPProtobuf}, map[string]string{"protocol": "TRACES_PROTOCOL"}},
		"compression":     {[]string{"COMPRESSION=none", "TRACES_COMPRESSION=gzip"}, Config{Compression: Gzip}, map[string]string{"compression": "TRACES_COMPRESSION"}},
		"timeout in ms":   {[]string{"TIMEOUT=1500"}, Config{Timeout: 1500 * time.Millisecond}, map[string]string{"timeout": "TIMEOUT"}},
		"timeout 0: none": {[]string{"TIMEOUT=1500", "TRACES_TIMEOUT=0"}, Config{Timeout: -1}, map[string]string{"timeout": "TRACES_TIMEOUT"}},
		"insecure":        {[]string{"INSECURE=TRUE"}, Config{Insecure: true}, map[string]string{"insecure": "INSECURE"}},
		"insecure twin":   {[]string{"INSECURE=true", "TRACES_INSECURE=false"}, Config{}, map[string]string{"insecure": "TRACES_INSECURE"}},
		"tls files": {
			[]string{"CERTIFICATE=ca", "CLIENT_KEY=k", "CLIENT_CERTIFICATE=c", "TRACES_CLIENT_KEY=k2"},
			Config{TLS: TLS{CAFile: "ca", KeyFile: "k2", CertFile: "c"}},
			map[string]string{"tls.ca_file": "CERTIFICATE", "tls.key_file": "TRACES_CLIENT_KEY", "tls.cert_file": "CLIENT_CERTIFICATE"},
		},
		"headers": {
			[]string{"HEADERS=Authorization=Basic%20YWJj, x-a = 1=2 ,,x%2Dc=%C3%A9+"},
			Config{Headers: map[string]Secret{"Authorization": "Basic YWJj", "x-a": "1=2", "x-c": "é+"}},
			map[string]string{"headers": "HEADERS"},
		},
		"headers twin is not merged": {
			[]string{"HEADERS=a=1", "TRACES_HEADERS=b=2"},
			Config{Headers: map[string]Secret{"b": "2"}},
			map[string]string{"headers": "TRACES_HEADERS"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := fromEnv(c.env...)
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]string{}
			for field, suffix := range c.origins {
				want[field] = "OTEL_EXPORTER_OTLP_" + suffix
			}
			if diff := cmp.Diff(Env{Config: c.want, Origins: want}, got, showSecrets); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestEnvironmentErrors name the variable and quote the value, unless it is secret.
func TestEnvironmentErrors(t *testing.T) {
	for _, c := range []struct{ env, want string }{
		{"ENDPOINT=ftp://h", `OTEL_EXPORTER_OTLP_ENDPOINT: "ftp://h" is not a valid URL with http:// or https://`},
		{"TRACES_ENDPOINT=http://", `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://" names no host`},
		{"PROTOCOL=http", `OTEL_EXPORTER_OTLP_PROTOCOL: "http" is not one of [grpc http/protobuf http/json]`},
		{"TRACES_COMPRESSION=lz4", `OTEL_EXPORTER_OTLP_TRACES_COMPRESSION: "lz4" is not one of [none gzip zstd]`},
		{"TIMEOUT=10s", `OTEL_EXPORTER_OTLP_TIMEOUT: "10s" is not a number of milliseconds between 0 and one day`},
		{"TIMEOUT=-1", `OTEL_EXPORTER_OTLP_TIMEOUT: "-1" is not a number of milliseconds between 0 and one day`},
		{"CLIENT_CERTIFICATE=c", `OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: "c" needs the file of its key beside it`},
		{"HEADERS=a=1,s3cret", `OTEL_EXPORTER_OTLP_HEADERS: entry 2 is not key=value`},
		{"HEADERS=a=s3cret%zz", `OTEL_EXPORTER_OTLP_HEADERS: entry 1 (a) has a value with a % that two hex digits do not follow; write %25 for %`},
		{"TRACES_HEADERS=a=s3cret%0A", `OTEL_EXPORTER_OTLP_TRACES_HEADERS: header "a" has a value with characters that a header cannot have`},
	} {
		_, err := fromEnv(c.env)
		if err == nil || err.Error() != c.want {
			t.Errorf("%s\ngot  %v\nwant %s", c.env, err, c.want)
		}
		var fe *FieldError
		if !errors.As(err, &fe) || !strings.HasPrefix(fe.Field, "OTEL_") {
			t.Errorf("%s: not a FieldError with the variable: %#v", c.env, err)
		}
	}
	if _, err := fromEnv("ENDPOINT=ftp://", "TIMEOUT=x", "PROTOCOL=y"); strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("not all three errors at once: %v", err)
	}
}

// TestObsoleteVariables are taken, or said to be ignored, with a note.
func TestObsoleteVariables(t *testing.T) {
	for _, c := range []struct {
		env      []string
		insecure bool
		origin   string
		id       string
	}{
		{[]string{"SPAN_INSECURE=true"}, true, "OTEL_EXPORTER_OTLP_SPAN_INSECURE", "OT2-E012"},
		{[]string{"SPAN_INSECURE=true", "INSECURE=false"}, true, "OTEL_EXPORTER_OTLP_SPAN_INSECURE", "OT2-E012"},
		{[]string{"SPAN_INSECURE=true", "TRACES_INSECURE=false"}, false, "OTEL_EXPORTER_OTLP_TRACES_INSECURE", "OT2-E012"},
		{[]string{"METRIC_INSECURE=true"}, false, "", "OT2-E012"},
		{[]string{"INSECURE=yes"}, false, "OTEL_EXPORTER_OTLP_INSECURE", "OT2-E011"},
	} {
		env, err := fromEnv(c.env...)
		if err != nil || env.Config.Insecure != c.insecure || env.Origins["insecure"] != c.origin {
			t.Errorf("%v: %v, insecure %v from %q", c.env, err, env.Config.Insecure, env.Origins["insecure"])
		}
		if len(env.Notes) != 1 || env.Notes[0].ID != c.id || !strings.Contains(env.Notes[0].Text, "INSECURE") {
			t.Errorf("%v: notes %v", c.env, env.Notes)
		}
	}
}
