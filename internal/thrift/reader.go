// Package thrift reads the compact and the binary protocol of Apache Thrift
// from memory, without schema, allocation or trust.
//
// A message is a header and a struct; a struct is fields and a stop. The
// compact protocol writes integers as varints (zigzag where they have a sign),
// lengths as varints and doubles with the lowest byte first:
//
//	message  0x82  type<<5|1  seq:varint  name:string  struct
//	field    delta<<4|type            id is that of the field before plus 1 to 15
//	         0x0|type  id:zigzag      any other id
//	         bool: true and false are two types (1, 2), no value follows
//	stop     0x00
//	string   length:varint  bytes
//	list     size<<4|type  elements             fewer than 15; a bool takes a byte
//	set      0xf0|type  size:varint  elements
//	map      size:varint  ktype<<4|vtype  keys and values    empty: the size alone
//
// The binary protocol writes everything in full, with the highest byte first:
//
//	message  0x8001  0x00  type:1  name:string  seq:4  struct     strict
//	         name:string  type:1  seq:4  struct                   not strict
//	field    type:1  id:2  value
//	stop     0x00
//	string   length:4  bytes
//	list     type:1  size:4  elements
//	map      ktype:1  vtype:1  size:4  keys and values
//
// Sources: thrift-compact-protocol.md and thrift-binary-protocol.md of Apache Thrift.
package thrift

import (
	"encoding/binary"
	"math"
	"unsafe"

	"github.com/ot2otel/ot2otel/internal/varint"
)

// A Reader reads values one after the other from a byte slice. Which protocol
// they are in is decided once, by [NewCompact] or [NewBinary]; code that reads
// does not see it.
//
// The first error sticks: from then on every read returns zero, collections
// are empty, iterations end, and [Reader.Err] tells what it was. So code that
// reads checks once, at the end.
//
// Strings and byte slices alias the input: they are valid for as long as the
// input is, and change with it.
type Reader struct {
	buf    []byte
	pos    int
	binary bool
	depth  uint8
	kind   uint8 // the compact protocol's type number in the last field header; 0 when a bool in it was read
	fail   Error // Reason is "" as long as there was no error
}

// NewCompact returns a Reader of b in the compact protocol.
func NewCompact(b []byte) Reader { return Reader{buf: b} }

// NewBinary returns a Reader of b in the binary protocol.
func NewBinary(b []byte) Reader { return Reader{buf: b, binary: true} }

// Err returns the first error, an [*Error], or nil.
func (r *Reader) Err() error {
	if r.fail.Reason == "" {
		return nil
	}
	e := r.fail
	return &e
}

// Left returns how many bytes are not read yet: 0 after an error.
func (r *Reader) Left() int { return len(r.buf) - r.pos }

// refuse makes e, found in the value at offset, the Reader's error unless it
// has one already. That there is nothing left to read afterwards is what makes
// the error stick: no other path has to ask for it.
func (r *Reader) refuse(offset int, e Error) {
	if r.fail.Reason == "" {
		r.fail = e
		r.fail.Offset = offset
	}
	r.buf, r.pos, r.kind = nil, 0, 0
}

func (r *Reader) truncated(what string) {
	r.refuse(r.pos, Error{Reason: Truncated, what: what})
}

// next returns the next n bytes, which what consists of.
func (r *Reader) next(n int, what string) []byte {
	i := r.pos
	if len(r.buf)-i < n {
		r.truncated(what)
		return nil
	}
	r.pos = i + n
	return r.buf[i : i+n : i+n]
}

// byte returns the next byte, which belongs to what.
func (r *Reader) byte(what string) byte {
	i := r.pos
	if i >= len(r.buf) {
		r.truncated(what)
		return 0
	}
	r.pos = i + 1
	return r.buf[i]
}

// varint32 returns the next varint, of at most as many bytes as 32 bits take,
// which holds what.
func (r *Reader) varint32(what string) uint64 {
	b := r.buf[r.pos:]
	if len(b) > 0 && b[0] < 0x80 {
		r.pos++
		return uint64(b[0])
	}
	v, n := varint.Decode(b)
	if n <= 0 || n > maxLen32 {
		r.badVarint(maxLen32, what)
		return 0
	}
	r.pos += n
	return v
}

// badVarint refuses the varint that follows. One that the input ends in is
// refused for its length if that is too long already.
func (r *Reader) badVarint(limit int, what string) {
	if r.Left() < limit {
		r.truncated(what)
		return
	}
	r.refuse(r.pos, Error{Reason: BadVarint, what: what, n: int64(limit)})
}

// Most bytes of a varint that holds 32 bits.
const maxLen32 = 5

// The compact protocol's type numbers of bool, which are a field's value too.
const (
	compactTrue  = 1
	compactFalse = 2

	compactI32    = 5
	compactString = 8
)

// Bool reads a bool: a byte, or what the compact protocol's field header said.
func (r *Reader) Bool() bool {
	kind := r.kind
	if kind != compactTrue && kind != compactFalse {
		return r.byte("bool") == 1
	}
	r.kind = 0
	return kind == compactTrue
}

// Byte reads a byte, which Thrift says has a sign.
func (r *Reader) Byte() int8 { return int8(r.byte("byte")) }

// I16 reads an i16. Of a compact one that is out of range, as writers in
// untyped languages make it of a port over 32767, it returns the lower 16
// bits; Apache Thrift does so too.
func (r *Reader) I16() int16 {
	if !r.binary {
		return int16(unzigzag(r.varint32("i16")))
	}
	if b := r.next(2, "i16"); b != nil {
		return int16(binary.BigEndian.Uint16(b))
	}
	return 0
}

// I32 reads an i32 or an enum. Bits over 32 are cut off.
func (r *Reader) I32() int32 {
	if !r.binary {
		return int32(unzigzag(r.varint32("i32") & math.MaxUint32))
	}
	if b := r.next(4, "i32"); b != nil {
		return int32(binary.BigEndian.Uint32(b))
	}
	return 0
}

// I64 reads an i64. Bits over 64 are cut off.
func (r *Reader) I64() int64 {
	if !r.binary {
		if v, n := varint.Decode(r.buf[r.pos:]); n > 0 {
			r.pos += n
			return unzigzag(v)
		}
		r.badVarint(varint.MaxLen, "i64")
		return 0
	}
	if b := r.next(8, "i64"); b != nil {
		return int64(binary.BigEndian.Uint64(b))
	}
	return 0
}

// unzigzag maps 0, 1, 2, 3, ... to 0, -1, 1, -2, ...
func unzigzag(v uint64) int64 { return int64(v>>1) ^ -int64(v&1) }

// Double reads a double, bit by bit as it was written: NaN stays the same NaN.
func (r *Reader) Double() float64 {
	b := r.next(8, "double")
	switch {
	case b == nil:
		return 0
	case r.binary:
		return math.Float64frombits(binary.BigEndian.Uint64(b))
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(b))
}

// Bytes reads a string as bytes. They alias the input. Nil after an error.
func (r *Reader) Bytes() []byte {
	if i := r.pos + 1; !r.binary && i <= len(r.buf) {
		if n := int(r.buf[i-1]); n < 0x80 && n <= len(r.buf)-i { // short: nearly all
			r.pos = i + n
			return r.buf[i : i+n : i+n]
		}
	}
	return r.longBytes()
}

func (r *Reader) longBytes() []byte {
	start := r.pos
	n := r.size("string", "byte")
	i := r.pos
	if n > len(r.buf)-i {
		r.refuse(start, Error{Reason: Truncated, what: "string", unit: "byte", n: int64(n), left: r.Left()})
		return nil
	}
	r.pos = i + n
	return r.buf[i : i+n : i+n]
}

// String reads a string, which need not be UTF-8. It aliases the input: it
// changes when the input does, so whoever keeps it past that must clone it.
func (r *Reader) String() string {
	b := r.Bytes()
	return unsafe.String(unsafe.SliceData(b), len(b))
}

// size reads how many units what consists of. It is never negative.
func (r *Reader) size(what, unit string) int {
	if i := r.pos; !r.binary && i < len(r.buf) && r.buf[i] < 0x80 {
		r.pos = i + 1
		return int(r.buf[i])
	}
	return r.longSize(what, unit)
}

func (r *Reader) longSize(what, unit string) int {
	start := r.pos
	var n int32
	if !r.binary {
		n = int32(r.varint32(what))
	} else if b := r.next(4, what); b != nil {
		n = int32(binary.BigEndian.Uint32(b))
	}
	if n < 0 {
		r.refuse(start, Error{Reason: BadLength, what: what, unit: unit, n: int64(n)})
		return 0
	}
	return int(n)
}
