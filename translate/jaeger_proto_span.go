package translate

import (
	"math"

	"github.com/ot2otel/ot2otel/internal/pb"
)

// readProtoSpan reads a span and returns its own process, if it has one.
// There is no field for the parent: it is a reference like others.
//
//	message Span {
//	  bytes trace_id = 1;              // 16 bytes; some senders have 8
//	  bytes span_id = 2;               // 8 bytes
//	  string operation_name = 3;
//	  repeated SpanRef references = 4;
//	  uint32 flags = 5;
//	  google.protobuf.Timestamp start_time = 6;
//	  google.protobuf.Duration duration = 7;
//	  repeated KeyValue tags = 8;
//	  repeated Log logs = 9;
//	  Process process = 10;
//	  string process_id = 11;
//	  repeated string warnings = 12;
//	}
func (t *Translator) readProtoSpan(r *pb.Reader) (process protoProcess) {
	s := &t.span
	s.noStart = true
	for num, typ := range r.Message() {
		switch {
		case num == 1 && typ == pb.Bytes:
			s.traceID, s.badTraceID = t.protoTraceID(r.Bytes())
		case num == 2 && typ == pb.Bytes:
			s.id, s.badID = t.protoSpanID(r.Bytes())
		case num == 3 && typ == pb.Bytes:
			s.name = r.String()
		case num == 4 && typ == pb.Bytes:
			t.readProtoRef(r)
		case num == 5 && typ == pb.Varint:
			s.sourceFlags = int64(uint32(r.Varint()))
		case num == 6 && typ == pb.Bytes:
			s.startMicros, s.startNanos = readProtoTime(r)
			s.noStart = false
		case num == 7 && typ == pb.Bytes:
			s.durationMicros, s.durationNanos = readProtoTime(r)
		case num == 8 && typ == pb.Bytes:
			s.attrs.list = readProtoTag(r, s.attrs.list)
		case num == 9 && typ == pb.Bytes:
			readProtoLog(r, s)
		case num == 10 && typ == pb.Bytes:
			process = nextProcess(r)
		case num == 11 && typ == pb.Bytes:
			s.processID = r.String()
		case num == 12 && typ == pb.Bytes:
			s.warnings = append(s.warnings, r.String())
		default:
			r.Skip(typ)
		}
	}
	return process
}

// protoTraceID returns the id that b is, or, if it is none, its text.
func (t *Translator) protoTraceID(b []byte) (id [16]byte, bad string) {
	if len(b) != 16 && len(b) != 8 {
		return id, t.text.hex(b)
	}
	copy(id[16-len(b):], b)
	return id, ""
}

// protoSpanID returns the id that b is, or, if it is none, its text.
func (t *Translator) protoSpanID(b []byte) (id [8]byte, bad string) {
	if len(b) != 8 {
		return id, t.text.hex(b)
	}
	return [8]byte(b), ""
}

// readProtoRef reads a reference. One whose ids are none has zero ids, which
// no link can have (J-54).
//
//	message SpanRef {
//	  bytes trace_id = 1;
//	  bytes span_id = 2;
//	  SpanRefType ref_type = 3;   // CHILD_OF 0, FOLLOWS_FROM 1
//	}
func (t *Translator) readProtoRef(r *pb.Reader) {
	var ref ref
	for num, typ := range r.Message() {
		switch {
		case num == 1 && typ == pb.Bytes:
			ref.traceID, _ = t.protoTraceID(r.Bytes())
		case num == 2 && typ == pb.Bytes:
			ref.id, _ = t.protoSpanID(r.Bytes())
		case num == 3 && typ == pb.Varint:
			ref.refType = int32(r.Varint())
		default:
			r.Skip(typ)
		}
	}
	t.span.refs = append(t.span.refs, ref)
}

// readProtoTime reads a time or a duration in microseconds, and the
// nanoseconds that it has beyond them. What does not fit an int64 is the
// nearest value that does.
//
//	message Timestamp {   // and Duration
//	  int64 seconds = 1;
//	  int32 nanos = 2;
//	}
func readProtoTime(r *pb.Reader) (micros int64, beyond uint16) {
	var seconds, nanos int64
	for num, typ := range r.Message() {
		switch {
		case num == 1 && typ == pb.Varint:
			seconds = int64(r.Varint())
		case num == 2 && typ == pb.Varint:
			nanos = int64(int32(r.Varint()))
		default:
			r.Skip(typ)
		}
	}
	const most = math.MaxInt64/1_000_000 - 10_000 // leaves room for any nanos
	switch {
	case seconds > most:
		return math.MaxInt64, 0
	case seconds < -most:
		return math.MinInt64, 0
	}
	micros = seconds*1_000_000 + nanos/1000
	if nanos%1000 < 0 {
		return micros - 1, uint16(1000 + nanos%1000)
	}
	return micros, uint16(nanos % 1000)
}

// readProtoLog reads a log.
//
//	message Log {
//	  google.protobuf.Timestamp timestamp = 1;
//	  repeated KeyValue fields = 2;
//	}
func readProtoLog(r *pb.Reader, s *span) {
	e := event{first: len(s.fields), badTime: true}
	for num, typ := range r.Message() {
		switch {
		case num == 1 && typ == pb.Bytes:
			micros, beyond := readProtoTime(r)
			var ok bool
			e.micros = micros
			e.time, ok = nanos(micros)
			e.time += uint64(beyond)
			e.badTime = !ok
		case num == 2 && typ == pb.Bytes:
			s.fields = readProtoTag(r, s.fields)
		default:
			r.Skip(typ)
		}
	}
	e.last = len(s.fields)
	s.events = append(s.events, e)
}

// protoTagTypes are the types of api_v2, whose numbers are others than
// jaeger.thrift's, as TagTypes.
var protoTagTypes = [...]int32{tagString, tagBool, tagLong, tagDouble, tagBinary}

// readProtoTag reads a tag and appends it to list.
//
//	message KeyValue {
//	  string key = 1;
//	  ValueType v_type = 2;   // STRING 0, BOOL 1, INT64 2, FLOAT64 3, BINARY 4
//	  string v_str = 3;
//	  bool v_bool = 4;
//	  int64 v_int64 = 5;
//	  double v_float64 = 6;
//	  bytes v_binary = 7;
//	}
func readProtoTag(r *pb.Reader, list []attr) []attr {
	var tag thriftTag // has the same five types of values
	var vType int32
	for num, typ := range r.Message() {
		switch {
		case num == 1 && typ == pb.Bytes:
			tag.key = r.String()
		case num == 2 && typ == pb.Varint:
			vType = int32(r.Varint())
		case num == 3 && typ == pb.Bytes:
			tag.set(tagString, stringValue(r.String()))
		case num == 4 && typ == pb.Varint:
			tag.set(tagBool, boolValue(r.Bool()))
		case num == 5 && typ == pb.Varint:
			tag.set(tagLong, intValue(int64(r.Varint())))
		case num == 6 && typ == pb.Fixed64:
			tag.set(tagDouble, doubleValue(r.Double()))
		case num == 7 && typ == pb.Bytes:
			tag.set(tagBinary, bytesValue(r.String()))
		default:
			r.Skip(typ)
		}
	}
	tag.vType = vType
	if 0 <= vType && int(vType) < len(protoTagTypes) {
		tag.vType = protoTagTypes[vType]
	}
	list = append(list, attr{key: tag.key, id: keyOf(tag.key)})
	tag.selectValue(&list[len(list)-1])
	return list
}
