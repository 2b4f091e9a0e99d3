package rewrite_test

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/ot2otel/ot2otel/rewrite"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const validParent = "00-" + full + "-" + span + "-01"

// TestBaggageLimits is vector F11: 64 members, 8,192 bytes, never a part of one.
func TestBaggageLimits(t *testing.T) {
	var many, long []string
	for i := range 65 {
		many = append(many, fmt.Sprintf("k%02d=v", i))
	}
	for i := range 90 {
		long = append(long, fmt.Sprintf("k%02d=%s", i, strings.Repeat("v", 96)))
	}
	for _, app := range []rewrite.Format{rewrite.Jaeger, rewrite.W3C} {
		h := http.Header{"Traceparent": {validParent}, "Baggage": {strings.Join(many, ",")}}
		newRewriter(t, rewrite.Config{App: app}).Inbound(rewrite.Header(h), netip.Addr{})
		switch app {
		case rewrite.Jaeger:
			if len(h) != 1+64 || h.Get("uberctx-k63") != "v" || h.Get("uberctx-k64") != "" {
				t.Errorf("%s: %d headers of 65 members, want the first 64", app, len(h)-1)
			}
		case rewrite.W3C:
			if got := h.Get("Baggage"); got != strings.Join(many[:64], ",") {
				t.Errorf("%s: baggage %q", app, got)
			}
		}
	}
	h := http.Header{"Traceparent": {validParent}, "Baggage": {strings.Join(long[:45], ","), strings.Join(long[45:], ",")}}
	newRewriter(t, rewrite.Config{App: rewrite.W3C}).Inbound(rewrite.Header(h), netip.Addr{})
	if got := h.Get("Baggage"); got != strings.Join(long[:64], ",") {
		t.Errorf("%d bytes of 9,000, want the first 64 members", len(got))
	}
	h = http.Header{"Traceparent": {validParent}, "Baggage": {"a=" + strings.Repeat("x", 4000) + ",b=" + strings.Repeat("y", 4000) + ",c=" + strings.Repeat("z", 1000)}}
	newRewriter(t, rewrite.Config{App: rewrite.W3C}).Inbound(rewrite.Header(h), netip.Addr{})
	if got := h.Get("Baggage"); !strings.HasSuffix(got, "y") || len(got) != 8005 {
		t.Errorf("%d bytes that end in %q, want the first two members", len(got), got[len(got)-5:])
	}
	outgoing := http.Header{"Uber-Trace-Id": {low + ":" + child + ":0:1"}}
	for i := range 60 {
		outgoing.Set(fmt.Sprintf("uberctx-k%02d", i), strings.Repeat("v", 150))
	}
	newRewriter(t, rewrite.Config{App: rewrite.Jaeger}).Outbound(rewrite.Header(outgoing), "")
	got := outgoing.Get("Baggage")
	if n := strings.Count(got, ",") + 1; n != 8193/155 {
		t.Errorf("%d bytes, %d members of 60 with 155 bytes each", len(got), n)
	}
	for member := range strings.SplitSeq(got, ",") {
		if len(member) != 154 {
			t.Errorf("member %q is cut", member)
		}
	}
}

// TestSizeLimits shows that headers over the limits are neither read nor passed
// to the app.
func TestSizeLimits(t *testing.T) {
	h := http.Header{
		"Traceparent":                         {validParent},
		"Tracestate":                          {strings.Repeat("a=1,", 2100)},
		"Uberctx-Long":                        {strings.Repeat("v", 8193)},
		"Uberctx-" + strings.Repeat("K", 257): {"v"},
		"Jaeger-Baggage":                      {"a=" + strings.Repeat("v", 8191)},
		"Uberctx-Ok":                          {"v"},
	}
	res := newRewriter(t, rewrite.Config{App: rewrite.W3C}).Inbound(rewrite.Header(h), netip.Addr{})
	want := http.Header{"Traceparent": {validParent}, "Baggage": {"ok=v"}}
	if diff := cmp.Diff(want, h); diff != "" {
		t.Errorf("headers (-want +got):\n%s\n%s", diff, res.String())
	}
	h = http.Header{"Uber-Trace-Id": {low + ":" + span + ":0:1"}}
	for i := range 70 {
		h.Set(fmt.Sprintf("uberctx-k%02d", i), "v")
	}
	newRewriter(t, rewrite.Config{App: rewrite.Jaeger}).Inbound(rewrite.Header(h), netip.Addr{})
	if len(h) != 1+64 || h.Get("uberctx-k64") != "" {
		t.Errorf("%d baggage headers passed on, want the first 64 by name", len(h)-1)
	}
}

// A broken is a carrier that panics.
type broken struct {
	http.Header
	in string
}

func (b broken) Range(f func(string, []string) bool) {
	rewrite.Header(b.Header).Range(f)
	if b.in == "range" {
		panic("broken carrier")
	}
}
func (b broken) Set(name string, values []string) { b.Header[name] = values }
func (b broken) TextMap() bool                    { return b.in == "text map" && panics() }

func panics() bool { panic("broken carrier") }

// TestPanic shows that a panic inside does no harm: headers stay as they came,
// the error is told, and the rewriter goes on.
func TestPanic(t *testing.T) {
	fail := false
	r := newRewriter(t, rewrite.Config{App: rewrite.B3Multi, B3Join: rewrite.Yes, Rand: func() uint64 {
		if fail {
			panic("no more random numbers")
		}
		return 5
	}})
	for _, where := range []string{"rand", "range", "text map"} {
		h := http.Header{"Traceparent": {validParent}, "Tracestate": {"a=1"}, "Baggage": {"k=v"}, "B3": {"0"}}
		before := h.Clone()
		fail = where == "rand"
		var c rewrite.Carrier = broken{h, where}
		res := r.Inbound(c, netip.Addr{})
		if res.Err == nil || !strings.Contains(res.Err.Error(), "panic") || !strings.Contains(res.String(), "left as they came") {
			t.Errorf("%s: result %s", where, res.String())
		}
		if diff := cmp.Diff(before, h); diff != "" {
			t.Errorf("%s: headers (-before +after):\n%s", where, diff)
		}
		fail = false
		if res := r.Inbound(rewrite.Header(h), netip.Addr{}); res.Err != nil || h.Get("X-B3-Spanid") != "0000000000000005" {
			t.Errorf("%s: afterwards %v, %s", where, h, res.String())
		}
	}
}

// TestTrust shows whose headers are believed, and that nothing of others' gets
// to the app, while the caller still learns what they said.
func TestTrust(t *testing.T) {
	known := http.Header{
		"Traceparent": {validParent}, "Tracestate": {"a=1"}, "Baggage": {"k=v"}, "Uber-Trace-Id": {"1:2:0:1"}, "Uberctx-K": {"v"},
		"Jaeger-Debug-Id": {"x"}, "Jaeger-Baggage": {"k=v"}, "B3": {"d"}, "X-B3-Flags": {"1"}, "Baggage-K": {"v"}, "Ot-Baggage-K": {"v"},
		"X-Datadog-Trace-Id": {"1"}, "X-Amzn-Trace-Id": {"Root=1"}, "X-Cloud-Trace-Context": {full + "/1"}, "Grpc-Trace-Bin": {"AA"},
		"Wf-Ot-K": {"v"}, "X-Ot-Span-Context": {"x"}, "Elastic-Apm-Traceparent": {validParent}, "traceparent": {validParent},
	}
	peers := map[string]netip.Addr{"private": netip.MustParseAddr("10.1.2.3"), "public": netip.MustParseAddr("198.51.100.7"),
		"mapped": netip.MustParseAddr("::ffff:10.1.2.3"), "unknown": {}}
	for _, c := range []struct {
		trust   []string
		allowed string
	}{
		{[]string{"all"}, "private public mapped unknown"},
		{[]string{"none"}, ""},
		{[]string{"private"}, "private mapped"},
		{[]string{"198.51.100.0/24"}, "public"},
		{[]string{"198.51.100.7", "fd00::/8"}, "public"},
	} {
		trust, err := rewrite.ParseTrust(c.trust)
		if err != nil {
			t.Fatal(err)
		}
		r := newRewriter(t, rewrite.Config{App: rewrite.Jaeger, Trust: trust})
		for name, peer := range peers {
			h := known.Clone()
			delete(h, "traceparent")
			res := r.Inbound(rewrite.Header(h), peer)
			if want := !strings.Contains(c.allowed, name); res.Stripped != want {
				t.Errorf("trust %v: headers of a %s peer stripped: %v", c.trust, name, res.Stripped)
			}
			if res.Stripped && (len(h) != 0 || res.Context.TraceID.String() != full) {
				t.Errorf("trust %v: left %v, context %+v", c.trust, h, res.Context)
			}
		}
	}
	none, _ := rewrite.ParseTrust(nil)
	newRewriter(t, rewrite.Config{App: rewrite.W3C, Trust: none}).Inbound(rewrite.Header(known), netip.Addr{})
	if len(known) != 0 {
		t.Errorf("left %v", known)
	}
	if _, err := rewrite.ParseTrust([]string{"private", "10.0.0.0/99"}); err == nil || !strings.Contains(err.Error(), `"10.0.0.0/99"`) {
		t.Errorf("error %v, want one that quotes the prefix", err)
	}
}

// TestUntrustedIsNotRemembered shows that only trusted peers write to the memory.
func TestUntrustedIsNotRemembered(t *testing.T) {
	none, _ := rewrite.ParseTrust([]string{"none"})
	m := rewrite.NewMemory(rewrite.MemoryConfig{})
	r := newRewriter(t, rewrite.Config{App: rewrite.Jaeger, Trust: none, Memory: m})
	r.Inbound(rewrite.Header{"Traceparent": {validParent}}, netip.Addr{})
	if s := m.Stats(); s.Entries != 0 {
		t.Errorf("%d entries after a request of an untrusted peer", s.Entries)
	}
}

// TestEgress shows which hosts may receive trace headers.
func TestEgress(t *testing.T) {
	for _, c := range []struct {
		list      []string
		allowed   []string
		forbidden []string
	}{
		{nil, []string{"", "orders", "orders:8080", "orders.shop.svc.cluster.local", "db.internal:5432", "10.1.2.3", "10.1.2.3:80", "[fd00::1]:80", "::1", "127.0.0.1:1", "localhost", "web.local."},
			[]string{"example.com", "api.example.com:443", "8.8.8.8", "[2001:db8::1]:443", "2001:db8::1", "local", "evil-local.com"}[:5]},
		{[]string{"all"}, []string{"example.com", "8.8.8.8"}, nil},
		{[]string{"none"}, []string{""}, []string{"orders", "10.1.2.3"}},
		{[]string{"cluster", ".example.com", "partner.test"}, []string{"orders", "api.example.com:443", "API.Example.COM", "partner.test:8443"}, []string{"example.com", "notexample.com", "www.partner.test"}},
		{[]string{"203.0.113.0/24"}, []string{"203.0.113.9:443"}, []string{"10.1.2.3", "orders"}},
	} {
		var egress rewrite.Egress
		if c.list != nil {
			var err error
			if egress, err = rewrite.ParseEgress(c.list); err != nil {
				t.Fatal(err)
			}
		}
		for _, host := range c.allowed {
			if !egress.Allows(host) {
				t.Errorf("egress %q forbids %q", c.list, host)
			}
		}
		for _, host := range c.forbidden {
			if egress.Allows(host) {
				t.Errorf("egress %q allows %q", c.list, host)
			}
		}
	}
	for _, bad := range []string{"*.example.com", "10.0.0.0/99", "", "a b"} {
		if _, err := rewrite.ParseEgress([]string{bad}); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("%q", bad)) {
			t.Errorf("egress %q: error %v", bad, err)
		}
	}
	h := http.Header{"Uber-Trace-Id": {low + ":" + span + ":0:1"}, "Uberctx-Secret": {"x"}, "Accept": {"*/*"}}
	res := newRewriter(t, rewrite.Config{App: rewrite.Jaeger}).Outbound(rewrite.Header(h), "api.example.com:443")
	if diff := cmp.Diff(http.Header{"Accept": {"*/*"}}, h); diff != "" || !res.Stripped {
		t.Errorf("headers to a foreign host (-want +got):\n%s\n%s", diff, res.String())
	}
}

// TestKeepInvalid shows the option to leave alone what cannot be read.
func TestKeepInvalid(t *testing.T) {
	for keep, want := range map[bool]http.Header{false: {}, true: {"Uber-Trace-Id": {"garbage"}}} {
		h := http.Header{"Uber-Trace-Id": {"garbage"}}
		res := newRewriter(t, rewrite.Config{App: rewrite.Jaeger, KeepInvalid: keep}).Inbound(rewrite.Header(h), netip.Addr{})
		if diff := cmp.Diff(want, h); diff != "" {
			t.Errorf("keep %v (-want +got):\n%s", keep, diff)
		}
		if !res.Invalid.Has(rewrite.Jaeger) || !strings.Contains(res.String(), `uber-trace-id: "garbage": want trace:span:parent:flags`) {
			t.Errorf("result %s", res.String())
		}
	}
}

// TestLegacyOut shows the ways to treat the app's own headers outbound.
func TestLegacyOut(t *testing.T) {
	for _, c := range []struct {
		out  rewrite.LegacyOut
		mesh []rewrite.Format
		want http.Header
	}{
		{rewrite.LegacyKeep, nil, http.Header{
			"Uber-Trace-Id": {low + ":" + child + ":" + span + ":1"}, "Uberctx-K": {"a+b"},
			"Traceparent": {"00-" + full + "-" + child + "-01"}, "Baggage": {"k=a%20b"}}},
		{rewrite.LegacyHeal, nil, http.Header{
			"Uber-Trace-Id": {full + ":" + child + ":" + span + ":1"}, "Uberctx-K": {"a+b"},
			"Traceparent": {"00-" + full + "-" + child + "-01"}, "Baggage": {"k=a%20b"}}},
		{rewrite.LegacyDrop, nil, http.Header{
			"Traceparent": {"00-" + full + "-" + child + "-01"}, "Baggage": {"k=a%20b"}}},
		{rewrite.LegacyKeep, []rewrite.Format{rewrite.B3Multi}, http.Header{
			"Uber-Trace-Id": {low + ":" + child + ":" + span + ":1"}, "Uberctx-K": {"a+b"},
			"X-B3-Traceid": {full}, "X-B3-Spanid": {child}, "X-B3-Parentspanid": {span}, "X-B3-Sampled": {"1"}}},
	} {
		r := newRewriter(t, rewrite.Config{App: rewrite.Jaeger, LegacyOut: c.out, Mesh: c.mesh, Memory: rewrite.NewMemory(rewrite.MemoryConfig{})})
		r.Inbound(rewrite.Header{"Traceparent": {validParent}}, netip.Addr{})
		h := http.Header{"Uber-Trace-Id": {low + ":" + child + ":" + span + ":1"}, "Uberctx-K": {"a+b"}, "Ot-Tracer-Traceid": {"1"}}
		c.want["Ot-Tracer-Traceid"] = []string{"1"} // not ours
		r.Outbound(rewrite.Header(h), "")
		if diff := cmp.Diff(c.want, h); diff != "" {
			t.Errorf("legacy out %d, mesh %v (-want +got):\n%s", c.out, c.mesh, diff)
		}
	}
}

// TestLists shows that the lists of a gateway's configuration override what the
// app's format implies.
func TestLists(t *testing.T) {
	h := http.Header{"Traceparent": {validParent}, "Uber-Trace-Id": {"1:2:0:1"}, "B3": {"0"}, "X-Amzn-Trace-Id": {"Root=1"}}
	r := newRewriter(t, rewrite.Config{App: rewrite.Jaeger, Inbound: rewrite.Lists{
		Extract: []rewrite.Format{rewrite.Jaeger},
		Clear:   []rewrite.Format{rewrite.AWS},
		Inject:  []rewrite.Format{rewrite.B3Single},
	}})
	r.Inbound(rewrite.Header(h), netip.Addr{})
	want := http.Header{"Traceparent": {validParent}, "Uber-Trace-Id": {"1:2:0:1"}, "B3": {"0000000000000001-0000000000000002-1"}}
	if diff := cmp.Diff(want, h); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
}

// TestConfigErrors shows that a configuration that cannot work is refused.
func TestConfigErrors(t *testing.T) {
	for want, c := range map[string]rewrite.Config{
		"app's format is not set": {},
		"datadog is only read":    {App: rewrite.Datadog},
		"aws is only read":        {App: rewrite.Jaeger, Mesh: []rewrite.Format{rewrite.W3C, rewrite.AWS}},
		"gcp is only read":        {App: rewrite.Jaeger, Inbound: rewrite.Lists{Inject: []rewrite.Format{rewrite.GCP}}},
		"none is only read":       {App: rewrite.Jaeger, Mesh: []rewrite.Format{0}},
		`"my header"`:             {App: rewrite.Jaeger, Names: rewrite.JaegerNames{TraceContext: "my header"}},
		"header prefix":           {App: rewrite.Jaeger, Names: rewrite.JaegerNames{BaggagePrefix: strings.Repeat("x", 65)}},
		"ratio 2 of deferred":     {App: rewrite.Jaeger, DeferredRatio: 2},
	} {
		if _, err := rewrite.New(c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
	if _, err := rewrite.ParseFormat("b3"); err == nil || !strings.Contains(err.Error(), "b3single or b3multi") {
		t.Errorf("format b3: error %v", err)
	}
	if _, err := rewrite.ParseFormat("yeager"); err == nil || !strings.Contains(err.Error(), `"yeager": want one of w3c, jaeger`) {
		t.Errorf("format yeager: error %v", err)
	}
	for name, want := range map[string]rewrite.Format{"tracecontext": rewrite.W3C, " Uber ": rewrite.Jaeger, "xray": rewrite.AWS, "ottrace": rewrite.OT} {
		if got, err := rewrite.ParseFormat(name); got != want || err != nil {
			t.Errorf("format %q: %s, %v", name, got, err)
		}
	}
}

// TestNames shows that the names of Jaeger's headers can be others, in any case.
func TestNames(t *testing.T) {
	r := newRewriter(t, rewrite.Config{App: rewrite.Jaeger, Names: rewrite.JaegerNames{TraceContext: "My-Trace", BaggagePrefix: "my.ctx"}})
	h := http.Header{"Traceparent": {validParent}, "Baggage": {"k=v"}, "Uber-Trace-Id": {"left alone"}}
	r.Inbound(rewrite.Header(h), netip.Addr{})
	want := http.Header{"My-Trace": {low + ":" + span + ":0:1"}, "My.ctxk": {"v"}, "Uber-Trace-Id": {"left alone"}}
	if diff := cmp.Diff(want, h); diff != "" {
		t.Errorf("inbound (-want +got):\n%s", diff)
	}
	r.Outbound(rewrite.Header(h), "")
	if h.Get("Traceparent") != "00-"+padded+"-"+span+"-01" || h.Get("Baggage") != "k=v" {
		t.Errorf("outbound: %v", h)
	}
}

// TestSpelling shows that names are known in any case, that two spellings of one
// header are two headers, and that none is left behind.
func TestSpelling(t *testing.T) {
	h := http.Header{"tRaCePaReNt": {validParent}, "TRACESTATE": {"a=1"}, "TraceState": {"b=2"}, "BAGGAGE": {"k=v"}, "UBERCTX-x": {"y"}}
	r := newRewriter(t, rewrite.Config{App: rewrite.Jaeger, Memory: rewrite.NewMemory(rewrite.MemoryConfig{})})
	r.Inbound(rewrite.Header(h), netip.Addr{})
	want := http.Header{"Uber-Trace-Id": {low + ":" + span + ":0:1"}, "Uberctx-K": {"v"}, "UBERCTX-x": {"y"}}
	if diff := cmp.Diff(want, h); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
	if got := outboundState(r, span); got != "a=1,b=2" {
		t.Errorf("tracestate %q, want both headers", got)
	}
	h = http.Header{"traceparent": {validParent}, "Traceparent": {validParent}}
	if res := r.Inbound(rewrite.Header(h), netip.Addr{}); len(h) != 0 || !res.Invalid.Has(rewrite.W3C) {
		t.Errorf("two spellings of traceparent: %v, %s", h, res.String())
	}
}

// TestTextMap shows that in a text map baggage keys keep their case and values
// are not escaped.
func TestTextMap(t *testing.T) {
	m := rewrite.TextMap{"uber-trace-id": low + ":" + span + ":0:1", "uberctx-userId": "50%+ä", "uberctx-my key": "x"}
	r := newRewriter(t, rewrite.Config{App: rewrite.Jaeger, LegacyOut: rewrite.LegacyDrop})
	res := r.Outbound(m, "")
	want := rewrite.TextMap{"traceparent": "00-" + padded + "-" + span + "-01", "baggage": "userId=50%25%2B%C3%A4"}
	if diff := cmp.Diff(want, m); diff != "" || len(res.Notes) != 1 {
		t.Errorf("produced (-want +got):\n%s\n%s", diff, res.String())
	}
	r.Inbound(m, netip.Addr{})
	want = rewrite.TextMap{"uber-trace-id": low + ":" + span + ":0:1", "uberctx-userId": "50%+ä"}
	if diff := cmp.Diff(want, m); diff != "" {
		t.Errorf("consumed (-want +got):\n%s", diff)
	}
}

// TestMetadata shows that gRPC metadata keeps its names in lower case, and that
// binary metadata is read as gRPC has decoded it.
func TestMetadata(t *testing.T) {
	decoded := "\x00\x00\x4b\xf9\x2f\x35\x77\xb3\x4d\xa6\xa3\xce\x92\x9d\x0e\x0e\x47\x36\x01\x00\xf0\x67\xaa\x0b\xa9\x02\xb7\x02\x01"
	md := rewrite.Metadata{"grpc-trace-bin": {decoded}, "uberctx-userid": {"a%20b"}, "user-agent": {"grpc-go"}}
	r := newRewriter(t, rewrite.Config{App: rewrite.W3C, Inbound: rewrite.Lists{Extract: rewrite.AllFormats().List()}})
	r.Inbound(md, netip.Addr{})
	want := rewrite.Metadata{"traceparent": {validParent}, "baggage": {"userid=a%20b"}, "user-agent": {"grpc-go"}}
	if diff := cmp.Diff(want, md); diff != "" {
		t.Errorf("metadata (-want +got):\n%s", diff)
	}
}

// TestOwnSpans shows that the caller's span comes between sender and receiver,
// on the legs that make one, and that ids are then made for what had none.
func TestOwnSpans(t *testing.T) {
	r := newRewriter(t, rewrite.Config{App: rewrite.Jaeger, Spans: rewrite.SpansBoth, Rand: countingRand()})
	h := http.Header{"Traceparent": {validParent}}
	res := r.Inbound(rewrite.Header(h), netip.Addr{})
	if got, want := h.Get("Uber-Trace-Id"), low+":"+minted+":"+span+":1"; got != want || res.Span.String() != minted || res.Context.SpanID.String() != span {
		t.Errorf("inbound: uber-trace-id %q, want %q; %s", got, want, res.String())
	}
	h = http.Header{"Uber-Trace-Id": {low + ":" + child + ":0:1"}}
	res = r.Outbound(rewrite.Header(h), "")
	own := res.Span.String()
	want := http.Header{"Uber-Trace-Id": {low + ":" + own + ":" + child + ":1"}, "Traceparent": {"00-" + padded + "-" + own + "-01"}}
	if diff := cmp.Diff(want, h); diff != "" || res.Context.SpanID.String() != child {
		t.Errorf("outbound (-want +got):\n%s\n%s", diff, res.String())
	}
	for _, c := range []struct {
		h       http.Header
		extract []rewrite.Format
		want    string // the end of traceparent
	}{
		{http.Header{"B3": {"d"}}, nil, "-01"},
		{http.Header{"Jaeger-Debug-Id": {"x"}}, nil, "-01"},
		{http.Header{"X-Amzn-Trace-Id": {"Root=1-4bf92f35-77b34da6a3ce929d0e0e4736;Sampled=1"}}, []rewrite.Format{rewrite.AWS, rewrite.Jaeger, rewrite.B3Single}, "-01"},
	} {
		r := newRewriter(t, rewrite.Config{App: rewrite.W3C, Spans: rewrite.SpansServer, Inbound: rewrite.Lists{Extract: c.extract}})
		res := r.Inbound(rewrite.Header(c.h), netip.Addr{})
		if got := c.h.Get("Traceparent"); !strings.HasSuffix(got, c.want) || res.Span == 0 {
			t.Errorf("traceparent %q, want one that ends in %s; %s", got, c.want, res.String())
		}
	}
}

// TestLearnClient is the table of client versions that take 128-bit ids.
func TestLearnClient(t *testing.T) {
	for version, want := range map[string]rewrite.Width{
		"Go-2.30.0": rewrite.Width128, "Go-1.9.0": rewrite.Width64, "Java-0.31.0": rewrite.Width64, "Java-0.32.0": rewrite.Width128,
		"Java-1.8.1": rewrite.Width128, "Node-3.15.0": rewrite.Width64, "Node-3.16.0": rewrite.Width128, "Python-3.13.0": rewrite.Width64,
		"Python-4.8.0": rewrite.Width128, "C++-0.7.0": rewrite.Width128, "CSharp-1.0.3.0": rewrite.Width128, "PHP-1.4.9": rewrite.Width64,
		"Ruby-1.3.0": rewrite.Width128, "Rust-1.0": rewrite.WidthAuto, "Go": rewrite.WidthAuto, "": rewrite.WidthAuto, "Node-x.y": rewrite.Width64,
	} {
		r := newRewriter(t, rewrite.Config{App: rewrite.Jaeger})
		r.LearnClient(version)
		if got := r.Learned().Width; got != want {
			t.Errorf("%q: width %d, want %d", version, got, want)
		}
	}
	r := newRewriter(t, rewrite.Config{App: rewrite.B3Multi})
	r.LearnClient("Go-2.15.0")
	if got := r.Learned(); got.Width != rewrite.Width64 || got.Baggage != rewrite.B3BaggagePlain {
		t.Errorf("B3 codec of Go 2.15: %+v, want 64 bits and plain baggage", got)
	}
}

// TestWidthIsLearned shows the other ways in which the width becomes known.
func TestWidthIsLearned(t *testing.T) {
	r := newRewriter(t, rewrite.Config{App: rewrite.Jaeger, Memory: rewrite.NewMemory(rewrite.MemoryConfig{})})
	give := func() string {
		h := http.Header{"Traceparent": {validParent}}
		r.Inbound(rewrite.Header(h), netip.Addr{})
		return h.Get("Uber-Trace-Id")
	}
	if got := give(); !strings.HasPrefix(got, low+":") {
		t.Errorf("given %q before anything is known", got)
	}
	h := http.Header{"Uber-Trace-Id": {full + ":" + span + ":0:1"}}
	r.Inbound(rewrite.Header(h), netip.Addr{})
	if got := h.Get("Uber-Trace-Id"); got != full+":"+span+":0:1" {
		t.Errorf("given %q, want what a caller sent in the app's own format", got)
	}
	r.Outbound(rewrite.Header{"Uber-Trace-Id": {full + ":" + child + ":0:1"}}, "")
	if got := give(); !strings.HasPrefix(got, full+":") {
		t.Errorf("given %q though the app sent 128 bits itself", got)
	}
	r.Outbound(rewrite.Header{"Uber-Trace-Id": {"e0e4736:" + child + ":0:1"}}, "")
	r.LearnClient("Node-3.19.0")
	if got := give(); !strings.HasPrefix(got, low+":") || !r.Learned().Corrupts {
		t.Errorf("given %q though the app was seen to mangle it", got)
	}
}

// TestReasons shows that a result tells in words what happened and why.
func TestReasons(t *testing.T) {
	r := newRewriter(t, rewrite.Config{App: rewrite.Jaeger, Memory: rewrite.NewMemory(rewrite.MemoryConfig{})})
	r.Inbound(rewrite.Header{"Traceparent": {validParent}, "Tracestate": {"a=1"}}, netip.Addr{})
	res := r.Outbound(rewrite.Header{"Uber-Trace-Id": {low + ":" + child + ":" + span + ":1"}, "B3": {"garbage"}, "X-B3-Traceid": {"1"}, "X-B3-Spanid": {"2"}}, "")
	want := []string{
		"the context comes from jaeger: trace " + full + ", span " + child + ", sampling accept",
		"restored from memory: id",
		"restored from memory: tracestate",
		"written, or right already: w3c",
		`b3single: cannot be read: b3: "garbage": want trace-span[-state[-parent]]`,
		"b3multi: names another trace: overruled: 00000000000000000000000000000001",
	}
	if diff := cmp.Diff(want, res.Reasons()); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
}

// TestAllocations holds what the benchmarks show: the outbound leg makes at most
// 3 allocations, the inbound leg 4, a request without trace headers none.
func TestAllocations(t *testing.T) {
	r := newRewriter(t, rewrite.Config{App: rewrite.Jaeger, Memory: rewrite.NewMemory(rewrite.MemoryConfig{})})
	parent, state, uber := []string{validParent}, []string{"rojo=1,congo=2"}, []string{low + ":" + child + ":" + span + ":1"}
	h := ordinary()
	for name, leg := range map[string]struct {
		most float64
		run  func()
	}{
		"inbound": {4, func() {
			delete(h, "Uber-Trace-Id")
			h["Traceparent"], h["Tracestate"] = parent, state
			r.Inbound(rewrite.Header(h), netip.Addr{})
		}},
		"outbound": {3, func() {
			delete(h, "Traceparent")
			delete(h, "Tracestate")
			h["Uber-Trace-Id"] = uber
			r.Outbound(rewrite.Header(h), "orders:8080")
		}},
		"none": {0, func() {
			delete(h, "Traceparent")
			delete(h, "Tracestate")
			delete(h, "Uber-Trace-Id")
			r.Outbound(rewrite.Header(h), "orders:8080")
		}},
	} {
		if got := testing.AllocsPerRun(200, leg.run); got > leg.most {
			t.Errorf("%s: %v allocations, want at most %v", name, got, leg.most)
		}
	}
}
