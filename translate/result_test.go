package translate_test

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	collectorpb "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/jaegertracing/jaeger-idl/thrift-gen/jaeger"

	"github.com/ot2otel/ot2otel/translate"
)

// attrMap is a collection of attributes: strings, bools, int64s, float64s,
// []byte and []any.
type attrMap map[string]any

// A result is what a payload has become.
type result struct {
	request *collectorpb.ExportTraceServiceRequest
	report  translate.Report
}

// translated returns what a payload of format f becomes. It fails the test if
// that is not valid OTLP.
func translated(t testing.TB, c translate.Config, f translate.Format, payload []byte) result {
	t.Helper()
	out, report, err := translate.New(c).Append(nil, f, payload, received)
	if err != nil {
		t.Fatal(err)
	}
	return result{validOTLP(t, out), report}
}

// batchResult returns what b becomes.
func batchResult(t testing.TB, c translate.Config, b *jaeger.Batch) result {
	t.Helper()
	return translated(t, c, translate.JaegerCompact, encode(t, translate.JaegerCompact, b))
}

// spanResult returns what s becomes.
func spanResult(t testing.TB, c translate.Config, change ...func(*jaeger.Span)) *tracepb.Span {
	t.Helper()
	return batchResult(t, c, newBatch(newSpan(change...))).span(t)
}

// span returns the only span there is.
func (r result) span(t testing.TB) *tracepb.Span {
	t.Helper()
	spans := r.spans()
	if len(spans) != 1 {
		t.Fatalf("got %d spans, want 1", len(spans))
	}
	return spans[0]
}

func (r result) spans() (spans []*tracepb.Span) {
	for _, rs := range r.request.ResourceSpans {
		for _, ss := range rs.ScopeSpans {
			spans = append(spans, ss.Spans...)
		}
	}
	return spans
}

// resource returns the attributes of the only resource.
func (r result) resource(t testing.TB) attrMap {
	t.Helper()
	if n := len(r.request.ResourceSpans); n != 1 {
		t.Fatalf("got %d resources, want 1", n)
	}
	return attrsOf(t, r.request.ResourceSpans[0].Resource.Attributes)
}

// attrsOf returns attributes as a map. It fails the test if a key repeats or is empty.
func attrsOf(t testing.TB, kvs []*commonpb.KeyValue) attrMap {
	t.Helper()
	m := attrMap{}
	for _, kv := range kvs {
		if _, ok := m[kv.Key]; ok || kv.Key == "" {
			t.Errorf("attribute key %q is empty or repeats", kv.Key)
		}
		m[kv.Key] = anyOf(kv.Value)
	}
	return m
}

func anyOf(v *commonpb.AnyValue) any {
	switch v := v.GetValue().(type) {
	case *commonpb.AnyValue_StringValue:
		return v.StringValue
	case *commonpb.AnyValue_BoolValue:
		return v.BoolValue
	case *commonpb.AnyValue_IntValue:
		return v.IntValue
	case *commonpb.AnyValue_DoubleValue:
		return v.DoubleValue
	case *commonpb.AnyValue_BytesValue:
		return v.BytesValue
	case *commonpb.AnyValue_ArrayValue:
		list := []any{}
		for _, element := range v.ArrayValue.Values {
			list = append(list, anyOf(element))
		}
		return list
	}
	return nil
}

// linksOf returns the links of s as "trace/span ref_type", ids without
// leading zeros.
func linksOf(s *tracepb.Span) (links []string) {
	for _, l := range s.Links {
		id := func(b []byte) string { return strings.TrimLeft(hex.EncodeToString(b), "0") }
		links = append(links, fmt.Sprintf("%s/%s %v", id(l.TraceId), id(l.SpanId), anyOf(l.Attributes[0].Value)))
	}
	return links
}

// idOf returns the number that a span id is.
func idOf(b []byte) (n uint64) {
	for _, c := range b {
		n = n<<8 | uint64(c)
	}
	return n
}

// validOTLP decodes a request strictly and fails the test where it is not
// valid OTLP.
func validOTLP(t testing.TB, request []byte) *collectorpb.ExportTraceServiceRequest {
	t.Helper()
	r := new(collectorpb.ExportTraceServiceRequest)
	if err := proto.Unmarshal(request, r); err != nil {
		t.Fatalf("not a request: %v", err)
	}
	if len(r.ProtoReflect().GetUnknown()) > 0 {
		t.Error("unknown fields")
	}
	for _, rs := range r.ResourceSpans {
		attrsOf(t, rs.Resource.Attributes)
		for _, ss := range rs.ScopeSpans {
			attrsOf(t, ss.Scope.Attributes)
			for _, s := range ss.Spans {
				checkSpan(t, s)
			}
		}
	}
	return r
}

func checkSpan(t testing.TB, s *tracepb.Span) {
	t.Helper()
	attrsOf(t, s.Attributes)
	checkID(t, "trace", s.TraceId, 16)
	checkID(t, "span", s.SpanId, 8)
	if len(s.ParentSpanId) > 0 {
		checkID(t, "parent", s.ParentSpanId, 8)
	}
	for _, l := range s.Links {
		attrsOf(t, l.Attributes)
		checkID(t, "linked trace", l.TraceId, 16)
		checkID(t, "linked span", l.SpanId, 8)
	}
	for _, e := range s.Events {
		attrsOf(t, e.Attributes)
		if e.Name == "" {
			t.Error("event without a name")
		}
	}
	switch {
	case s.Name == "":
		t.Error("no name")
	case s.Kind == tracepb.Span_SPAN_KIND_UNSPECIFIED:
		t.Error("no kind")
	case s.EndTimeUnixNano < s.StartTimeUnixNano:
		t.Errorf("end %d before start %d", s.EndTimeUnixNano, s.StartTimeUnixNano)
	case s.Status.GetMessage() != "" && s.Status.Code != tracepb.Status_STATUS_CODE_ERROR:
		t.Error("status message without an error")
	case s.Flags&^0x301 != 0:
		t.Errorf("flags %#x", s.Flags)
	}
}

func checkID(t testing.TB, what string, id []byte, size int) {
	t.Helper()
	if len(id) != size || strings.Trim(string(id), "\x00") == "" {
		t.Errorf("%s id %x", what, id)
	}
}
