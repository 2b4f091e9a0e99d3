package thrift

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

// ExpectStop reads the end of a struct if it is next, and reports whether it
// did; if not, nothing is read.
func (r *Reader) ExpectStop() bool {
	if i := r.pos; i < len(r.buf) && r.buf[i] == 0 {
		r.pos = i + 1
		return true
	}
	return false
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
