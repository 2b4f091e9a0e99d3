package ingest

// OTLPGRPC returns the server of port 4317:
//
//	service TraceService { rpc Export(ExportTraceServiceRequest) returns (ExportTraceServiceResponse); }
//
// limits.Body is 64 MiB if it is not set. Where o.Validate rejects some spans
// of a request, the response says so in its partial_success.
func OTLPGRPC(in *Intake, limits Limits, o OTLP) *GRPCServer {
	l := in.otlpLane(ListenerOTLPGRPC, o)
	return newGRPCServer(&grpcMethod{
		lane: l.lane, service: "opentelemetry.proto.collector.trace.v1.TraceService", name: "Export",
		take: func(request []byte, peer any) (rawResponse, *refusal) {
			bad, no := l.take(request, otlpProtobuf)
			l.reject(bad, peer)
			return bad.appendResponse(nil), no
		},
	}, otlpLimits(limits))
}
