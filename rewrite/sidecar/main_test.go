package sidecar_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"github.com/ot2otel/ot2otel/rewrite"
	"github.com/ot2otel/ot2otel/rewrite/sidecar"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The ids that tests use.
const (
	full  = "4bf92f3577b34da6a3ce929d0e0e4736"
	low   = "a3ce929d0e0e4736"
	span  = "00f067aa0ba902b7"
	child = "c0c1c2c3c4c5c6c7"
)

// A side is a sidecar of one app: both legs, with one memory.
type side struct {
	in, out string // addresses
	rewrite *rewrite.Rewriter
	options sidecar.Options
	reg     *prometheus.Registry
	log     *logBuffer
}

// newSide starts the legs that have something behind them: the inbound leg if
// app is an address, and the outbound leg.
func newSide(t testing.TB, c rewrite.Config, app string, edit ...func(*sidecar.Options)) *side {
	t.Helper()
	s := prepareSide(t, c, edit...)
	if app != "" {
		p, err := sidecar.NewInbound(app, s.options)
		s.in = start(t, p, err)
	}
	p, err := sidecar.NewOutbound(nil, s.options)
	s.out = start(t, p, err)
	return s
}

func prepareSide(t testing.TB, c rewrite.Config, edit ...func(*sidecar.Options)) *side {
	t.Helper()
	if c.Memory == nil {
		c.Memory = rewrite.NewMemory(rewrite.MemoryConfig{})
	}
	r, err := rewrite.New(c)
	if err != nil {
		t.Fatal(err)
	}
	s := &side{rewrite: r, reg: prometheus.NewRegistry(), log: new(logBuffer)}
	s.options = sidecar.Options{
		Rewriter: r,
		Metrics:  sidecar.NewMetrics(s.reg, c.Memory),
		Log:      slog.New(slog.NewTextHandler(s.log, nil)),
	}
	for _, f := range edit {
		f(&s.options)
	}
	return s
}

// start serves p on a port of its own until the test ends.
func start(t testing.TB, p *sidecar.Proxy, err error) (address string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	ln := listen(t)
	served := make(chan error, 1)
	go func() { served <- p.Serve(ln) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := p.Shutdown(ctx); err != nil {
			t.Errorf("shutdown: %v", err)
		}
		if err := <-served; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	return ln.Addr().String()
}

func listen(t testing.TB) net.Listener {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return ln
}

// serve starts an HTTP server for HTTP/1.1 and h2c and returns its address.
func serve(t testing.TB, h http.Handler) string {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.Protocols = new(http.Protocols)
	s.Config.Protocols.SetHTTP1(true)
	s.Config.Protocols.SetUnencryptedHTTP2(true)
	s.Start()
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}

// client returns an HTTP client of one protocol ("h1", "h2c") that asks proxy,
// if that is not empty.
func client(t testing.TB, protocol, proxy string) *http.Client {
	t.Helper()
	tr := &http.Transport{DisableCompression: true, Protocols: new(http.Protocols), MaxIdleConnsPerHost: 64}
	tr.Protocols.SetHTTP1(protocol == "h1")
	tr.Protocols.SetUnencryptedHTTP2(protocol == "h2c")
	if proxy != "" {
		tr.Proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: proxy})
	}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// A recorder is a server that keeps the headers of the last request.
type recorder struct {
	mu   sync.Mutex
	last http.Header
}

func (r *recorder) ServeHTTP(_ http.ResponseWriter, q *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last = q.Header.Clone()
}

func (r *recorder) header() http.Header {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.last
}

// raw sends text on a new connection and returns it with a reader of the answer.
func raw(t testing.TB, address, text string) (net.Conn, *bufio.Reader) {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
	return c, bufio.NewReader(c)
}

// get makes a request and returns status and body.
func get(t testing.TB, c *http.Client, url string, headers ...string) (int, string) {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Add(name, value)
	}
	res, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// metrics returns the metrics that are not zero, as in
// `rewrite_total inbound w3c jaeger`.
func (s *side) metrics(t testing.TB) map[string]float64 {
	t.Helper()
	families, err := s.reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]float64)
	for _, f := range families {
		for _, m := range f.Metric {
			name := strings.TrimPrefix(f.GetName(), "ot2otel_")
			labels := make(map[string]string)
			for _, l := range m.Label {
				labels[l.GetName()] = l.GetValue()
			}
			for _, l := range []string{"leg", "from", "to", "what", "kind", "format", "reason"} {
				if v, ok := labels[l]; ok {
					name += " " + v
				}
			}
			if v := m.GetCounter().GetValue() + m.GetGauge().GetValue(); v != 0 {
				all[name] = v
			}
		}
	}
	return all
}

// A logBuffer is a log that can be read while it is written.
type logBuffer struct {
	mu sync.Mutex
	b  strings.Builder
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// eventually waits for something that has no event to wait for.
func eventually(t testing.TB, what string, is func() bool) {
	t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for !is() {
		if time.Now().After(deadline) {
			t.Fatalf("not within 10 s: %s", what)
		}
		time.Sleep(time.Millisecond)
	}
}

// within fails the test if nothing comes from ch in time.
func within[T any](t testing.TB, what string, ch <-chan T) T {
	t.Helper()
	select {
	case v := <-ch:
		return v
	case <-time.After(10 * time.Second):
		t.Fatalf("not within 10 s: %s", what)
		panic("unreachable")
	}
}

var jaeger = rewrite.Config{App: rewrite.Jaeger}

func traceparent(trace, span string) string { return fmt.Sprintf("00-%s-%s-01", trace, span) }
