package pb

import (
	"errors"
	"fmt"
	"io"
)

// The reasons for which input is refused: few and fixed, fit for a metric's label.
const (
	Truncated = "truncated"  // the input, or the message around, ends inside a value
	BadType   = "bad_type"   // a wire type that does not exist, or a group
	BadField  = "bad_field"  // a field number that is 0 or above MaxNum
	BadVarint = "bad_varint" // a varint of more than 64 bits
	TooDeep   = "too_deep"   // messages nested deeper than MaxDepth
)

// An Error says why and where input was refused. If a value reaches past the
// end (Truncated), it wraps [io.ErrUnexpectedEOF].
type Error struct {
	Offset int    // of the value that was refused, in bytes from the start of the input
	Reason string // one of the constants above

	what string // what was being read
	n    uint64 // the length or number that was refused
	left int    // bytes there were for n
}

// Error returns, for example, "protobuf: at byte 12: 300 bytes in 5 bytes left".
func (e *Error) Error() string {
	return fmt.Sprintf("protobuf: at byte %d: %s", e.Offset, e.detail())
}

func (e *Error) detail() string {
	switch e.Reason {
	case BadType, BadField:
		return fmt.Sprintf("%s %d", e.what, e.n)
	case BadVarint:
		return e.what + " of more than 64 bits"
	case TooDeep:
		return fmt.Sprintf("messages nested deeper than %d", MaxDepth)
	}
	if e.n > 0 {
		return fmt.Sprintf("%d bytes in %d bytes left", e.n, e.left)
	}
	return "input ends inside " + e.what
}

// Unwrap returns [io.ErrUnexpectedEOF] if bytes are missing.
func (e *Error) Unwrap() error {
	if e.Reason == Truncated {
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
