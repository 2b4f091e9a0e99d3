package json

import (
	"encoding/binary"
	"math/bits"
)

// The methods in this file step over JSON that is known to be well formed.
// After an error there is nothing to step over, so all of them stay inside.

// peek skips white space and returns the character after it, 0 at the end.
func (r *Reader) peek() byte {
	for ; r.pos < len(r.data); r.pos++ {
		if c := r.data[r.pos]; c > ' ' {
			return c
		}
	}
	return 0
}

// text reads a string.
func (r *Reader) text() string {
	r.peek()
	start := r.pos + 1
	escaped := r.skipString()
	body := r.data[start : r.pos-1]
	if escaped {
		return r.unescape(body)
	}
	return alias(body)
}

// skipString steps over a string and reports whether it has escapes. Eight
// bytes at a time: this is where a cursor over JSON spends its time
// (BenchmarkReader).
func (r *Reader) skipString() (escaped bool) {
	data, i := r.data, r.pos+1
	for i+8 <= len(data) {
		special := quotesAndBackslashes(binary.LittleEndian.Uint64(data[i:]))
		i += bits.TrailingZeros64(special) / 8 // 8 if there are none
		switch {
		case special == 0:
		case data[i] == '"':
			r.pos = i + 1
			return escaped
		default:
			escaped = true
			i += 2 // the backslash, and what may be another quote
		}
	}
	for ; data[i] != '"'; i++ {
		if data[i] == '\\' {
			escaped = true
			i++
		}
	}
	r.pos = i + 1
	return escaped
}

// quotesAndBackslashes returns a word whose lowest bit that is set is in the
// first byte of w that is one of the two.
func quotesAndBackslashes(w uint64) uint64 {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	q, s := w^(ones*'"'), w^(ones*'\\')
	return ((q-ones)&^q | (s-ones)&^s) & highs
}

// skipWord steps over a number, true, false or null.
func (r *Reader) skipWord() {
	for ; r.pos < len(r.data); r.pos++ {
		switch c := r.data[r.pos]; {
		case c <= ' ', c == ',', c == ']', c == '}':
			return
		}
	}
}

// skipNested steps over an object or array, however deep.
func (r *Reader) skipNested() {
	for depth := 0; r.pos < len(r.data); {
		switch r.data[r.pos] {
		case '"':
			r.skipString()
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		r.pos++
		if depth == 0 {
			return
		}
	}
}
