package translate_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jaegertracing/jaeger-idl/thrift-gen/jaeger"

	"github.com/ot2otel/ot2otel/translate"
)

// explained returns what is explained of a batch, one line a part.
func explained(t *testing.T, b *jaeger.Batch) (lines []string) {
	t.Helper()
	c := translate.Config{Explain: func(e translate.Explanation) {
		for _, p := range e.Parts {
			lines = append(lines, fmt.Sprintf("%s %d %s %v %v %s", p.Of, p.Index, p.Name, p.Attribute, p.Rule, p.From))
		}
	}}
	batchResult(t, c, b)
	return lines
}

func TestExplain(t *testing.T) {
	b := newBatch(newSpan(withTags("span.kind", "client", "http.status_code", 503, "k", 1),
		withLogs(log("event", "error", "error.kind", "K"), log("event", "e")),
		withParent(7), withRefs(ref(childOf, traceT, 8), ref(5, traceT, 8))))
	b.Process.Tags = tags("hostname", "h")
	want := []string{
		"resource 0 service.name true J-30 ",
		"resource 0 hostname true J-20 ",
		"resource 0 host.name true J-34 hostname",
		"scope 0 ot2otel.source.format true P-6 ",
		"span 0 trace_id false J-1 ",
		"span 0 span_id false J-1 ",
		"span 0 parent_span_id false J-50 ",
		"span 0 name false J-4 ",
		"span 0 kind false J-60 span.kind",
		"span 0 start_time_unix_nano false J-5 ",
		"span 0 end_time_unix_nano false J-5 ",
		"span 0 status.code false J-74 http.status_code",
		"span 0 flags false J-10 ",
		"span 0 http.status_code true J-20 ",
		"span 0 k true J-20 ",
		"span 0 error.type true J-77 http.status_code",
		"span 0 http.response.status_code true 6.2 http.status_code",
		"span 0 ot2otel.notes true 7.1 ",
		"event 0 time_unix_nano false E-1 ",
		"event 0 name false E-4 event",
		"event 0 event true J-20 ",
		"event 0 exception.type true E-4 error.kind",
		"event 1 time_unix_nano false E-1 ",
		"event 1 name false E-1 event",
		"link 0 opentracing.ref_type true J-52 ",
		"link 1 opentracing.ref_type true J-55 ",
	}
	if diff := cmp.Diff(want, explained(t, b)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Counters of what the client itself dropped, and flags that are not as usual.
func TestExplainCounters(t *testing.T) {
	lines := explained(t, newBatch(newSpan(withFlags(2), withTags("otel.dropped_links_count", 1),
		withLogs(log("dropped_log_count", 3), log("event", "e", "otel.dropped_attributes_count", 2)))))
	for _, want := range []string{
		"span 0 flags false J-12 ",
		"span 0 ot2otel.jaeger.flags true J-11 ",
		"span 0 dropped_events_count false E-10 dropped_log_count",
		"span 0 dropped_links_count false J-17 ",
		"event 0 name false E-2 ",
		"event 1 dropped_attributes_count false E-9 ",
	} {
		if !slices.Contains(lines, want) {
			t.Errorf("no %q in %q", want, lines)
		}
	}
}
