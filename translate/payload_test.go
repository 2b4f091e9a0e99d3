package translate_test

import (
	"testing"

	"github.com/apache/thrift/lib/go/thrift"
	"github.com/jaegertracing/jaeger-idl/thrift-gen/agent"
	"github.com/jaegertracing/jaeger-idl/thrift-gen/jaeger"

	"github.com/ot2otel/ot2otel/translate"
)

// Ids and times that tests use where they do not matter: trace T of the
// mapping's vectors is traceT.
const (
	traceT  = 0x0102030405060708
	spanID  = 0x0a
	startUS = 1795216111347000
)

// tag returns a tag with the type that v has in Go.
func tag(key string, v any) *jaeger.Tag {
	t := &jaeger.Tag{Key: key}
	switch v := v.(type) {
	case string:
		t.VType, t.VStr = jaeger.TagType_STRING, &v
	case float64:
		t.VType, t.VDouble = jaeger.TagType_DOUBLE, &v
	case bool:
		t.VType, t.VBool = jaeger.TagType_BOOL, &v
	case int:
		n := int64(v)
		t.VType, t.VLong = jaeger.TagType_LONG, &n
	case int64:
		t.VType, t.VLong = jaeger.TagType_LONG, &v
	case []byte:
		t.VType, t.VBinary = jaeger.TagType_BINARY, v
	default:
		panic("no tag has such a value")
	}
	return t
}

// tags returns tags of keys and values that alternate.
func tags(keysAndValues ...any) []*jaeger.Tag {
	list := []*jaeger.Tag{}
	for i := 0; i < len(keysAndValues); i += 2 {
		list = append(list, tag(keysAndValues[i].(string), keysAndValues[i+1]))
	}
	return list
}

// log returns a log at the start of the span, of fields given as keys and values.
func log(keysAndValues ...any) *jaeger.Log {
	return &jaeger.Log{Timestamp: startUS, Fields: tags(keysAndValues...)}
}

// ref returns a reference into the trace with the lower half trace.
func ref(refType jaeger.SpanRefType, trace, span int64) *jaeger.SpanRef {
	return &jaeger.SpanRef{RefType: refType, TraceIdLow: trace, SpanId: span}
}

const (
	childOf     = jaeger.SpanRefType_CHILD_OF
	followsFrom = jaeger.SpanRefType_FOLLOWS_FROM
)

// newSpan returns a sampled root span, changed by each of change.
func newSpan(change ...func(*jaeger.Span)) *jaeger.Span {
	s := &jaeger.Span{
		TraceIdLow: traceT, SpanId: spanID, OperationName: "op", Flags: 1, StartTime: startUS, Duration: 1000,
	}
	for _, f := range change {
		f(s)
	}
	return s
}

func withTags(keysAndValues ...any) func(*jaeger.Span) {
	return func(s *jaeger.Span) { s.Tags = tags(keysAndValues...) }
}

func withLogs(logs ...*jaeger.Log) func(*jaeger.Span) {
	return func(s *jaeger.Span) { s.Logs = logs }
}

func withRefs(refs ...*jaeger.SpanRef) func(*jaeger.Span) {
	return func(s *jaeger.Span) { s.References = refs }
}

func withParent(id int64) func(*jaeger.Span) {
	return func(s *jaeger.Span) { s.ParentSpanId = id }
}

// newBatch returns a batch of spans from a process without tags.
func newBatch(spans ...*jaeger.Span) *jaeger.Batch {
	return &jaeger.Batch{Process: &jaeger.Process{ServiceName: "shop"}, Spans: spans}
}

// encode returns b as Apache Thrift writes it.
func encode(t testing.TB, f translate.Format, b *jaeger.Batch) []byte {
	t.Helper()
	buf := thrift.NewTMemoryBuffer()
	var err error
	switch f {
	case translate.JaegerCompact:
		p := thrift.NewTCompactProtocolConf(buf, nil)
		err = agent.NewAgentClientProtocol(buf, p, p).EmitBatch(t.Context(), b)
	case translate.JaegerBinary:
		p := thrift.NewTBinaryProtocolConf(buf, nil)
		err = agent.NewAgentClientProtocol(buf, p, p).EmitBatch(t.Context(), b)
	case translate.JaegerBatch:
		err = b.Write(t.Context(), thrift.NewTBinaryProtocolConf(buf, nil))
	}
	if err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}
