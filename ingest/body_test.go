package ingest

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
)

func zipped(t testing.TB, s string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, s); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func deflated(t testing.TB, s string) string {
	t.Helper()
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	if _, err := io.WriteString(w, s); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestJaegerHTTPContentEncoding(t *testing.T) {
	const payload = "3 spans"
	damaged := zipped(t, payload)
	damaged = damaged[:len(damaged)-8] + "checksum"
	for _, tt := range []struct {
		name     string
		encoding string
		body     string
		status   int
		answer   string
		reason   string // why it is refused
	}{
		{name: "none", body: payload, status: 202},
		{name: "identity", encoding: "identity", body: payload, status: 202},
		{name: "gzip", encoding: "gzip", body: zipped(t, payload), status: 202},
		{name: "GZIP", encoding: "GZIP", body: zipped(t, payload), status: 202},
		{name: "x-gzip", encoding: "x-gzip", body: zipped(t, payload), status: 202},
		{name: "gzip in two members", encoding: "gzip", body: zipped(t, payload[:2]) + zipped(t, payload[2:]), status: 202},
		{name: "not gzip", encoding: "gzip", body: payload, status: 400, reason: reasonCompression},
		{name: "empty", encoding: "gzip", status: 400, reason: reasonCompression},
		{name: "cut gzip", encoding: "gzip", body: zipped(t, payload)[:20], status: 400, reason: reasonCompression},
		{name: "gzip, wrong checksum", encoding: "gzip", body: damaged, status: 400, reason: reasonCompression},
		{name: "deflate", encoding: "deflate", body: deflated(t, payload), status: 202},
		{name: "not deflate", encoding: "deflate", body: payload, status: 400, reason: reasonCompression},
		{name: "empty deflate", encoding: "deflate", status: 400, reason: reasonCompression},
		{name: "cut deflate", encoding: "deflate", body: deflated(t, payload)[:8], status: 400, reason: reasonCompression},
		{name: "br", encoding: "br", body: payload, status: 415, reason: reasonContentEncoding,
			answer: "Unable to process request body: unsupported Content-Encoding \"br\"\n"},
		{name: "gzip twice", encoding: "gzip, gzip", body: zipped(t, zipped(t, payload)), status: 415, reason: reasonContentEncoding},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig()
			header := map[string]string{"Content-Type": "application/x-thrift"}
			if tt.encoding != "" {
				header["Content-Encoding"] = tt.encoding
			}
			resp, answer := do(t, "POST", serveJaeger(t, r, Limits{})+"/api/traces", header, strings.NewReader(tt.body))
			if resp.StatusCode != tt.status {
				t.Errorf("status %d, want %d: %s", resp.StatusCode, tt.status, answer)
			}
			if tt.answer != "" && answer != tt.answer {
				t.Errorf("answer %q, want %q", answer, tt.answer)
			}
			if got := resp.Header.Get("Accept-Encoding"); (got == "gzip, deflate") != (tt.status == 415) {
				t.Errorf("Accept-Encoding %q with status %d", got, resp.StatusCode)
			}
			if tt.status != 202 {
				r.wantMetrics(t, map[string]float64{"refused_payloads_total jaeger-http " + tt.reason: 1})
				return
			}
			if got := r.sink.next(t); got != payload {
				t.Errorf("put %q, want %q", got, payload)
			}
		})
	}
}

func TestJaegerHTTPBodyLimit(t *testing.T) {
	const limit = 1000
	atLimit := "1" + strings.Repeat(" ", limit-1)
	for _, tt := range []struct {
		name   string
		body   io.Reader // a strings.Reader has a Content-Length, others are sent in chunks
		zipped bool
		status int
	}{
		{name: "at the limit", body: strings.NewReader(atLimit), status: 202},
		{name: "one over", body: strings.NewReader(atLimit + " "), status: 413},
		{name: "at the limit, chunked", body: io.MultiReader(strings.NewReader(atLimit)), status: 202},
		{name: "one over, chunked", body: io.MultiReader(strings.NewReader(atLimit), strings.NewReader(" ")), status: 413},
		{name: "at the limit, zipped", body: strings.NewReader(zipped(t, atLimit)), zipped: true, status: 202},
		{name: "one over, zipped", body: strings.NewReader(zipped(t, atLimit+" ")), zipped: true, status: 413},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig()
			limits := Limits{Body: limit}
			header := map[string]string{"Content-Type": "application/x-thrift"}
			if tt.zipped {
				header["Content-Encoding"] = "gzip"
			}
			resp, answer := do(t, "POST", serveJaeger(t, r, limits)+"/api/traces", header, tt.body)
			if resp.StatusCode != tt.status {
				t.Errorf("status %d, want %d", resp.StatusCode, tt.status)
			}
			if tt.status != 413 {
				return
			}
			if want := "Unable to process request body: body of more than 1000 bytes\n"; answer != want {
				t.Errorf("answer %q, want %q", answer, want)
			}
			r.wantMetrics(t, map[string]float64{"refused_payloads_total jaeger-http too_large": 1})
		})
	}
}

// allocated returns how many bytes f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// What a Content-Length promises is not allocated before it arrives.
func TestJaegerHTTPLyingContentLength(t *testing.T) {
	req := httptest.NewRequest("POST", "/api/traces", strings.NewReader("1"))
	req.Header.Set("Content-Type", "application/x-thrift")
	req.ContentLength = 16 << 20
	h := JaegerHTTP(newRig().Intake, Limits{})
	if n := allocated(func() { h.ServeHTTP(httptest.NewRecorder(), req) }); n > 256<<10 {
		t.Errorf("allocated %d bytes for a body of one", n)
	}
}

// bombs are small and decompress to much, by Content-Encoding.
func bombs(t testing.TB) map[string]string {
	zeros := strings.Repeat("\x00", 16<<20)
	return map[string]string{
		"gzip":    strings.Repeat(zipped(t, zeros), 64), // 1 GiB
		"deflate": deflated(t, strings.Repeat(zeros, 8)),
	}
}

// A bomb costs no more memory than the limit is about, whatever handler it meets.
func TestHTTPBombs(t *testing.T) {
	const limit = 4 << 20
	in := newRig().Intake
	handlers := []struct {
		target, contentType string
		http.Handler
	}{
		{"/api/traces", "application/x-thrift", JaegerHTTP(in, Limits{Body: limit})},
		{"/api/v2/spans", "application/json", Zipkin(in, Limits{Body: limit}, ZipkinAbout{})},
		{"/v1/traces", "application/x-protobuf", OTLPHTTP(in, Limits{Body: limit}, OTLP{})},
		{"/v1/traces", "application/json", OTLPHTTP(in, Limits{Body: limit}, OTLP{Validate: true})},
	}
	for encoding, bomb := range bombs(t) {
		for _, h := range handlers {
			t.Run(encoding+h.target+" "+h.contentType, func(t *testing.T) {
				req := httptest.NewRequest("POST", h.target, strings.NewReader(bomb))
				req.Header.Set("Content-Type", h.contentType)
				req.Header.Set("Content-Encoding", encoding)
				w := httptest.NewRecorder()
				n := allocated(func() { h.ServeHTTP(w, req) })
				if w.Code != http.StatusRequestEntityTooLarge {
					t.Errorf("status %d, want 413", w.Code)
				}
				if n > 3*limit {
					t.Errorf("%d bytes sent, %d allocated, want at most %d", len(bomb), n, 3*limit)
				}
			})
		}
	}
}
