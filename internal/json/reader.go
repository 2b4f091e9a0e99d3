package json

import (
	"bytes"
	"iter"
	"unsafe"

	"github.com/go-json-experiment/json/jsontext"
)

// A Reader reads JSON from a buffer. Its zero value reads nothing; see Reset.
// It must not be copied.
type Reader struct {
	// Strict makes Reset refuse names that repeat in one object, and strings
	// that are not UTF-8.
	Strict bool

	data []byte // one value, which jsontext has found to be well formed
	pos  int
	fail *Error

	in      bytes.Buffer // data, as jsontext wants it: it reads a Buffer in place
	grammar jsontext.Decoder
	// unescaped holds the strings that could not be returned as they stand.
	// It only grows until Reset, so strings handed out stay as they are.
	unescaped []byte
}

// Reset makes r read data, which is one value, from its start. If it is not, r
// has an error from then on. Strings that r returned before are no longer valid.
func (r *Reader) Reset(data []byte) {
	r.data, r.pos, r.fail = data, 0, nil
	r.unescaped = r.unescaped[:0]
	r.check()
}

// ResetString is Reset for text that is a string.
func (r *Reader) ResetString(text string) {
	r.Reset(unsafe.Slice(unsafe.StringData(text), len(text))) // jsontext only reads it
}

// Err returns the first error that was met.
func (r *Reader) Err() error {
	if r.fail == nil {
		return nil
	}
	return r.fail
}

// Kind returns the kind of the value that is next, without reading it.
func (r *Reader) Kind() Kind { return kindOf(r.peek()) }

// Object reads an object: it iterates over the names of its members. The loop
// must read or Skip the value of each, and must not be left early. A name that
// stands twice comes twice.
func (r *Reader) Object() iter.Seq[string] {
	return func(yield func(string) bool) {
		for more := r.open(Object); more; more = r.more() {
			name := r.text()
			r.peek()
			r.pos++ // the colon
			if !yield(name) {
				return
			}
		}
	}
}

// Array reads an array: it iterates over the indexes of its elements. The loop
// must read or Skip each element, and must not be left early.
func (r *Reader) Array() iter.Seq[int] {
	return func(yield func(int) bool) {
		n := 0
		for more := r.open(Array); more; more = r.more() {
			if !yield(n) {
				return
			}
			n++
		}
	}
}

// open reads an opening bracket, and the closing one if nothing is between
// them. It reports whether something is.
func (r *Reader) open(want Kind) bool {
	if !r.expect(want) {
		return false
	}
	r.pos++
	if c := r.peek(); c == '}' || c == ']' {
		r.pos++
		return false
	}
	return true
}

// more reads what follows an element: a comma or the closing bracket. It
// reports which.
func (r *Reader) more() bool {
	comma := r.peek() == ','
	if r.fail == nil {
		r.pos++
	}
	return comma
}

// String reads a string. It aliases the input, or r itself where the string
// has escapes: it is valid until the input changes or r is Reset.
func (r *Reader) String() string {
	if !r.expect(String) {
		return ""
	}
	return r.text()
}

// Number reads a number and returns it as it is written. It aliases the input.
func (r *Reader) Number() string { return alias(r.scalar(Number)) }

// Bool reads true or false.
func (r *Reader) Bool() bool { return len(r.scalar(Bool)) == len("true") }

// Null reads null.
func (r *Reader) Null() { r.scalar(Null) }

// scalar reads a value of the kind that is wanted, which is a word.
func (r *Reader) scalar(want Kind) []byte {
	if !r.expect(want) {
		return nil
	}
	start := r.pos
	r.skipWord()
	return r.data[start:r.pos]
}

// Raw reads a value of any kind and returns it as it is written. It aliases
// the input.
func (r *Reader) Raw() string {
	r.peek()
	start := r.pos
	r.Skip()
	return alias(r.data[start:r.pos])
}

// Skip reads a value of any kind.
func (r *Reader) Skip() {
	switch r.peek() {
	case '{', '[':
		r.skipNested()
	case '"':
		r.skipString()
	default:
		r.skipWord()
	}
}

// expect reports whether the value that is next is of the kind that is wanted.
// If it is not, that is an error.
func (r *Reader) expect(want Kind) bool {
	got := r.Kind()
	if got == want {
		return true
	}
	r.refuse(Error{Offset: r.pos, Reason: BadType, want: want, got: got})
	return false
}

// refuse makes e the error of r, if it is the first. That nothing is left to
// read from then on is what makes it stick.
func (r *Reader) refuse(e Error) {
	if r.fail == nil {
		r.fail = &e
	}
	r.data, r.pos = nil, 0
}

// alias returns b as a string without copying it: the string changes with b.
func alias(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
