// Package backend is an OTLP backend for tests: it receives traces over gRPC
// and HTTP, refuses what is not strictly valid, and remembers the rest.
package backend

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"testing"

	"go.opentelemetry.io/collector/pdata/ptrace"
	tracev1 "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protopath"
	"google.golang.org/protobuf/reflect/protorange"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// A Backend listens on free ports of the loopback interface until its test ends.
type Backend struct {
	tracev1.UnimplementedTraceServiceServer

	// GRPC and HTTP are the addresses, host and port, that it listens on.
	GRPC, HTTP string

	mu       sync.Mutex
	traces   ptrace.Traces
	requests []Request
	refused  []error
	changed  chan struct{} // closed, and made anew, when something arrives
}

// A Request says how one export request came.
type Request struct {
	Protocol    string // grpc, http/protobuf or http/json
	Compression string // none, gzip or zstd
	Tenant      string // the header x-tenant
	Spans       int
}

// New starts a Backend for the test t.
func New(t testing.TB) *Backend {
	t.Helper()
	b := &Backend{traces: ptrace.NewTraces(), changed: make(chan struct{})}
	grpcServer := grpc.NewServer(grpc.StatsHandler(compression{}))
	tracev1.RegisterTraceServiceServer(grpcServer, b)
	httpServer := &http.Server{Handler: http.HandlerFunc(b.serveHTTP)}
	grpcListener, httpListener := listen(t), listen(t)
	b.GRPC, b.HTTP = grpcListener.Addr().String(), httpListener.Addr().String()
	var served sync.WaitGroup
	served.Go(func() { _ = grpcServer.Serve(grpcListener) })
	served.Go(func() { _ = httpServer.Serve(httpListener) })
	t.Cleanup(func() {
		grpcServer.Stop()
		_ = httpServer.Close()
		served.Wait()
	})
	return b
}

func listen(t testing.TB) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// take remembers the traces of a request.
func (b *Backend) take(m *tracev1.ExportTraceServiceRequest, r Request) error {
	if err := protorange.Range(m.ProtoReflect(), knownFieldsOnly); err != nil {
		return err
	}
	encoded, err := proto.Marshal(m)
	if err != nil {
		return err
	}
	traces, err := (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(encoded)
	if err != nil {
		return err
	}
	r.Spans = traces.SpanCount()
	b.mu.Lock()
	defer b.mu.Unlock()
	traces.ResourceSpans().MoveAndAppendTo(b.traces.ResourceSpans())
	b.requests = append(b.requests, r)
	b.wake()
	return nil
}

// knownFieldsOnly refuses a message with fields that OTLP does not have.
func knownFieldsOnly(p protopath.Values) error {
	m, ok := p.Index(-1).Value.Interface().(protoreflect.Message)
	if ok && len(m.GetUnknown()) > 0 {
		return fmt.Errorf("%s: %d bytes of unknown fields", p.Path, len(m.GetUnknown()))
	}
	return nil
}

// refuse remembers why a request was not taken.
func (b *Backend) refuse(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refused = append(b.refused, err)
	b.wake()
}

func (b *Backend) wake() {
	close(b.changed)
	b.changed = make(chan struct{})
}

// Take waits until n spans are there or ctx ends, returns what is there and
// forgets it. A request that had to be refused is an error of the test.
func (b *Backend) Take(ctx context.Context, t testing.TB, n int) ptrace.Traces {
	t.Helper()
	for {
		spans, changed := b.state()
		if spans >= n || ctx.Err() != nil {
			return b.reset(t)
		}
		select {
		case <-changed:
		case <-ctx.Done():
		}
	}
}

func (b *Backend) state() (spans int, changed chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.traces.SpanCount(), b.changed
}

func (b *Backend) reset(t testing.TB) ptrace.Traces {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, err := range b.refused {
		t.Errorf("backend: refused a request: %v", err)
	}
	taken := b.traces
	b.traces, b.refused = ptrace.NewTraces(), nil
	return taken
}

// Requests returns how the requests came so far.
func (b *Backend) Requests() []Request {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]Request(nil), b.requests...)
}
