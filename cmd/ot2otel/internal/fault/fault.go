// Package fault has errors that carry the id of a documented problem, by
// which `ot2otel explain` tells a user what to do.
package fault

import (
	"errors"
	"fmt"
	"slices"

	"github.com/ot2otel/ot2otel/internal/problem"
)

// An Error is one occurrence of a Problem.
type Error struct {
	Problem problem.Problem
	Err     error // what happened, where
}

// Error ends in the id in brackets.
func (e *Error) Error() string { return e.Err.Error() + "  [" + e.Problem.ID + "]" }
func (e *Error) Unwrap() error { return e.Err }

// Errorf returns an Error of p with the words of fmt.Errorf.
func Errorf(p problem.Problem, format string, args ...any) error {
	return &Error{Problem: p, Err: fmt.Errorf(format, args...)}
}

// Each returns the errors that errors.Join put together in err, one by one,
// or err itself.
func Each(err error) []error {
	if err == nil {
		return nil
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []error
		for _, err := range joined.Unwrap() {
			all = append(all, Each(err)...)
		}
		return all
	}
	return []error{err}
}

// IDs returns the ids of the problems in err, each once, in order.
func IDs(err error) []string {
	var ids []string
	for _, err := range Each(err) {
		var f *Error
		if errors.As(err, &f) && !slices.Contains(ids, f.Problem.ID) {
			ids = append(ids, f.Problem.ID)
		}
	}
	return ids
}
