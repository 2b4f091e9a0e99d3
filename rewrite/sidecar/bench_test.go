package sidecar_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ot2otel/ot2otel/rewrite"
)

// BenchmarkLatency compares the median latency of a GET of 1 KiB straight to
// the app, through a bare httputil.ReverseProxy and through the inbound leg,
// which rewrites W3C headers to Jaeger's. The three take turns, so that what
// else the machine does meets them alike. over-bare-% is what the sidecar takes
// beyond the bare proxy; aim: 5.
func BenchmarkLatency(b *testing.B) {
	body := strings.Repeat("x", 1024)
	app := serve(b, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }))
	s := newSide(b, rewrite.Config{App: rewrite.Jaeger}, app)
	for _, protocol := range bothProtocols {
		b.Run(protocol, func(b *testing.B) {
			bare := serve(b, &httputil.ReverseProxy{Transport: client(b, protocol, "").Transport, Rewrite: func(r *httputil.ProxyRequest) {
				r.SetURL(&url.URL{Scheme: "http", Host: app})
				r.Out.Host = r.In.Host
			}})
			ways := []string{app, bare, s.in}
			took := make([][]time.Duration, len(ways))
			clients := []*http.Client{client(b, protocol, ""), client(b, protocol, ""), client(b, protocol, "")}
			n := 0
			for b.Loop() {
				n++
				for k := range ways {
					i := (k + n) % len(ways) // the place in the row matters, too
					took[i] = append(took[i], timed(b, clients[i], ways[i], n))
				}
			}
			median := make([]float64, len(ways))
			for i, d := range took {
				slices.Sort(d)
				median[i] = float64(d[len(d)/2].Nanoseconds()) / 1000
			}
			b.ReportMetric(median[0], "direct-p50-µs")
			b.ReportMetric(median[1], "bare-p50-µs")
			b.ReportMetric(median[2], "sidecar-p50-µs")
			b.ReportMetric((median[2]/median[1]-1)*100, "over-bare-%")
		})
	}
}

// timed makes the nth request and returns how long it took.
func timed(b *testing.B, c *http.Client, address string, n int) time.Duration {
	req, err := http.NewRequest(http.MethodGet, "http://"+address+"/items?page=1", nil)
	if err != nil {
		b.Fatal(err)
	}
	req.Header = http.Header{
		"Traceparent": {fmt.Sprintf("00-%016x%016x-%s-01", 1, n, span)}, "Tracestate": {"rojo=1,congo=2"},
		"Accept": {"application/json"}, "Authorization": {"Bearer 0123456789"}, "X-Request-Id": {"7c2b9f4e-0d2a-4a53"},
	}
	begin := time.Now()
	res, err := c.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, res.Body)
	res.Body.Close()
	return time.Since(begin)
}
