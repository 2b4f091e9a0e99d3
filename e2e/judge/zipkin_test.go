package judge

import (
	"testing"

	"go.opentelemetry.io/collector/pdata/ptrace"
)

// TestSeesZipkinFaults is TestSeesEveryFault for what only Zipkin's model has.
func TestSeesZipkinFaults(t *testing.T) {
	for _, tt := range []struct {
		fault, name, span, complaint string
		do                           func(s ptrace.Span)
	}{
		{"lost annotation", "zipkin-go-ot-json-rich-64", "http get", "1 events", func(s ptrace.Span) {
			n := 0
			s.Events().RemoveIf(func(ptrace.SpanEvent) bool { n++; return n == 1 })
		}},
		{"lost address", "zipkin-go-ot-json-rich-64", "mail.send", "network.local.address: absent", func(s ptrace.Span) {
			s.Attributes().Remove("network.local.address")
		}},
		{"lost remote address", "zipkin-go-ot-json-rich-64", "http post /checkout", "network.peer.address: absent", func(s ptrace.Span) {
			s.Attributes().Remove("network.peer.address")
		}},
		{"address of nobody", "otel-go-zipkin-rich", "mail.send", "nobody asked", func(s ptrace.Span) {
			s.Attributes().PutStr("network.local.address", "10.20.30.40")
		}},
		{"event attribute", "otel-go-zipkin-rich", "select stock", "pool.size: absent", func(s ptrace.Span) {
			s.Events().At(0).Attributes().Remove("pool.size")
		}},
		{"id still shared", "zipkin-node-v2-rpc-shared", "/prices", "came out 0 times", func(s ptrace.Span) {
			s.SetSpanID(s.ParentSpanID())
		}},
		{"typed tag", "aiozipkin-v2-rich", "SELECT stock", "rows: got", func(s ptrace.Span) { s.Attributes().PutInt("rows", 2) }},
	} {
		t.Run(tt.fault, func(t *testing.T) {
			m := load(t, tt.name)
			traces := perfect(t, m)
			tt.do(named(t, traces, tt.span))
			mustComplain(t, Case(m, traces, Raw), tt.complaint)
		})
	}
}
