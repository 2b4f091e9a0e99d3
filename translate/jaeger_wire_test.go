package translate_test

import (
	"context"
	"testing"

	"github.com/apache/thrift/lib/go/thrift"

	"github.com/ot2otel/ot2otel/translate"
)

// The tests in this file are about Thrift that no generated encoder writes.

func TestTagValue(t *testing.T) {
	str, yes, long := stringField(3, "s"), boolField(5, true), longField(6, -9)
	double := func(p *protocol) { p.field(thrift.DOUBLE, 4); p.check(p.WriteDouble(ctx, 1.5)) }
	blob := func(p *protocol) { p.field(thrift.STRING, 7); p.check(p.WriteBinary(ctx, []byte{0})) }
	vType := func(n int32) write {
		return func(p *protocol) { p.field(thrift.I32, 2); p.check(p.WriteI32(ctx, n)) }
	}
	unknown := stringField(99, "?")
	unknownType := []any{"tag.unknown_type:k"}
	for _, test := range []struct {
		rule   string
		fields []write
		want   any
		notes  any
	}{
		{"J-20 vType alone decides", []write{vType(0), str, double, yes, long, blob}, "s", nil},
		{"J-20 double among all", []write{vType(1), str, double, yes, long, blob}, 1.5, nil},
		{"J-20 bool among all", []write{vType(2), str, double, yes, long, blob}, true, nil},
		{"J-20 long among all", []write{vType(3), str, double, yes, long, blob}, int64(-9), nil},
		{"J-20 binary among all", []write{vType(4), str, double, yes, long, blob}, []byte{0}, nil},
		{"J-20 type after value", []write{long, str, vType(3)}, int64(-9), nil},
		{"J-20 unknown field", []write{unknown, vType(0), unknown, str, unknown}, "s", nil},
		{"J-20 the last of two values", []write{vType(0), str, unknown, str}, "s", nil},
		{"J-20 string absent", []write{vType(0), long}, "", nil},
		{"J-20 double absent", []write{vType(1)}, 0.0, nil},
		{"J-20 bool absent", []write{vType(2)}, false, nil},
		{"J-20 long absent", []write{vType(3)}, int64(0), nil},
		{"J-20 binary absent", []write{vType(4)}, []byte{}, nil},
		{"J-21 unknown type", []write{vType(5), long}, int64(-9), unknownType},
		{"J-21 first of several", []write{vType(-2), blob, double}, 1.5, unknownType},
		{"J-21 no value", []write{vType(7)}, int64(7), unknownType},
		{"J-21 no type", []write{str}, "s", unknownType},
	} {
		t.Run(test.rule, func(t *testing.T) {
			for _, f := range thriftFormats {
				fields := append([]write{stringField(1, "k")}, test.fields...)
				span := []write{longField(1, 1), longField(3, 1), stringField(5, "op"), listField(10, fields...)}
				s := translated(t, defaults, f, payload(f, listField(2, span...))).span(t)
				wantAttrs(t, attrsOf(t, s.Attributes), attrMap{"k": test.want, "ot2otel.notes": test.notes})
			}
		})
	}
}

// Fields of a batch and a span may come in any order, and there may be more of
// them: the process after the spans, and the bool incomplete that a span once had.
func TestFieldsInAnyOrder(t *testing.T) {
	for _, f := range thriftFormats {
		spans := listField(2, boolField(12, true), stringField(5, "op"), longField(3, 1), longField(1, 2))
		process := structField(1, stringField(1, "shop"))
		r := translated(t, defaults, f, payload(f, longField(3, 7), spans, process, stringField(9, "?")))
		wantAttrs(t, r.resource(t), attrMap{"service.name": "shop"})
		if s := r.span(t); s.Name != "op" || idOf(s.SpanId) != 1 || r.report.Client.SeqNo != 7 {
			t.Errorf("%v: span %v, report %+v", f, s, r.report)
		}
	}
}

// A batch without its process is one of no known service; it is not lost.
func TestNoProcess(t *testing.T) {
	for _, f := range thriftFormats {
		r := translated(t, defaults, f, payload(f, listField(2, longField(1, 2), longField(3, 1))))
		wantAttrs(t, r.resource(t), attrMap{"service.name": "unknown_service", "ot2otel.notes": []any{"service.absent"}})
	}
}

// A field of another type than the IDL has is no field of the struct.
func TestFieldsOfOtherTypes(t *testing.T) {
	for _, f := range thriftFormats {
		span := []write{longField(1, 2), longField(3, 1), stringField(5, "op"), stringField(7, "flags"), longField(10, 7)}
		s := translated(t, defaults, f, payload(f, listField(2, span...))).span(t)
		if s.Name != "op" || s.Flags != 0 {
			t.Errorf("%v: span %v", f, s)
		}
	}
}

// A write writes one or more fields of a struct.
type write func(p *protocol)

// A protocol writes fields as it is told.
type protocol struct {
	thrift.TProtocol
	buf *thrift.TMemoryBuffer
}

var ctx = context.Background()

func newProtocol(f translate.Format) *protocol {
	buf := thrift.NewTMemoryBuffer()
	if f == translate.JaegerCompact {
		return &protocol{thrift.NewTCompactProtocolConf(buf, nil), buf}
	}
	return &protocol{thrift.NewTBinaryProtocolConf(buf, nil), buf}
}

func (p *protocol) check(err error) {
	if err != nil {
		panic(err) // memory does not fail
	}
}

func (p *protocol) field(t thrift.TType, id int16) { p.check(p.WriteFieldBegin(ctx, "", t, id)) }

// structure writes a struct of fields.
func (p *protocol) structure(fields ...write) {
	p.check(p.WriteStructBegin(ctx, ""))
	for _, f := range fields {
		f(p)
	}
	p.check(p.WriteFieldStop(ctx))
	p.check(p.WriteStructEnd(ctx))
}

func structField(id int16, fields ...write) write {
	return func(p *protocol) {
		p.field(thrift.STRUCT, id)
		p.structure(fields...)
	}
}

// listField writes a field that is a list of one struct.
func listField(id int16, fields ...write) write {
	return func(p *protocol) {
		p.field(thrift.LIST, id)
		p.check(p.WriteListBegin(ctx, thrift.STRUCT, 1))
		p.structure(fields...)
	}
}

func stringField(id int16, s string) write {
	return func(p *protocol) {
		p.field(thrift.STRING, id)
		p.check(p.WriteString(ctx, s))
	}
}

func boolField(id int16, b bool) write {
	return func(p *protocol) {
		p.field(thrift.BOOL, id)
		p.check(p.WriteBool(ctx, b))
	}
}

func longField(id int16, n int64) write {
	return func(p *protocol) {
		p.field(thrift.I64, id)
		p.check(p.WriteI64(ctx, n))
	}
}

// payload returns a batch with these fields in format f.
func payload(f translate.Format, batch ...write) []byte {
	p := newProtocol(f)
	if f == translate.JaegerBatch {
		p.structure(batch...)
	} else {
		p.check(p.WriteMessageBegin(ctx, "emitBatch", thrift.ONEWAY, 0))
		p.structure(structField(1, batch...))
	}
	return p.buf.Bytes()
}
