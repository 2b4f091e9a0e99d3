package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/log"
	"github.com/uber/jaeger-client-go"
	"github.com/uber/jaeger-client-go/transport"

	"github.com/ot2otel/ot2otel/e2e/backend"
	"github.com/ot2otel/ot2otel/e2e/corpus"
	"github.com/ot2otel/ot2otel/e2e/judge"
)

// TestLiveClients runs real jaeger-client-go tracers against the binary: not
// recorded packets but the client's own sender, connection and batching.
func TestLiveClients(t *testing.T) {
	b := backend.New(t)
	p := start(t, b)
	tests := []struct {
		name, protocol string
		sender         func(t *testing.T) jaeger.Transport
		options        []jaeger.TracerOption
	}{
		{"compact over UDP, 64 bits", "jaeger.thrift compact, UDP", func(t *testing.T) jaeger.Transport {
			return udpSender(t, p.compact)
		}, nil},
		{"binary over HTTP, 128 bits", "jaeger.thrift binary, HTTP", func(*testing.T) jaeger.Transport {
			return transport.NewHTTPTransport("http://"+p.http+"/api/traces", transport.HTTPBatchSize(7))
		}, []jaeger.TracerOption{jaeger.TracerOptions.Gen128Bit(true)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			reporter := jaeger.NewRemoteReporter(tt.sender(t))
			tracer, closer := jaeger.NewTracer("live", jaeger.NewConstSampler(true), reporter, tt.options...)
			r := recorder{tracer: tracer, manifest: corpus.Manifest{Case: tt.name, Protocol: tt.protocol}}
			r.manifest.Client.Name = "github.com/uber/jaeger-client-go"
			r.shop(20)
			if err := closer.Close(); err != nil {
				t.Fatal(err)
			}
			r.manifest.OnWire.Spans = len(r.manifest.Spans)
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			for _, complaint := range judge.Case(&r.manifest, b.Take(ctx, t, r.manifest.OnWire.Spans), judge.Dup) {
				t.Error(complaint)
			}
		})
	}
}

func udpSender(t *testing.T, addr string) jaeger.Transport {
	t.Helper()
	sender, err := jaeger.NewUDPTransport(addr, 0)
	if err != nil {
		t.Fatal(err)
	}
	return sender
}

// A recorder has a tracer record spans, and writes down what it asked for.
type recorder struct {
	tracer   opentracing.Tracer
	manifest corpus.Manifest
}

// shop records orders: each is a trace of three spans, with every type of value.
func (r *recorder) shop(orders int) {
	for n := range orders {
		order := r.span("order", nil, "span.kind", "server", "number", int64(n), "http.status_code", uint16(500), "error", true)
		pay := r.span("pay", opentracing.ChildOf(order), "span.kind", "client", "amount", 12.5, "receipt", []byte{0, 255})
		r.span("mail", opentracing.FollowsFrom(pay), "span.kind", "producer", "to", "jürgen", "to", "anna")
	}
}

// span records a span that failed a microsecond before its end. reference is an opentracing.SpanReference or nil.
func (r *recorder) span(name string, reference any, tags ...any) opentracing.SpanContext {
	begin := time.Now().Truncate(time.Microsecond)
	end := begin.Add(5 * time.Millisecond)
	options := []opentracing.StartSpanOption{opentracing.StartTime(begin)}
	asked := corpus.Span{
		Key: fmt.Sprintf("%s %d", name, len(r.manifest.Spans)), Service: "live", Operation: name,
		Start: begin.UnixMicro(), Duration: 5000,
	}
	if ref, ok := reference.(opentracing.SpanReference); ok {
		options = append(options, ref)
		asked.References = []corpus.Reference{referenceTo(ref)}
		asked.ParentSpanID = asked.References[0].SpanID
	}
	span := r.tracer.StartSpan(name, options...)
	for i := 0; i < len(tags); i += 2 {
		span.SetTag(tags[i].(string), tags[i+1])
		asked.Tags = append(asked.Tags, tag(tags[i].(string), tags[i+1]))
	}
	failed := log.Error(errors.New("broken"))
	span.FinishWithOptions(opentracing.FinishOptions{FinishTime: end, LogRecords: []opentracing.LogRecord{
		{Timestamp: end.Add(-time.Microsecond), Fields: []log.Field{log.Event("error"), failed}},
	}})
	asked.Logs = []corpus.Log{{Time: end.UnixMicro() - 1, Fields: []corpus.Tag{tag("event", "error"), tag("error.object", "broken")}}}
	asked.TraceID, asked.SpanID = ids(span.Context())
	r.manifest.Spans = append(r.manifest.Spans, asked)
	return span.Context()
}

func referenceTo(ref opentracing.SpanReference) corpus.Reference {
	kinds := map[opentracing.SpanReferenceType]string{opentracing.ChildOfRef: "child_of", opentracing.FollowsFromRef: "follows_from"}
	trace, span := ids(ref.ReferencedContext)
	return corpus.Reference{Type: kinds[ref.Type], TraceID: trace, SpanID: span}
}

func ids(c opentracing.SpanContext) (trace, span string) {
	sc := c.(jaeger.SpanContext)
	return sc.TraceID().String(), sc.SpanID().String()
}

// tag writes a value down as a manifest does.
func tag(key string, value any) corpus.Tag {
	types := map[string]string{"[]uint8": "bytes"}
	kind := fmt.Sprintf("%T", value)
	if t, ok := types[kind]; ok {
		kind = t
	}
	raw, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return corpus.Tag{Key: key, Type: kind, Raw: raw}
}
