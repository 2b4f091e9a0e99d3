package json

import (
	"bytes"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// check refuses r.data unless it is one value and nothing else.
func (r *Reader) check() {
	r.in = *bytes.NewBuffer(r.data)
	r.grammar.Reset(&r.in, jsontext.AllowDuplicateNames(!r.Strict), jsontext.AllowInvalidUTF8(!r.Strict))
	if _, err := r.grammar.ReadValue(); err != nil {
		r.refuse(r.errorOf(err))
		return
	}
	if _, err := r.grammar.ReadToken(); !errors.Is(err, io.EOF) {
		r.refuse(Error{Offset: int(r.grammar.InputOffset()), Reason: BadSyntax, cause: errTrailing})
	}
}

var errTrailing = errors.New("more after the end")

// errorOf makes an Error of one of jsontext's.
func (r *Reader) errorOf(err error) Error {
	e := Error{Offset: int(r.grammar.InputOffset()), Reason: BadSyntax, cause: err}
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		e.Offset, e.cause = int(syntax.ByteOffset), syntax.Err
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		e.Reason = Truncated
	}
	return e
}
