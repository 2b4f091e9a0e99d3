// Package extproc rewrites trace headers for Envoy, as an external processor
// (envoy.service.ext_proc.v3.ExternalProcessor) of request headers.
//
// Envoy opens a stream for each request. It says in the stream's initial
// metadata, under [LegKey], which way the request goes. What else Envoy may
// ask, about bodies, trailers and answers, is answered with no change.
package extproc

import (
	"context"
	"errors"
	"io"
	"net"

	processor "github.com/envoyproxy/go-control-plane/envoy/service/ext_proc/v3"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/ot2otel/ot2otel/rewrite"
)

// LegKey is the key in a stream's metadata whose value is "inbound" for
// requests to the app and "outbound" for those that it makes.
const LegKey = "ot2otel-leg"

// maxMessage bounds what Envoy may send at once: its own limit for headers is 60 KiB.
const maxMessage = 1 << 20

// A Server answers Envoy.
type Server struct {
	processor.UnimplementedExternalProcessorServer
	rewriter *rewrite.Rewriter
	observe  func(inbound bool, r *rewrite.Result)
	grpc     *grpc.Server
}

// New returns a Server that rewrites as r says and tells observe what became
// of each request. observe is called by many goroutines at once; it may be nil.
// r must not make ids for spans of the caller's own (rewrite.Config.Spans):
// nobody would report those spans.
func New(r *rewrite.Rewriter, observe func(inbound bool, r *rewrite.Result)) *Server {
	if observe == nil {
		observe = func(bool, *rewrite.Result) {}
	}
	s := &Server{rewriter: r, observe: observe, grpc: grpc.NewServer(grpc.MaxRecvMsgSize(maxMessage))}
	processor.RegisterExternalProcessorServer(s.grpc, s)
	return s
}

// Serve answers on ln, which it closes in the end. It returns nil after
// Shutdown, and otherwise what made it stop.
func (s *Server) Serve(ln net.Listener) error {
	if err := s.grpc.Serve(ln); !errors.Is(err, grpc.ErrServerStopped) {
		return err
	}
	return nil
}

// Shutdown takes no more streams and waits for those that are open. When ctx
// ends it cuts them off and returns the context's error.
func (s *Server) Shutdown(ctx context.Context) error {
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.grpc.GracefulStop()
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		s.grpc.Stop()
		<-done
		return ctx.Err()
	}
}

// Process implements the service: one stream is one request.
//
//	service ExternalProcessor {
//	  rpc Process(stream ProcessingRequest) returns (stream ProcessingResponse);
//	}
func (s *Server) Process(stream processor.ExternalProcessor_ProcessServer) error {
	inbound, err := leg(stream.Context())
	if err != nil {
		return err
	}
	for {
		request, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := stream.Send(s.answer(inbound, request)); err != nil {
			return err
		}
	}
}

// leg reads which way the requests of a stream go.
func leg(ctx context.Context) (inbound bool, err error) {
	values := metadata.ValueFromIncomingContext(ctx, LegKey)
	if len(values) == 1 && (values[0] == "inbound" || values[0] == "outbound") {
		return values[0] == "inbound", nil
	}
	return false, status.Errorf(codes.InvalidArgument,
		"initial metadata %s is %q: want inbound or outbound, in grpc_service.initial_metadata of the ext_proc filter", LegKey, values)
}
