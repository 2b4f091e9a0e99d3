package ingest

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// h2Client speaks HTTP/2 without TLS.
func h2Client(t testing.TB) *http.Client {
	transport := &http.Transport{Protocols: new(http.Protocols)}
	transport.Protocols.SetUnencryptedHTTP2(true)
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: 10 * time.Second}
}

// frame is how a message goes over the wire.
func frame(compressed byte, length int, message string) string {
	b := binary.BigEndian.AppendUint32([]byte{compressed}, uint32(length))
	return string(b) + message
}

// rawCall sends a body of any bytes and returns the status as it stands in header or trailer.
func rawCall(t testing.TB, addr, method, encoding string, body io.Reader) string {
	t.Helper()
	req, err := http.NewRequest("POST", "http://"+addr+method, body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/grpc")
	req.Header.Set("Te", "trailers")
	if encoding != "" {
		req.Header.Set("Grpc-Encoding", encoding)
	}
	resp, err := h2Client(t).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		t.Fatal(err)
	}
	if s := resp.Trailer.Get("Grpc-Status"); s != "" {
		return s
	}
	return resp.Header.Get("Grpc-Status")
}

// Bodies that no client library would send.
func TestGRPCHostileFrames(t *testing.T) {
	const limit = 1 << 20
	for _, target := range grpcTargets {
		good := target.spans(2)
		for _, tt := range []struct {
			name     string
			encoding string
			body     string
			code     codes.Code
			reason   string
		}{
			{name: "good", body: frame(0, len(good), good)},
			{name: "nothing", code: codes.Internal, reason: reasonMalformed},
			{name: "half a header", body: "\x00\x00", code: codes.Internal, reason: reasonMalformed},
			{name: "cut", body: frame(0, len(good)+1, good), code: codes.Internal, reason: reasonMalformed},
			{name: "4 GiB announced", body: frame(0, 1<<32-1, good), code: codes.ResourceExhausted, reason: reasonTooLarge},
			{name: "one byte over announced", body: frame(0, limit+1, good), code: codes.ResourceExhausted, reason: reasonTooLarge},
			{name: "two messages", body: frame(0, len(good), good) + frame(0, len(good), good), code: codes.Internal, reason: reasonMalformed},
			{name: "unknown flag", body: frame(9, len(good), good), code: codes.Internal, reason: reasonMalformed},
			{name: "compressed, but how", body: frame(1, len(good), good), code: codes.Internal, reason: reasonMalformed},
			{name: "not gzip", encoding: "gzip", body: frame(1, len(good), good), code: codes.Internal, reason: reasonMalformed},
			{name: "unknown compression", encoding: "br", body: frame(1, len(good), good), code: codes.Unimplemented},
		} {
			t.Run(target.listener+"/"+tt.name, func(t *testing.T) {
				r := newRig()
				addr := target.serve(t, r, Limits{Body: limit})
				if got, want := rawCall(t, addr, target.method, tt.encoding, strings.NewReader(tt.body)), fmt.Sprint(int(tt.code)); got != want {
					t.Errorf("status %q, want %s (%v)", got, want, tt.code)
				}
				if tt.reason != "" {
					eventually(t, "it is counted as "+tt.reason, func() bool {
						return r.metrics(t)["refused_payloads_total "+target.listener+" "+tt.reason] == 1
					})
				}
				if got, want := len(r.sink.puts) == 1, tt.code == codes.OK; got != want {
					t.Errorf("put into the sink: %v", got)
				}
			})
		}
	}
}

// A bomb, 1 GiB in 1 MiB, costs no more memory than the limit is about.
func TestGRPCGzipBomb(t *testing.T) {
	const limit = 4 << 20
	bomb := strings.Repeat(zipped(t, strings.Repeat("\x00", 16<<20)), 64)
	for _, target := range grpcTargets {
		t.Run(target.listener, func(t *testing.T) {
			r := newRig()
			addr := target.serve(t, r, Limits{Body: limit})
			body := frame(1, len(bomb), bomb)
			var got string
			n := allocated(func() { got = rawCall(t, addr, target.method, "gzip", strings.NewReader(body)) })
			t.Logf("%d bytes sent, %d allocated, client included", len(bomb), n)
			if want := fmt.Sprint(int(codes.ResourceExhausted)); got != want {
				t.Errorf("status %s, want %s", got, want)
			}
			if n > 4*limit {
				t.Errorf("allocated %d bytes, want at most %d", n, 4*limit)
			}
		})
	}
}

// What a frame announces is not allocated before it arrives.
func TestGRPCLyingLength(t *testing.T) {
	for _, target := range grpcTargets {
		t.Run(target.listener, func(t *testing.T) {
			r := newRig()
			addr := target.serve(t, r, Limits{})
			rawCall(t, addr, target.method, "", strings.NewReader(frame(0, 1, "1"))) // warm up
			n := allocated(func() {
				rawCall(t, addr, target.method, "", strings.NewReader(frame(0, 15<<20, "1")))
			})
			if n > 1<<20 {
				t.Errorf("allocated %d bytes for a message of one", n)
			}
		})
	}
}

// One who sends on after its message does not fill our memory.
func TestGRPCEndlessSenderIsCutOff(t *testing.T) {
	for _, target := range grpcTargets {
		t.Run(target.listener, func(t *testing.T) {
			r := newRig()
			addr := target.serve(t, r, Limits{Body: 1 << 20})
			endless := io.MultiReader(strings.NewReader(frame(0, 1, "1")+frame(0, 1<<20, "")), endlessZeros{})
			n := allocated(func() {
				req, err := http.NewRequest("POST", "http://"+addr+target.method, endless)
				if err != nil {
					t.Fatal(err)
				}
				req.Header.Set("Content-Type", "application/grpc")
				if resp, err := h2Client(t).Do(req); err == nil {
					_, _ = io.Copy(io.Discard, resp.Body)
					resp.Body.Close()
				}
			})
			t.Logf("%d bytes allocated, client included", n)
			if n > 16<<20 {
				t.Errorf("allocated %d bytes", n)
			}
			eventually(t, "it is refused", func() bool { return r.payloads(t) == 1 })
		})
	}
}

type endlessZeros struct{}

func (endlessZeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

// A call whose message never ends is ended, and those beside it are not disturbed.
func TestGRPCSlowSendersAreCutOff(t *testing.T) {
	for _, target := range grpcTargets {
		t.Run(target.listener, func(t *testing.T) {
			r := newRig()
			short := 100 * time.Millisecond
			addr := target.serve(t, r, Limits{Read: short, Write: short})
			body, feed := io.Pipe()
			defer func() { _ = feed.Close() }()
			go func() { _, _ = feed.Write([]byte("\x00\x00")) }()
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				req, err := http.NewRequest("POST", "http://"+addr+target.method, body)
				if err != nil {
					t.Error(err)
					return
				}
				req.Header.Set("Content-Type", "application/grpc")
				if resp, err := h2Client(t).Do(req); err == nil {
					_, _ = io.Copy(io.Discard, resp.Body)
					resp.Body.Close()
				}
			}()
			if _, err := call(t, dialGRPC(t, addr), target.method, target.spans(1)); err != nil {
				t.Error("beside it:", err)
			}
			<-ended
			eventually(t, "the slow one is counted", func() bool {
				return r.payloads(t) == 2
			})
		})
	}
}

// preface is how a HTTP/2 connection begins.
const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

// A connection that never says anything is closed.
func TestGRPCSilentConnectionsAreClosed(t *testing.T) {
	for _, target := range grpcTargets {
		for name, sends := range map[string]string{
			"nothing":        "",
			"half a preface": preface[:20],
			"a preface":      preface,
		} {
			t.Run(target.listener+"/"+name, func(t *testing.T) {
				short := 50 * time.Millisecond
				c := dial(t, target.serve(t, newRig(), Limits{Header: short, Read: short, Idle: short}))
				if _, err := io.WriteString(c, sends); err != nil {
					t.Fatal(err)
				}
				if _, err := io.Copy(io.Discard, c); err != nil {
					t.Errorf("not closed: %v", err)
				}
			})
		}
	}
}

func TestGRPCConnectionsOverTheCapWait(t *testing.T) {
	r := newRig()
	addr := startGRPC(t, JaegerGRPC(r.Intake, Limits{Connections: 1}))
	first, second := dialGRPC(t, addr), dialGRPC(t, addr)
	if _, err := call(t, first, postSpans, "1"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	var response string
	if err := second.Invoke(ctx, postSpans, "2", &response, grpc.ForceCodecV2(textCodec{})); status.Code(err) != codes.DeadlineExceeded {
		t.Errorf("second connection while the first is open: %v", err)
	}
	_ = first.Close()
	if _, err := call(t, second, postSpans, "3", grpc.WaitForReady(true)); err != nil {
		t.Errorf("second connection after the first was closed: %v", err)
	}
}

// A connection carries no more calls at once than it may; the rest wait.
func TestGRPCStreamsOverTheCapWait(t *testing.T) {
	for _, target := range grpcTargets {
		t.Run(target.listener, func(t *testing.T) {
			r := newRig()
			entered, leave := make(chan struct{}, 2), make(chan struct{})
			r.sink.fail = func() error {
				entered <- struct{}{}
				<-leave
				return nil
			}
			c := dialGRPC(t, target.serve(t, r, Limits{Streams: 1}))
			first := make(chan error, 1)
			go func() {
				_, err := call(t, c, target.method, target.spans(1))
				first <- err
			}()
			<-entered
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			var response string
			if err := c.Invoke(ctx, target.method, "x", &response, grpc.ForceCodecV2(textCodec{})); status.Code(err) != codes.DeadlineExceeded {
				t.Errorf("second call beside the first: %v", err)
			}
			close(leave)
			if err := <-first; err != nil {
				t.Errorf("first call: %v", err)
			}
			if got := r.payloads(t); got != 1 {
				t.Errorf("%v payloads came, want 1", got)
			}
		})
	}
}

func TestGRPCHugeHeaderIsRefused(t *testing.T) {
	for _, target := range grpcTargets {
		t.Run(target.listener, func(t *testing.T) {
			r := newRig()
			addr := target.serve(t, r, Limits{HeaderBytes: 4 << 10})
			req, err := http.NewRequest("POST", "http://"+addr+target.method, strings.NewReader(frame(0, 1, "1")))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/grpc")
			req.Header.Set("X", strings.Repeat("x", 64<<10))
			resp, err := h2Client(t).Do(req)
			if err == nil {
				resp.Body.Close()
				if resp.StatusCode < 400 {
					t.Errorf("answer %s", resp.Status)
				}
			}
			if len(r.sink.puts) > 0 {
				t.Error("taken")
			}
		})
	}
}
