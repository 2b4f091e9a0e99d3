package ingest

import "github.com/ot2otel/ot2otel/translate"

// JaegerGRPC returns the server of the Jaeger collector's port 14250:
//
//	service CollectorService { rpc PostSpans(PostSpansRequest) returns (PostSpansResponse); }   // jaeger.api_v2
//
// Strings that are not UTF-8 are mended, not refused: Jaeger's own agent sends
// them. As there, health and reflection are served, too.
func JaegerGRPC(in *Intake, limits Limits) *GRPCServer {
	l := in.lane(ListenerJaegerGRPC, requestReasons)
	s := newGRPCServer(&grpcMethod{
		lane: l, service: jaegerPackage + ".CollectorService", name: "PostSpans",
		take: func(request []byte, _ any) (rawResponse, *refusal) {
			return nil, l.takeRequest(translate.JaegerProto, request)
		},
	}, limits)
	serveReflection(s.grpc)
	return s
}
