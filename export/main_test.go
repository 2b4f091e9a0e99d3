package export

import (
	"fmt"
	"io"
	"log"
	"log/slog"
	"slices"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// payload returns one ResourceSpans field per count, with so many spans each, named as name-resource-span.
func payload(t testing.TB, name string, counts ...int) []byte {
	t.Helper()
	td := ptrace.NewTraces()
	for i, count := range counts {
		rs := td.ResourceSpans().AppendEmpty()
		rs.SetSchemaUrl("https://schema")
		rs.Resource().Attributes().PutStr("service.name", fmt.Sprintf("%s-%d", name, i))
		ss := rs.ScopeSpans().AppendEmpty()
		ss.Scope().SetName("scope")
		for j := range count {
			s := ss.Spans().AppendEmpty()
			s.SetName(fmt.Sprintf("%s-%d-%d", name, i, j))
			s.SetTraceID(pcommon.TraceID{1, 15: byte(i)})
			s.SetSpanID(pcommon.SpanID{1, 6: byte(j >> 8), 7: byte(j)})
			s.Attributes().PutStr("key", "some value that takes room")
		}
	}
	data, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(td)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// spanNames decodes a request as a backend does and returns the names of its spans.
func spanNames(t testing.TB, request []byte) (names []string) {
	t.Helper()
	td, err := (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(request)
	if err != nil {
		t.Fatalf("backend cannot read the request: %v", err)
	}
	for _, rs := range td.ResourceSpans().All() {
		for _, ss := range rs.ScopeSpans().All() {
			for _, s := range ss.Spans().All() {
				names = append(names, s.Name())
			}
		}
	}
	return names
}

// sorted returns a sorted copy.
func sorted(names []string) []string { return slices.Sorted(slices.Values(names)) }

// A ledger reads metrics.
type ledger struct {
	t testing.TB
	r *prometheus.Registry
}

func newLedger(t testing.TB) (*Metrics, ledger) {
	r := prometheus.NewRegistry()
	return NewMetrics(r), ledger{t, r}
}

// sum adds up the samples of a metric whose labels include the given name-value pairs.
func (l ledger) sum(metric string, labels ...string) (sum int) {
	l.t.Helper()
	families, err := l.r.Gather()
	if err != nil {
		l.t.Fatal(err)
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if f.GetName() == metric && hasLabels(m, labels) {
				sum += int(m.GetCounter().GetValue() + m.GetGauge().GetValue())
			}
		}
	}
	return sum
}

func hasLabels(m *dto.Metric, labels []string) bool {
	for pair := range slices.Chunk(labels, 2) {
		if !slices.ContainsFunc(m.GetLabel(), func(l *dto.LabelPair) bool {
			return l.GetName() == pair[0] && l.GetValue() == pair[1]
		}) {
			return false
		}
	}
	return true
}

// settled returns what became of spans that were put, by the identity in the package comment.
func (l ledger) settled(labels ...string) int {
	l.t.Helper()
	full := l.sum("ot2otel_dropped_spans_total", append([]string{"reason", dropQueueFull}, labels...)...)
	return l.sum("ot2otel_sent_spans_total", labels...) + l.sum("ot2otel_rejected_spans_total", labels...) +
		l.sum("ot2otel_dropped_spans_total", labels...) - full + l.sum("ot2otel_queue_spans", labels...)
}

func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

func discardLog() *log.Logger { return log.New(io.Discard, "", 0) }
