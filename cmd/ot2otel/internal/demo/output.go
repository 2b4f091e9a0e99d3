package demo

import (
	"context"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/pdata/ptrace"
)

// An Output stands where the proxy has a backend, as its [export.Client], and
// hands on what the proxy sends there.
type Output chan ptrace.Traces

// NewOutput returns an Output that holds more than the demo makes.
func NewOutput() Output { return make(Output, 100) }

// Export takes a request.
func (o Output) Export(ctx context.Context, request []byte) error {
	traces, err := (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(request)
	if err != nil {
		return fmt.Errorf("the proxy's output: %w", err)
	}
	select {
	case o <- traces:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// patience is how long the last span may take from a client to the Output.
const patience = 5 * time.Second

// collect waits until n spans came out.
func (o Output) collect(ctx context.Context, n int) (ptrace.Traces, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	all := ptrace.NewTraces()
	for all.SpanCount() < n {
		select {
		case traces := <-o:
			traces.ResourceSpans().MoveAndAppendTo(all.ResourceSpans())
		case <-ctx.Done():
			return all, fmt.Errorf("%d of the %d spans that the clients sent came out: %w", all.SpanCount(), n, ctx.Err())
		}
	}
	return all, nil
}
