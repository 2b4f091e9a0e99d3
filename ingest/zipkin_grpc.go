package ingest

import (
	"net/http"
	"strings"

	"google.golang.org/grpc"

	"github.com/ot2otel/ot2otel/translate"
)

// newZipkinGRPC returns the server of what the Zipkin server takes over gRPC:
//
//	service SpanService { rpc Report(ListOfSpans) returns (ReportResponse); }   // zipkin.proto3
func newZipkinGRPC(l *lane, limits Limits) *grpc.Server {
	return newGRPC(&grpcMethod{
		lane: l, service: "zipkin.proto3.SpanService", name: "Report",
		take: func(request []byte, _ any) (rawResponse, *refusal) {
			return nil, l.takeRequest(translate.ZipkinV2Proto, request)
		},
	}, limits.withDefaults())
}

// isGRPC reports whether r is a gRPC call.
func isGRPC(r *http.Request) bool {
	return r.ProtoMajor == 2 && strings.HasPrefix(r.Header.Get("Content-Type"), "application/grpc")
}

// messageHeader is the length of what gRPC puts before a message.
const messageHeader = 5

// serveGRPC lets grpc answer, which here reads on while it waits for the Sink:
// what comes after the one message has to be kept out of its memory.
func (h *zipkinPort) serveGRPC(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, h.limit+messageHeader)
	h.grpc.ServeHTTP(w, r)
}
