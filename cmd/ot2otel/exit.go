package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/config"
	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/fault"
)

// Exit codes.
const (
	exitOK          = 0
	exitFailed      = 1   // at run time
	exitUsage       = 2   // a flag, a key or a value is wrong; nothing was started
	exitGate        = 3   // a check found something
	exitInterrupted = 130 // by SIGINT, as shells count it
)

// An exitError decides the exit code. Without Err nothing is printed: all has
// been said.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}
func (e *exitError) Unwrap() error { return e.err }

// usageError makes err one that nothing was started for.
func usageError(err error) error {
	if err == nil {
		return nil
	}
	return &exitError{exitUsage, err}
}

// An app is the world around the commands.
type app struct {
	environ        []string
	stdin          io.Reader
	stdout, stderr io.Writer
	flags          *config.Flags // of the command that runs
}

// exit prints what err says and returns the exit code.
func (a *app) exit(err error) int {
	var e *exitError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &e):
		a.printErrors(e.err)
		return e.code
	case errors.As(err, new(signalled)), errors.Is(err, context.Canceled):
		return exitInterrupted
	}
	a.printErrors(err)
	return exitFailed
}

// printErrors prints each of joined errors, and where to read on.
func (a *app) printErrors(err error) {
	for _, err := range fault.Each(err) {
		fmt.Fprintln(a.stderr, "ot2otel:", err)
	}
	if ids := fault.IDs(err); len(ids) > 0 {
		fmt.Fprintf(a.stderr, "ot2otel: cause and fix: ot2otel explain %s\n", strings.Join(ids, " "))
	}
}

// interrupted is the error of a command that ctx has ended before its time:
// SIGINT is an interruption, SIGTERM a wish that has been met.
func interrupted(ctx context.Context) error {
	var s signalled
	if errors.As(context.Cause(ctx), &s) && s.Signal == os.Interrupt {
		return &exitError{code: exitInterrupted}
	}
	return nil
}
