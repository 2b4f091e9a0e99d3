package backend

import (
	"cmp"
	"context"
	"strings"

	tracev1 "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	_ "google.golang.org/grpc/encoding/gzip" // accept compressed requests
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/stats"
)

// Export takes a gRPC request. The server has decoded it: a string that is not
// UTF-8 was an error already.
func (b *Backend) Export(ctx context.Context, m *tracev1.ExportTraceServiceRequest) (*tracev1.ExportTraceServiceResponse, error) {
	md, _ := metadata.FromIncomingContext(ctx)
	r := Request{
		Protocol:    "grpc",
		Compression: cmp.Or(*ctx.Value(compressionKey{}).(*string), "none"),
		Tenant:      strings.Join(md.Get("x-tenant"), ","),
	}
	return &tracev1.ExportTraceServiceResponse{}, b.take(m, r)
}

type compressionKey struct{}

// compression notes how a gRPC request was compressed, which handlers cannot see.
type compression struct{}

func (compression) TagRPC(ctx context.Context, _ *stats.RPCTagInfo) context.Context {
	return context.WithValue(ctx, compressionKey{}, new(string))
}

func (compression) HandleRPC(ctx context.Context, s stats.RPCStats) {
	if h, ok := s.(*stats.InHeader); ok {
		*ctx.Value(compressionKey{}).(*string) = h.Compression
	}
}

func (compression) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context { return ctx }
func (compression) HandleConn(context.Context, stats.ConnStats)                       {}
