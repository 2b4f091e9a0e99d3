package translate

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/ot2otel/ot2otel/internal/thrift"
)

// errNoSpanList is the error of a payload that is no list of zipkincore Spans.
var errNoSpanList = errors.New("no list of zipkincore.thrift Spans")

// readEmitZipkinBatch reads the arguments of emitZipkinBatch, which a message
// to the Jaeger agent may call as well.
func (t *Translator) readEmitZipkinBatch(r *thrift.Reader) error {
	t.source = t.sourceOf(ZipkinV1Thrift)
	err := errNoSpanList
	for id, typ := range r.Fields() {
		if id == 1 && typ == thrift.List {
			err = t.readZipkinThrift(r)
		} else {
			r.Skip(typ)
		}
	}
	return cmp.Or(r.Err(), err)
}

// readZipkinThrift reads a list of spans: what is posted, and what
// emitZipkinBatch is called with.
func (t *Translator) readZipkinThrift(r *thrift.Reader) error {
	elem, n := r.List()
	if n > 0 && elem != thrift.Struct {
		return fmt.Errorf("%w, but one of %v", errNoSpanList, elem)
	}
	for t.reading = 1; t.reading <= n; t.reading++ {
		t.readZipkincoreSpan(r)
		if err := r.Err(); err != nil {
			return err
		}
		t.endZipkinSpan()
	}
	if n == 0 {
		t.reading = 0
	}
	if err := r.Err(); err != nil {
		return err
	}
	t.finishZipkin()
	return nil
}

// readZipkincoreSpan reads a span.
//
//	struct Span {
//	  1: i64 trace_id
//	  3: string name
//	  4: i64 id
//	  5: optional i64 parent_id
//	  6: list<Annotation> annotations
//	  8: list<BinaryAnnotation> binary_annotations
//	  9: optional bool debug
//	  10: optional i64 timestamp   // Unix microseconds
//	  11: optional i64 duration    // microseconds
//	  12: optional i64 trace_id_high
//	}
func (t *Translator) readZipkincoreSpan(r *thrift.Reader) {
	s := t.beginZipkinSpan()
	var low, high int64
	for id, typ := range r.Fields() {
		switch {
		case id == 1 && typ == thrift.I64:
			low = r.I64()
		case id == 3 && typ == thrift.String:
			s.name = r.String()
		case id == 4 && typ == thrift.I64:
			s.id = id64(r.I64())
		case id == 5 && typ == thrift.I64:
			s.parent = id64(r.I64())
		case id == 6 && typ == thrift.List:
			t.readZipkincoreAnnotations(r, s)
		case id == 8 && typ == thrift.List:
			t.readZipkincoreBinary(r, s)
		case id == 9 && typ == thrift.Bool:
			s.debug = r.Bool()
		case id == 10 && typ == thrift.I64:
			s.timestamp = r.I64()
		case id == 11 && typ == thrift.I64:
			s.duration = r.I64()
		case id == 12 && typ == thrift.I64:
			high = r.I64()
		default:
			r.Skip(typ)
		}
	}
	s.traceID = id128(high, low)
}

// readZipkincoreAnnotations reads a list of annotations. A field 4, i32
// duration, existed once.
//
//	struct Annotation {
//	  1: i64 timestamp   // Unix microseconds
//	  2: string value
//	  3: optional Endpoint host
//	}
func (t *Translator) readZipkincoreAnnotations(r *thrift.Reader, s *v1Span) {
	for range r.Each(thrift.Struct) {
		var x annotation
		for id, typ := range r.Fields() {
			switch {
			case id == 1 && typ == thrift.I64:
				x.micros = r.I64()
			case id == 2 && typ == thrift.String:
				x.value = r.String()
			case id == 3 && typ == thrift.Struct:
				x.host = s.addHost(t.readZipkincoreEndpoint(r))
			default:
				r.Skip(typ)
			}
		}
		s.events = append(s.events, x)
	}
}

// readZipkincoreEndpoint reads where something was made. An address or port of
// zero is not known.
//
//	struct Endpoint {
//	  1: i32 ipv4   // four bytes
//	  2: i16 port   // without a sign
//	  3: string service_name
//	  4: optional binary ipv6   // 16 bytes
//	}
func (t *Translator) readZipkincoreEndpoint(r *thrift.Reader) (e zipkinEndpoint) {
	var ipv4 int32
	for id, typ := range r.Fields() {
		switch {
		case id == 1 && typ == thrift.I32:
			ipv4 = r.I32()
		case id == 2 && typ == thrift.I16:
			e.port = int64(uint16(r.I16()))
		case id == 3 && typ == thrift.String:
			e.service = r.String()
		case id == 4 && typ == thrift.String:
			e.ipv6 = r.String()
		default:
			r.Skip(typ)
		}
	}
	if ipv4 != 0 {
		text := &t.zipkin.text
		mark := len(text.buf)
		text.buf = binary.BigEndian.AppendUint32(text.buf, uint32(ipv4))
		e.ipv4 = text.since(mark)
	}
	e.packed = e.ipv4+e.ipv6 != ""
	return e
}

// zipkincore.thrift AnnotationType.
const (
	typeBool   = 0
	typeBytes  = 1
	typeI16    = 2
	typeI32    = 3
	typeI64    = 4
	typeDouble = 5
	typeString = 6
)

// readZipkincoreBinary reads a list of binary annotations.
//
//	struct BinaryAnnotation {
//	  1: string key
//	  2: binary value
//	  3: AnnotationType annotation_type   // BOOL 0, BYTES 1, I16 2, I32 3, I64 4, DOUBLE 5, STRING 6
//	  4: optional Endpoint host
//	}
func (t *Translator) readZipkincoreBinary(r *thrift.Reader, s *v1Span) {
	for range r.Each(thrift.Struct) {
		var x v1Tag
		raw, vType := "", int32(-1)
		for id, typ := range r.Fields() {
			switch {
			case id == 1 && typ == thrift.String:
				x.key = r.String()
			case id == 2 && typ == thrift.String:
				raw = r.String()
			case id == 3 && typ == thrift.I32:
				vType = r.I32()
			case id == 4 && typ == thrift.Struct:
				x.host = s.addHost(t.readZipkincoreEndpoint(r))
			default:
				r.Skip(typ)
			}
		}
		x.id = keyOf(x.key)
		var ok bool
		if x.value, ok = typedValue(raw, vType); !ok {
			x.value, x.rule = bytesValue(raw), RuleUnknownType
		}
		s.binary = append(s.binary, x)
	}
}

// typedValue returns the value of an AnnotationType that has the bytes raw,
// numbers with the highest byte first and with their sign. It is not ok if no
// such value has these bytes.
func typedValue(raw string, vType int32) (v value, ok bool) {
	size := [...]int{typeBool: 1, typeI16: 2, typeI32: 4, typeI64: 8, typeDouble: 8}
	switch {
	case vType == typeString:
		return stringValue(raw), true
	case vType == typeBytes:
		return bytesValue(raw), true
	case vType < 0 || int(vType) >= len(size) || len(raw) != size[vType]:
		return v, false
	}
	var bits uint64
	for i := range len(raw) {
		bits = bits<<8 | uint64(raw[i])
	}
	switch vType {
	case typeBool:
		return boolValue(bits != 0), true
	case typeDouble:
		return doubleValue(math.Float64frombits(bits)), true
	}
	sign := 64 - 8*len(raw)
	return intValue(int64(bits<<sign) >> sign), true
}
