package sidecar_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/ot2otel/ot2otel/rewrite"
	"github.com/ot2otel/ot2otel/rewrite/sidecar"
)

// A sink keeps spans, or refuses them.
type sink struct {
	spans chan ptrace.Traces
	err   error
}

func (s *sink) Put(data []byte, spans int) error {
	if s.err != nil {
		return s.err
	}
	td, err := new(ptrace.ProtoUnmarshaler).UnmarshalTraces(data)
	if err != nil || td.SpanCount() != spans {
		panic("not OTLP")
	}
	s.spans <- td
	return nil
}

func withSpans(t *testing.T, c rewrite.Config, app string, to *sink) (*side, *sidecar.Recorder) {
	var r *sidecar.Recorder
	s := newSide(t, c, app, func(o *sidecar.Options) {
		r = sidecar.NewRecorder(to, "shop", o.Metrics)
		o.Recorder = r
	})
	return s, r
}

// TestOwnSpans: with spans on both legs, each exchange has a span between the
// sender's and the receiver's.
func TestOwnSpans(t *testing.T) {
	var app, server recorder
	appAddress, serverAddress := serve(t, &app), serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		server.ServeHTTP(w, r)
		w.WriteHeader(http.StatusNotFound)
	}))
	spans := &sink{spans: make(chan ptrace.Traces, 10)}
	s, r := withSpans(t, rewrite.Config{App: rewrite.Jaeger, Spans: rewrite.SpansBoth}, appAddress, spans)
	defer r.Close()

	get(t, client(t, "h1", ""), "http://"+s.in+"/a?secret", "traceparent: 00-"+full+"-"+span+"-03", "tracestate: rojo=1")
	got := within(t, "server span", spans.spans)
	one := got.ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0)
	if one.TraceID().String() != full || one.ParentSpanID().String() != span || one.Kind() != ptrace.SpanKindServer ||
		one.TraceState().AsRaw() != "rojo=1" || one.Flags() != 0x303 || one.Status().Code() != ptrace.StatusCodeUnset {
		t.Errorf("server span: trace %s, parent %s, %v, %q, flags %x, %v", one.TraceID(), one.ParentSpanID(), one.Kind(), one.TraceState().AsRaw(), one.Flags(), one.Status().Code())
	}
	if uber := app.header().Get("Uber-Trace-Id"); uber != low+":"+one.SpanID().String()+":"+span+":1" && uber != low+":"+one.SpanID().String()+":0:1" {
		t.Errorf("the app got %q, span %s", uber, one.SpanID())
	}
	want := map[string]any{"http.request.method": "GET", "url.scheme": "http", "url.path": "/a", "network.protocol.version": "1.1", "http.response.status_code": int64(200)}
	checkAttributes(t, one, want)
	if service, _ := got.ResourceSpans().At(0).Resource().Attributes().Get("service.name"); service.Str() != "shop" {
		t.Errorf("service.name %q", service.Str())
	}

	get(t, client(t, "h1", s.out), "http://"+serverAddress+"/b", "uber-trace-id: "+low+":"+child+":0:1")
	two := within(t, "client span", spans.spans).ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0)
	if two.TraceID().String() != full || two.ParentSpanID().String() != child || two.Kind() != ptrace.SpanKindClient || two.Status().Code() != ptrace.StatusCodeError {
		t.Errorf("client span: trace %s, parent %s, %v, %v", two.TraceID(), two.ParentSpanID(), two.Kind(), two.Status().Code())
	}
	if tp := server.header().Get("Traceparent"); tp != "00-"+full+"-"+two.SpanID().String()+"-03" {
		t.Errorf("the server got %q, span %s", tp, two.SpanID())
	}
	checkAttributes(t, two, map[string]any{"http.response.status_code": int64(404), "error.type": "404", "url.path": "/b"})
	if one.EndTimestamp() <= one.StartTimestamp() {
		t.Errorf("from %v to %v", one.StartTimestamp(), one.EndTimestamp())
	}
}

func checkAttributes(t *testing.T, s ptrace.Span, want map[string]any) {
	t.Helper()
	got := make(map[string]any)
	for key := range want {
		if v, ok := s.Attributes().Get(key); ok {
			got[key] = v.AsRaw()
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("attributes (-want +got):\n%s", diff)
	}
}

// TestOwnRootSpan: a debug id without a trace begins one with a span of ours,
// which has no parent.
func TestOwnRootSpan(t *testing.T) {
	var app recorder
	spans := &sink{spans: make(chan ptrace.Traces, 1)}
	s, r := withSpans(t, rewrite.Config{App: rewrite.W3C, Spans: rewrite.SpansServer}, serve(t, &app), spans)
	defer r.Close()
	get(t, client(t, "h1", ""), "http://"+s.in, "jaeger-debug-id: x")
	one := within(t, "span", spans.spans).ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0)
	if !one.ParentSpanID().IsEmpty() {
		t.Errorf("parent %s, want none", one.ParentSpanID())
	}
	if got := app.header().Get("Traceparent"); got != traceparent(one.TraceID().String(), one.SpanID().String()) {
		t.Errorf("the app got %q, the span is %s of %s", got, one.SpanID(), one.TraceID())
	}
}

// TestFailedSpan: an exchange without an answer is a failed span.
func TestFailedSpan(t *testing.T) {
	spans := &sink{spans: make(chan ptrace.Traces, 1)}
	s, r := withSpans(t, rewrite.Config{App: rewrite.Jaeger, Spans: rewrite.SpansServer}, closedPort(t), spans)
	defer r.Close()
	get(t, client(t, "h1", ""), "http://"+s.in, "traceparent: "+traceparent(full, span))
	one := within(t, "span", spans.spans).ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0)
	checkAttributes(t, one, map[string]any{"error.type": "upstream", "http.response.status_code": int64(502)})
	if one.Status().Code() != ptrace.StatusCodeError {
		t.Errorf("status %v", one.Status().Code())
	}
}

// TestNoOwnSpans: none where there is no trace, none of a trace that is not
// sampled, none on the other leg.
func TestNoOwnSpans(t *testing.T) {
	var app recorder
	address := serve(t, &app)
	spans := &sink{spans: make(chan ptrace.Traces, 10)}
	s, r := withSpans(t, rewrite.Config{App: rewrite.Jaeger, Spans: rewrite.SpansServer}, address, spans)
	c := client(t, "h1", "")
	get(t, c, "http://"+s.in)
	get(t, c, "http://"+s.in, "traceparent: 00-"+full+"-"+span+"-00")
	get(t, client(t, "h1", s.out), "http://"+address, "uber-trace-id: 1:2:0:1")
	r.Close()
	if n := len(spans.spans); n != 0 {
		t.Errorf("%d spans, want none", n)
	}
}

// TestSinkDoesNotHoldUpRequests: a sink that hangs, and one that refuses, cost
// spans, which are counted, and no request.
func TestSinkDoesNotHoldUpRequests(t *testing.T) {
	var app recorder
	stuck := &sink{spans: make(chan ptrace.Traces)} // nobody reads
	s, r := withSpans(t, rewrite.Config{App: rewrite.Jaeger, Spans: rewrite.SpansServer}, serve(t, &app), stuck)
	c := client(t, "h1", "")
	for range 1100 {
		if status, _ := get(t, c, "http://"+s.in, "traceparent: "+traceparent(full, span)); status != 200 {
			t.Fatal(status)
		}
	}
	eventually(t, "lost spans are counted", func() bool { return s.metrics(t)["sidecar_lost_spans_total"] > 50 })
	go func() {
		for range stuck.spans {
		}
	}()
	r.Close()
	close(stuck.spans)

	refusing := &sink{err: errors.New("queue is full")}
	s, r = withSpans(t, rewrite.Config{App: rewrite.Jaeger, Spans: rewrite.SpansServer}, serve(t, &app), refusing)
	get(t, c, "http://"+s.in, "traceparent: "+traceparent(full, span))
	r.Close()
	if got := s.metrics(t)["sidecar_lost_spans_total"]; got != 1 {
		t.Errorf("%v spans counted as lost, want 1", got)
	}
}
