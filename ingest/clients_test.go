package ingest

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/opentracing/opentracing-go"
	"github.com/uber/jaeger-client-go"
	"github.com/uber/jaeger-client-go/thrift"
	"github.com/uber/jaeger-client-go/thrift-gen/agent"
	jaegerthrift "github.com/uber/jaeger-client-go/thrift-gen/jaeger"
	"github.com/uber/jaeger-client-go/thrift-gen/zipkincore"
	"github.com/uber/jaeger-client-go/transport"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/ot2otel/ot2otel/translate"
)

// newRealRig returns a rig that translates for real.
func newRealRig() *rig {
	r := newRig()
	r.newAppender = nil
	return r
}

// spansOf returns "service: operation" of every span in OTLP payloads, sorted.
func spansOf(t *testing.T, payloads ...string) []string {
	t.Helper()
	var names []string
	traces, err := new(ptrace.ProtoUnmarshaler).UnmarshalTraces([]byte(strings.Join(payloads, "")))
	if err != nil {
		t.Fatalf("what was put is not OTLP: %v", err)
	}
	for _, rs := range traces.ResourceSpans().All() {
		service, _ := rs.Resource().Attributes().Get("service.name")
		for _, ss := range rs.ScopeSpans().All() {
			for _, s := range ss.Spans().All() {
				names = append(names, service.Str()+": "+s.Name())
			}
		}
	}
	slices.Sort(names)
	return names
}

// traceWith makes three spans with a real tracer, which it closes.
func traceWith(t *testing.T, sender jaeger.Transport) {
	t.Helper()
	tracer, closer := jaeger.NewTracer("shop", jaeger.NewConstSampler(true), jaeger.NewRemoteReporter(sender))
	root := tracer.StartSpan("checkout", opentracing.Tag{Key: "http.method", Value: "POST"})
	for _, name := range []string{"reserve", "pay"} {
		child := tracer.StartSpan(name, opentracing.ChildOf(root.Context()))
		child.LogKV("event", "done", "items", 3)
		child.Finish()
	}
	root.SetBaggageItem("user", "alice")
	root.Finish()
	if err := closer.Close(); err != nil {
		t.Fatal(err)
	}
}

var tracedSpans = []string{"shop: checkout", "shop: pay", "shop: reserve"}

func TestRealJaegerClientOverUDP(t *testing.T) {
	r := newRealRig()
	u := serveUDP(t, r, UDP{})
	sender, err := jaeger.NewUDPTransport(u.conn.LocalAddr().String(), 0)
	if err != nil {
		t.Fatal(err)
	}
	traceWith(t, sender)
	if diff := cmp.Diff(tracedSpans, spansOf(t, r.sink.next(t))); diff != "" {
		t.Errorf("spans (-want +got):\n%s", diff)
	}
}

func TestRealJaegerClientOverHTTP(t *testing.T) {
	r := newRealRig()
	url := serveJaeger(t, r, Limits{}) + "/api/traces"
	traceWith(t, transport.NewHTTPTransport(url+"?format=jaeger.thrift", transport.HTTPBatchSize(2)))
	if diff := cmp.Diff(tracedSpans, spansOf(t, r.sink.next(t), r.sink.next(t))); diff != "" {
		t.Errorf("spans (-want +got):\n%s", diff)
	}
}

// agentMessage returns what call makes a real client of the agent send, in the compact protocol.
func agentMessage(t *testing.T, call func(*agent.AgentClient) error) []byte {
	t.Helper()
	return messageIn(t, thrift.NewTCompactProtocolFactoryConf(new(thrift.TConfiguration)), call)
}

// messageIn is agentMessage in another protocol.
func messageIn(t *testing.T, protocol thrift.TProtocolFactory, call func(*agent.AgentClient) error) []byte {
	t.Helper()
	buf := thrift.NewTMemoryBuffer()
	if err := call(agent.NewAgentClientFactory(buf, protocol)); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func emitZipkinBatch(c *agent.AgentClient) error {
	return c.EmitZipkinBatch(context.Background(), []*zipkincore.Span{{TraceID: 1, ID: 2, Name: "old"}})
}

func emitBatch(c *agent.AgentClient) error {
	return c.EmitBatch(context.Background(), &jaegerthrift.Batch{
		Process: &jaegerthrift.Process{ServiceName: "shop"},
		Spans:   []*jaegerthrift.Span{{TraceIdLow: 1, SpanId: 2, OperationName: "new"}},
	})
}

// Every UDP port takes both methods, as the agent did: they share one processor.
func TestEveryUDPPortTakesBothMethods(t *testing.T) {
	config := new(thrift.TConfiguration)
	compact, binary := thrift.NewTCompactProtocolFactoryConf(config), thrift.NewTBinaryProtocolFactoryConf(config)
	for _, tt := range []struct {
		listener string
		format   translate.Format
		protocol thrift.TProtocolFactory
	}{
		{ListenerJaegerCompact, translate.JaegerCompact, compact},
		{ListenerJaegerBinary, translate.JaegerBinary, binary},
		{ListenerZipkinCompact, translate.JaegerCompact, compact},
	} {
		t.Run(tt.listener, func(t *testing.T) {
			r := newRealRig()
			u := serveUDP(t, r, UDP{Listener: tt.listener, Format: tt.format})
			u.send(t, messageIn(t, tt.protocol, emitZipkinBatch))
			u.send(t, messageIn(t, tt.protocol, emitBatch))
			want := []string{"shop: new", "unknown_service: old"}
			if diff := cmp.Diff(want, spansOf(t, r.sink.next(t), r.sink.next(t))); diff != "" {
				t.Errorf("spans (-want +got):\n%s", diff)
			}
		})
	}
}

// A method that nobody serves, under the name of one that is served.
func TestUnknownMethodsAreCountedAndHarmless(t *testing.T) {
	unknown := strings.Replace(string(agentMessage(t, emitBatch)), "emitBatch", "emitBotch", 1)
	r := newRealRig()
	u := serveUDP(t, r, UDP{})
	u.send(t, []byte(unknown))
	u.send(t, []byte(readFile(t, packets[0].file)))
	r.sink.next(t)
	eventually(t, "both are counted", func() bool {
		m := r.metrics(t)
		return m["refused_payloads_total jaeger-compact method"] == 1 && m["accepted_payloads_total jaeger-compact"] == 1
	})
	if want := `method not served: \"emitBotch\"`; !strings.Contains(r.log.String(), want) {
		t.Errorf("%q is not in the log: %s", want, r.log)
	}
}

// A batch that fills the largest datagram there can be over IPv4.
func TestRealBatchOfTheLargestDatagram(t *testing.T) {
	const largest = 65_507
	message := func(padding int) []byte {
		batch := &jaegerthrift.Batch{
			Process: &jaegerthrift.Process{ServiceName: "shop"},
			Spans:   []*jaegerthrift.Span{{TraceIdLow: 1, SpanId: 2, OperationName: strings.Repeat("x", padding)}},
		}
		return agentMessage(t, func(c *agent.AgentClient) error {
			return c.EmitBatch(context.Background(), batch)
		})
	}
	packet := message(largest - (len(message(60_000)) - 60_000))
	if len(packet) != largest {
		t.Fatalf("%d bytes, want %d", len(packet), largest)
	}
	r := newRealRig()
	u := serveUDP(t, r, UDP{})
	u.send(t, packet)
	if got := spansOf(t, r.sink.next(t)); len(got) != 1 || len(got[0]) < 60_000 {
		t.Errorf("%d spans", len(got))
	}
}

// Cutting a real packet anywhere leaves the listener alive, and nothing uncounted.
func TestUDPEveryPrefixOfARealPacketIsCounted(t *testing.T) {
	for _, tt := range packets {
		t.Run(tt.listener, func(t *testing.T) {
			r := newRealRig()
			u := serveUDP(t, r, UDP{Listener: tt.listener, Format: tt.format})
			packet := []byte(readFile(t, tt.file))
			const step = 97
			cut := 0
			for n := 1; n < len(packet); n += step {
				u.send(t, packet[:n])
				cut++
				if cut%20 == 0 { // let the reader keep up
					u.send(t, packet)
					r.sink.next(t)
				}
			}
			u.send(t, packet)
			r.sink.next(t)
			eventually(t, "all are counted", func() bool {
				m := r.metrics(t)
				return m["accepted_payloads_total "+tt.listener] == float64(cut/20+1)
			})
			m := r.metrics(t)
			refused := "refused_payloads_total " + tt.listener + " "
			if got := m[refused+"truncated"] + m[refused+"oversized_count"]; got != float64(cut) {
				t.Errorf("%v cut packets counted as such, want %d: %v", got, cut, m)
			}
		})
	}
}
