package config

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"

	"github.com/ot2otel/ot2otel/export"
)

// Every key has a default that means what it says, a flag, a variable and an
// example, and all ways to set it lead to the same value.
func TestEveryKey(t *testing.T) {
	for _, k := range keys() {
		t.Run(k.Path, func(t *testing.T) {
			var c Config
			v := k.at(&c)
			if err := v.Set(k.Default); err != nil {
				t.Fatalf("default: %v", err)
			}
			if v.String() != k.Default {
				t.Errorf("the default %q is shown as %q", k.Default, v)
			}
			if k.Doc == "" || !strings.HasSuffix(k.Doc, ".") {
				t.Errorf("doc is %q", k.Doc)
			}
			if err := v.Set(k.Example); err != nil {
				t.Fatalf("example: %v", err)
			}
			if v.String() == k.Default {
				t.Errorf("the example is the default")
			}
			if got := flagLayer(t, "--"+k.Flag()+"="+k.Example).settings[k.Path]; got.Text != k.Example {
				t.Errorf("the flag gives %+v", got)
			}
			env := environment{k.Env(): k.Example}.own()
			if got := env.settings[k.Path]; got.Text != k.Example || env.errs != nil {
				t.Errorf("the variable gives %+v, %v", got, env.errs)
			}
		})
	}
}

func flagLayer(t *testing.T, args ...string) *layer {
	t.Helper()
	fs := pflag.NewFlagSet("test", pflag.ContinueOnError)
	flags := NewFlags()
	flags.AddTo(fs)
	if err := fs.Parse(args); err != nil {
		t.Fatal(err)
	}
	return flags.layer
}

// Every choice that the mapping leaves open has a key.
func TestEveryMappingChoiceHasAKey(t *testing.T) {
	var c Config
	for _, k := range mappingKeys {
		if err := k.at(&c).Set(k.Example); err != nil {
			t.Fatal(err)
		}
	}
	mapping := reflect.ValueOf(c.Mapping)
	for i := range mapping.NumField() {
		kind := mapping.Field(i).Kind()
		if mapping.Field(i).IsZero() && kind != reflect.Func && kind != reflect.Interface {
			t.Errorf("no key sets %s", mapping.Type().Field(i).Name)
		}
	}
}

// So has every field of a destination.
func TestEveryExportFieldHasAKey(t *testing.T) {
	var d export.Config
	for _, k := range exportKeys {
		if err := k.at(&d).Set(k.Example); err != nil {
			t.Fatal(err)
		}
	}
	var check func(name string, v reflect.Value)
	check = func(name string, v reflect.Value) {
		if v.Kind() != reflect.Struct {
			if v.IsZero() {
				t.Errorf("no key sets %s", name)
			}
			return
		}
		for i := range v.NumField() {
			check(name+"."+v.Type().Field(i).Name, v.Field(i))
		}
	}
	check("Config", reflect.ValueOf(d))
}

func TestNamesAreUnique(t *testing.T) {
	var flags, envs []string
	for _, k := range Keys() {
		flags, envs = append(flags, k.Flag()), append(envs, k.Env())
	}
	for _, names := range [][]string{flags, envs} {
		slices.Sort(names)
		if len(slices.Compact(slices.Clone(names))) != len(names) {
			t.Errorf("a name stands twice in %q", names)
		}
	}
}

func TestNames(t *testing.T) {
	k := Key{Path: "export.queue.max_bytes"}
	if k.Flag() != "queue-max-bytes" || k.Env() != "OT2OTEL_QUEUE_MAX_BYTES" {
		t.Errorf("%s, %s", k.Flag(), k.Env())
	}
	k = Key{Path: "jaeger.http.read_timeout"}
	if k.Flag() != "jaeger-http-read-timeout" || k.Env() != "OT2OTEL_JAEGER_HTTP_READ_TIMEOUT" {
		t.Errorf("%s, %s", k.Flag(), k.Env())
	}
}

func TestSizes(t *testing.T) {
	for text, want := range map[string]string{
		"0": "0", "65000": "65000", "1024": "1KiB", "1536": "1536", "64MiB": "64MiB", "64 MiB": "64MiB", "64mib": "64MiB",
		"1GB": "1000000000", "1GiB": "1GiB", "12B": "12", "3584KiB": "3584KiB",
		"": "error", "MiB": "error", "-1": "error", "1.5MiB": "error", "1TiB": "error", "9999999999GiB": "error", "x": "error",
	} {
		var n int64
		got := "error"
		v := size(&n, 0, 1<<62)
		if v.Set(text) == nil {
			got = v.String()
		}
		if got != want {
			t.Errorf("%q reads as %s, want %s", text, got, want)
		}
	}
}

func TestDurationsAreShownShort(t *testing.T) {
	for _, text := range []string{"0s", "200ms", "5s", "5m", "1m30s", "1h", "1h30m", "24h", "1h0m1s"} {
		var l Loaded
		v := duration(&l.ShutdownTimeout, 0, 1<<62)
		if err := v.Set(text); err != nil || v.String() != text {
			t.Errorf("%q is shown as %q, %v", text, v, err)
		}
	}
}

// What is printed is a file that gives the same configuration again.
func TestPrintLoadsAgain(t *testing.T) {
	first, err := load(t, "semconv: raw\ndestinations: [{name: a, endpoint: 'a:1', queue: {max_bytes: 1MiB}}, {name: b, endpoint: 'http://b:4318'}]\n",
		[]string{"OT2OTEL_LISTEN_HOST=::"}, "--admin-addresses=:1,:2")
	if err != nil {
		t.Fatal(err)
	}
	again, err := load(t, string(first.YAML()), nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, first.YAML())
	}
	if diff := cmp.Diff(first.Config, again.Config); diff != "" {
		t.Errorf("(-first +again):\n%s", diff)
	}
}

// Whatever a file holds, reading it ends with a layer or errors that name it.
func FuzzFile(f *testing.F) {
	f.Add("semconv: raw\n")
	f.Add("a: &a [*a]\nexport: {headers: {a: ${B:-c}}}\n")
	f.Add("destinations: [{endpoint: a, headers: {x: *y}}]\n---\n")
	f.Fuzz(func(t *testing.T, content string) {
		l := parseFile("f.yaml", []byte(content), environment{"B": "$"}.lookup)
		for _, err := range l.errs {
			if !strings.HasPrefix(err.Error(), "f.yaml") {
				t.Errorf("error %q does not name the file", err)
			}
		}
		l.over(defaults()).resolve()
	})
}
