// Package rewrite carries trace context across header formats, so that services
// with old tracing clients and migrated ones share their traces with no change
// in either.
//
// A [Rewriter] stands before one app, on both its legs. Inbound it gives the app
// the headers of the format that its client speaks, and no others; outbound it
// believes what the client wrote, adds W3C, and restores from a [Memory] what
// the client's format could not carry. A request is never failed, and what is
// wrong or too much is told in a [Result]. A [Format] by itself is a propagator
// for programs that carry headers on their own: see [Carrier].
//
// # The formats
//
//	            headers                            trace id      span id   sampling              parent  baggage
//	w3c         traceparent tracestate baggage     32 hex        16 hex    yes no                -       baggage: k=%76;p
//	jaeger      uber-trace-id uberctx-*            1-32 hex      1-16 hex  yes no debug firehose yes     uberctx-k: %76
//	            jaeger-baggage jaeger-debug-id                                                           jaeger-baggage: k=v, …
//	b3single    b3                                 16 or 32 hex  16 hex    yes no debug -        yes     with Jaeger's clients
//	b3multi     x-b3-traceid -spanid               16 or 32 hex  16 hex    yes no debug -        yes     baggage-k: v (Go, Java)
//	            -parentspanid -sampled -flags                                                            uberctx-k: %76 (Node)
//	ot          ot-tracer-traceid -spanid          1-32 hex      1-16 hex  yes no                -       ot-baggage-k: v
//	            -sampled ot-baggage-*
//	datadog     x-datadog-trace-id -parent-id      decimal, high decimal   yes no -              -       ot-baggage-k: v
//	            -sampling-priority -tags           half in tags
//	wavefront   wf-ot-traceid -spanid -sample      UUID          UUID      yes no -              -       wf-ot-k: v
//	aws         x-amzn-trace-id                    1-8-24 hex    16 hex    yes no -              -       -
//	gcp         x-cloud-trace-context              32 hex        decimal   yes no -              -       -
//	grpc        grpc-trace-bin                     16 bytes      8 bytes   yes no                -       -
//
// Under sampling "-" means that the decision can be left to the receiver. %76 is
// a value that is escaped, v one that is not. The last five are only read, and
// only if an extract list says so: their spans are mostly somebody else's.
//
// # What is lost, and where it is kept
//
//	what                          lost in              kept in
//	high half of a trace id       a client of 64 bits  memory, by the low half; spans ask it too (TraceHigh)
//	random flag                   all but w3c          memory
//	tracestate                    all but w3c          memory, 512 bytes by whole members
//	case of baggage keys          HTTP header names    memory: the member as it was, if its value is the same
//	properties of baggage         all but w3c          memory, likewise
//	baggage                       b3 of Zipkin         memory: all of it comes back
//	debug, firehose               w3c                  tracestate: ot2otel=f:<flags>
//	"not decided"                 w3c, jaeger, ot      tracestate: ot2otel=s:u; jaeger and ot say no
//	firehose                      a Go client (b)      memory
//	a decision without ids        all but b3           deny: ids are made; others: only if the caller makes a span
//	parent span id                w3c                  nowhere: no receiver needs it
//
// The member ot2otel of tracestate is written only where W3C cannot say
// something, and read and removed on the next legacy hop.
//
// A memory of headers cannot tell apart the requests of one trace that are in
// one app at a time, but by the parent id in the app's own headers: the last
// four inbound requests of a trace are matched by it, and any other call gets
// tracestate and baggage of the latest. After a restart or an eviction a call of
// a 64-bit client begins with the padded trace id; [Memory.Export] and
// [Memory.Import] carry trace ids over a restart.
//
// # Limits
//
// Of one request at most 16 KiB of trace headers are read, 8 KiB of each, 64
// baggage headers of one item and 256 bytes of a key; what is over is dropped in
// whole headers. Baggage is written up to 64 members and 8,192 bytes, by whole
// members. What a leg writes in one format is at most what came, plus what
// memory gave back, plus 512 bytes. Two rewriters in a row do what one does.
package rewrite
