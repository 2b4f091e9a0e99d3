// Package sidecar stands in the path of an app's HTTP and gRPC calls and
// rewrites their trace context headers, as package rewrite says. It speaks
// HTTP/1.1 and HTTP/2 without TLS on every port.
//
//	network ─► NewInbound ─► app ─► NewOutbound, NewUpstream ─► network
//
// [NewInbound] is a reverse proxy in front of the app. [NewOutbound] is the
// forward proxy that the app's clients are given (HTTP_PROXY, grpc_proxy): it
// takes requests in absolute form and CONNECT with plaintext inside. What is
// encrypted inside CONNECT passes through as it is, and is counted: for those
// calls the app speaks plaintext to a port of [NewUpstream], or asks
// NewOutbound for a named [Upstream], and the sidecar encrypts.
//
// # No harm
//
// Nothing but trace headers is changed: method, path and query byte by byte,
// Host, X-Forwarded-*, Forwarded, User-Agent or its absence, bodies, trailers
// and answers are as they came, and so is the protocol. Bodies are streamed. No
// timeout ends an exchange that has begun. What a proxy has to take away is
// taken: Connection and the headers that it names, Keep-Alive, TE but for
// trailers, Proxy-* and an offer to upgrade to h2c. HTTP/1 header names come out
// in their canonical form.
//
// No Via is added, though it would find loops: servers answer requests with a
// Via otherwise than those without, nginx for one does not compress. A proxy
// whose connections lead back to its own port notices that when it dials, and
// answers 508.
//
// A request whose trace headers are wrong goes on like any other. Nothing that a
// request waits for depends on telemetry.
package sidecar
