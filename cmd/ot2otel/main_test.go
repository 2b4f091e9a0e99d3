package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"
)

// The program does what its arguments and the environment it is given say, and
// looks at no other.
func TestRunIsAFunction(t *testing.T) {
	t.Setenv("OT2OTEL_LOG_LEVEL", "nonsense")
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), []string{"config", "print"}, []string{"OT2OTEL_SEMCONV=raw"}, nil, &stdout, &stderr)
	if code != exitOK || !strings.Contains(stdout.String(), "semconv: raw  # env OT2OTEL_SEMCONV\n") {
		t.Errorf("exit code %d, output %s%s", code, &stdout, &stderr)
	}
}

func TestExitCodeTellsHowItEnded(t *testing.T) {
	args := []string{"run", "--config", "../../configs/ot2otel.yaml", "--jaeger-compact-address=0", "--jaeger-binary-address=0", "--jaeger-http-address=0", "--admin-addresses="}
	for want, s := range map[int]os.Signal{exitOK: syscall.SIGTERM, exitInterrupted: os.Interrupt} {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(signalled{s})
		if code := run(ctx, args, nil, nil, io.Discard, io.Discard); code != want {
			t.Errorf("after %s the exit code is %d, want %d", s, code, want)
		}
	}
}
