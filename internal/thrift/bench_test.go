package thrift

import (
	"bytes"
	"testing"

	apache "github.com/apache/thrift/lib/go/thrift"
)

// walk reads a value of type t with all that is in it, and returns how many
// values there were.
func walk(r *Reader, t Type) (n int) {
	switch t {
	case Struct:
		for _, t := range r.Fields() {
			n += walk(r, t)
		}
	case List:
		elem, size := r.List()
		for range size {
			n += walk(r, elem)
		}
	case Bool:
		r.Bool()
	case Double:
		r.Double()
	case I32:
		r.I32()
	case I64:
		r.I64()
	case String:
		_ = r.String()
	default:
		r.Skip(t)
	}
	return n + 1
}

// walk does the same by Apache Thrift.
func (p *peer) walk(t Type) (n int) {
	switch t {
	case Struct:
		n = p.walkStruct()
	case List:
		elem, size, err := p.p.ReadListBegin(ctx)
		p.check(err)
		for range size {
			n += p.walk(Type(elem))
		}
	case Bool:
		get(p, p.p.ReadBool)
	case Double:
		get(p, p.p.ReadDouble)
	case I32:
		get(p, p.p.ReadI32)
	case I64:
		get(p, p.p.ReadI64)
	case String:
		get(p, p.p.ReadString)
	default:
		p.check(p.p.Skip(ctx, apache.TType(t)))
	}
	return n + 1
}

func (p *peer) walkStruct() (n int) {
	get(p, p.p.ReadStructBegin)
	for {
		_, t, _, err := p.p.ReadFieldBegin(ctx)
		p.check(err)
		if t == apache.STOP || err != nil {
			break
		}
		n += p.walk(Type(t))
	}
	p.check(p.p.ReadStructEnd(ctx))
	return n
}

func (p *peer) readMessageBegin() {
	_, _, _, err := p.p.ReadMessageBegin(ctx)
	p.check(err)
}

// Both walks go over the same values, or the benchmark compares nothing.
func TestWalksAgree(t *testing.T) {
	eachProtocol(t, func(t *testing.T, binary bool) {
		b := packet(t, binary)
		r := newReader(binary, b)
		r.Message()
		p, _ := newPeer(binary, b)
		p.readMessageBegin()
		ours, theirs := walk(&r, Struct), p.walk(Struct)
		if ours != theirs || r.Err() != nil || p.err != nil {
			t.Errorf("%d values (%v), by Apache Thrift %d (%v)", ours, r.Err(), theirs, p.err)
		}
	})
}

// The packet of a real client, every value of it read one by one.
func BenchmarkWalk(b *testing.B) {
	for _, binary := range []bool{false, true} {
		in := packet(b, binary)
		b.Run(name(binary)+"/ours", func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(in)))
			for b.Loop() {
				r := newReader(binary, in)
				r.Message()
				walk(&r, Struct)
			}
		})
		b.Run(name(binary)+"/apache", func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(in)))
			buf := &apache.TMemoryBuffer{}
			p, _ := newPeer(binary, nil)
			reset(p, binary, buf)
			for b.Loop() {
				buf.Buffer = bytes.NewBuffer(in)
				p.readMessageBegin()
				p.walk(Struct)
			}
		})
	}
}

// reset lets p read from buf.
func reset(p *peer, binary bool, buf *apache.TMemoryBuffer) {
	if binary {
		p.p = apache.NewTBinaryProtocolConf(buf, nil)
		return
	}
	p.p = apache.NewTCompactProtocolConf(buf, nil)
}

func BenchmarkSkip(b *testing.B) {
	for _, binary := range []bool{false, true} {
		in := packet(b, binary)
		b.Run(name(binary), func(b *testing.B) {
			b.SetBytes(int64(len(in)))
			for b.Loop() {
				r := newReader(binary, in)
				r.Message()
				r.Skip(Struct)
			}
		})
	}
}
