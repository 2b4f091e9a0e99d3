package judge

import (
	"fmt"
	"strings"
	"testing"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/ot2otel/ot2otel/e2e/corpus"
)

// perfect builds the traces that a proxy without faults makes of a case.
func perfect(t *testing.T, m *corpus.Manifest) ptrace.Traces {
	t.Helper()
	traces := ptrace.NewTraces()
	c, _ := clientOf(m)
	wants, err := c.wants(m)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // once more, with what only the first time shows
		traces = ptrace.NewTraces()
		for _, w := range wants {
			build(t, w, traces)
		}
		adopt(wants, flatten(traces))
	}
	for _, p := range c.probes(m) {
		buildProbe(p, traces)
	}
	for n := traces.SpanCount(); n < m.OnWire.Spans; n++ { // spans that the manifest counts but does not show
		span := spanIn(traces)
		span.SetTraceID(traceID("f"))
		span.SetSpanID(spanID(fmt.Sprintf("f%x", n)))
	}
	return traces
}

func spanIn(traces ptrace.Traces) ptrace.Span {
	span := traces.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty()
	span.SetName("any")
	span.SetKind(ptrace.SpanKindInternal)
	span.SetStartTimestamp(1)
	span.SetEndTimestamp(1)
	span.SetFlags(1)
	return span
}

func build(t *testing.T, w want, traces ptrace.Traces) {
	span := spanIn(traces)
	r := traces.ResourceSpans().At(traces.ResourceSpans().Len() - 1)
	scope := r.ScopeSpans().At(0).Scope()
	fill(t, r.Resource().Attributes(), w.resource)
	fill(t, scope.Attributes(), attributes{"ot2otel.source.format": w.format})
	if scope.SetVersion(w.scopeVersion); w.scopeVersion != "" {
		scope.SetName("some")
	}
	span.SetTraceID(w.trace)
	span.SetSpanID(w.id)
	if w.unshared {
		span.SetSpanID(spanID("abcdef"))
		span.SetFlags(0x301)
	}
	span.SetParentSpanID(w.parentSpan)
	span.SetName(w.name)
	span.SetKind(w.kind)
	span.Status().SetCode(w.status)
	span.Status().SetMessage(w.message)
	span.SetStartTimestamp(nanos(max(w.start, 1)))
	span.SetEndTimestamp(nanos(max(w.start, 1) + w.duration))
	fill(t, span.Attributes(), w.attributes)
	for _, note := range w.notes {
		noteOn(span, note)
	}
	buildLists(t, w, span)
}

func noteOn(span ptrace.Span, note string) {
	notes, ok := span.Attributes().Get("ot2otel.notes")
	if !ok {
		notes = span.Attributes().PutEmpty("ot2otel.notes")
		notes.SetEmptySlice()
	}
	notes.Slice().AppendEmpty().SetStr(note)
}

func buildLists(t *testing.T, w want, span ptrace.Span) {
	for _, b := range w.baggage {
		e := span.Events().AppendEmpty()
		e.SetName("baggage")
		e.SetTimestamp(1)
		fill(t, e.Attributes(), attributes{"key": b.key, "value": b.value})
	}
	for _, want := range w.events {
		e := span.Events().AppendEmpty()
		e.SetName(want.name)
		e.SetTimestamp(nanos(max(want.time, 1)))
		fill(t, e.Attributes(), want.attributes)
	}
	for _, want := range w.links {
		l := span.Links().AppendEmpty()
		l.SetTraceID(want.trace)
		l.SetSpanID(want.id)
		fill(t, l.Attributes(), want.attributes)
	}
}

func buildProbe(p corpus.Probe, traces ptrace.Traces) {
	if p.Child == nil || !p.Child.Sampled {
		return
	}
	span := spanIn(traces)
	span.SetName("probe:" + p.Name)
	span.SetTraceID(traceID(p.Child.TraceID))
	span.SetSpanID(spanID(p.Child.SpanID))
	span.SetParentSpanID(spanID(p.Child.ParentSpanID))
}

func fill(t *testing.T, to pcommon.Map, from attributes) {
	t.Helper()
	for key, v := range from {
		if err := to.PutEmpty(key).FromRaw(plain(v)); err != nil {
			t.Fatalf("attribute %s: %v", key, err)
		}
	}
}

func plain(v any) any {
	if s, ok := v.(mended); ok {
		return strings.ToValidUTF8(string(s), "\uFFFD")
	}
	return v
}
