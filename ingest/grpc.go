package ingest

import (
	"context"
	"net"
	"time"

	"golang.org/x/net/netutil"
	"google.golang.org/grpc"
	_ "google.golang.org/grpc/encoding/gzip" // the compression that every gRPC client has
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/tap"
)

// A GRPCServer serves one gRPC method within Limits, and the standard health
// service for it.
//
//	OK                  taken
//	INVALID_ARGUMENT    the message cannot be read
//	RESOURCE_EXHAUSTED  the message is over Limits.Body, as sent or decompressed; no RetryInfo
//	UNAVAILABLE         the Sink took nothing for as long as Intake.Wait; RetryInfo is set
//	DEADLINE_EXCEEDED   the message came too slowly
//
// A message that is not compressed as it says is INTERNAL, and a compression
// other than gzip UNIMPLEMENTED, as gRPC wants it of every server.
type GRPCServer struct {
	grpc        *grpc.Server
	health      *health.Server
	method      string
	connections int
	longest     time.Duration // of a call
	ending      context.Context
	end         context.CancelFunc // ends ending, when Shutdown begins
}

func newGRPCServer(m *grpcMethod, limits Limits) *GRPCServer {
	limits = limits.withDefaults()
	s := &GRPCServer{
		health:      health.NewServer(),
		method:      m.path(),
		connections: limits.Connections,
		longest:     limits.Write,
	}
	s.ending, s.end = context.WithCancel(context.Background())
	s.grpc = newGRPC(m, limits, grpc.InTapHandle(s.bound))
	s.health.SetServingStatus(m.service, grpc_health_v1.HealthCheckResponse_SERVING)
	grpc_health_v1.RegisterHealthServer(s.grpc, s.health)
	return s
}

// How often a connection on which nothing happens is probed, and how often a
// client may do that.
const (
	probeEvery    = time.Minute
	probedAtMost  = 10 * time.Second
	probeAnswered = 20 * time.Second
)

// newGRPC returns a server of one method with all limits that grpc itself leaves open.
func newGRPC(m *grpcMethod, limits Limits, more ...grpc.ServerOption) *grpc.Server {
	s := grpc.NewServer(append(more,
		grpc.ForceServerCodecV2(newRawCodec()),
		grpc.MaxRecvMsgSize(int(limits.Body)),
		grpc.MaxConcurrentStreams(limits.Streams),
		grpc.MaxHeaderListSize(uint32(limits.HeaderBytes)),
		grpc.ConnectionTimeout(limits.Header),
		grpc.KeepaliveParams(keepalive.ServerParameters{
			MaxConnectionIdle:     limits.Idle,
			MaxConnectionAge:      limits.Age,
			MaxConnectionAgeGrace: limits.Write,
			Time:                  probeEvery,
			Timeout:               probeAnswered,
		}),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: probedAtMost, PermitWithoutStream: true}),
	)...)
	m.register(s)
	return s
}

// bound sets an end to a call that begins. Ours end in time even if the sender
// does not end its message; others, which may watch for ever, with the server.
func (s *GRPCServer) bound(call context.Context, info *tap.Info) (context.Context, error) {
	if info.FullMethodName == s.method {
		ctx, cancel := context.WithTimeout(call, s.longest)
		context.AfterFunc(call, cancel)
		return ctx, nil
	}
	ctx, cancel := context.WithCancel(call)
	forget := context.AfterFunc(s.ending, cancel)
	context.AfterFunc(call, func() {
		forget()
		cancel()
	})
	return ctx, nil
}

// Serve answers calls on ln, which it closes in the end. It returns nil after
// Shutdown, and otherwise what made it stop.
func (s *GRPCServer) Serve(ln net.Listener) error {
	return s.grpc.Serve(netutil.LimitListener(ln, s.connections))
}

// Shutdown takes no more calls and waits for those under way. When ctx ends it
// cuts them off and returns the context's error.
func (s *GRPCServer) Shutdown(ctx context.Context) error {
	s.health.Shutdown()
	s.end()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.grpc.GracefulStop()
	}()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		s.grpc.Stop()
		return ctx.Err()
	}
}
