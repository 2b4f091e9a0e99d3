//go:build unix

package e2e

import (
	"context"
	"fmt"
	"syscall"
	"testing"

	"github.com/ot2otel/ot2otel/e2e/backend"
	"github.com/ot2otel/ot2otel/e2e/judge"
)

// TestTerminationSendsWhatWasAccepted ends the proxy while spans wait for a
// batch that would go out in an hour. They arrive, and the exit code is 0.
func TestTerminationSendsWhatWasAccepted(t *testing.T) {
	b := backend.New(t)
	p := start(t, b, "OT2OTEL_BATCH_MAX_AGE=1h")
	cases := []struct{ name, listener string }{
		{"jaeger-go-udp-split", "jaeger-compact"},
		{"jaeger-node-udp-rich-128", "jaeger-binary"},
		{"jaeger-go-http-batches-auth", "jaeger-http"},
	}
	spans := 0
	for _, c := range cases {
		m := load(t, c.name)
		if err := m.Replay(t.Context(), p.ports()); err != nil {
			t.Fatal(err)
		}
		p.awaitMetric(t, fmt.Sprintf(`ot2otel_accepted_spans_total{listener=%q}`, c.listener), float64(m.OnWire.Spans))
		spans += m.OnWire.Spans
	}
	if sent := len(b.Requests()); sent > 0 {
		t.Fatalf("%d requests were sent before the end: the test shows nothing", sent)
	}
	if err := p.terminate(t); err != nil {
		t.Errorf("exit: %v", err)
	}
	mustHave(t, b, spans)
}

// TestTerminationReadsWhatWasDelivered freezes the proxy while packets come in,
// so that they wait in the kernel, and wakes it with a signal to end. They
// arrive as well: a client that sent before the end never knew of it.
func TestTerminationReadsWhatWasDelivered(t *testing.T) {
	b := backend.New(t)
	p := start(t, b)
	signal(t, p, syscall.SIGSTOP)
	spans := 0
	for _, name := range []string{"jaeger-go-udp-rich-64", "jaeger-node-udp-rich-128"} {
		m := load(t, name)
		if err := m.Replay(t.Context(), p.ports()); err != nil {
			t.Fatal(err)
		}
		spans += m.OnWire.Spans
	}
	signal(t, p, syscall.SIGTERM)
	signal(t, p, syscall.SIGCONT)
	<-p.exited
	if p.err != nil {
		t.Errorf("exit: %v", p.err)
	}
	mustHave(t, b, spans)
}

// mustHave takes what is there now, because nobody is left to send more.
func mustHave(t *testing.T, b *backend.Backend, spans int) {
	t.Helper()
	now, cancel := context.WithCancel(t.Context())
	cancel()
	got := b.Take(now, t, 0)
	if n := got.SpanCount(); n != spans {
		t.Errorf("%d spans arrived, want %d", n, spans)
	}
	for _, complaint := range judge.Valid("drained", got) {
		t.Error(complaint)
	}
}

func signal(t *testing.T, p *proxy, s syscall.Signal) {
	t.Helper()
	if err := p.process.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
}
