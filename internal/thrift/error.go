package thrift

import (
	"errors"
	"fmt"
	"io"
)

// The reasons for which input is refused: few and fixed, fit for a metric's label.
const (
	Truncated      = "truncated"       // the input ends inside a value
	OversizedCount = "oversized_count" // a collection of more elements than the bytes left can hold
	BadType        = "bad_type"        // a type number that does not exist
	BadLength      = "bad_length"      // a negative length or count
	BadVarint      = "bad_varint"      // a varint of too many bytes
	TooDeep        = "too_deep"        // values nested deeper than MaxDepth
	BadMessage     = "bad_message"     // a message header of another protocol or version
)

// An Error says why and where input was refused. If the input ended too early
// (Truncated, OversizedCount), it wraps [io.ErrUnexpectedEOF].
type Error struct {
	Offset int    // of the value that was refused, in bytes from the start of the input
	Reason string // one of the constants above

	what string // what was being read
	unit string // what it consists of, if n counts that; singular
	n    int64  // the count, length, type or number that was refused
	left int    // bytes there were after n
}

// Error returns, for example, "thrift: at byte 123: list of 900000000 structs in 12 bytes left".
func (e *Error) Error() string {
	return fmt.Sprintf("thrift: at byte %d: %s", e.Offset, e.detail())
}

func (e *Error) detail() string {
	switch e.Reason {
	case BadType:
		return fmt.Sprintf("unknown data type %d in a %s", e.n, e.what)
	case BadVarint:
		return fmt.Sprintf("%s in a varint of more than %d bytes", e.what, e.n)
	case BadLength:
		return fmt.Sprintf("%s of %d %ss", e.what, e.n, e.unit)
	case TooDeep:
		return fmt.Sprintf("%ss nested deeper than %d", e.what, MaxDepth)
	case BadMessage:
		return fmt.Sprintf("not a message: %s %#x", e.what, e.n)
	}
	if e.unit != "" {
		return fmt.Sprintf("%s of %d %ss in %d bytes left", e.what, e.n, e.unit, e.left)
	}
	return "input ends inside " + e.what
}

// Unwrap returns [io.ErrUnexpectedEOF] for the reasons that mean missing bytes.
func (e *Error) Unwrap() error {
	if e.Reason == Truncated || e.Reason == OversizedCount {
		return io.ErrUnexpectedEOF
	}
	return nil
}

// Reason returns which of the reasons above err is for, and "" if it is none
// of this package's errors.
func Reason(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Reason
	}
	return ""
}
