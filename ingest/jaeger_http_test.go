package ingest

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// serveHTTP starts a Server for h and returns its URL.
func serveHTTP(t testing.TB, r *rig, h http.Handler, limits Limits) string {
	t.Helper()
	return startHTTP(t, NewServer(h, limits, r.Log))
}

// startHTTP starts s and returns its URL.
func startHTTP(t testing.TB, s *Server) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error)
	go func() { served <- s.Serve(ln) }()
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := s.Shutdown(ctx); err != nil {
			t.Errorf("Shutdown: %v", err)
		}
		if err := <-served; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	return "http://" + ln.Addr().String()
}

// serveJaeger starts a Server with the Jaeger handler.
func serveJaeger(t testing.TB, r *rig, limits Limits) string {
	t.Helper()
	return serveHTTP(t, r, JaegerHTTP(r.Intake, limits), limits)
}

// do sends a request and returns the response with its body.
func do(t testing.TB, method, url string, header map[string]string, body io.Reader) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequest(method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range header {
		req.Header.Set(k, v)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(text)
}

var thriftHeader = map[string]string{"Content-Type": "application/x-thrift"}

func readFile(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// The rows are the answers recorded from Jaeger 1.57. Where only the beginning
// of a text is compared, the original goes on in words of its Thrift library
// that name the place worse than ours do.
func TestJaegerHTTPAnswersAsTheCollectorDid(t *testing.T) {
	const (
		plain  = "text/plain; charset=utf-8"
		unable = "Unable to process request body: "
	)
	var (
		batch  = readFile(t, "../testdata/corpus/jaeger-go-http-rich-128/001-http-14268.bin")
		zipkin = readFile(t, "../testdata/corpus/py-zipkin-v1thrift-rich/001-http-9411.bin")
	)
	for _, tt := range []struct {
		name        string
		method      string // "" is POST
		target      string // "" is /api/traces
		contentType string // "" is application/x-thrift, "none" none
		body        string
		status      int
		answer      string // of type plain, if any
		prefix      bool   // only the beginning of answer is compared
	}{
		{name: "batch", body: batch, status: 202},
		{name: "batch as application/vnd.apache.thrift.binary", contentType: "application/vnd.apache.thrift.binary", body: batch, status: 202},
		{name: "batch, content type with charset", contentType: "application/x-thrift; charset=utf-8", body: batch, status: 202},
		{name: "batch, no content type", contentType: "none", body: batch, status: 400, answer: "Cannot parse content type: mime: no media type\n"},
		{name: "batch as JSON type", contentType: "application/json", body: batch, status: 400, answer: "Unsupported content type: application/json\n"},
		{name: "empty body", status: 400, answer: unable + "*jaeger.Batch field 0 read error: EOF\n"},
		{name: "cut batch", body: batch[:len(batch)/2], status: 400, answer: unable, prefix: true},
		{name: "garbage", body: "hello", status: 400, answer: unable + "Unknown data type 104\n"},
		{name: "format=zipkin.thrift", target: "/api/traces?format=zipkin.thrift", body: zipkin, status: 400, answer: unable, prefix: true},
		{name: "format=nonsense", target: "/api/traces?format=nonsense", body: batch, status: 202},
		{name: "GET", method: "GET", status: 405},
		{name: "other path", target: "/nope", body: batch, status: 404, answer: "404 page not found\n"},
		{name: "trailing slash", target: "/api/traces/", body: batch, status: 404, answer: "404 page not found\n"},
		{name: "bad content type", contentType: "x;;=", body: batch, status: 400, answer: "Cannot parse content type: mime: invalid media parameter\n"},
		{name: "trailing bytes", body: batch + "trailing", status: 202},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig()
			r.newAppender = nil
			header := map[string]string{"Content-Type": "application/x-thrift"}
			switch tt.contentType {
			case "":
			case "none":
				delete(header, "Content-Type")
			default:
				header["Content-Type"] = tt.contentType
			}
			method, target := "POST", "/api/traces"
			if tt.method != "" {
				method = tt.method
			}
			if tt.target != "" {
				target = tt.target
			}
			resp, answer := do(t, method, serveJaeger(t, r, Limits{})+target, header, strings.NewReader(tt.body))
			if resp.StatusCode != tt.status {
				t.Errorf("status %d, want %d", resp.StatusCode, tt.status)
			}
			if tt.prefix && strings.HasPrefix(answer, tt.answer) && strings.Count(answer, "\n") == 1 {
				t.Logf("answer: %q", answer)
				answer = tt.answer
			}
			if answer != tt.answer {
				t.Errorf("answer %q, want %q", answer, tt.answer)
			}
			wantType, wantSniff := "", ""
			if tt.answer != "" {
				wantType, wantSniff = plain, "nosniff"
			}
			if got := resp.Header.Get("Content-Type"); got != wantType {
				t.Errorf("Content-Type %q, want %q", got, wantType)
			}
			if got := resp.Header.Get("X-Content-Type-Options"); got != wantSniff {
				t.Errorf("X-Content-Type-Options %q, want %q", got, wantSniff)
			}
			if _, ok := resp.Header["Allow"]; ok {
				t.Error("header Allow, which the original did not send")
			}
			if taken := len(r.sink.puts) == 1; taken != (tt.status == 202) {
				t.Errorf("put into the sink: %v, but the answer was %d", taken, resp.StatusCode)
			}
		})
	}
}

func TestJaegerHTTPFullSinkIsHeldThenRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig()
		r.sink.fail = full
		h := JaegerHTTP(r.Intake, Limits{})
		start := time.Now()
		req := httptest.NewRequest("POST", "/api/traces", strings.NewReader("7"))
		req.Header.Set("Content-Type", "application/x-thrift")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, req)
		if got, want := w.Body.String(), "Cannot submit Jaeger batch: queue is full\n"; w.Code != 503 || got != want {
			t.Errorf("answer %d %q, want 503 %q", w.Code, got, want)
		}
		if got := w.Header().Get("Retry-After"); got != "1" {
			t.Errorf("Retry-After %q, want 1", got)
		}
		if held := time.Since(start); held != defaultWait {
			t.Errorf("held for %v, want %v", held, defaultWait)
		}
		r.wantMetrics(t, map[string]float64{
			"received_bytes_total jaeger-http":         1,
			"refused_payloads_total jaeger-http queue": 1,
			"refused_spans_total jaeger-http queue":    7,
		})
		if !strings.Contains(r.log.String(), "id=OT2-I004") {
			t.Errorf("no warning in the log: %s", r.log)
		}
	})
}

func TestJaegerHTTPPanicIsOurFault(t *testing.T) {
	r := newRig()
	url := serveJaeger(t, r, Limits{}) + "/api/traces"
	resp, answer := do(t, "POST", url, thriftHeader, strings.NewReader("panic"))
	if want := "Unable to process request body: internal error\n"; resp.StatusCode != 500 || answer != want {
		t.Errorf("answer %d %q, want 500 %q", resp.StatusCode, answer, want)
	}
	if resp, _ := do(t, "POST", url, thriftHeader, strings.NewReader("1")); resp.StatusCode != 202 {
		t.Errorf("status %d afterwards, want 202", resp.StatusCode)
	}
}

func TestJaegerHTTPKeepsConnectionsAlive(t *testing.T) {
	r := newRig()
	url := serveJaeger(t, r, Limits{}) + "/api/traces"
	dials := 0
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
		GotConn: func(c httptrace.GotConnInfo) {
			if !c.Reused {
				dials++
			}
		},
	})
	for _, body := range []string{"1", "garbage", "2", ""} {
		req, err := http.NewRequestWithContext(ctx, "POST", url, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-thrift")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_, err = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
	}
	if dials != 1 {
		t.Errorf("%d connections for 4 requests, want 1", dials)
	}
}

// Memory is used again from request to request, whatever a request held.
func TestJaegerHTTPRequestsDoNotMix(t *testing.T) {
	r := newRig()
	url := serveJaeger(t, r, Limits{}) + "/api/traces"
	big := "1 " + strings.Repeat("x", maxSpare)
	for _, body := range []string{"1 a long payload first", "2 short", big, "3", "garbage", "4 and on"} {
		do(t, "POST", url, thriftHeader, strings.NewReader(body))
		if body == "garbage" {
			continue
		}
		if got := r.sink.next(t); got != body {
			t.Errorf("put %d bytes, want %d: %.50q", len(got), len(body), got)
		}
	}
}

func TestJaegerHTTPTakesManySendersAtOnce(t *testing.T) {
	r := newRig()
	url := serveJaeger(t, r, Limits{}) + "/api/traces"
	const senders, each = 8, 25
	var want []string
	var all sync.WaitGroup
	for s := range senders {
		var bodies []string
		for i := range each {
			bodies = append(bodies, fmt.Sprintf("1 sender %d payload %d %s", s, i, strings.Repeat("x", s*i)))
		}
		want = append(want, bodies...)
		all.Go(func() {
			for _, body := range bodies {
				if resp, text := do(t, "POST", url, thriftHeader, strings.NewReader(body)); resp.StatusCode != 202 {
					t.Errorf("answer %d: %s", resp.StatusCode, text)
				}
			}
		})
	}
	all.Wait()
	var got []string
	for range want {
		got = append(got, r.sink.next(t))
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("payloads (-want +got):\n%s", diff)
	}
}
