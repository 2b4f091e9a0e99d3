package ingest

import (
	"context"
	"encoding/binary"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/status"
)

// listen binds a port for a test.
func listen(t testing.TB) net.Listener {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return ln
}

// startGRPC starts s and returns its address.
func startGRPC(t testing.TB, s *GRPCServer) string {
	t.Helper()
	ln := listen(t)
	served := make(chan error, 1)
	go func() { served <- s.Serve(ln) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := s.Shutdown(ctx); err != nil {
			t.Errorf("Shutdown: %v", err)
		}
		if err := <-served; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	return ln.Addr().String()
}

// dialGRPC opens a connection, which is closed before the server stops.
func dialGRPC(t testing.TB, addr string, options ...grpc.DialOption) *grpc.ClientConn {
	t.Helper()
	c, err := grpc.NewClient(addr, append(options, grpc.WithTransportCredentials(insecure.NewCredentials()))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// textCodec sends strings as they are.
type textCodec struct{}

func (textCodec) Name() string { return "proto" }
func (textCodec) Marshal(v any) (mem.BufferSlice, error) {
	return mem.BufferSlice{mem.SliceBuffer(v.(string))}, nil
}
func (textCodec) Unmarshal(data mem.BufferSlice, v any) error {
	*v.(*string) = string(data.Materialize())
	return nil
}

// call calls a method with a message that is encoded already.
func call(t testing.TB, c *grpc.ClientConn, method, message string, options ...grpc.CallOption) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	var response string
	err := c.Invoke(ctx, method, message, &response, append(options, grpc.ForceCodecV2(textCodec{}))...)
	return response, err
}

const (
	postSpans  = "/jaeger.api_v2.CollectorService/PostSpans"
	report     = "/zipkin.proto3.SpanService/Report"
	otlpExport = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
	useGzip    = "gzip"
)

// A grpcTarget is one of the three methods, on a server of its own.
type grpcTarget struct {
	listener, method string
	serve            func(t testing.TB, r *rig, limits Limits) (addr string)
	spans            func(n int) string // a message of n spans
}

// grpcTargets are all methods that take payloads. Those that translate get
// the fake's.
var grpcTargets = []grpcTarget{
	{ListenerJaegerGRPC, postSpans, func(t testing.TB, r *rig, limits Limits) string {
		return startGRPC(t, JaegerGRPC(r.Intake, limits))
	}, fakeSpans},
	{ListenerZipkin, report, func(t testing.TB, r *rig, limits Limits) string {
		return strings.TrimPrefix(serveZipkin(t, r, limits), "http://")
	}, fakeSpans},
	{ListenerOTLPGRPC, otlpExport, func(t testing.TB, r *rig, limits Limits) string {
		return startGRPC(t, OTLPGRPC(r.Intake, limits, OTLP{}))
	}, func(n int) string { return otlpSpans(n) }},
}

func fakeSpans(n int) string { return fmt.Sprintf("%d spans", n) }

// otlpSpans is a request of n empty spans.
func otlpSpans(n int) string {
	return message(1, message(2, strings.Repeat(message(2, ""), n)))
}

// message encodes a field of type message, string or bytes.
func message(num int, body string) string {
	b := binary.AppendUvarint(nil, uint64(num)<<3|2)
	return string(binary.AppendUvarint(b, uint64(len(body)))) + body
}

// What each method answers, and what is counted.
func TestGRPCRefusals(t *testing.T) {
	for _, target := range grpcTargets {
		for _, tt := range []struct {
			name    string
			message string
			full    bool // the sink takes nothing
			options []grpc.CallOption
			code    codes.Code
			retry   bool   // RetryInfo is set
			reason  string // it is counted under
		}{
			{name: "good", message: target.spans(3)},
			{name: "good, gzip", message: target.spans(3), options: []grpc.CallOption{grpc.UseCompressor(useGzip)}},
			{name: "no spans", message: target.spans(0)},
			{name: "sink full", message: target.spans(3), full: true, code: codes.Unavailable, retry: true, reason: reasonQueue},
			{name: "bad data", message: "\x07garbage", code: codes.InvalidArgument, reason: "*"},
			{name: "too large", message: target.spans(1) + strings.Repeat(" ", 1000), code: codes.ResourceExhausted, reason: reasonTooLarge},
			{name: "too large, gzip", message: target.spans(1) + strings.Repeat(" ", 1000), options: []grpc.CallOption{grpc.UseCompressor(useGzip)},
				code: codes.ResourceExhausted, reason: reasonTooLarge},
		} {
			t.Run(target.listener+"/"+tt.name, func(t *testing.T) {
				r := newRig()
				r.Wait = -1
				if tt.full {
					r.sink.fail = full
				}
				c := dialGRPC(t, target.serve(t, r, Limits{Body: 1000}))
				_, err := call(t, c, target.method, tt.message, tt.options...)
				wantStatus(t, err, tt.code, tt.retry)
				// grpc answers some requests before the listener hears of them.
				eventually(t, "the payload is counted", func() bool { return r.payloads(t) > 0 })
				m := r.metrics(t)
				if tt.reason == "" {
					if m["accepted_payloads_total "+target.listener] != 1 {
						t.Errorf("not counted as accepted: %v", m)
					}
					return
				}
				if got := m["accepted_payloads_total "+target.listener]; got != 0 {
					t.Errorf("%v payloads counted as accepted", got)
				}
				if got := m["refused_payloads_total "+target.listener+" "+tt.reason]; got != 1 && tt.reason != "*" {
					t.Errorf("not counted as %s: %v", tt.reason, m)
				}
				if got := r.payloads(t); got != 1 {
					t.Errorf("%v payloads counted: %v", got, m)
				}
			})
		}
	}
}

func wantStatus(t *testing.T, err error, code codes.Code, retry bool) {
	t.Helper()
	s := status.Convert(err)
	if s.Code() != code {
		t.Errorf("status %v, want %v: %s", s.Code(), code, s.Message())
	}
	retries := false
	for _, d := range s.Details() {
		if info, ok := d.(*errdetails.RetryInfo); ok {
			retries = info.GetRetryDelay().AsDuration() == retryAfter
		}
	}
	if retries != retry {
		t.Errorf("RetryInfo %v, want %v: %v", retries, retry, s)
	}
}

func TestGRPCUnknownMethodsAreUnimplemented(t *testing.T) {
	for _, target := range grpcTargets {
		t.Run(target.listener, func(t *testing.T) {
			r := newRig()
			c := dialGRPC(t, target.serve(t, r, Limits{}))
			for _, method := range []string{target.method + "s", "/x.Y/Z"} {
				_, err := call(t, c, method, target.spans(1))
				wantStatus(t, err, codes.Unimplemented, false)
			}
			if _, err := call(t, c, target.method, target.spans(1)); err != nil {
				t.Error("afterwards:", err)
			}
		})
	}
}

func TestGRPCPanicIsOurFault(t *testing.T) {
	for _, target := range grpcTargets[:2] {
		t.Run(target.listener, func(t *testing.T) {
			r := newRig()
			c := dialGRPC(t, target.serve(t, r, Limits{}))
			_, err := call(t, c, target.method, "panic")
			wantStatus(t, err, codes.Internal, false)
			if _, err := call(t, c, target.method, "1"); err != nil {
				t.Error("afterwards:", err)
			}
			if got := r.metrics(t)["refused_payloads_total "+target.listener+" panic"]; got != 1 {
				t.Errorf("%v payloads refused for panic, want 1", got)
			}
		})
	}
}

// A sink that is full is waited for; the sender is told to try again after that.
func TestGRPCFullSinkIsHeldThenRefused(t *testing.T) {
	r := newRig()
	r.Wait = 30 * time.Millisecond
	r.sink.fail = full
	c := dialGRPC(t, startGRPC(t, JaegerGRPC(r.Intake, Limits{})))
	start := time.Now()
	_, err := call(t, c, postSpans, "3")
	wantStatus(t, err, codes.Unavailable, true)
	if held := time.Since(start); held < r.Wait {
		t.Errorf("held for %v, want %v", held, r.Wait)
	}
	r.wantMetrics(t, map[string]float64{
		"received_bytes_total jaeger-grpc":         1,
		"refused_payloads_total jaeger-grpc queue": 1,
		"refused_spans_total jaeger-grpc queue":    3,
	})
	if log := r.log.String(); !strings.Contains(log, "id=OT2-I004") || !strings.Contains(log, "peer=127.0.0.1:") {
		t.Errorf("no warning in the log, or one without the peer: %s", log)
	}
}
