package json

import (
	"encoding/binary"
	"errors"
	"iter"
	"math/bits"
)

// A scanner is the other candidate for Reader: written for this package, it
// checks while it yields, without jsontext. BenchmarkReader says what it would
// have gained.
type scanner struct {
	data []byte
	pos  int
	fail *Error
	// depth counts the objects and arrays that are open.
	depth int
	// unescaped holds the strings that could not be returned as they stand.
	// It only grows until Reset, so strings handed out stay as they are.
	unescaped []byte
}

// Reset makes r read data from its start. Strings that r returned before are
// no longer valid.
func (r *scanner) Reset(data []byte) {
	*r = scanner{data: data, unescaped: r.unescaped[:0]}
}

// Err returns the first error that a read met.
func (r *scanner) Err() error {
	if r.fail == nil {
		return nil
	}
	return r.fail
}

// Kind returns the kind of the value that is next, without reading it.
func (r *scanner) Kind() Kind { return kindOf(r.peek()) }

// Object reads an object: it iterates over the names of its members. The loop
// must read or Skip the value of each, and must not be left early. A name that
// stands twice comes twice.
func (r *scanner) Object() iter.Seq[string] {
	return func(yield func(string) bool) {
		for more := r.open('{', '}', "an object"); more; more = r.more('}') {
			name := r.text("a member name")
			r.want(':', "':'")
			if r.fail != nil || !yield(name) {
				return
			}
		}
	}
}

// Array reads an array: it iterates over the indexes of its elements. The loop
// must read or Skip each element, and must not be left early.
func (r *scanner) Array() iter.Seq[int] {
	return func(yield func(int) bool) {
		n := 0
		for more := r.open('[', ']', "an array"); more; more = r.more(']') {
			if !yield(n) {
				return
			}
			n++
		}
	}
}

// open reads the opening bracket of an object or array and reports whether it
// has a first element.
func (r *scanner) open(bracket, closing byte, what string) bool {
	r.want(bracket, what)
	if r.fail != nil {
		return false
	}
	if r.depth == 512 {
		r.refuse(BadSyntax, what)
		return false
	}
	r.depth++
	return !r.closed(closing)
}

// closed reads the closing bracket if it is next.
func (r *scanner) closed(bracket byte) bool {
	if r.peek() != bracket {
		return false
	}
	r.pos++
	r.depth--
	return true
}

// more reads what follows an element and reports whether another one comes.
func (r *scanner) more(closing byte) bool {
	if r.fail != nil || r.closed(closing) {
		return false
	}
	r.want(',', "',' or the end of the list")
	return r.fail == nil
}

// Bool reads true or false.
func (r *scanner) Bool() bool {
	if r.peek() == 't' {
		return r.literal("true")
	}
	r.literal("false")
	return false
}

// Null reads null.
func (r *scanner) Null() { r.literal("null") }

func (r *scanner) literal(word string) bool {
	r.peek()
	rest := r.data[r.pos:]
	for i := range len(word) {
		if i == len(rest) {
			r.pos += i
			r.refuse(Truncated, word)
			return false
		}
		if rest[i] != word[i] {
			r.pos += i
			r.refuse(BadSyntax, word)
			return false
		}
	}
	r.pos += len(word)
	return r.fail == nil
}

// Number reads a number and returns it as it is written. It aliases the input.
func (r *scanner) Number() string {
	r.peek()
	start := r.pos
	r.skipByte('-')
	if !r.skipByte('0') {
		r.digits()
	}
	if r.skipByte('.') {
		r.digits()
	}
	if r.skipByte('e') || r.skipByte('E') {
		if !r.skipByte('+') {
			r.skipByte('-')
		}
		r.digits()
	}
	return r.slice(start)
}

func (r *scanner) skipByte(c byte) bool {
	if r.fail != nil || r.pos == len(r.data) || r.data[r.pos] != c {
		return false
	}
	r.pos++
	return true
}

// digits reads one or more digits.
func (r *scanner) digits() {
	start := r.pos
	for r.pos < len(r.data) && r.data[r.pos]-'0' <= 9 {
		r.pos++
	}
	if r.pos == start {
		r.unexpected("a digit")
	}
}

// Skip reads a value of any kind.
func (r *scanner) Skip() {
	switch r.Kind() {
	case Object:
		for range r.Object() {
			r.Skip()
		}
	case Array:
		for range r.Array() {
			r.Skip()
		}
	case String:
		r.span("a string")
	case Number:
		r.Number()
	case Bool:
		r.Bool()
	default:
		r.Null()
	}
}

// Raw reads a value of any kind and returns it as it is written. It aliases
// the input.
func (r *scanner) Raw() string {
	r.peek()
	start := r.pos
	r.Skip()
	return r.slice(start)
}

// peek skips white space and returns the character after it, 0 at the end of
// input and after an error.
func (r *scanner) peek() byte {
	if r.fail != nil {
		return 0
	}
	for ; r.pos < len(r.data); r.pos++ {
		if c := r.data[r.pos]; c > ' ' {
			return c
		} else if c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			return c
		}
	}
	return 0
}

// want reads the character c.
func (r *scanner) want(c byte, what string) {
	if r.peek() == c && r.pos < len(r.data) {
		r.pos++
		return
	}
	r.unexpected(what)
}

// unexpected refuses what is next, since it is not what was wanted.
func (r *scanner) unexpected(what string) {
	switch {
	case r.pos >= len(r.data):
		r.refuse(Truncated, what)
	case kindOf(r.data[r.pos]) != None:
		r.refuse(BadType, what)
	default:
		r.refuse(BadSyntax, what)
	}
}

func (r *scanner) refuse(reason, what string) {
	if r.fail != nil {
		return
	}
	r.fail = &Error{Offset: r.pos, Reason: reason, cause: errors.New(what)}
}

// slice returns the input from start to where r stands, unless there was an error.
func (r *scanner) slice(start int) string {
	if r.fail != nil {
		return ""
	}
	return alias(r.data[start:r.pos])
}

// String reads a string. It aliases the input, or r itself where the string
// has escapes: it is valid until the input changes or r is Reset.
func (r *scanner) String() string { return r.text("a string") }

func (r *scanner) text(what string) string {
	body, escaped := r.span(what)
	if !escaped {
		return alias(body)
	}
	return r.unescape(body)
}

// span reads a string and returns what stands between its quotes, and whether
// there is an escape in it.
func (r *scanner) span(what string) (body []byte, escaped bool) {
	r.want('"', what)
	if r.fail != nil {
		return nil, false
	}
	start := r.pos
	for {
		r.pos += quoteOrBackslash(r.data[r.pos:])
		switch {
		case r.pos >= len(r.data):
			r.refuse(Truncated, "the end of "+what)
			return nil, false
		case r.data[r.pos] == '"':
			r.pos++
			return r.data[start : r.pos-1], escaped
		}
		escaped = true
		if !r.escape() {
			return nil, false
		}
	}
}

// escape steps over an escape, which it checks.
func (r *scanner) escape() bool {
	r.pos++ // the backslash
	if r.pos == len(r.data) {
		r.refuse(Truncated, "an escape")
		return false
	}
	switch r.data[r.pos] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		r.pos++
		return true
	case 'u':
		r.pos++
		return r.hexDigits()
	}
	r.refuse(BadSyntax, "an escape")
	return false
}

func (r *scanner) hexDigits() bool {
	for range 4 {
		if r.pos == len(r.data) {
			r.refuse(Truncated, "a hexadecimal digit")
			return false
		}
		if _, ok := checkedHexDigit(r.data[r.pos]); !ok {
			r.refuse(BadSyntax, "a hexadecimal digit")
			return false
		}
		r.pos++
	}
	return true
}

func checkedHexDigit(c byte) (rune, bool) {
	switch {
	case '0' <= c && c <= '9':
		return rune(c - '0'), true
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return rune(c|0x20-'a') + 10, true
	}
	return 0, false
}

// unescape decodes the body of a string whose escapes are known to be whole.
func (r *scanner) unescape(body []byte) string {
	start := len(r.unescaped)
	out := r.unescaped
	for len(body) > 0 {
		if body[0] != '\\' {
			n := quoteOrBackslash(body)
			out = append(out, body[:n]...)
			body = body[n:]
			continue
		}
		if body[1] == 'u' {
			var n int
			out, n = appendUnicode(out, body)
			body = body[n:]
			continue
		}
		out = append(out, simpleEscape(body[1]))
		body = body[2:]
	}
	r.unescaped = out
	return alias(out[start:])
}

// quoteOrBackslash returns the index of the first of the two in b, len(b) if
// there is none.
func quoteOrBackslash(b []byte) int {
	i := 0
	for ; i+8 <= len(b); i += 8 {
		if special := quotesAndBackslashes(binary.LittleEndian.Uint64(b[i:])); special != 0 {
			return i + bits.TrailingZeros64(special)/8
		}
	}
	for ; i < len(b); i++ {
		if b[i] == '"' || b[i] == '\\' {
			return i
		}
	}
	return i
}
