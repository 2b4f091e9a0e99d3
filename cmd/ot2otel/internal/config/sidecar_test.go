package config

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ot2otel/ot2otel/rewrite"
)

func TestSidecarFile(t *testing.T) {
	l, err := Load([]string{FileVariable + "=../../../../configs/sidecar.yaml"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := l.Sidecar
	if diff := cmp.Diff([]string{":8080", ":15001"}, s.Listeners()); diff != "" {
		t.Errorf("listeners (-want +got):\n%s", diff)
	}
	if s.Inbound[0].App != "127.0.0.1:3000" || s.Upstreams[0].Name != "payments" || s.Upstreams[0].URL.Host != "payments.example" ||
		s.Headers.App != rewrite.Jaeger || s.Headers.LegacyOut != rewrite.LegacyKeep {
		t.Errorf("got %+v", s)
	}
}

func TestSidecarIsOffUnlessAskedFor(t *testing.T) {
	l, err := load(t, "sidecar: {app: b3multi}\n", nil)
	if err != nil || l.Sidecar.Enabled() {
		t.Errorf("enabled: %t, %v", l.Sidecar.Enabled(), err)
	}
}

// Addresses are completed where it is clear what is meant.
func TestSidecarAddresses(t *testing.T) {
	l, err := load(t, "sidecar: {inbound: ['8080=3000'], upstreams: [':9001=http://A.example/']}\n", nil)
	if err != nil {
		t.Fatal(err)
	}
	if in := l.Sidecar.Inbound[0]; in.App != "127.0.0.1:3000" || l.Bind(in.Address) != "127.0.0.1:8080" {
		t.Errorf("inbound is %+v", in)
	}
	if u := l.Sidecar.Upstreams[0]; u.Name != "" || BindLocal(u.Address) != "127.0.0.1:9001" {
		t.Errorf("upstream is %+v", u)
	}
}

func TestSidecarMistakes(t *testing.T) {
	for _, test := range []struct{ file, want string }{
		{"inbound: [':8080']", `":8080" is not ADDRESS=APP`},
		{"inbound: [':x=3000']", `":x=3000" is not ADDRESS=APP`},
		{"inbound: [':8080=127.0.0.1:8080']", "sidecar.inbound: the app of :8080 is at the port that the sidecar listens at  [OT2-C010]"},
		{"outbound: [x]", `"x" is not an address`},
		{"upstreams: [payments]", `"payments" is not NAME=URL`},
		{"upstreams: [payments=payments.example]", `is not NAME=URL`},
		{"upstreams: ['payments=https://a/path']", `is not NAME=URL`},
		{"upstreams: [':x=https://a']", `":x" is not an address`},
		{"upstreams: [payments=https://a]", `"payments" is a name to ask the outbound port for, and there is none`},
		{"{outbound: [1], upstreams: [a=https://a, A=https://b]}", `sidecar.upstreams: "A" stands twice  [OT2-C010]`},
		{"ext_proc: x", `"x" is not an address`},
		{"{ext_proc: 1, spans: both}", "with sidecar.ext_proc it has to be none  [OT2-C010]"},
		{"app: jager", `did you mean "jaeger"?`},
		{"app: datadog", `"datadog" is not one of w3c, jaeger, b3single, b3multi, ot`},
		{"mesh: [aws]", "aws can only be read"},
		{"mesh: [b3]", "say b3single or b3multi"},
		{"trust: [everyone]", `trusted peer "everyone": want all, none, private`},
		{"egress: [10.0.0.0/40]", `10.0.0.0/40`},
		{"deferred_ratio: 2", `"2" is not a number from 0 to 1`},
		{"names: {trace_context: 'no header'}", "sidecar: "},
		{"outbond: [1]", `unknown key "sidecar.outbond"; did you mean "sidecar.outbound"?`},
	} {
		file := "sidecar: {" + strings.Trim(test.file, "{}") + "}\n"
		if strings.HasPrefix(test.file, "names") {
			file = "sidecar: {" + test.file + "}\n"
		}
		if _, err := load(t, file, nil); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error is %v, want %s", test.file, err, test.want)
		}
	}
}

// Every choice of package rewrite has a key. Trust and Egress are kept as they are written.
func TestEveryRewriteChoiceHasAKey(t *testing.T) {
	var c Config
	for _, k := range sidecarKeys {
		if err := k.at(&c).Set(k.Example); err != nil {
			t.Fatal(err)
		}
	}
	ours, theirs := reflect.ValueOf(c.Sidecar.Headers), reflect.TypeFor[rewrite.Config]()
	for i := range theirs.NumField() {
		switch name := theirs.Field(i).Name; {
		case name == "Memory" || name == "Rand":
		case !ours.FieldByName(name).IsValid() || ours.FieldByName(name).IsZero():
			t.Errorf("no key sets %s", name)
		}
	}
}

func TestListsOfALegMayBeEmpty(t *testing.T) {
	l, err := load(t, "sidecar: {inbound_headers: {clear: [], inject: [jaeger, w3c]}}\n", nil)
	if err != nil {
		t.Fatal(err)
	}
	want := rewrite.Lists{Clear: []rewrite.Format{}, Inject: []rewrite.Format{rewrite.Jaeger, rewrite.W3C}}
	if diff := cmp.Diff(want, l.Sidecar.Headers.Inbound); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
