package translate

import (
	"encoding/binary"

	"github.com/ot2otel/ot2otel/internal/pb"
)

// This file, and no other, knows OTLP's field numbers: those of
// opentelemetry/proto/{trace,common,resource}/v1. Each function appends whole
// fields; of a field that has its default, nothing.

// message ExportTraceServiceRequest { repeated ResourceSpans resource_spans = 1; }
//
// message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; string schema_url = 3; }
//
// appendResourceSpansHead begins a ResourceSpans of n bytes.
func appendResourceSpansHead(b []byte, n int) []byte { return appendHead(b, 1, n) }

// message ScopeSpans { InstrumentationScope scope = 1; repeated Span spans = 2; string schema_url = 3; }
//
// appendScopeSpansHead begins a ScopeSpans of n bytes.
func appendScopeSpansHead(b []byte, n int) []byte { return appendHead(b, 2, n) }

// sizeScopeSpans returns the size of a ScopeSpans of n bytes with its head.
func sizeScopeSpans(n int) int {
	var head [2 * binary.MaxVarintLen64]byte
	return len(appendScopeSpansHead(head[:0], n)) + n
}

// appendHead begins message num of n bytes.
func appendHead(b []byte, num, n int) []byte {
	return binary.AppendUvarint(pb.AppendTag(b, num, pb.Bytes), uint64(n))
}

// appendSchema appends the schema URL, which has the same number in
// ResourceSpans and ScopeSpans.
func appendSchema(b []byte, url string) []byte { return appendText(b, 3, url) }

// message Resource { repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }
func appendResource(b []byte, a *attrs) []byte {
	b, resource := pb.Begin(b, 1)
	b = appendAttrs(b, 1, a)
	return pb.End(b, resource)
}

// message InstrumentationScope { string name = 1; string version = 2; repeated KeyValue attributes = 3;
// uint32 dropped_attributes_count = 4; }
func appendScope(b []byte, name, version string, source *attr) []byte {
	b, scope := pb.Begin(b, 1)
	b = appendText(b, 1, name)
	b = appendText(b, 2, version)
	b = appendKeyValue(b, 3, source)
	return pb.End(b, scope)
}

// message Span { bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4;
// string name = 5; SpanKind kind = 6; fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8;
// repeated KeyValue attributes = 9; uint32 dropped_attributes_count = 10;
// repeated Event events = 11; uint32 dropped_events_count = 12;
// repeated Link links = 13; uint32 dropped_links_count = 14; Status status = 15; fixed32 flags = 16; }
func appendSpan(b []byte, s *span, events []byte) []byte {
	b, span := pb.Begin(b, 2)
	b = pb.AppendBytes(b, 1, s.traceID[:])
	b = pb.AppendBytes(b, 2, s.id[:])
	b = appendText(b, 3, s.traceState)
	if s.parent != [8]byte{} {
		b = pb.AppendBytes(b, 4, s.parent[:])
	}
	b = pb.AppendString(b, 5, s.name)
	b = pb.AppendVarint(b, 6, uint64(s.kind))
	b = pb.AppendFixed64(b, 7, s.start)
	b = pb.AppendFixed64(b, 8, s.end)
	b = appendAttrs(b, 9, &s.attrs)
	b = appendCount(b, 10, s.droppedAttributes)
	b = append(b, events...)
	b = appendCount(b, 12, s.droppedEvents)
	for i := range s.links {
		b = appendLink(b, &s.links[i])
	}
	b = appendCount(b, 14, s.droppedLinks)
	b = appendStatus(b, s)
	if s.flags != 0 {
		b = pb.AppendFixed32(b, 16, s.flags)
	}
	return pb.End(b, span)
}

// message Event { fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3;
// uint32 dropped_attributes_count = 4; }
func appendEvent(b []byte, time uint64, name string, a *attrs, dropped uint32) []byte {
	b, event := pb.Begin(b, 11)
	b = pb.AppendFixed64(b, 1, time)
	b = pb.AppendString(b, 2, name)
	b = appendAttrs(b, 3, a)
	b = appendCount(b, 4, dropped)
	return pb.End(b, event)
}

// message Link { bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; repeated KeyValue attributes = 4;
// uint32 dropped_attributes_count = 5; fixed32 flags = 6; }
func appendLink(b []byte, l *link) []byte {
	b, link := pb.Begin(b, 13)
	b = pb.AppendBytes(b, 1, l.traceID[:])
	b = pb.AppendBytes(b, 2, l.id[:])
	if l.refType != "" {
		b = appendKeyValue(b, 4, &attr{key: keyRefType, value: stringValue(l.refType)})
	}
	b = append(b, l.rest...)
	return pb.End(b, link)
}

// appendLinkRest appends the fields of a Link that references have not.
func appendLinkRest(b []byte, state string, a *attrs, dropped uint32) []byte {
	b = appendText(b, 3, state)
	b = appendAttrs(b, 4, a)
	return appendCount(b, 5, dropped)
}

// message Status { string message = 2; StatusCode code = 3; }
func appendStatus(b []byte, s *span) []byte {
	if s.statusCode == statusUnset {
		return b
	}
	b, status := pb.Begin(b, 15)
	b = appendText(b, 2, s.statusMessage)
	b = pb.AppendVarint(b, 3, uint64(s.statusCode))
	return pb.End(b, status)
}

// appendAttrs appends the live attributes of a, each as field num.
func appendAttrs(b []byte, num int, a *attrs) []byte {
	for i := range a.list {
		if x := &a.list[i]; !x.gone {
			b = appendKeyValue(b, num, x)
		}
	}
	return b
}

// message KeyValue { string key = 1; AnyValue value = 2; }
func appendKeyValue(b []byte, num int, x *attr) []byte {
	if len(x.key)+len(x.str) < 100 {
		return appendShortKeyValue(b, num, x)
	}
	b, kv := pb.Begin(b, num)
	b = pb.AppendString(b, 1, x.key)
	b, any := pb.Begin(b, 2)
	b = appendAnyValue(b, &x.value)
	b = pb.End(b, any)
	return pb.End(b, kv)
}

// appendShortKeyValue appends a KeyValue whose lengths take a byte each.
func appendShortKeyValue(b []byte, num int, x *attr) []byte {
	start := len(b)
	b = append(b, byte(num<<3|2), 0, 1<<3|2, byte(len(x.key)))
	b = append(b, x.key...)
	if x.kind == kindString {
		b = append(b, 2<<3|2, byte(len(x.str)+2), 1<<3|2, byte(len(x.str)))
		b = append(b, x.str...)
	} else {
		value := len(b) + 2
		b = append(b, 2<<3|2, 0)
		b = appendAnyValue(b, &x.value)
		b[value-1] = byte(len(b) - value)
	}
	b[start+1] = byte(len(b) - start - 2)
	return b
}

// message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3;
// double double_value = 4; ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7; } }
func appendAnyValue(b []byte, v *value) []byte {
	switch v.kind {
	case kindString:
		return pb.AppendString(b, 1, v.str)
	case kindBool:
		return pb.AppendBool(b, 2, v.bool())
	case kindInt:
		return pb.AppendVarint(b, 3, v.num)
	case kindDouble:
		return pb.AppendFixed64(b, 4, v.num)
	case kindBytes:
		return pb.AppendString(b, 7, v.str)
	case kindEncoded:
		return append(b, v.str...)
	}
	return b
}

// appendArray appends an AnyValue that is an array.
//
// message ArrayValue { repeated AnyValue values = 1; }
func appendArray(b []byte, values []value) []byte {
	b, array := pb.Begin(b, 5)
	for i := range values {
		var any int
		b, any = pb.Begin(b, 1)
		b = appendAnyValue(b, &values[i])
		b = pb.End(b, any)
	}
	return pb.End(b, array)
}

func appendText(b []byte, num int, s string) []byte {
	if s == "" {
		return b
	}
	return pb.AppendString(b, num, s)
}

func appendCount(b []byte, num int, n uint32) []byte {
	if n == 0 {
		return b
	}
	return pb.AppendVarint(b, num, uint64(n))
}
