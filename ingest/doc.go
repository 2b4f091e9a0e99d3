// Package ingest receives what legacy tracing clients send: it owns sockets,
// limits, replies and the counts of what was lost. What a span means is the
// translate package's business; where the outcome goes, a [Sink]'s.
//
//	listener        address                 payload                         reply
//	jaeger-compact  UDP 6831                agent.thrift message, compact   none: losses are counted
//	jaeger-binary   UDP 6832                agent.thrift message, binary    none: losses are counted
//	zipkin-compact  UDP 5775                agent.thrift message, compact   none: losses are counted
//	jaeger-http     POST :14268/api/traces  jaeger.thrift Batch, binary     202, or why not
//	jaeger-grpc     gRPC :14250             jaeger.api_v2 PostSpansRequest  OK, or why not
//	zipkin          POST and gRPC :9411     Zipkin spans, v1 or v2          202, or why not
//	otlp-grpc       gRPC :4317              OTLP ExportTraceServiceRequest  OK, or why not
//	otlp-http       POST :4318/v1/traces    the same, or its JSON           200, or why not
//
// Each listener has a lane through the [Intake] they share: payload in,
// translated, put into the Sink. Whatever the lane accepts, refuses or drops
// is counted there, so for every listener
//
//	payloads received = accepted + refused (by reason) + dropped (by reason)
//
// Refused means that the payload could not be read, or that the sender was
// told to keep it; dropped, that it was good and nobody could be told. What a
// UDP client sent and we never received is counted by the kernel, and by the
// numbers and totals that some clients send along.
package ingest
