// Package demo is a shop from before OpenTelemetry: five services that call
// each other over HTTP and are traced by jaeger-client-go, with nothing in them
// that knows of OTLP. It runs them against the proxy and shows what the proxy
// made of their spans.
package demo

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/ot2otel/ot2otel/export"
)

// Options say where the proxy is and what comes out of it.
type Options struct {
	// Agent is the host and port at which the proxy takes Thrift compact over
	// UDP: where the shop's clients think a Jaeger agent is.
	Agent string
	// Collector is the URL at which the proxy takes Thrift over HTTP, for the
	// one service that sends to a Jaeger collector itself.
	Collector string
	// Output is what the proxy has for a backend.
	Output Output
	// Style is how the traces are drawn.
	Style export.Style
	// Out is where the demo tells its story.
	Out io.Writer
}

// Run opens the shop, lets customers in, closes it, and writes what the
// clients sent and what came out. It returns an error if the two differ: a span
// is missing, changed or there twice.
func Run(ctx context.Context, o Options) error {
	s, err := open(o)
	if err != nil {
		return fmt.Errorf("opening the shop: %w", err)
	}
	if err := errors.Join(s.trade(ctx), s.close()); err != nil {
		return fmt.Errorf("trading: %w", err)
	}
	sent := s.sent()
	got, err := o.Output.collect(ctx, len(sent))
	if err != nil {
		return err
	}
	story := story{services: s.services, sent: sent, got: got, style: o.Style}
	if err := story.tell(o.Out); err != nil {
		return err
	}
	if err := check(sent, got); err != nil {
		return err
	}
	_, err = fmt.Fprintf(o.Out, "\nNothing was lost: all %d spans came out once, with their ids, parents, times, tags and logs.\n", len(sent))
	return err
}
