package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/fault"
	"github.com/ot2otel/ot2otel/export"
	"github.com/ot2otel/ot2otel/translate"
)

// load loads a file with this content, variables and arguments.
func load(t *testing.T, yaml string, environ []string, args ...string) (*Loaded, error) {
	t.Helper()
	t.Chdir(t.TempDir())
	if yaml != "" {
		if err := os.WriteFile("f.yaml", []byte(yaml), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append([]string{"--config", "f.yaml"}, args...)
	}
	fs := pflag.NewFlagSet("test", pflag.ContinueOnError)
	flags := NewFlags()
	flags.AddTo(fs)
	if err := fs.Parse(args); err != nil {
		t.Fatal(err)
	}
	return Load(environ, flags)
}

// messages are the texts of joined errors, without ids.
func messages(err error) (all []string) {
	for _, err := range fault.Each(err) {
		text, _, _ := strings.Cut(err.Error(), "  [")
		all = append(all, text)
	}
	return all
}

func origin(l *Loaded, key string) string {
	for _, item := range l.Items() {
		if item.Key == key {
			return item.Value + " from " + item.Origin
		}
	}
	return "no such key"
}

func TestPrecedence(t *testing.T) {
	const file = "log: {level: debug}\n"
	env := []string{"OT2OTEL_LOG_LEVEL=warn", "OTEL_LOG_LEVEL=info"}
	for _, c := range []struct {
		name, file string
		env, args  []string
		want       string
	}{
		{"default", "", nil, nil, "info from default"},
		{"file over default", file, nil, nil, "debug from f.yaml:1"},
		{"standard variable over file", file, env[1:], nil, "info from env OTEL_LOG_LEVEL"},
		{"own variable over standard", file, env, nil, "warn from env OT2OTEL_LOG_LEVEL"},
		{"flag over all", file, env, []string{"--log-level=error"}, "error from flag --log-level"},
		{"empty variable counts as not set", file, []string{"OT2OTEL_LOG_LEVEL="}, nil, "debug from f.yaml:1"},
		{"key without a value is left alone", "log:\n  level:\n", nil, nil, "info from default"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, err := load(t, c.file, c.env, c.args...)
			if err != nil {
				t.Fatal(err)
			}
			if got := origin(l, "log.level"); got != c.want {
				t.Errorf("log.level is %s, want %s", got, c.want)
			}
		})
	}
}

func TestAllErrorsAtOnce(t *testing.T) {
	const file = `listen_hots: 0.0.0.0
jaeger:
  compact:
    readers: many
  http: 14268
  http: {}
export:
  queue:
    max_byte: 1MiB
  headers: [a, b]
  retry: {min: 1h, max: 1s}
max_age: 1s
zzzzzzzzzzzzzz: 1
destinations:
  - endpoint: http://a:4317
    sender: 3
  - name: b
`
	env := []string{"OT2OTEL_SEMCONF=raw", "OT2OTEL_SHUTDOWN_TIMEOUT=soon", "OTEL_EXPORTER_OTLP_PROTOCOL=gprc"}
	_, err := load(t, file, env, "--log-level=loud", "--listen-host=::1")
	want := []string{
		`f.yaml:1: unknown key "listen_hots"; did you mean "listen_host"?`,
		`f.yaml:5: "jaeger.http" holds keys of its own, not "14268"`,
		`f.yaml:6: "jaeger.http" stands twice: also in line 5`,
		`f.yaml:9: unknown key "export.queue.max_byte"; did you mean "export.queue.max_bytes"?`,
		`f.yaml:10: export.headers: expected one value, not a list`,
		`f.yaml:12: unknown key "max_age"; did you mean "export.batch.max_age"?`,
		`f.yaml:13: unknown key "zzzzzzzzzzzzzz"`,
		`f.yaml:16: unknown key "sender"; did you mean "senders"?`,
		`env OTEL_EXPORTER_OTLP_PROTOCOL: "gprc" is not one of [grpc http/protobuf http/json]`,
		`env OT2OTEL_SEMCONF: unknown variable; did you mean "OT2OTEL_SEMCONV"?`,
		`f.yaml:4: jaeger.compact.readers: "many" is not a whole number`,
		`env OT2OTEL_SHUTDOWN_TIMEOUT: shutdown_timeout: "soon" is not a duration such as 200ms, 5s or 1m30s`,
		`flag --log-level: log.level: "loud" is not one of debug, info, warn, error`,
		`f.yaml:11: retry.max: "1s" is not between 1h0m0s and 24h0m0s`,
		`f.yaml:17: a destination without an endpoint`,
	}
	if diff := cmp.Diff(want, messages(err)); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
}

func TestBadFiles(t *testing.T) {
	for _, c := range []struct{ name, file, want string }{
		{"not YAML", "a: [\n", "f.yaml: line 1: did not find expected node content"},
		{"a list", "- a\n", "f.yaml:1: the file holds keys of its own, not a list"},
		{"a word", "hello\n", `f.yaml:1: the file holds keys of its own, not "hello"`},
		{"two documents", "semconv: raw\n---\nsemconv: dup\n", "f.yaml:2: a second document: only the first would be read"},
		{"a mapping for a value", "semconv: {a: b}\n", "f.yaml:1: semconv: expected one value, not a mapping"},
		{"destinations as a mapping", "destinations: {a: b}\n", "f.yaml:1: destinations is a list of destinations, not a mapping"},
		{"a word for a destination", "destinations: [a]\n", `f.yaml:1: a destination holds keys of its own, not "a"`},
		{"group as alias", "jaeger: &a\n  compact: *a\n", `f.yaml:2: unknown key "jaeger.compact.compact"`},
		{"merge key", "log: {<<: {level: debug}}\n", `f.yaml:1: unknown key "log.<<"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := load(t, c.file, nil)
			got := messages(err)
			if len(got) == 0 || !strings.HasPrefix(got[0], c.want) {
				t.Errorf("errors are %q, want first %q", got, c.want)
			}
		})
	}
}

func TestMissingFile(t *testing.T) {
	_, err := Load([]string{FileVariable + "=/nowhere/f.yaml"}, nil)
	if err == nil || !strings.Contains(err.Error(), "/nowhere/f.yaml") {
		t.Errorf("error is %v, want one that names the file", err)
	}
}

func TestSubstitution(t *testing.T) {
	env := environment{"A": "x", "EMPTY": "", "HOSTILE": "a: b\n${A} $$"}
	for _, c := range []struct{ text, want, err string }{
		{"plain", "plain", ""},
		{"${A}", "x", ""},
		{"1${A}2${A}3", "1x2x3", ""},
		{"${A:-d}", "x", ""},
		{"${B:-d}", "d", ""},
		{"${EMPTY:-d}", "d", ""},
		{"${EMPTY}", "", ""},
		{"${B:-}", "", ""},
		{"${B:-http://a:1}", "http://a:1", ""},
		{"$$A $$$$", "$A $$", ""},
		{"${HOSTILE}", "a: b\n${A} $$", ""},
		{"${B}", "", "the variable B is not set"},
		{"$A", "", "a dollar sign that no {NAME} follows"},
		{"100$", "", "a dollar sign that no {NAME} follows"},
		{"${A", "", "a dollar sign that no {NAME} follows"},
		{"${}", "", "a dollar sign that no {NAME} follows"},
	} {
		got, err := substitute(c.text, env.lookup)
		if got != c.want || (err == nil) != (c.err == "") || err != nil && !strings.HasPrefix(err.Error(), c.err) {
			t.Errorf("%q becomes %q, %v; want %q, %q", c.text, got, err, c.want, c.err)
		}
	}
}

func TestSubstitutionInFile(t *testing.T) {
	const file = "log:\n  level: ${LEVEL}\nlisten_host: ${HOST}\nexport:\n  endpoint: a:1\n  headers: {k: '${TOKEN}'}\n"
	l, err := load(t, file, []string{"LEVEL=warn", "HOST=::1", "TOKEN=a,b=c %20"})
	if err != nil {
		t.Fatal(err)
	}
	if l.Log.Level != "warn" || l.ListenHost != "::1" || l.Destinations[0].Headers["k"] != "a,b=c %20" {
		t.Errorf("got level %q, host %q, header %q", l.Log.Level, l.ListenHost, string(l.Destinations[0].Headers["k"]))
	}
	_, err = load(t, file, nil)
	want := []string{"f.yaml:2: log.level: the variable LEVEL is not set", "f.yaml:3: listen_host: the variable HOST is not set", "f.yaml:6: export.headers: the variable TOKEN is not set"}
	if diff := cmp.Diff(want, messages(err)); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
}

func TestEverythingTyped(t *testing.T) {
	l, err := load(t, "", nil, "--jaeger-compact-enabled=false", "--jaeger-http-max-body-bytes=1MiB", "--semconv=RENAME",
		"--mapping-derive-http-status=false", "--mapping-links=all", "--mapping-http-methods=GET, PURGE", "--admin-addresses=", "--shutdown-timeout=1m")
	if err != nil {
		t.Fatal(err)
	}
	m := translate.Config{Prefix: "ot2otel.", Semconv: translate.SemconvRename, NoHTTPStatus: true, LinksAll: true, HTTPMethods: []string{"GET", "PURGE"}}
	if diff := cmp.Diff(m, l.Mapping); diff != "" {
		t.Errorf("mapping (-want +got):\n%s", diff)
	}
	if l.Jaeger.Compact.Enabled || !l.Jaeger.Binary.Enabled || l.Jaeger.HTTP.Limits.Body != 1<<20 || l.Admin.Addresses != nil || l.ShutdownTimeout != time.Minute {
		t.Errorf("got %+v", l.Config)
	}
}

func TestKubernetesServiceLinksAreNoKeys(t *testing.T) {
	links := []string{
		"OT2OTEL_SERVICE_HOST=10.0.0.1", "OT2OTEL_SERVICE_PORT=6831", "OT2OTEL_SERVICE_PORT_JAEGER=6831",
		"OT2OTEL_PORT=udp://10.0.0.1:6831", "OT2OTEL_PORT_6831_UDP=udp://10.0.0.1:6831", "OT2OTEL_PORT_6831_UDP_ADDR=10.0.0.1",
		"OT2OTEL_ADMIN_SERVICE_HOST=10.0.0.2", "OT2OTEL_ADMIN_PORT_14269_TCP_PROTO=tcp",
	}
	if _, err := load(t, "", links); err != nil {
		t.Error(err)
	}
}

func TestUnknownStandardLevelIsOnlyNoted(t *testing.T) {
	l, err := load(t, "", []string{"OTEL_LOG_LEVEL=verbose"})
	if err != nil {
		t.Fatal(err)
	}
	if len(l.Notes) != 1 || !strings.Contains(l.Notes[0].Error(), `OTEL_LOG_LEVEL: "verbose"`) || l.Log.Level != "info" {
		t.Errorf("level %q, notes %v", l.Log.Level, l.Notes)
	}
}

func TestExampleFilesLoad(t *testing.T) {
	files, err := filepath.Glob("../../../../configs/*.yaml")
	if err != nil || len(files) < 2 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		if _, err := Load([]string{FileVariable + "=" + file}, nil); err != nil {
			t.Error(err)
		}
	}
}

func TestAgentFile(t *testing.T) {
	l, err := Load([]string{FileVariable + "=../../../../configs/agent.yaml", "OTEL_EXPORTER_OTLP_ENDPOINT=https://tempo:4317"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if l.ListenHost != "0.0.0.0" || l.Jaeger.HTTP.Enabled || !l.Jaeger.Compact.Enabled || len(l.Destinations) != 1 ||
		l.Destinations[0].Endpoint != "https://tempo:4317" || l.Destinations[0].Compression != export.Gzip {
		t.Errorf("got %+v", l.Config)
	}
}
