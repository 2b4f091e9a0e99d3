// Package json reads JSON (RFC 8259) from a buffer, in the order in which it
// stands there, without building a tree.
//
// A [Reader] is asked for what the caller expects next:
//
//	for name := range r.Object() {
//		switch name {
//		case "id":
//			id = r.String()
//		default:
//			r.Skip()
//		}
//	}
//	if err := r.Err(); err != nil { … }
//
// The first error sticks: every read after it returns a zero value and every
// loop ends, so it is enough to look at Err once, at the end.
//
// Names may repeat and strings need not be UTF-8: the senders' encoders are
// old and odd, and one odd character must not cost a whole payload. A \u
// escape that is half of a surrogate pair is decoded to the three bytes that
// UTF-8 would have for it, were that allowed: whoever checks for UTF-8 finds
// it there and decides. [Reader.Strict] refuses both.
//
// What is JSON is for jsontext to say: it goes over the whole input first, in
// one piece, which it does three times as fast as value by value. Then a cursor
// walks what is known to be well formed. BenchmarkReader holds both together
// against a scanner that does all in one.
package json

import (
	"fmt"
	"io"
)

// The reasons for which input is refused: few and fixed, fit for a metric's label.
const (
	Truncated = "truncated"  // the input ends inside a value
	BadSyntax = "bad_syntax" // what stands there is not JSON, or nested too deep
	BadType   = "bad_type"   // a value of another kind than the one that is needed
)

// An Error says why and where input was refused. If the input ended too early
// it wraps [io.ErrUnexpectedEOF].
type Error struct {
	Offset int    // in bytes from the start of the input
	Reason string // one of the constants above

	want, got Kind  // for BadType
	cause     error // for the others
}

// Error returns, for example, "json: at byte 12: a string where an object should be".
func (e *Error) Error() string {
	switch e.Reason {
	case Truncated:
		return fmt.Sprintf("json: at byte %d: input ends inside a value", e.Offset)
	case BadType:
		return fmt.Sprintf("json: at byte %d: %s where %s should be", e.Offset, e.got, e.want)
	}
	return fmt.Sprintf("json: at byte %d: %v", e.Offset, e.cause)
}

// Unwrap returns [io.ErrUnexpectedEOF] if the input ended too early.
func (e *Error) Unwrap() error {
	if e.Reason == Truncated {
		return io.ErrUnexpectedEOF
	}
	return nil
}

// A Kind is the type of a value.
type Kind uint8

// The kinds of values. None is what stands at the end of input, after an
// error, or where no value can begin.
const (
	None Kind = iota
	Object
	Array
	String
	Number
	Bool
	Null
)

// String names the kind as error texts do.
func (k Kind) String() string {
	return [...]string{"nothing", "an object", "an array", "a string", "a number", "a boolean", "null"}[k]
}

func kindOf(c byte) Kind {
	switch c {
	case '{':
		return Object
	case '[':
		return Array
	case '"':
		return String
	case 't', 'f':
		return Bool
	case 'n':
		return Null
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return Number
	}
	return None
}
