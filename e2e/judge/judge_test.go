package judge

import (
	"slices"
	"strings"
	"testing"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/ot2otel/ot2otel/e2e/corpus"
)

const root = "../.."

func load(t *testing.T, name string) *corpus.Manifest {
	t.Helper()
	m, err := corpus.Load(root, name)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestAcceptsWhatIsRight shows that the judge can be satisfied, by every case.
func TestAcceptsWhatIsRight(t *testing.T) {
	names, err := corpus.Names(root, slices.Concat(corpus.JaegerThrift, corpus.JaegerGRPC, corpus.Zipkin)...)
	if err != nil || len(names) < 66 {
		t.Fatalf("%d cases, %v", len(names), err)
	}
	for _, name := range names {
		m := load(t, name)
		for _, complaint := range Case(m, perfect(t, m), Raw) {
			t.Error(complaint)
		}
	}
}

// TestSeesEveryFault breaks one thing at a time in traces that are right. Each
// row names the span it touches by its operation, and a word of the complaint.
func TestSeesEveryFault(t *testing.T) {
	tests := []struct {
		fault, span, complaint string
		do                     func(s ptrace.Span)
	}{
		{"trace id", "mail.send", "came out 0 times", func(s ptrace.Span) { s.SetTraceID(traceID("1")) }},
		{"span id", "mail.send", "came out 0 times", func(s ptrace.Span) { s.SetSpanID(spanID("1")) }},
		{"parent", "mail.send", "parent", func(s ptrace.Span) { s.SetParentSpanID(pcommon.SpanID{}) }},
		{"name", "mail.send", "name", func(s ptrace.Span) { s.SetName("mail") }},
		{"kind", "mail.send", "kind", func(s ptrace.Span) { s.SetKind(ptrace.SpanKindProducer) }},
		{"status", "HTTP GET", "status", func(s ptrace.Span) { s.Status().SetCode(ptrace.StatusCodeUnset) }},
		{"message", "HTTP GET", "status message", func(s ptrace.Span) { s.Status().SetMessage("m") }},
		{"start", "mail.send", "start", func(s ptrace.Span) { s.SetStartTimestamp(s.StartTimestamp() - 1000) }},
		{"end", "mail.send", "end", func(s ptrace.Span) { s.SetEndTimestamp(s.EndTimestamp() + 1000) }},
		{"flags", "mail.send", "flags", func(s ptrace.Span) { s.SetFlags(3) }},
		{"lost tag", "mail.send", "emoji: absent", func(s ptrace.Span) { s.Attributes().Remove("emoji") }},
		{"tag value", "mail.send", "emoji: got", func(s ptrace.Span) { s.Attributes().PutStr("emoji", "?") }},
		{"tag type", "SELECT stock", "rows: got", func(s ptrace.Span) { s.Attributes().PutDouble("rows", 2) }},
		{"kept kind", "mail.send", "nobody asked", func(s ptrace.Span) { s.Attributes().PutStr("span.kind", "consumer") }},
		{"kept error", "HTTP GET", "nobody asked", func(s ptrace.Span) { s.Attributes().PutBool("error", true) }},
		{"derived key in raw mode", "SELECT stock", "nobody asked", func(s ptrace.Span) { s.Attributes().PutStr("db.namespace", "x") }},
		{"lost event", "SELECT stock", "0 events", func(s ptrace.Span) { dropEvents(s) }},
		{"event name", "SELECT stock", "event 0 (conn-acquired): name", func(s ptrace.Span) { s.Events().At(0).SetName("log") }},
		{"event time", "SELECT stock", "1000 ns off", func(s ptrace.Span) { delay(s.Events().At(0)) }},
		{"event attribute", "SELECT stock", "pool.size: absent", func(s ptrace.Span) { s.Events().At(0).Attributes().Remove("pool.size") }},
		{"exception", "HTTP GET", "exception.message: absent", func(s ptrace.Span) { s.Events().At(1).Attributes().Remove("exception.message") }},
		{"baggage", "HTTP GET", "key: absent", func(s ptrace.Span) { s.Events().At(0).Attributes().Remove("key") }},
		{"lost link", "report.join", "1 links", func(s ptrace.Span) { dropFirstLink(s) }},
		{"link to elsewhere", "report.join", "link 0: span", func(s ptrace.Span) { s.Links().At(0).SetSpanID(spanID("1")) }},
		{"link type", "report.join", "opentracing.ref_type: got", func(s ptrace.Span) { s.Links().At(0).Attributes().PutStr("opentracing.ref_type", "x") }},
		{"trace state", "mail.send", "trace state", func(s ptrace.Span) { s.TraceState().FromRaw("a=b") }},
		{"needless note", "mail.send", "notes", func(s ptrace.Span) { noteOn(s, "key.empty") }},
		{"dropped count", "mail.send", "dropped counts", func(s ptrace.Span) { s.SetDroppedEventsCount(1) }},
	}
	for _, tt := range tests {
		t.Run(tt.fault, func(t *testing.T) {
			m := load(t, "jaeger-go-udp-rich-64")
			traces := perfect(t, m)
			tt.do(named(t, traces, tt.span))
			mustComplain(t, Case(m, traces, Raw), tt.complaint)
		})
	}
}

// TestSeesFaultsAroundSpans is the same for what a span comes under, and for spans too few or too many.
func TestSeesFaultsAroundSpans(t *testing.T) {
	tests := []struct {
		fault, complaint string
		do               func(r ptrace.ResourceSpans)
	}{
		{"service", "came out 0 times", func(r ptrace.ResourceSpans) { r.Resource().Attributes().PutStr("service.name", "x") }},
		{"process tag", "resource attribute build: absent", func(r ptrace.ResourceSpans) { r.Resource().Attributes().Remove("build") }},
		{"stray resource attribute", "nobody asked", func(r ptrace.ResourceSpans) { r.Resource().Attributes().PutStr("x", "y") }},
		{"scope name", "scope has a name", func(r ptrace.ResourceSpans) { r.ScopeSpans().At(0).Scope().SetName("x") }},
		{"format", "ot2otel.source.format: got", func(r ptrace.ResourceSpans) {
			r.ScopeSpans().At(0).Scope().Attributes().PutStr("ot2otel.source.format", "x")
		}},
		{"schema", "schema URL of the resource", func(r ptrace.ResourceSpans) { r.SetSchemaUrl("x") }},
		{"lost span", "5 spans came out, the client sent 6", func(r ptrace.ResourceSpans) {
			r.ScopeSpans().RemoveIf(func(ptrace.ScopeSpans) bool { return true })
		}},
		{"span twice", "another span of trace", func(r ptrace.ResourceSpans) {
			spans := r.ScopeSpans().At(0).Spans()
			spans.At(0).CopyTo(spans.AppendEmpty())
		}},
	}
	for _, tt := range tests {
		t.Run(tt.fault, func(t *testing.T) {
			m := load(t, "jaeger-go-udp-rich-64")
			traces := perfect(t, m)
			tt.do(traces.ResourceSpans().At(0))
			mustComplain(t, Case(m, traces, Raw), tt.complaint)
		})
	}
}

// TestSeesWhatIsNotOTLP breaks the rules that hold for any OTLP.
func TestSeesWhatIsNotOTLP(t *testing.T) {
	tests := []struct {
		fault, complaint string
		do               func(s ptrace.Span)
	}{
		{"zero trace id", "trace id is zero", func(s ptrace.Span) { s.SetTraceID(pcommon.TraceID{}) }},
		{"zero span id", "span id is zero", func(s ptrace.Span) { s.SetSpanID(pcommon.SpanID{}) }},
		{"own parent", "its own parent", func(s ptrace.Span) { s.SetParentSpanID(s.SpanID()) }},
		{"no name", "name is empty", func(s ptrace.Span) { s.SetName("") }},
		{"name not UTF-8", "is not UTF-8", func(s ptrace.Span) { s.SetName("\xff") }},
		{"no kind", "kind is unspecified", func(s ptrace.Span) { s.SetKind(ptrace.SpanKindUnspecified) }},
		{"end before start", "ends before it starts", func(s ptrace.Span) { s.SetEndTimestamp(0) }},
		{"reserved flags", "reserved bits", func(s ptrace.Span) { s.SetFlags(1 << 10) }},
		{"message without error", "status message", func(s ptrace.Span) { s.Status().SetMessage("m") }},
		{"empty key", "key is empty", func(s ptrace.Span) { s.Attributes().PutStr("", "v") }},
		{"value not UTF-8", "is not UTF-8", func(s ptrace.Span) { s.Attributes().PutEmptySlice("k").AppendEmpty().SetStr("\xff") }},
		{"nameless event", "event name is empty", func(s ptrace.Span) { s.Events().AppendEmpty().SetTimestamp(1) }},
		{"link to nothing", "link to a zero id", func(s ptrace.Span) { s.Links().AppendEmpty() }},
	}
	for _, tt := range tests {
		t.Run(tt.fault, func(t *testing.T) {
			traces := ptrace.NewTraces()
			span := spanIn(traces)
			span.SetTraceID(traceID("1"))
			span.SetSpanID(spanID("2"))
			if complaints := Valid("base", traces); len(complaints) > 0 {
				t.Fatal(complaints)
			}
			tt.do(span)
			mustComplain(t, Valid("t", traces), tt.complaint)
		})
	}
}

// TestSeesAKeyTwice needs a message that pdata itself would not build.
func TestSeesAKeyTwice(t *testing.T) {
	const twice = `{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[{"key":"k"},{"key":"k"}]}]}]}]}`
	traces, err := (&ptrace.JSONUnmarshaler{}).UnmarshalTraces([]byte(twice))
	if err != nil {
		t.Fatal(err)
	}
	mustComplain(t, Valid("t", traces), "attribute k comes twice")
}

func mustComplain(t *testing.T, complaints []string, part string) {
	t.Helper()
	if all := strings.Join(complaints, "\n"); !strings.Contains(all, part) {
		t.Errorf("no complaint with %q in:\n%s", part, all)
	}
}

func named(t *testing.T, traces ptrace.Traces, name string) ptrace.Span {
	t.Helper()
	for _, p := range flatten(traces) {
		if p.span.Name() == name {
			return p.span
		}
	}
	t.Fatalf("no span %q", name)
	return ptrace.Span{}
}

func dropEvents(s ptrace.Span) {
	s.Events().RemoveIf(func(ptrace.SpanEvent) bool { return true })
}

func delay(e ptrace.SpanEvent) { e.SetTimestamp(e.Timestamp() + 1000) }

func dropFirstLink(s ptrace.Span) {
	first := true
	s.Links().RemoveIf(func(ptrace.SpanLink) bool { drop := first; first = false; return drop })
}
