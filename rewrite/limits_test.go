package rewrite_test

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/ot2otel/ot2otel/rewrite"
)

// TestTracestateIsCut shows that of a long tracestate 512 bytes are remembered,
// in whole members: those over 128 bytes go first, then the rightmost.
func TestTracestateIsCut(t *testing.T) {
	long := func(key string, n int) string { return key + "=" + strings.Repeat("v", n-len(key)-1) }
	for _, c := range []struct{ in, want []string }{
		{[]string{long("a", 100), long("b", 200), long("c", 200), long("d", 100)},
			[]string{long("a", 100), long("b", 200), long("d", 100)}},
		{[]string{long("a", 100), long("b", 100), long("c", 100), long("d", 100), long("e", 100), long("f", 100)},
			[]string{long("a", 100), long("b", 100), long("c", 100), long("d", 100), long("e", 100)}},
		{[]string{long("a", 257), long("b", 257)}, []string{long("a", 257)}},
	} {
		r := newRewriter(t, rewrite.Config{App: rewrite.Jaeger, Memory: rewrite.NewMemory(rewrite.MemoryConfig{})})
		inbound(t, r, span, strings.Join(c.in, ","))
		if got, want := outboundState(r, span), strings.Join(c.want, ","); got != want {
			t.Errorf("tracestate %q, want %q", got, want)
		}
	}
}

// TestBaggageIsCut shows that of long baggage whole members up to 8,192 bytes
// are remembered for an app that has none.
func TestBaggageIsCut(t *testing.T) {
	r := newRewriter(t, rewrite.Config{App: rewrite.B3Single, Memory: rewrite.NewMemory(rewrite.MemoryConfig{})})
	a, b := "a="+strings.Repeat("x", 5000), "b="+strings.Repeat("y", 5000)
	r.Inbound(rewrite.Header{"Traceparent": {validParent}, "Baggage": {a, b, "c=1"}}, netip.Addr{})
	h := http.Header{"B3": {low + "-" + child + "-1"}}
	r.Outbound(rewrite.Header(h), "")
	if got := h.Get("Baggage"); got != a {
		t.Errorf("%d bytes of baggage restored, want the first member", len(got))
	}
}

// TestThreshold shows what of OpenTelemetry's own tracestate member goes when
// the app decides otherwise about sampling.
func TestThreshold(t *testing.T) {
	for in, want := range map[string]string{
		"ot=th:8;rv:1,a=1": "ot=rv:1,a=1",
		"a=1,ot=rv:1;th:8": "a=1,ot=rv:1",
		"ot=th:0,a=1":      "a=1",
		"ot=th:0":          "",
		"a=th:8":           "a=th:8",
	} {
		r := newRewriter(t, rewrite.Config{App: rewrite.Jaeger, Memory: rewrite.NewMemory(rewrite.MemoryConfig{})})
		inbound(t, r, span, in)
		h := http.Header{"Uber-Trace-Id": {low + ":" + child + ":0:0"}}
		r.Outbound(rewrite.Header(h), "")
		if got := h.Get("Tracestate"); got != want {
			t.Errorf("tracestate %q became %q, want %q", in, got, want)
		}
	}
}

// TestMark shows what our own tracestate member says, and that it survives W3C.
func TestMark(t *testing.T) {
	for _, c := range []struct{ state, uber, b3 string }{
		{"ot2otel=f:3", ":3", "-d"},
		{"ot2otel=f:b,a=1", ":3", "-d"},
		{"a=1,ot2otel=f:9", ":1", "-1"},
		{"ot2otel=f:zz", ":1", "-1"},
		{"ot2otel=x:y;f:3", ":3", "-d"},
	} {
		for app, want := range map[rewrite.Format]string{rewrite.Jaeger: low + ":" + span + ":0" + c.uber, rewrite.B3Single: low + "-" + span + c.b3} {
			h := http.Header{"Traceparent": {validParent}, "Tracestate": {c.state}}
			newRewriter(t, rewrite.Config{App: app}).Inbound(rewrite.Header(h), netip.Addr{})
			if got := h.Get("Uber-Trace-Id") + h.Get("B3"); got != want {
				t.Errorf("%s, tracestate %q: %q, want %q", app, c.state, got, want)
			}
		}
	}
	// The sampled bit is the younger word.
	h := http.Header{"Traceparent": {validParent[:53] + "00"}, "Tracestate": {"ot2otel=f:3"}}
	newRewriter(t, rewrite.Config{App: rewrite.Jaeger}).Inbound(rewrite.Header(h), netip.Addr{})
	if got := h.Get("Uber-Trace-Id"); !strings.HasSuffix(got, ":0") {
		t.Errorf("uber-trace-id %q of a trace that somebody decided against later", got)
	}
	// Firehose comes back after an app that was not told.
	r := newRewriter(t, rewrite.Config{App: rewrite.Jaeger, Memory: rewrite.NewMemory(rewrite.MemoryConfig{})})
	inbound(t, r, span, "ot2otel=f:9")
	if got := outboundState(r, span); got != "ot2otel=f:9" {
		t.Errorf("tracestate %q, want firehose back", got)
	}
	// Both at once, from a client that says so.
	h = http.Header{"Uber-Trace-Id": {low + ":" + span + ":0:8"}, "B3": {low + "-" + span}}
	r = newRewriter(t, rewrite.Config{App: rewrite.B3Single})
	r.Outbound(rewrite.Header(h), "")
	if got := h.Get("Tracestate"); got != "ot2otel=f:8;s:u" {
		t.Errorf("tracestate %q, want firehose and undecided", got)
	}
}

// TestOthersInvalid shows that what is malformed in the formats that are only
// read is not taken for a context.
func TestOthersInvalid(t *testing.T) {
	for _, c := range []struct {
		format rewrite.Format
		h      http.Header
	}{
		{rewrite.Datadog, http.Header{"X-Datadog-Trace-Id": {"1"}}},
		{rewrite.Datadog, http.Header{"X-Datadog-Trace-Id": {"18446744073709551616"}, "X-Datadog-Parent-Id": {"1"}}},
		{rewrite.Datadog, http.Header{"X-Datadog-Trace-Id": {"-1"}, "X-Datadog-Parent-Id": {"1"}}},
		{rewrite.OT, http.Header{"Ot-Tracer-Traceid": {"0"}, "Ot-Tracer-Spanid": {"1"}}},
		{rewrite.OT, http.Header{"Ot-Tracer-Traceid": {"1"}, "Ot-Tracer-Spanid": {"11111111111111111"}}},
		{rewrite.Wavefront, http.Header{"Wf-Ot-Traceid": {"4bf92f35"}, "Wf-Ot-Spanid": {"1"}}},
		{rewrite.Wavefront, http.Header{"Wf-Ot-Traceid": {full}, "Wf-Ot-Spanid": {"00000000-0000-0001-0000-000000000000"}}},
		{rewrite.AWS, http.Header{"X-Amzn-Trace-Id": {"Root=2-4bf92f35-77b34da6a3ce929d0e0e4736;Parent=" + span}}},
		{rewrite.AWS, http.Header{"X-Amzn-Trace-Id": {"Root=1-4bf92f3577b34da6a3ce929d0e0e47360;Parent=" + span}}},
		{rewrite.AWS, http.Header{"X-Amzn-Trace-Id": {"Root=1-4bf92f35-77b34da6a3ce929d0e0e4736;Parent=0"}}},
		{rewrite.GCP, http.Header{"X-Cloud-Trace-Context": {full[:31] + "/1"}}},
		{rewrite.GCP, http.Header{"X-Cloud-Trace-Context": {full + "/x;o=1"}}},
		{rewrite.GRPC, http.Header{"Grpc-Trace-Bin": {"AAAAAAAAAAAAAAAAAAAAAAAAAQAAAAAAAAAAAgE"}}},
		{rewrite.GRPC, http.Header{"Grpc-Trace-Bin": {"AQBL+S81d7NNpqPOkp0ODkc2AQDwZ6oLqQK3AgE"}}},
		{rewrite.GRPC, http.Header{"Grpc-Trace-Bin": {"AABL+S81d7NNpqPOkp0ODkc2AQDwZ6oLqQK3Ag!!"}}},
	} {
		var got rewrite.Context
		if ok, err := c.format.Extract(rewrite.Header(c.h), &got); ok || err == nil {
			t.Errorf("%s: %v read as %+v, %v", c.format, c.h, got, err)
		}
		c.format.Inject(rewrite.Header(c.h), &rewrite.Context{TraceID: theTrace, SpanID: 1})
		if !c.format.CanInject() && c.h.Get(c.format.Fields()[0]) == "" {
			t.Errorf("%s: written, though it is only read: %v", c.format, c.h)
		}
	}
}

// TestInjectReplaces shows that writing a format removes what was there of it,
// and nothing else.
func TestInjectReplaces(t *testing.T) {
	h := http.Header{"X-B3-Traceid": {"1"}, "X-B3-Parentspanid": {"2"}, "X-B3-Flags": {"1"}, "Uber-Trace-Id": {"x"}, "Ot-Baggage-K": {"v"}, "Baggage": {"k=v"}}
	c := rewrite.Context{TraceID: theTrace, SpanID: 5, Sampling: rewrite.Deny, Baggage: []rewrite.Member{{Key: "n", Value: "w"}}}
	rewrite.B3Multi.Inject(rewrite.Header(h), &c)
	rewrite.W3C.Inject(rewrite.Header(h), &c)
	want := http.Header{"X-B3-Traceid": {full}, "X-B3-Spanid": {"0000000000000005"}, "X-B3-Sampled": {"0"}, "Uber-Trace-Id": {"x"},
		"Ot-Baggage-K": {"v"}, "Baggage": {"n=w"}, "Traceparent": {"00-" + full + "-0000000000000005-00"}}
	if len(h) != len(want) {
		t.Errorf("headers %v, want %v", h, want)
	}
	for name := range want {
		if h.Get(name) != want.Get(name) {
			t.Errorf("%s: %q, want %q", name, h[name], want[name])
		}
	}
}
