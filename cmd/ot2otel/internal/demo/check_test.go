package demo

import (
	"strings"
	"testing"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/log"
	"github.com/uber/jaeger-client-go"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// TestCheckSeesEveryFault breaks one thing at a time in what came out.
func TestCheckSeesEveryFault(t *testing.T) {
	tests := []struct {
		fault, complaint string
		do               func(spans ptrace.SpanSlice)
	}{
		{"none", "", func(ptrace.SpanSlice) {}},
		{"lost span", "came out 0 times", func(s ptrace.SpanSlice) { s.RemoveIf(func(ptrace.Span) bool { return true }) }},
		{"span twice", "came out 2 times", func(s ptrace.SpanSlice) { s.At(0).CopyTo(s.AppendEmpty()) }},
		{"span of nobody", "2 spans came out", func(s ptrace.SpanSlice) { s.AppendEmpty() }},
		{"name", "name is", func(s ptrace.SpanSlice) { s.At(0).SetName("x") }},
		{"parent", "parent is", func(s ptrace.SpanSlice) { s.At(0).SetParentSpanID(pcommon.SpanID{1}) }},
		{"start", "start is", func(s ptrace.SpanSlice) { s.At(0).SetStartTimestamp(0) }},
		{"duration", "duration is", func(s ptrace.SpanSlice) { s.At(0).SetEndTimestamp(s.At(0).EndTimestamp() + 1e9) }},
		{"log", "events is", func(s ptrace.SpanSlice) { s.At(0).Events().AppendEmpty() }},
		{"status", "error is", func(s ptrace.SpanSlice) { s.At(0).Status().SetCode(ptrace.StatusCodeUnset) }},
		{"tag", "tag n=1 is lost", func(s ptrace.SpanSlice) { s.At(0).Attributes().Remove("n") }},
	}
	for _, tt := range tests {
		t.Run(tt.fault, func(t *testing.T) {
			sent, traces := oneSpan(t)
			tt.do(traces.ResourceSpans().At(0).ScopeSpans().At(0).Spans())
			err := check(sent, traces)
			if tt.complaint == "" && err == nil {
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.complaint) {
				t.Errorf("got %v, want %q", err, tt.complaint)
			}
		})
	}
}

// oneSpan returns a span that failed, and what a proxy without faults makes of it.
func oneSpan(t *testing.T) ([]*jaeger.Span, ptrace.Traces) {
	t.Helper()
	notes := &notebook{}
	tracer, closer := jaeger.NewTracer("s", jaeger.NewConstSampler(true), notes)
	span := tracer.StartSpan("op", opentracing.Tag{Key: "error", Value: true}, opentracing.Tag{Key: "n", Value: 1})
	span.LogFields(log.Event("e"))
	span.Finish()
	if err := closer.Close(); err != nil {
		t.Fatal(err)
	}
	s := notes.spans[0]
	traces := ptrace.NewTraces()
	got := traces.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty()
	got.SetTraceID(idsOf(s).trace)
	got.SetSpanID(idsOf(s).span)
	got.SetName("op")
	start := pcommon.Timestamp(s.StartTime().UnixMicro() * 1000)
	got.SetStartTimestamp(start)
	got.SetEndTimestamp(start + pcommon.Timestamp(s.Duration().Microseconds()*1000))
	got.Status().SetCode(ptrace.StatusCodeError)
	got.Events().AppendEmpty()
	for key := range s.Tags() {
		got.Attributes().PutStr(key, "v")
	}
	return notes.spans, traces
}
