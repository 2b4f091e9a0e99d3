package translate_test

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	model "github.com/jaegertracing/jaeger-idl/model/v1"
	"github.com/jaegertracing/jaeger-idl/proto-gen/api_v2"

	"github.com/ot2otel/ot2otel/internal/pb"
	"github.com/ot2otel/ot2otel/translate"
)

// posted returns a request as Jaeger's own code writes it.
func posted(t testing.TB, process *model.Process, spans ...*model.Span) []byte {
	t.Helper()
	b, err := (&api_v2.PostSpansRequest{Batch: model.Batch{Process: process, Spans: spans}}).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// protoSpan returns a span of a trace of 128 bits, at a time that is no full microsecond.
func protoSpan(change ...func(*model.Span)) *model.Span {
	s := &model.Span{
		TraceID: model.NewTraceID(1, traceT), SpanID: spanID, OperationName: "op", Flags: 1,
		StartTime: time.UnixMicro(startUS).Add(123 * time.Nanosecond), Duration: 5*time.Microsecond + 7,
	}
	for _, f := range change {
		f(s)
	}
	return s
}

var shop = &model.Process{ServiceName: "shop", Tags: []model.KeyValue{model.String("hostname", "h")}}

func TestProtoSpan(t *testing.T) {
	r := translated(t, translate.Config{}, translate.JaegerProto, posted(t, shop, protoSpan(func(s *model.Span) {
		s.References = []model.SpanRef{
			model.NewChildOfRef(s.TraceID, 9),
			model.NewFollowsFromRef(model.NewTraceID(1, 2), 3),
		}
		s.Tags = []model.KeyValue{
			model.String("s", "v"), model.Bool("b", true), model.Int64("i", -3), model.Float64("f", 0.5),
			model.Binary("bin", []byte{1, 2}), model.String("empty", ""), model.Int64("zero", 0), model.Bool("no", false),
		}
		s.Logs = []model.Log{{
			Timestamp: time.UnixMicro(startUS).Add(1),
			Fields:    []model.KeyValue{model.String("event", "hit")},
		}}
		s.ProcessID = "p1"
		s.Warnings = []string{"clock skew", "\xff"}
	})))
	s := r.span(t)
	if got := hex.EncodeToString(s.TraceId); got != "00000000000000010102030405060708" {
		t.Errorf("trace id %s", got)
	}
	if idOf(s.SpanId) != spanID || idOf(s.ParentSpanId) != 9 {
		t.Errorf("span %x, parent %x", s.SpanId, s.ParentSpanId)
	}
	if s.StartTimeUnixNano != startUS*1000+123 || s.EndTimeUnixNano != startUS*1000+123+5007 {
		t.Errorf("J-6: from %d to %d", s.StartTimeUnixNano, s.EndTimeUnixNano)
	}
	if diff := cmp.Diff([]string{"10000000000000002/3 follows_from"}, linksOf(s)); diff != "" {
		t.Errorf("links (-want +got)\n%s", diff)
	}
	want := attrMap{
		"s": "v", "b": true, "i": int64(-3), "f": 0.5, "bin": []byte{1, 2}, "empty": "", "zero": int64(0), "no": false,
		"ot2otel.jaeger.process_id": "p1",
		"@jaeger@warnings":          []any{"clock skew", []byte{0xff}},
		"ot2otel.notes":             []any{"utf8:@jaeger@warnings"},
	}
	if diff := cmp.Diff(want, attrsOf(t, s.Attributes)); diff != "" {
		t.Errorf("attributes (-want +got)\n%s", diff)
	}
	if s.Events[0].Name != "hit" || s.Events[0].TimeUnixNano != startUS*1000+1 {
		t.Errorf("event %v", s.Events[0])
	}
	if diff := cmp.Diff(attrMap{"service.name": "shop", "hostname": "h", "host.name": "h"}, r.resource(t)); diff != "" {
		t.Errorf("resource (-want +got)\n%s", diff)
	}
}

// The types of api_v2 have other numbers than those of jaeger.thrift (2.5),
// and a number that nobody knows keeps the value that is there (J-21).
func TestProtoTagTypes(t *testing.T) {
	b, request := pb.Begin(nil, 1)
	b, span := pb.Begin(b, 1)
	b = pb.AppendBytes(b, 1, bytes.Repeat([]byte{1}, 16))
	b = pb.AppendBytes(b, 2, bytes.Repeat([]byte{2}, 8))
	b, start := pb.Begin(b, 6)
	b = pb.End(b, start)
	for i, vType := range []uint64{0, 1, 2, 3, 4, 9} {
		var tag int
		b, tag = pb.Begin(b, 8)
		b = pb.AppendString(b, 1, string(rune('a'+i)))
		b = pb.AppendVarint(b, 2, vType)
		b = pb.AppendVarint(b, 5, 7)
		b = pb.End(b, tag)
	}
	b = pb.End(b, span)
	b = pb.End(b, request)
	s := translated(t, translate.Config{}, translate.JaegerProto, b).span(t)
	got := attrsOf(t, s.Attributes)
	wantAttrs(t, got, attrMap{"a": "", "b": false, "c": int64(7), "d": 0.0, "e": []byte{}, "f": int64(7)})
	wantNote(t, got, "tag.unknown_type:f")
}

// Ids of 8 bytes are padded; of other lengths, replaced (2.5, N-2).
func TestProtoIDs(t *testing.T) {
	tests := []struct {
		trace, span []byte
		want        string // trace id, if it is the one that was sent
		note        string
		orig        string
		rejectedToo bool
	}{
		{bytes.Repeat([]byte{1}, 16), bytes.Repeat([]byte{2}, 8), strings.Repeat("01", 16), "", "", false},
		{bytes.Repeat([]byte{1}, 8), bytes.Repeat([]byte{2}, 8), strings.Repeat("00", 8) + strings.Repeat("01", 8), "", "", false},
		{bytes.Repeat([]byte{1}, 5), bytes.Repeat([]byte{2}, 8), "", "id.invalid", "0101010101", true},
		{nil, bytes.Repeat([]byte{2}, 8), "", "id.zero_trace", strings.Repeat("00", 16), true},
	}
	for _, tt := range tests {
		b, request := pb.Begin(nil, 1)
		b, span := pb.Begin(b, 1)
		if tt.trace != nil {
			b = pb.AppendBytes(b, 1, tt.trace)
		}
		b = pb.AppendBytes(b, 2, tt.span)
		b = pb.AppendString(b, 3, "op")
		b = pb.End(b, span)
		b = pb.End(b, request)
		s := translated(t, translate.Config{}, translate.JaegerProto, b).span(t)
		attrs := attrsOf(t, s.Attributes)
		if got := hex.EncodeToString(s.TraceId); tt.want != "" && got != tt.want {
			t.Errorf("trace %x became %s", tt.trace, got)
		}
		if tt.note != "" {
			wantNote(t, attrs, tt.note)
			wantAttrs(t, attrs, attrMap{"ot2otel.orig_trace_id": tt.orig})
		}
		_, report, err := translate.New(translate.Config{RejectInvalidIDs: true}).Append(nil, translate.JaegerProto, b, received)
		if err != nil || (report.Rejected == 1) != tt.rejectedToo {
			t.Errorf("trace %x: %d rejected, %v", tt.trace, report.Rejected, err)
		}
	}
}

// D-16: a start that is absent or before 1970 becomes the earliest log's time,
// or that of receipt.
func TestProtoAbsentStart(t *testing.T) {
	tests := []struct {
		name  string
		start time.Time
		logs  []model.Log
		want  uint64
	}{
		{"no start", time.Time{}, nil, received},
		{"no start, logs", time.Time{}, []model.Log{{Timestamp: time.UnixMicro(startUS + 9)}, {Timestamp: time.UnixMicro(startUS)}}, startUS * 1000},
		{"1969", time.Unix(-1, 0), nil, received},
		{"year 9999", time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), nil, received},
	}
	for _, tt := range tests {
		s := translated(t, translate.Config{}, translate.JaegerProto, posted(t, shop, protoSpan(func(s *model.Span) {
			s.StartTime, s.Logs = tt.start, tt.logs
		}))).span(t)
		if s.StartTimeUnixNano != tt.want {
			t.Errorf("%s: start %d, want %d", tt.name, s.StartTimeUnixNano, tt.want)
		}
		wantNote(t, attrsOf(t, s.Attributes), "time.bad_start")
	}
}

// D-18: the placeholder of a resource without a service name keeps the
// process's tags.
func TestProtoPlaceholderService(t *testing.T) {
	process := &model.Process{ServiceName: "OTLPResourceNoServiceName", Tags: []model.KeyValue{model.String("k", "v")}}
	r := translated(t, translate.Config{}, translate.JaegerProto, posted(t, process, protoSpan()))
	wantAttrs(t, r.resource(t), attrMap{"k": "v", "service.name": "unknown_service"})
}

// Spans may each have a process, which beats the batch's; the same bytes come
// out every time, in the order in which processes first come.
func TestVector41GroupingDeterminism(t *testing.T) {
	of := func(service string) func(*model.Span) {
		return func(s *model.Span) { s.Process = &model.Process{ServiceName: service} }
	}
	payload := posted(t, shop, protoSpan(of("c")), protoSpan(of("a")), protoSpan(), protoSpan(of("b")), protoSpan(of("a")), protoSpan(of("c")))
	first, _, err := translate.New(translate.Config{}).Append(nil, translate.JaegerProto, payload, received)
	if err != nil {
		t.Fatal(err)
	}
	var services []any
	spans := 0
	for _, rs := range validOTLP(t, first).ResourceSpans {
		services = append(services, attrsOf(t, rs.Resource.Attributes)["service.name"])
		spans += len(rs.ScopeSpans[0].Spans)
	}
	if diff := cmp.Diff([]any{"c", "a", "shop", "b"}, services); diff != "" || spans != 6 {
		t.Errorf("%d spans; services (-want +got)\n%s", spans, diff)
	}
	for range 100 {
		again, _, err := translate.New(translate.Config{}).Append(nil, translate.JaegerProto, payload, received)
		if err != nil || !bytes.Equal(again, first) {
			t.Fatalf("another run differs: %v", err)
		}
	}
}

// A process that cannot be read refuses the payload, whichever it is.
func TestProtoBrokenProcess(t *testing.T) {
	good := posted(t, nil, protoSpan())
	b, request := pb.Begin(nil, 1)
	b = append(b, good[2:]...)
	b = pb.AppendBytes(b, 2, []byte{0x0a, 0x7f, 'x'}) // a service name of 127 bytes in one
	b = pb.End(b, request)
	if out, _, err := translate.New(translate.Config{}).Append(nil, translate.JaegerProto, b, received); err == nil || out != nil {
		t.Errorf("got %d bytes, %v", len(out), err)
	}
}
