package export

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"math"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/net/http2"
)

// TestEndlessResponse: at most 4 MiB of it are read, and it is not sent again.
func TestEndlessResponse(t *testing.T) {
	for code, want := range map[int]string{200: unreadResponse, 400: "400: " + unreadResponse, 503: "503: " + unreadResponse} {
		s := httpBackend(t, func(_ call, w http.ResponseWriter) {
			w.WriteHeader(code)
			for chunk := make([]byte, 64<<10); ; {
				if _, err := w.Write(chunk); err != nil {
					return
				}
			}
		})
		s.Start()
		client := newClient(t, Config{Endpoint: s.URL})
		before := allocated()
		err := client.Export(t.Context(), payload(t, "a", 1))
		if err == nil || err.Error() != want {
			t.Errorf("%d: %v", code, err)
		}
		var f *Failure
		if errors.As(err, &f) && f.Verdict != Refused {
			t.Errorf("%d: %v is sent again", code, f)
		}
		if n := allocated() - before; n > 32<<20 {
			t.Errorf("%d MiB allocated", n>>20)
		}
	}
}

func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// TestGzipBombInResponse: over HTTP it is not opened, over gRPC not further than 4 MiB.
func TestGzipBombInResponse(t *testing.T) {
	var bomb bytes.Buffer
	z, _ := gzip.NewWriterLevel(&bomb, gzip.BestSpeed)
	_, _ = z.Write(make([]byte, 40<<20))
	_ = z.Close()
	for _, code := range []int{200, 400} {
		s := httpBackend(t, func(_ call, w http.ResponseWriter) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Header().Set("Content-Type", contentProtobuf)
			w.WriteHeader(code)
			_, _ = w.Write(bomb.Bytes())
		})
		s.Start()
		client := newClient(t, Config{Endpoint: s.URL})
		before := allocated()
		if err := client.Export(t.Context(), payload(t, "a", 1)); (err == nil) != (code == 200) {
			t.Errorf("%d: %v", code, err)
		}
		if n := allocated() - before; n > 16<<20 {
			t.Errorf("%d MiB allocated", n>>20)
		}
	}
	address := grpcBackend(t, func(call) ([]byte, error) { return make([]byte, 8<<20), nil })
	for _, compression := range compressions { // a server answers in the compression of the request
		err := newClient(t, Config{Endpoint: "http://" + address, Protocol: GRPC, Compression: compression}).Export(t.Context(), payload(t, "a", 1))
		var p *Partial
		if !errors.As(err, &p) || p.Message != unreadResponse {
			t.Errorf("gRPC, %s: %v", compression, err)
		}
	}
}

// TestDisconnects: without a status nothing is known, so the request is sent
// again; with one, a body that breaks off changes nothing.
func TestDisconnects(t *testing.T) {
	for _, c := range []struct {
		response string
		want     string // of the error
		verdict  Verdict
	}{
		{"", noAnswer, Again},
		{"HTTP/1.1 2", noAnswer, Again},
		{"HTTP/1.1 200 OK\r\nContent-", noAnswer, Again},
		{"garbage\r\n\r\n", noAnswer, Again},
		{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "", 0},
		{"HTTP/1.1 503 No\r\nContent-Length: 10\r\n\r\nabc", "503", Again},
		{"HTTP/1.1 400 No\r\nContent-Length: 10\r\n\r\nabc", "400", Refused},
		{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "", 0},
		{"HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 100<<10) + "\r\n\r\n", noAnswer, Again},
	} {
		err := newClient(t, Config{Endpoint: "http://" + rawBackend(t, c.response), Protocol: HTTPProtobuf}).Export(t.Context(), payload(t, "a", 1))
		if c.want == "" {
			if err != nil {
				t.Errorf("%.50q: %v", c.response, err)
			}
			continue
		}
		if f := failure(t, err); f.Status != c.want || f.Verdict != c.verdict {
			t.Errorf("%.50q: %#v", c.response, f)
		}
	}
	for _, response := range []string{"", "HTTP/1.1 400 Bad Request\r\n\r\n"} {
		err := newClient(t, Config{Endpoint: "http://" + rawBackend(t, response), Protocol: GRPC}).Export(t.Context(), payload(t, "a", 1))
		if f := failure(t, err); f.Verdict != Again || f.Status != "UNAVAILABLE" {
			t.Errorf("gRPC, %.50q: %#v", response, f)
		}
	}
}

// rawBackend reads something from each connection, writes the response and hangs up.
func rawBackend(t *testing.T, response string) (address string) {
	return acceptor(t, func(c net.Conn) {
		_, _ = c.Read(make([]byte, 64<<10))
		_, _ = c.Write([]byte(response))
	})
}

// acceptor hands each connection to serve and closes it.
func acceptor(t *testing.T, serve func(net.Conn)) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			serve(c)
			_ = c.Close()
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-ended
	})
	return l.Addr().String()
}

// TestHostileHTTP2: settings and frames that once hung or broke clients end in a retry within the timeout.
func TestHostileHTTP2(t *testing.T) {
	for name, attack := range map[string]func(*http2.Framer) error{
		"max frame size 0": func(f *http2.Framer) error {
			return f.WriteSettings(http2.Setting{ID: http2.SettingMaxFrameSize, Val: 0})
		},
		"window overflow": func(f *http2.Framer) error {
			return f.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: math.MaxUint32})
		},
		"goaway": func(f *http2.Framer) error { _ = f.WriteSettings(); return f.WriteGoAway(0, http2.ErrCodeNo, nil) },
		"unknown frame": func(f *http2.Framer) error {
			_ = f.WriteSettings()
			return f.WriteRawFrame(0x0f, 0xff, 1, make([]byte, 100))
		},
		"headers never end": func(f *http2.Framer) error {
			_ = f.WriteSettings()
			return f.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: []byte{0x88}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			address := acceptor(t, func(c net.Conn) {
				_ = c.SetDeadline(time.Now().Add(300 * time.Millisecond))
				_, _ = c.Read(make([]byte, len(http2.ClientPreface)))
				_ = attack(http2.NewFramer(c, c))
				for buf := make([]byte, 4096); ; {
					if _, err := c.Read(buf); err != nil {
						return
					}
				}
			})
			start := time.Now()
			err := newClient(t, Config{Endpoint: "http://" + address, Protocol: GRPC, Timeout: 500 * time.Millisecond}).Export(t.Context(), payload(t, "a", 1))
			if f := failure(t, err); f.Verdict != Again || time.Since(start) > 2*time.Second {
				t.Errorf("after %v: %v", time.Since(start), f)
			}
		})
	}
}

// FuzzResponse: whatever a backend answers is read without panic and means something.
func FuzzResponse(f *testing.F) {
	f.Add(200, contentProtobuf, "", []byte("\x0a\x04\x08\x03\x12\x00"))
	f.Add(400, contentJSON, "7", []byte(`{"message":"words"}`))
	f.Add(503, "text/plain", "Sun, 06 Nov 1994 08:49:37 GMT", []byte("words"))
	f.Fuzz(func(t *testing.T, code int, contentType, after string, body []byte) {
		err := readResponse(&http.Response{
			StatusCode: code, Body: io.NopCloser(bytes.NewReader(body)),
			Header: http.Header{"Content-Type": {contentType}, "Retry-After": {after}},
		})
		var partial *Partial
		var failure *Failure
		switch {
		case err == nil:
		case errors.As(err, &partial) && partial.Rejected >= 0 && utf8.ValidString(partial.Message):
		case errors.As(err, &failure) && failure.Asked >= 0 && utf8.ValidString(failure.Message) && len(failure.Message) < 2*maxMessage:
		default:
			t.Fatalf("%#v", err)
		}
	})
}
