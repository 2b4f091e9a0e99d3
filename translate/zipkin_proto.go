package translate

import (
	"math"
	"strconv"

	"github.com/ot2otel/ot2otel/internal/pb"
)

// readZipkinProto reads a list of spans.
//
//	message ListOfSpans {
//	  repeated Span spans = 1;
//	}
func (t *Translator) readZipkinProto(r *pb.Reader) error {
	for num, typ := range r.Fields() {
		if num != 1 || typ != pb.Bytes {
			r.Skip(typ)
			continue
		}
		t.reading++
		t.readZipkinProtoSpan(r)
		if err := r.Err(); err != nil {
			return err
		}
		t.endZipkinSpan()
	}
	if err := r.Err(); err != nil {
		return err
	}
	t.finishZipkin()
	return nil
}

// readZipkinProtoSpan reads a span.
//
//	message Span {
//	  bytes trace_id = 1;    // 16 bytes or 8
//	  bytes parent_id = 2;   // 8 bytes
//	  bytes id = 3;          // 8 bytes
//	  Kind kind = 4;
//	  string name = 5;
//	  fixed64 timestamp = 6;   // Unix microseconds
//	  uint64 duration = 7;     // microseconds
//	  Endpoint local_endpoint = 8;
//	  Endpoint remote_endpoint = 9;
//	  repeated Annotation annotations = 10;
//	  map<string, string> tags = 11;
//	  bool debug = 12;
//	  bool shared = 13;
//	}
func (t *Translator) readZipkinProtoSpan(r *pb.Reader) {
	s := t.beginZipkinSpan()
	for num, typ := range r.Message() {
		switch {
		case num == 1 && typ == pb.Bytes:
			s.badTraceID = !t.byteID(s.traceID[:], r.Bytes(), "orig_trace_id")
		case num == 2 && typ == pb.Bytes:
			t.byteID(s.parent[:], r.Bytes(), "zipkin.parent_id")
		case num == 3 && typ == pb.Bytes:
			s.badID = !t.byteID(s.id[:], r.Bytes(), "orig_span_id")
		case num == 4 && typ == pb.Varint:
			t.setProtoKind(s, r.Varint())
		case num == 5 && typ == pb.Bytes:
			s.name = r.String()
		case num == 6 && typ == pb.Fixed64:
			s.timestamp = t.protoMicros(r.Fixed64(), startKey)
		case num == 7 && typ == pb.Varint:
			s.duration = t.protoMicros(r.Varint(), "duration_us")
		case num == 8 && typ == pb.Bytes:
			s.local = readZipkinProtoEndpoint(r)
		case num == 9 && typ == pb.Bytes:
			s.remote = readZipkinProtoEndpoint(r)
		case num == 10 && typ == pb.Bytes:
			s.events = append(s.events, readZipkinProtoAnnotation(r))
		case num == 11 && typ == pb.Bytes:
			t.zipkin.tags = append(t.zipkin.tags, readZipkinProtoTag(r))
		case num == 12 && typ == pb.Varint:
			s.debug = r.Bool()
		case num == 13 && typ == pb.Varint:
			s.shared = r.Bool()
		default:
			r.Skip(typ)
		}
	}
}

// protoKinds are the kinds by their numbers.
//
//	enum Kind { SPAN_KIND_UNSPECIFIED = 0; CLIENT = 1; SERVER = 2; PRODUCER = 3; CONSUMER = 4; }
var protoKinds = [...]spanKind{kindUnspecified, kindClient, kindServer, kindProducer, kindConsumer}

func (t *Translator) setProtoKind(s *v1Span, n uint64) {
	if n < uint64(len(protoKinds)) {
		s.kind = protoKinds[n]
		return
	}
	t.keepKind(t.zipkin.text.decimal(int64(n)))
}

// protoMicros returns a time. One that no int64 can hold is kept in words.
func (t *Translator) protoMicros(n uint64, key string) int64 {
	if n <= math.MaxInt64 {
		return int64(n)
	}
	text := &t.zipkin.text
	mark := len(text.buf)
	text.buf = strconv.AppendUint(text.buf, n, 10)
	t.keepOddTime(key, text.since(mark))
	return 0
}

// readZipkinProtoEndpoint reads an endpoint.
//
//	message Endpoint {
//	  string service_name = 1;
//	  bytes ipv4 = 2;   // 4 bytes
//	  bytes ipv6 = 3;   // 16 bytes
//	  int32 port = 4;
//	}
func readZipkinProtoEndpoint(r *pb.Reader) (e zipkinEndpoint) {
	for num, typ := range r.Message() {
		switch {
		case num == 1 && typ == pb.Bytes:
			e.service = r.String()
		case num == 2 && typ == pb.Bytes:
			e.ipv4 = r.String()
		case num == 3 && typ == pb.Bytes:
			e.ipv6 = r.String()
		case num == 4 && typ == pb.Varint:
			e.port = int64(int32(r.Varint()))
		default:
			r.Skip(typ)
		}
	}
	e.packed = e.ipv4+e.ipv6 != ""
	return e
}

// readZipkinProtoAnnotation reads an annotation.
//
//	message Annotation {
//	  fixed64 timestamp = 1;   // Unix microseconds
//	  string value = 2;
//	}
func readZipkinProtoAnnotation(r *pb.Reader) (x annotation) {
	for num, typ := range r.Message() {
		switch {
		case num == 1 && typ == pb.Fixed64:
			x.micros = int64(r.Fixed64())
		case num == 2 && typ == pb.Bytes:
			x.value = r.String()
		default:
			r.Skip(typ)
		}
	}
	return x
}

// readZipkinProtoTag reads an entry of the map of tags: key 1, value 2.
func readZipkinProtoTag(r *pb.Reader) (x attr) {
	x.value = stringValue("")
	for num, typ := range r.Message() {
		switch {
		case num == 1 && typ == pb.Bytes:
			x.key = r.String()
		case num == 2 && typ == pb.Bytes:
			x.str = r.String()
		default:
			r.Skip(typ)
		}
	}
	x.id = keyOf(x.key)
	return x
}
