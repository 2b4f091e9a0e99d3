package translate

import (
	"math/bits"

	"github.com/ot2otel/ot2otel/internal/thrift"
)

// readSpan reads a span. Field 12 (bool incomplete) existed for a while.
//
//	struct Span {
//	  1: required i64 traceIdLow
//	  2: required i64 traceIdHigh
//	  3: required i64 spanId
//	  4: required i64 parentSpanId
//	  5: required string operationName
//	  6: optional list<SpanRef> references
//	  7: required i32 flags
//	  8: required i64 startTime   // Unix microseconds
//	  9: required i64 duration    // microseconds
//	  10: optional list<Tag> tags
//	  11: optional list<Log> logs
//	}
func (t *Translator) readSpan(r *thrift.Reader) {
	s := &t.span
	var low, high int64
	for id, typ := range r.Fields() {
		switch {
		case id == 1 && typ == thrift.I64:
			low = r.I64()
		case id == 2 && typ == thrift.I64:
			high = r.I64()
		case id == 3 && typ == thrift.I64:
			s.id = id64(r.I64())
		case id == 4 && typ == thrift.I64:
			s.parent = id64(r.I64())
		case id == 5 && typ == thrift.String:
			s.name = r.String()
		case id == 6 && typ == thrift.List:
			readRefs(r, s)
		case id == 7 && typ == thrift.I32:
			s.sourceFlags = int64(r.I32())
		case id == 8 && typ == thrift.I64:
			s.startMicros = r.I64()
		case id == 9 && typ == thrift.I64:
			s.durationMicros = r.I64()
		case id == 10 && typ == thrift.List:
			s.attrs.list = readTags(r, s.attrs.list)
		case id == 11 && typ == thrift.List:
			readLogs(r, s)
		default:
			r.Skip(typ)
		}
	}
	s.traceID = id128(high, low)
}

// readRefs reads the references of a span.
//
//	struct SpanRef {
//	  1: required SpanRefType refType   // CHILD_OF 0, FOLLOWS_FROM 1
//	  2: required i64 traceIdLow
//	  3: required i64 traceIdHigh
//	  4: required i64 spanId
//	}
func readRefs(r *thrift.Reader, s *span) {
	for range r.Each(thrift.Struct) {
		var ref ref
		var low, high int64
		for id, typ := range r.Fields() {
			switch {
			case id == 1 && typ == thrift.I32:
				ref.refType = r.I32()
			case id == 2 && typ == thrift.I64:
				low = r.I64()
			case id == 3 && typ == thrift.I64:
				high = r.I64()
			case id == 4 && typ == thrift.I64:
				ref.id = id64(r.I64())
			default:
				r.Skip(typ)
			}
		}
		ref.traceID = id128(high, low)
		s.refs = append(s.refs, ref)
	}
}

// readLogs reads the logs of a span.
//
//	struct Log {
//	  1: required i64 timestamp   // Unix microseconds
//	  2: required list<Tag> fields
//	}
func readLogs(r *thrift.Reader, s *span) {
	for range r.Each(thrift.Struct) {
		e := event{first: len(s.fields)}
		for id, typ := range r.Fields() {
			switch {
			case id == 1 && typ == thrift.I64:
				e.micros = r.I64()
			case id == 2 && typ == thrift.List:
				s.fields = readTags(r, s.fields)
			default:
				r.Skip(typ)
			}
		}
		e.last = len(s.fields)
		var ok bool
		e.time, ok = nanos(e.micros)
		e.badTime = !ok
		s.events = append(s.events, e)
	}
}

// jaeger.thrift TagType.
const (
	tagString = 0
	tagDouble = 1
	tagBool   = 2
	tagLong   = 3
	tagBinary = 4
)

// A thriftTag is a Tag as it stands on the wire.
type thriftTag struct {
	key     string
	vType   int32
	present uint8    // bit n: there is a value of TagType n
	values  [5]value // by TagType, where present
}

// absent has the values of tags whose type has none with them.
var absent = [5]value{
	tagString: stringValue(""), tagDouble: doubleValue(0), tagBool: boolValue(false),
	tagLong: intValue(0), tagBinary: bytesValue(""),
}

// readTags reads tags and appends them to list.
//
//	struct Tag {
//	  1: required string key
//	  2: required TagType vType   // STRING 0, DOUBLE 1, BOOL 2, LONG 3, BINARY 4
//	  3: optional string vStr
//	  4: optional double vDouble
//	  5: optional bool vBool
//	  6: optional i64 vLong
//	  7: optional binary vBinary
//	}
func readTags(r *thrift.Reader, list []attr) []attr {
	var tag thriftTag
	for range r.Each(thrift.Struct) {
		list = append(list, attr{})
		x := &list[len(list)-1]
		if !readUsualTag(r, x) {
			tag.read(r)
			x.key = tag.key
			tag.selectValue(x)
		}
		x.id = keyOf(x.key)
	}
	return list
}

// readUsualTag reads a tag of a key, a type and the one value of that type, in
// this order, and reports whether it did; if not, nothing is read. Nearly all
// tags are so, and two thirds of a span's fields are in tags and fields of
// logs: this takes a fifth off the time for whole payloads (BenchmarkAppend).
func readUsualTag(r *thrift.Reader, x *attr) (ok bool) {
	start := r.Mark()
	if x.key, ok = r.ExpectString(0, 1); ok {
		vType, ok := r.ExpectI32(1, 2)
		if ok && readUsualValue(r, vType, x) && r.ExpectStop() {
			return true
		}
	}
	r.Rewind(start)
	return false
}

func readUsualValue(r *thrift.Reader, vType int32, x *attr) (ok bool) {
	switch vType {
	case tagString:
		x.kind = kindString
		x.str, ok = r.ExpectString(2, 3)
	case tagDouble:
		if ok = r.Expect(2, 4, thrift.Double); ok {
			x.value = doubleValue(r.Double())
		}
	case tagBool:
		if ok = r.Expect(2, 5, thrift.Bool); ok {
			x.value = boolValue(r.Bool())
		}
	case tagLong:
		if ok = r.Expect(2, 6, thrift.I64); ok {
			x.value = intValue(r.I64())
		}
	}
	return ok
}

// read reads a tag, whatever the order of its fields.
func (tag *thriftTag) read(r *thrift.Reader) {
	tag.key, tag.vType, tag.present = "", -1, 0
	for id, typ := range r.Fields() {
		switch {
		case id == 1 && typ == thrift.String:
			tag.key = r.String()
		case id == 2 && typ == thrift.I32:
			tag.vType = r.I32()
		case id == 3 && typ == thrift.String:
			tag.set(tagString, stringValue(r.String()))
		case id == 4 && typ == thrift.Double:
			tag.set(tagDouble, doubleValue(r.Double()))
		case id == 5 && typ == thrift.Bool:
			tag.set(tagBool, boolValue(r.Bool()))
		case id == 6 && typ == thrift.I64:
			tag.set(tagLong, intValue(r.I64()))
		case id == 7 && typ == thrift.String:
			tag.set(tagBinary, bytesValue(r.String()))
		default:
			r.Skip(typ)
		}
	}
}

func (tag *thriftTag) set(vType uint8, v value) {
	tag.values[vType] = v
	tag.present |= 1 << vType
}

// selectValue gives x the value that the tag's type selects, whatever others
// there are: clients in JavaScript send all five with every tag (J-20). Of a
// tag of unknown type it is the first that is there, else the type (J-21).
func (tag *thriftTag) selectValue(x *attr) {
	vType := tag.vType
	if vType < tagString || vType > tagBinary {
		x.rule = RuleUnknownType
		if tag.present == 0 {
			x.value = intValue(int64(tag.vType))
			return
		}
		vType = int32(bits.TrailingZeros8(tag.present))
	}
	x.value = absent[vType]
	if tag.present&(1<<vType) != 0 {
		x.value = tag.values[vType]
	}
}
