package thrift

import (
	"bytes"
	"unsafe"
)

// Structs that come in great numbers and nearly always have the same fields in
// the same order can be read by expecting just that, in half the time that
// Fields takes (BenchmarkExpect):
//
//	start := r.Mark()
//	if r.Expect(0, 1, thrift.I64) {
//		low = r.I64()
//		if r.ExpectStop() {
//			return
//		}
//	}
//	r.Rewind(start) // and read it with Fields

// Expect reads the header of the next field if it is that of field id with
// type t, and last is the id of the field before it, 0 if there is none. It
// reports whether it did; if not, nothing is read.
func (r *Reader) Expect(last, id int16, t Type) bool {
	if r.binary {
		return r.expectBinary(id, t)
	}
	i := r.pos
	if i >= len(r.buf) {
		return false
	}
	head := r.buf[i]
	if int16(head>>4) != id-last || usualFields[head] != t {
		return false
	}
	r.pos, r.kind = i+1, head&0x0f
	return true
}

func (r *Reader) expectBinary(id int16, t Type) bool {
	b := r.buf[r.pos:]
	if len(b) < 3 || Type(b[0]) != t || b[1] != byte(id>>8) || b[2] != byte(id) {
		return false
	}
	r.pos += 3
	return true
}

// ExpectString reads field id if it is next and a string, as Expect does.
func (r *Reader) ExpectString(last, id int16) (string, bool) {
	b := r.buf[r.pos:]
	head, n := 2, 0
	switch {
	case r.binary && len(b) > 6 && Type(b[0]) == String && b[1] == byte(id>>8) && b[2] == byte(id) && b[3]|b[4]|b[5] == 0:
		head, n = 7, int(b[6])
	case !r.binary && len(b) > 1 && b[0] == byte(id-last)<<4|compactString && b[1] < 0x80:
		n = int(b[1])
	default:
		return r.expectString(last, id)
	}
	if n > len(b)-head {
		return r.expectString(last, id)
	}
	r.pos += head + n
	return unsafe.String(unsafe.SliceData(b[head:]), n), true
}

func (r *Reader) expectString(last, id int16) (string, bool) {
	if !r.Expect(last, id, String) {
		return "", false
	}
	return r.String(), true
}

// ExpectI32 reads field id if it is next and an i32, as Expect does.
func (r *Reader) ExpectI32(last, id int16) (int32, bool) {
	if b := r.buf[r.pos:]; !r.binary && len(b) > 1 && b[0] == byte(id-last)<<4|compactI32 && b[1] < 0x80 {
		r.pos += 2
		return int32(unzigzag(uint64(b[1]))), true
	}
	if !r.Expect(last, id, I32) {
		return 0, false
	}
	return r.I32(), true
}

// ExpectStop reads the end of a struct if it is next, and reports whether it
// did; if not, nothing is read.
func (r *Reader) ExpectStop() bool {
	if i := r.pos; i < len(r.buf) && r.buf[i] == 0 {
		r.pos = i + 1
		return true
	}
	return false
}

// ExpectRaw steps over b if it is what the input goes on with, and reports
// whether it did. What is known already need not be read again.
func (r *Reader) ExpectRaw(b []byte) bool {
	if len(b) == 0 || !bytes.HasPrefix(r.buf[r.pos:], b) {
		return false
	}
	r.pos += len(b)
	return true
}

// Since returns what was read since [Reader.Mark] returned mark; nil after an
// error. It aliases the input.
func (r *Reader) Since(mark int) []byte {
	if mark > r.pos {
		return nil
	}
	return r.buf[mark:r.pos:r.pos]
}

// Mark returns a place to which [Reader.Rewind] can go back.
func (r *Reader) Mark() int { return r.pos }

// Rewind goes back to a place that [Reader.Mark] has returned, to read what
// follows it again. After an error it does nothing.
func (r *Reader) Rewind(mark int) {
	if r.fail.Reason == "" {
		r.pos = mark
	}
}
