package thrift

import (
	"context"
	"math"

	apache "github.com/apache/thrift/lib/go/thrift"
)

// A tree is any Thrift value, so that values can be compared.
type tree struct {
	Type  Type
	Num   int64 // bool, integers; the bits of a double
	Str   string
	IDs   []int16 // of a struct's fields
	Elem  Type    // of a list, set or map's values; 0 if empty
	Key   Type
	Elems []tree // fields; elements; keys and values in turn
}

// maxTree bounds trees below MaxDepth, which holds for structs and skipping only.
const maxTree = MaxDepth - 1

// readTree reads a value of type t. What is nested too deep is skipped.
func readTree(r *Reader, t Type, depth int) tree {
	v := tree{Type: t}
	if depth == maxTree {
		r.Skip(t)
		return v
	}
	switch t {
	case Bool:
		if r.Bool() {
			v.Num = 1
		}
	case Byte:
		v.Num = int64(r.Byte())
	case Double:
		v.Num = int64(math.Float64bits(r.Double()))
	case I16:
		v.Num = int64(r.I16())
	case I32:
		v.Num = int64(r.I32())
	case I64:
		v.Num = r.I64()
	case String:
		v.Str = string(r.Bytes())
	case UUID:
		v.Str = string(r.next(16, "uuid"))
	default:
		readNested(r, &v, depth)
	}
	return v
}

func readNested(r *Reader, v *tree, depth int) {
	n := 0
	switch v.Type {
	case Struct:
		for id, t := range r.Fields() {
			v.IDs = append(v.IDs, id)
			v.Elems = append(v.Elems, readTree(r, t, depth+1))
		}
		return
	case Map:
		v.Key, v.Elem, n = r.Map()
	case Set:
		v.Elem, n = r.Set()
	case List:
		v.Elem, n = r.List()
	}
	for i := 0; i < n && r.Err() == nil; i++ {
		if v.Type == Map {
			v.Elems = append(v.Elems, readTree(r, v.Key, depth+1))
		}
		v.Elems = append(v.Elems, readTree(r, v.Elem, depth+1))
	}
	v.forgetTypesOfEmpty()
}

func (v *tree) forgetTypesOfEmpty() {
	if len(v.Elems) == 0 {
		v.Key, v.Elem = 0, 0
	}
}

// A peer reads and writes trees by Apache Thrift. It keeps its first error.
type peer struct {
	p   apache.TProtocol
	err error
}

var ctx = context.Background()

func newPeer(binary bool, input []byte) (*peer, *apache.TMemoryBuffer) {
	m := apache.NewTMemoryBuffer()
	m.Write(input)
	if binary {
		return &peer{p: apache.NewTBinaryProtocolConf(m, nil)}, m
	}
	return &peer{p: apache.NewTCompactProtocolConf(m, nil)}, m
}

func (p *peer) check(err error) {
	if p.err == nil {
		p.err = err
	}
}

// get keeps the error of one of the peer's Read methods and returns the value.
func get[T any](p *peer, read func(context.Context) (T, error)) T {
	v, err := read(ctx)
	p.check(err)
	return v
}

func (p *peer) read(t Type, depth int) tree {
	v := tree{Type: t}
	if depth == maxTree {
		p.check(p.p.Skip(ctx, apache.TType(t)))
		return v
	}
	switch t {
	case Bool:
		if get(p, p.p.ReadBool) {
			v.Num = 1
		}
	case Byte:
		v.Num = int64(get(p, p.p.ReadByte))
	case Double:
		v.Num = int64(math.Float64bits(get(p, p.p.ReadDouble)))
	case I16:
		v.Num = int64(get(p, p.p.ReadI16))
	case I32:
		v.Num = int64(get(p, p.p.ReadI32))
	case I64:
		v.Num = get(p, p.p.ReadI64)
	case String:
		v.Str = get(p, p.p.ReadString)
	case UUID:
		u := get(p, p.p.ReadUUID)
		v.Str = string(u[:])
	case Struct:
		p.readStruct(&v, depth)
	default:
		p.readCollection(&v, depth)
	}
	return v
}

func (p *peer) readStruct(v *tree, depth int) {
	get(p, p.p.ReadStructBegin)
	for p.err == nil {
		_, t, id, err := p.p.ReadFieldBegin(ctx)
		p.check(err)
		if t == apache.STOP || err != nil {
			break
		}
		v.IDs = append(v.IDs, id)
		v.Elems = append(v.Elems, p.read(Type(t), depth+1))
	}
	p.check(p.p.ReadStructEnd(ctx))
}

func (p *peer) readCollection(v *tree, depth int) {
	var key, elem apache.TType
	var n int
	var err error
	switch v.Type {
	case Map:
		key, elem, n, err = p.p.ReadMapBegin(ctx)
	case Set:
		elem, n, err = p.p.ReadSetBegin(ctx)
	default:
		elem, n, err = p.p.ReadListBegin(ctx)
	}
	p.check(err)
	v.Key, v.Elem = Type(key), Type(elem)
	for i := 0; i < n && p.err == nil; i++ {
		if v.Type == Map {
			v.Elems = append(v.Elems, p.read(v.Key, depth+1))
		}
		v.Elems = append(v.Elems, p.read(v.Elem, depth+1))
	}
	v.forgetTypesOfEmpty()
}

func (p *peer) write(v tree) {
	switch v.Type {
	case Bool:
		p.check(p.p.WriteBool(ctx, v.Num != 0))
	case Byte:
		p.check(p.p.WriteByte(ctx, int8(v.Num)))
	case Double:
		p.check(p.p.WriteDouble(ctx, math.Float64frombits(uint64(v.Num))))
	case I16:
		p.check(p.p.WriteI16(ctx, int16(v.Num)))
	case I32:
		p.check(p.p.WriteI32(ctx, int32(v.Num)))
	case I64:
		p.check(p.p.WriteI64(ctx, v.Num))
	case String:
		p.check(p.p.WriteString(ctx, v.Str))
	case UUID:
		p.check(p.p.WriteUUID(ctx, apache.Tuuid([]byte(v.Str))))
	default:
		p.writeNested(v)
	}
}

func (p *peer) writeNested(v tree) {
	switch v.Type {
	case Struct:
		p.writeStruct(v)
		return
	case Map:
		p.check(p.p.WriteMapBegin(ctx, apache.TType(v.Key), apache.TType(v.Elem), len(v.Elems)/2))
	case Set:
		p.check(p.p.WriteSetBegin(ctx, apache.TType(v.Elem), len(v.Elems)))
	case List:
		p.check(p.p.WriteListBegin(ctx, apache.TType(v.Elem), len(v.Elems)))
	}
	for _, e := range v.Elems {
		p.write(e)
	}
}

func (p *peer) writeStruct(v tree) {
	p.check(p.p.WriteStructBegin(ctx, ""))
	for i, e := range v.Elems {
		p.check(p.p.WriteFieldBegin(ctx, "", apache.TType(e.Type), v.IDs[i]))
		p.write(e)
		p.check(p.p.WriteFieldEnd(ctx))
	}
	p.check(p.p.WriteFieldStop(ctx))
	p.check(p.p.WriteStructEnd(ctx))
}

// encode writes v by Apache Thrift.
func encode(binary bool, v tree) ([]byte, error) {
	p, m := newPeer(binary, nil)
	p.write(v)
	p.check(p.p.Flush(ctx))
	return m.Bytes(), p.err
}
