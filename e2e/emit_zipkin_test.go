package e2e

import (
	"context"
	"testing"

	"github.com/uber/jaeger-client-go/thrift"
	"github.com/uber/jaeger-client-go/thrift-gen/agent"
	"github.com/uber/jaeger-client-go/thrift-gen/zipkincore"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/ot2otel/ot2otel/e2e/backend"
	"github.com/ot2otel/ot2otel/e2e/judge"
)

// TestEmitZipkinBatch is vector 42 of the mapping and defect D-01 of its peers,
// one of which ends at the first such call: every UDP port takes Zipkin spans,
// a server and a client half of one id among them, and Jaeger's afterwards.
func TestEmitZipkinBatch(t *testing.T) {
	b := backend.New(t)
	p := start(t, b)
	config := new(thrift.TConfiguration)
	compact, binary := thrift.NewTCompactProtocolFactoryConf(config), thrift.NewTBinaryProtocolFactoryConf(config)
	for _, port := range []struct {
		name, addr string
		protocol   thrift.TProtocolFactory
		jaeger     string // a case of the protocol
	}{
		{"5775", p.old, compact, "jaeger-go-udp-rich-64"},
		{"6831", p.compact, compact, "jaeger-go-udp-rich-64"},
		{"6832", p.binary, binary, "jaeger-node-udp-rich-128"},
	} {
		t.Run(port.name, func(t *testing.T) {
			send(t, port.addr, zipkinMessage(t, port.protocol))
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			got := b.Take(ctx, t, 2)
			for _, complaint := range judge.Valid("emitZipkinBatch", got) {
				t.Error(complaint)
			}
			wantHalves(t, got)
			send(t, port.addr, payload(t, load(t, port.jaeger)))
			if n := b.Take(ctx, t, 6).SpanCount(); n != 6 {
				t.Errorf("%d of 6 Jaeger spans came afterwards", n)
			}
		})
	}
	select {
	case <-p.exited:
		t.Errorf("the proxy has ended: %v", p.err)
	default:
	}
}

// zipkinMessage is a call of emitZipkinBatch with both sides of a call in one span.
func zipkinMessage(t *testing.T, protocol thrift.TProtocolFactory) []byte {
	t.Helper()
	at := func(us int64, value, service string) *zipkincore.Annotation {
		return &zipkincore.Annotation{Timestamp: us, Value: value, Host: &zipkincore.Endpoint{ServiceName: service, Ipv4: 10<<24 | 7}}
	}
	span := &zipkincore.Span{TraceID: 1, ID: 2, Name: "call", Annotations: []*zipkincore.Annotation{
		at(1000, "cs", "web"), at(1010, "sr", "prices"), at(1040, "ss", "prices"), at(1050, "cr", "web"),
	}}
	buf := thrift.NewTMemoryBuffer()
	if err := agent.NewAgentClientFactory(buf, protocol).EmitZipkinBatch(t.Context(), []*zipkincore.Span{span}); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// wantHalves looks for the two spans of zipkinMessage.
func wantHalves(t *testing.T, traces ptrace.Traces) {
	t.Helper()
	halves := map[ptrace.SpanKind]ptrace.Span{}
	for _, r := range traces.ResourceSpans().All() {
		for _, s := range r.ScopeSpans().All() {
			for _, span := range s.Spans().All() {
				halves[span.Kind()] = span
			}
		}
	}
	client, isClient := halves[ptrace.SpanKindClient]
	server, isServer := halves[ptrace.SpanKindServer]
	if !isClient || !isServer {
		t.Fatalf("%d spans came, want a client's and a server's", traces.SpanCount())
	}
	if client.SpanID() != [8]byte{7: 2} || server.ParentSpanID() != client.SpanID() {
		t.Errorf("the server's half has the parent %s, the client's the id %s", server.ParentSpanID(), client.SpanID())
	}
	if client.StartTimestamp() != 1000_000 || client.EndTimestamp() != 1050_000 || server.StartTimestamp() != 1010_000 || server.EndTimestamp() != 1040_000 {
		t.Errorf("client from %d to %d, server from %d to %d", client.StartTimestamp(), client.EndTimestamp(), server.StartTimestamp(), server.EndTimestamp())
	}
}
