package pb

import (
	"encoding/binary"
	"iter"
	"math"
	"unsafe"

	"github.com/ot2otel/ot2otel/internal/varint"
)

// MaxDepth is how deep messages may nest: as much as most protobuf libraries allow.
const MaxDepth = 100

// A Reader reads the fields of a message, and of the messages in it, one after
// the other from a byte slice.
//
// The first error sticks: from then on every read returns zero, iterations
// end, and [Reader.Err] tells what it was. So code that reads checks once, at
// the end.
//
// Strings and byte slices alias the input: they are valid for as long as the
// input is, and change with it.
type Reader struct {
	buf   []byte // up to the end of the message that is being read
	pos   int
	depth int
	fail  Error // Reason is "" as long as there was no error
}

// NewReader returns a Reader of the message b.
func NewReader(b []byte) Reader { return Reader{buf: b} }

// Err returns the first error, an [*Error], or nil.
func (r *Reader) Err() error {
	if r.fail.Reason == "" {
		return nil
	}
	e := r.fail
	return &e
}

// Offset returns how many bytes have been read: 0 after an error. Around a
// [Reader.Skip] it delimits a field.
func (r *Reader) Offset() int { return r.pos }

// Fields iterates over the fields of the message: their numbers and wire
// types. The body of the loop reads the value, or passes its type to
// [Reader.Skip]; it must do one of both:
//
//	for num, t := range r.Fields() {
//		switch {
//		case num == 1 && t == pb.Bytes:
//			name = r.String()
//		default:
//			r.Skip(t)
//		}
//	}
//
// After an error the iteration ends. Range over Fields and [Reader.Message]
// where they are called: passed on as a value, they allocate.
func (r *Reader) Fields() iter.Seq2[int, Type] {
	return func(yield func(int, Type) bool) {
		for r.pos < len(r.buf) {
			num, t := r.tag()
			if num == 0 || !yield(num, t) {
				return
			}
		}
	}
}

// Message reads a field of message type: it iterates over that message's
// fields as [Reader.Fields] does over those of the whole. The loop may be left
// early; the Reader then stands after the message.
func (r *Reader) Message() iter.Seq2[int, Type] {
	return func(yield func(int, Type) bool) {
		outer := r.buf
		end := r.enter()
		for r.pos < len(r.buf) {
			num, t := r.tag()
			if num == 0 || !yield(num, t) {
				break
			}
		}
		r.leave(outer, end)
	}
}

// enter narrows the Reader to the message that begins here and returns where that ends.
func (r *Reader) enter() (end int) {
	if r.depth == MaxDepth {
		r.refuse(r.pos, Error{Reason: TooDeep})
		return 0
	}
	n := r.length()
	end = r.pos + n
	r.buf = r.buf[:end]
	r.depth++
	return end
}

// leave widens the Reader to what was around the message, unless there was an error.
func (r *Reader) leave(outer []byte, end int) {
	if r.fail.Reason == "" {
		r.buf, r.pos = outer, end
		r.depth--
	}
}

// refuse makes e, found in the value at offset, the Reader's error unless it
// has one already. That there is nothing left to read afterwards is what makes
// the error stick: no other path has to ask for it.
func (r *Reader) refuse(offset int, e Error) {
	if r.fail.Reason == "" {
		r.fail = e
		r.fail.Offset = offset
	}
	r.buf, r.pos = nil, 0
}

// tag reads a field's tag. The number is 0 after an error.
func (r *Reader) tag() (num int, t Type) {
	start := r.pos
	v := r.varint("tag")
	num, t = int(v>>3), Type(v&7)
	switch {
	case r.fail.Reason != "":
		return 0, 0
	case v>>3 == 0 || v>>3 > MaxNum:
		r.refuse(start, Error{Reason: BadField, what: "field number", n: v >> 3})
		return 0, 0
	case t > Fixed32 || t == 3 || t == 4:
		r.refuse(start, Error{Reason: BadType, what: "wire type", n: uint64(t)})
		return 0, 0
	}
	return num, t
}

func (r *Reader) varint(what string) uint64 {
	if i := r.pos; i < len(r.buf) && r.buf[i] < 0x80 {
		r.pos = i + 1
		return uint64(r.buf[i])
	}
	return r.longVarint(what)
}

func (r *Reader) longVarint(what string) uint64 {
	b := r.buf[r.pos:]
	v, n := varint.Decode(b)
	switch {
	case n == 0:
		r.refuse(r.pos, Error{Reason: Truncated, what: what})
		return 0
	case n < 0 || n == varint.MaxLen && b[n-1] > 1:
		r.refuse(r.pos, Error{Reason: BadVarint, what: what})
		return 0
	}
	r.pos += n
	return v
}

// length reads a length: never more than the bytes left.
func (r *Reader) length() int {
	start := r.pos
	n := r.varint("length")
	if left := len(r.buf) - r.pos; n > uint64(left) {
		r.refuse(start, Error{Reason: Truncated, n: n, left: left})
		return 0
	}
	return int(n)
}

// Varint reads a value of wire type [Varint]. An int32 or int64 below zero is
// int64(r.Varint()).
func (r *Reader) Varint() uint64 { return r.varint("varint") }

// Bool reads a bool: any varint but 0 is true.
func (r *Reader) Bool() bool { return r.varint("bool") != 0 }

// Fixed64 reads a value of wire type [Fixed64].
func (r *Reader) Fixed64() uint64 {
	if b := r.next(8, "fixed64"); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

// Fixed32 reads a value of wire type [Fixed32].
func (r *Reader) Fixed32() uint32 {
	if b := r.next(4, "fixed32"); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

// Double reads a double, bit by bit as it was written.
func (r *Reader) Double() float64 { return math.Float64frombits(r.Fixed64()) }

// next returns the next n bytes, which what consists of.
func (r *Reader) next(n int, what string) []byte {
	i := r.pos
	if len(r.buf)-i < n {
		r.refuse(i, Error{Reason: Truncated, what: what})
		return nil
	}
	r.pos = i + n
	return r.buf[i : i+n : i+n]
}

// Bytes reads a value of wire type [Bytes], which may be a message. It
// aliases the input. Nil after an error.
func (r *Reader) Bytes() []byte {
	n := r.length()
	i := r.pos
	r.pos = i + n
	return r.buf[i : i+n : i+n]
}

// String reads a string, which need not be UTF-8. It aliases the input: it
// changes when the input does, so whoever keeps it past that must clone it.
func (r *Reader) String() string {
	b := r.Bytes()
	return unsafe.String(unsafe.SliceData(b), len(b))
}

// Skip reads over a value of wire type t, whatever it holds.
func (r *Reader) Skip(t Type) {
	switch t {
	case Varint:
		r.Varint()
	case Fixed64:
		r.Fixed64()
	case Bytes:
		r.Bytes()
	case Fixed32:
		r.Fixed32()
	default:
		r.refuse(r.pos, Error{Reason: BadType, what: "wire type", n: uint64(t)})
	}
}
