package sidecar_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/ot2otel/ot2otel/rewrite"
)

// TestChain: jaeger-client-go with 128-bit ids calls an OpenTelemetry service
// that knows W3C only, which calls jaeger-client-go with 64-bit ids, each
// behind a sidecar, over HTTP and over gRPC: it is one trace, no parent is
// missing, and sampling, baggage and tracestate arrive at the end.
func TestChain(t *testing.T) {
	for protocol, serveApp := range map[string]func(testing.TB, configured) string{
		"HTTP": func(t testing.TB, c configured) string { return behind(t, c).in },
		"gRPC": behindGRPC,
	} {
		t.Run(protocol, func(t *testing.T) {
			a, b, c := newJaegerApp(t, true), newOtelApp(t), newJaegerApp(t, false)
			addressA := serveApp(t, configured{a, rewrite.Config{App: rewrite.Jaeger}})
			addressB := serveApp(t, configured{b, rewrite.Config{App: rewrite.W3C}})
			addressC := serveApp(t, configured{c, rewrite.Config{App: rewrite.Jaeger, TraceIDToApp: rewrite.Width64}})
			var end recorder
			in := http.Header{"Traceparent": {"00-" + full + "-" + span + "-03"}, "Tracestate": {"rojo=1,congo=2"}, "Baggage": {"userId=a%20b;ttl=1"}}
			if protocol == "HTTP" {
				last := "http://" + serve(t, &end)
				calls := []order{{URL: "http://" + addressB, Arguments: []order{{URL: "http://" + addressC, Arguments: []order{{URL: last}}}}}}
				post(t, client(t, "h1", ""), order{URL: "http://" + addressA, Arguments: calls}, in)
			} else {
				last := serveGRPC(t, end.grpc)
				calls := []order{{URL: addressB, Arguments: []order{{URL: addressC, Arguments: []order{{URL: last}}}}}}
				callGRPC(t, dialGRPC(t, addressA, ""), calls, in)
			}
			checkChain(t, end.header(), a.spans(), b.spans(), c.spans())
			if got := []string{*a.baggage.Load(), *b.baggage.Load(), *c.baggage.Load()}; !slices.Equal(got, []string{"a b", "a b", "a b"}) {
				t.Errorf("baggage was %q, want a b everywhere", got)
			}
		})
	}
}

// checkChain checks that each span is the child of the one before, from the
// caller's span to the traceparent at the end.
func checkChain(t *testing.T, end http.Header, apps ...[]reported) {
	t.Helper()
	before := span
	for i, spans := range apps {
		if len(spans) != 2 {
			t.Fatalf("app %d reported %d spans, want 2", i, len(spans))
		}
		for _, s := range spans {
			if !strings.HasSuffix(full, s.trace) || s.parent != before {
				t.Errorf("app %d reported %+v, want trace %s and parent %s", i, s, full, before)
			}
			before = s.id
		}
	}
	if got, want := end.Get("Traceparent"), "00-"+full+"-"+before+"-03"; got != want {
		t.Errorf("at the end: traceparent %s, want %s", got, want)
	}
	if got := end.Get("Tracestate"); got != "rojo=1,congo=2" {
		t.Errorf("at the end: tracestate %q", got)
	}
	if got := end.Get("Baggage"); got != "userId=a%20b;ttl=1" {
		t.Errorf("at the end: baggage %q", got)
	}
}

func (r *recorder) grpc(_ any, stream grpc.ServerStream) error {
	md, _ := metadata.FromIncomingContext(stream.Context())
	r.mu.Lock()
	r.last = header(md)
	r.mu.Unlock()
	return stream.SendMsg(&wrapperspb.StringValue{})
}

// header returns metadata as HTTP headers.
func header(md metadata.MD) http.Header {
	h := http.Header{}
	for name, values := range md {
		h[http.CanonicalHeaderKey(name)] = values
	}
	return h
}

// callGRPC asks c for calls.
func callGRPC(t testing.TB, c *grpc.ClientConn, calls []order, h http.Header) {
	text, _ := json.Marshal(calls)
	md := metadata.MD{}
	for name, values := range h {
		md.Append(name, values...)
	}
	ctx := metadata.NewOutgoingContext(context.Background(), md)
	if err := c.Invoke(ctx, "/test.App/Call", wrapperspb.String(string(text)), &wrapperspb.StringValue{}); err != nil {
		t.Error(err)
	}
}

// behindGRPC starts an app that takes and makes calls over gRPC, with a sidecar
// around it, and returns the address of its inbound leg.
func behindGRPC(t testing.TB, c configured) string {
	proxy := ""
	address := serveGRPC(t, func(_ any, stream grpc.ServerStream) error {
		var list []order
		var m wrapperspb.StringValue
		if err := stream.RecvMsg(&m); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(m.Value), &list); err != nil {
			return err
		}
		var calls []func(http.Header)
		for _, call := range list {
			calls = append(calls, func(out http.Header) { callGRPC(t, dialGRPC(t, call.URL, proxy), call.Arguments, out) })
		}
		md, _ := metadata.FromIncomingContext(stream.Context())
		c.app.trace(header(md), calls...)
		return stream.SendMsg(&wrapperspb.StringValue{})
	})
	s := newSide(t, c.config, address)
	proxy = s.out
	return s.in
}
