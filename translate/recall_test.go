package translate_test

import (
	"encoding/hex"
	"testing"

	"github.com/google/go-cmp/cmp"
	model "github.com/jaegertracing/jaeger-idl/model/v1"
	"github.com/jaegertracing/jaeger-idl/thrift-gen/jaeger"
	"github.com/jaegertracing/jaeger-idl/thrift-gen/zipkincore"

	"github.com/ot2otel/ot2otel/translate"
)

// The trace that the headers named, and one that shares its low half.
const (
	fullTrace  = "4bf92f3577b34da6a3ce929d0e0e4736"
	otherTrace = "1111111111111111a3ce929d0e0e4736"
	lowTrace   = "0000000000000000a3ce929d0e0e4736"
	low, high  = 0xa3ce929d0e0e4736, 0x4bf92f3577b34da6
)

// traces is a memory of high halves by low ones.
type traces map[uint64]uint64

func (m traces) TraceHigh(low uint64) (uint64, bool) {
	high, ok := m[low]
	return high, ok
}

var recalling = translate.Config{Memory: traces{low: high, 0: 1}}

// Propagation vectors C10 and C11: what a Jaeger span lacks comes from the
// memory, in its references too, and what it has stays.
func TestRecallJaeger(t *testing.T) {
	half := uint64(low) // a constant would not fit the signed field
	for _, test := range []struct {
		name          string
		config        translate.Config
		high, refHigh int64
		trace, link   string
	}{
		{"C10 known", recalling, 0, 0, fullTrace, fullTrace},
		{"C11 another high half", recalling, 0x1111111111111111, 0x1111111111111111, otherTrace, otherTrace},
		{"only the reference lacks it", recalling, high, 0, fullTrace, fullTrace},
		{"not known", translate.Config{Memory: traces{}}, 0, 0, lowTrace, lowTrace},
		{"no memory", defaults, 0, 0, lowTrace, lowTrace},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := spanResult(t, test.config, func(s *jaeger.Span) {
				s.TraceIdLow, s.TraceIdHigh = int64(half), test.high
				parent := &jaeger.SpanRef{RefType: childOf, TraceIdLow: int64(half), TraceIdHigh: test.refHigh, SpanId: 9}
				other := &jaeger.SpanRef{RefType: followsFrom, TraceIdLow: int64(half), TraceIdHigh: test.refHigh, SpanId: 10}
				s.References = []*jaeger.SpanRef{parent, other}
			})
			if got := hex.EncodeToString(s.TraceId); got != test.trace {
				t.Errorf("trace %s, want %s", got, test.trace)
			}
			if idOf(s.ParentSpanId) != 9 || len(s.Links) != 1 {
				t.Fatalf("parent %x and %d links, want 9 and one", s.ParentSpanId, len(s.Links))
			}
			if got := hex.EncodeToString(s.Links[0].TraceId); got != test.link {
				t.Errorf("link to trace %s, want %s", got, test.link)
			}
		})
	}
}

// The same for Zipkin's formats, where spans are told apart by their ids: one
// that has the high half and one that lacks it are of the same trace.
func TestRecallZipkin(t *testing.T) {
	got := spansByTrace(v2JSON(t, recalling,
		`{"traceId":"`+fullTrace+`","id":"a","kind":"CLIENT","localEndpoint":{"serviceName":"web"}}`,
		`{"traceId":"a3ce929d0e0e4736","id":"a","kind":"SERVER","localEndpoint":{"serviceName":"app"}}`,
		`{"traceId":"`+otherTrace+`","id":"b","localEndpoint":{"serviceName":"app"}}`,
	))
	want := map[string]int{fullTrace: 2, otherTrace: 1}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("spans by trace (-want +got):\n%s", diff)
	}
	half := uint64(low)
	s := thriftSpans(t, recalling, &zipkincore.Span{TraceID: int64(half), ID: 1, Name: "get"}).span(t)
	if trace := hex.EncodeToString(s.TraceId); trace != fullTrace {
		t.Errorf("v1 Thrift: trace %s, want %s", trace, fullTrace)
	}
	r := v2JSON(t, recalling, v2(`"id":"a"`, tagsOf("otlp.link.0", lowTrace+"|00f067aa0ba902b7||{}|0")))
	if trace := hex.EncodeToString(r.span(t).Links[0].TraceId); trace != fullTrace {
		t.Errorf("link: trace %s, want %s", trace, fullTrace)
	}
}

// Vector C10 in Jaeger's protobuf.
func TestRecallJaegerProto(t *testing.T) {
	s := translated(t, recalling, translate.JaegerProto, posted(t, shop, protoSpan(func(s *model.Span) {
		s.TraceID = model.NewTraceID(0, low)
		s.References = []model.SpanRef{model.NewFollowsFromRef(model.NewTraceID(0, low), 3), model.NewChildOfRef(s.TraceID, 9)}
	}))).span(t)
	if got := hex.EncodeToString(s.TraceId); got != fullTrace || hex.EncodeToString(s.Links[0].TraceId) != fullTrace {
		t.Errorf("trace %s, link %x; want %s", got, s.Links[0].TraceId, fullTrace)
	}
}

// spansByTrace counts spans by trace.
func spansByTrace(r result) map[string]int {
	n := map[string]int{}
	for _, s := range r.spans() {
		n[hex.EncodeToString(s.TraceId)]++
	}
	return n
}
