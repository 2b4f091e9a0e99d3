package sidecar_test

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/ot2otel/ot2otel/rewrite"
)

// serveGRPC starts a gRPC server with one handler for every method.
func serveGRPC(t testing.TB, h grpc.StreamHandler) (address string) {
	t.Helper()
	s := grpc.NewServer(grpc.UnknownServiceHandler(h))
	ln := listen(t)
	served := make(chan error, 1)
	go func() { served <- s.Serve(ln) }()
	t.Cleanup(func() {
		s.Stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return ln.Addr().String()
}

// dialGRPC returns a client of address; it asks proxy for a tunnel, if that is not empty.
func dialGRPC(t testing.TB, address, proxy string) *grpc.ClientConn {
	t.Helper()
	options := []grpc.DialOption{grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithNoProxy()}
	if proxy != "" {
		options = append(options, grpc.WithContextDialer(dialThrough(proxy)))
	}
	c, err := grpc.NewClient("passthrough:///"+address, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// echo is a service whose calls end well, or with the status NotFound after the
// message "last". It tells the uber-trace-id and
// traceparent it got in its header, and repeats messages until the client has no more.
func echo(_ any, stream grpc.ServerStream) error {
	md, _ := metadata.FromIncomingContext(stream.Context())
	seen := strings.Join(append(md["uber-trace-id"], md["traceparent"]...), " ")
	if err := stream.SetHeader(metadata.Pairs("seen", seen, "data-bin", "\x00\xff")); err != nil {
		return err
	}
	stream.SetTrailer(metadata.Pairs("sum", "9", "sum-bin", "\x01"))
	for {
		var m wrapperspb.StringValue
		switch err := stream.RecvMsg(&m); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		if err := stream.SendMsg(&m); err != nil {
			return err
		}
		if m.Value == "last" {
			return status.Error(codes.NotFound, "after a message")
		}
	}
}

// throughBoth calls f with a client that goes through the inbound leg of a
// sidecar, and one that goes through the outbound leg.
func throughBoth(t *testing.T, c rewrite.Config, f func(t *testing.T, c *grpc.ClientConn, seen string)) {
	server := serveGRPC(t, echo)
	s := newSide(t, c, server)
	t.Run("inbound", func(t *testing.T) { f(t, dialGRPC(t, s.in, ""), low+":"+span+":0:1") })
	t.Run("outbound", func(t *testing.T) {
		f(t, dialGRPC(t, server, s.out), low+":"+span+":0:1 "+traceparent(full, span)) // healed: the memory is that of the other leg
	})
}

func traced(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(cancel)
	if strings.Contains(t.Name(), "outbound") {
		return metadata.AppendToOutgoingContext(ctx, "uber-trace-id", low+":"+span+":0:1")
	}
	return metadata.AppendToOutgoingContext(ctx, "traceparent", traceparent(full, span))
}

// TestGRPCUnary: header, message, trailer and status of a call arrive, and the
// trace headers are rewritten.
func TestGRPCUnary(t *testing.T) {
	throughBoth(t, jaeger, func(t *testing.T, c *grpc.ClientConn, seen string) {
		var header, trailer metadata.MD
		var got wrapperspb.StringValue
		err := c.Invoke(traced(t), "/test.Echo/Say", wrapperspb.String("ok"), &got, grpc.Header(&header), grpc.Trailer(&trailer))
		if err != nil || got.Value != "ok" {
			t.Fatalf("got %q, %v", got.Value, err)
		}
		if h := header; h["seen"][0] != seen || h["data-bin"][0] != "\x00\xff" {
			t.Errorf("header %q, want seen %q", h["seen"], seen)
		}
		if trailer["sum"][0] != "9" || trailer["sum-bin"][0] != "\x01" {
			t.Errorf("trailer %v", trailer)
		}
	})
}

// TestGRPCStatus: a call can fail before it has sent anything. Its status is
// then in its only headers, which must not come apart from the end of the
// stream: many calls, since that is a matter of timing.
func TestGRPCStatus(t *testing.T) {
	refuse := func(_ any, stream grpc.ServerStream) error {
		stream.SetTrailer(metadata.Pairs("sum", "9"))
		return status.Error(codes.NotFound, "nothing, at all: é%")
	}
	server := serveGRPC(t, refuse)
	s := newSide(t, jaeger, server)
	for name, c := range map[string]*grpc.ClientConn{"inbound": dialGRPC(t, s.in, ""), "outbound": dialGRPC(t, server, s.out)} {
		t.Run(name, func(t *testing.T) {
			for range 300 {
				var trailer metadata.MD
				err := c.Invoke(t.Context(), "/test.Echo/Say", wrapperspb.String(""), &wrapperspb.StringValue{}, grpc.Trailer(&trailer))
				if s := status.Convert(err); s.Code() != codes.NotFound || s.Message() != "nothing, at all: é%" || len(trailer["sum"]) != 1 {
					t.Fatalf("status %v, trailer %v", s, trailer)
				}
			}
		})
	}
}

// TestGRPCStream: both ends of a stream speak in turn; it ends with a status.
func TestGRPCStream(t *testing.T) {
	throughBoth(t, jaeger, func(t *testing.T, c *grpc.ClientConn, seen string) {
		stream, err := c.NewStream(traced(t), &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}, "/test.Echo/Chat")
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"a", "", strings.Repeat("long", 1<<18), "last"} {
			if err := stream.SendMsg(wrapperspb.String(word)); err != nil {
				t.Fatal(err)
			}
			var got wrapperspb.StringValue
			if err := stream.RecvMsg(&got); err != nil || got.Value != word {
				t.Fatalf("got %d bytes, %v; want %d", len(got.Value), err, len(word))
			}
		}
		if h, err := stream.Header(); err != nil || h["seen"][0] != seen {
			t.Errorf("header %v, %v", h, err)
		}
		if err := stream.RecvMsg(&wrapperspb.StringValue{}); status.Code(err) != codes.NotFound {
			t.Errorf("the stream ended with %v", err)
		}
		if len(stream.Trailer()["sum"]) != 1 {
			t.Errorf("trailer %v", stream.Trailer())
		}
	})
}

// TestGRPCCancel: the server learns that a call was cancelled, and a deadline
// goes with the call.
func TestGRPCCancel(t *testing.T) {
	began, ended := make(chan bool, 1), make(chan error, 1)
	server := serveGRPC(t, func(_ any, stream grpc.ServerStream) error {
		_, deadline := stream.Context().Deadline()
		began <- deadline
		<-stream.Context().Done()
		ended <- stream.Context().Err()
		return nil
	})
	s := newSide(t, jaeger, server)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	stream, err := dialGRPC(t, s.in, "").NewStream(ctx, &grpc.StreamDesc{ServerStreams: true}, "/test.Echo/Wait")
	if err != nil {
		t.Fatal(err)
	}
	if err := stream.SendMsg(wrapperspb.String("")); err != nil {
		t.Fatal(err)
	}
	if !within(t, "call", began) {
		t.Error("the deadline did not go with the call")
	}
	cancel()
	if err := within(t, "end", ended); !errors.Is(err, context.Canceled) {
		t.Errorf("the server saw %v", err)
	}
}

// TestGRPCServerDown: the client is told Unavailable, as without the sidecar.
func TestGRPCServerDown(t *testing.T) {
	s := newSide(t, jaeger, closedPort(t))
	for name, c := range map[string]*grpc.ClientConn{"inbound": dialGRPC(t, s.in, ""), "outbound": dialGRPC(t, closedPort(t), s.out)} {
		err := c.Invoke(t.Context(), "/test.Echo/Say", wrapperspb.String(""), &wrapperspb.StringValue{})
		if status.Code(err) != codes.Unavailable {
			t.Errorf("%s: got %v, want Unavailable", name, err)
		}
	}
}

// TestH2CByAuthority: a client that speaks h2c to the outbound port itself is
// sent where its :authority says.
func TestH2CByAuthority(t *testing.T) {
	server := serveGRPC(t, echo)
	s := newSide(t, jaeger, "")
	c, err := grpc.NewClient("passthrough:///"+server, grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithNoProxy(),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "tcp", s.out)
		}))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if err := c.Invoke(t.Context(), "/test.Echo/Say", wrapperspb.String("ok"), &wrapperspb.StringValue{}); err != nil {
		t.Error(err)
	}
}
