package sidecar_test

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ot2otel/ot2otel/rewrite"
	"github.com/ot2otel/ot2otel/rewrite/sidecar"
)

// closedPort is an address where nobody listens.
func closedPort(t *testing.T) string {
	ln := listen(t)
	defer ln.Close()
	return ln.Addr().String()
}

// TestFailures: when the sidecar has to answer itself, status and text say why.
func TestFailures(t *testing.T) {
	closed := closedPort(t)
	s := newSide(t, jaeger, closed)
	many := "GET / HTTP/1.1\r\nHost: a\r\n" + strings.Repeat("X-A: b\r\n", 2001) + "\r\n"
	for _, c := range []struct {
		name, address, request string
		status                 int
		text, metric           string
	}{
		{"app down", s.in, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 502, "ot2otel: OT2-S001: ", "sidecar_failed_requests_total inbound upstream"},
		{"server down", s.out, "GET http://" + closed + "/ HTTP/1.1\r\nHost: a\r\n\r\n", 502, "ot2otel: OT2-S001: ", "sidecar_failed_requests_total outbound upstream"},
		{"no such scheme", s.out, "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, "ot2otel: OT2-S003: ", "sidecar_failed_requests_total outbound route"},
		{"no host", s.out, "GET / HTTP/1.0\r\n\r\n", 400, "ot2otel: OT2-S003: ", "sidecar_failed_requests_total outbound route"},
		{"loop by Host", s.out, "GET / HTTP/1.1\r\nHost: " + s.out + "\r\n\r\n", 508, "ot2otel: OT2-S002: ", "sidecar_failed_requests_total outbound loop"},
		{"loop by an alias", s.out, "GET http://localhost:" + strings.Split(s.out, ":")[1] + "/ HTTP/1.1\r\nHost: a\r\n\r\n", 508, "ot2otel: OT2-S002: ", "sidecar_failed_requests_total outbound loop"},
		{"CONNECT to the app", s.in, "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n", 501, "ot2otel: OT2-S003: ", "sidecar_failed_requests_total inbound connect"},
		{"too many headers", s.in, many, 431, "ot2otel: OT2-S004: ", "sidecar_failed_requests_total inbound headers"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := s.metrics(t)[c.metric]
			_, r := raw(t, c.address, c.request)
			res, err := http.ReadResponse(r, nil)
			if err != nil {
				t.Fatal(err)
			}
			text, _ := r.Peek(r.Buffered())
			if res.StatusCode != c.status || !strings.Contains(string(text), c.text) {
				t.Errorf("got %d %q, want %d %q", res.StatusCode, text, c.status, c.text)
			}
			if after := s.metrics(t)[c.metric]; after != before+1 {
				t.Errorf("%s went from %v to %v", c.metric, before, after)
			}
		})
	}
}

// TestInboundLoop: an app's address that is the sidecar's own.
func TestInboundLoop(t *testing.T) {
	s := prepareSide(t, jaeger)
	ln := listen(t)
	p, err := sidecar.NewInbound(ln.Addr().String(), s.options)
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- p.Serve(ln) }()
	defer func() {
		if err := p.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
	}()
	if status, text := get(t, client(t, "h1", ""), "http://"+ln.Addr().String()); status != http.StatusLoopDetected {
		t.Errorf("got %d %q, want 508", status, text)
	}
}

// TestOutboundMayReachInbound: an app that calls itself by way of both legs is no loop.
func TestOutboundMayReachInbound(t *testing.T) {
	var app recorder
	s := newSide(t, jaeger, serve(t, &app))
	if status, text := get(t, client(t, "h1", s.out), "http://"+s.in, "uber-trace-id: "+full+":"+span+":0:1"); status != 200 {
		t.Errorf("got %d %q", status, text)
	}
	if got := app.header().Get("Uber-Trace-Id"); got != full+":"+span+":0:1" {
		t.Errorf("the app got %q", got)
	}
}

// TestPanicInRewriting: the request goes on with its headers as they came.
func TestPanicInRewriting(t *testing.T) {
	var app recorder
	c := rewrite.Config{App: rewrite.B3Multi, B3Join: rewrite.Yes, Rand: func() uint64 { panic("boom") }}
	s := newSide(t, c, serve(t, &app))
	sent := []string{"traceparent: " + traceparent(full, span), "tracestate: a=1", "baggage: k=v;p", "uber-trace-id: 1:2:0:1", "x-other: y"}
	status, _ := get(t, client(t, "h1", ""), "http://"+s.in, append(sent, "user-agent: x", "accept: y")...)
	want := http.Header{"Traceparent": {traceparent(full, span)}, "Tracestate": {"a=1"}, "Baggage": {"k=v;p"},
		"Uber-Trace-Id": {"1:2:0:1"}, "X-Other": {"y"}, "User-Agent": {"x"}, "Accept": {"y"}}
	if diff := cmp.Diff(want, app.header()); diff != "" || status != 200 {
		t.Errorf("status %d, headers (-sent +got):\n%s", status, diff)
	}
	if s.metrics(t)["rewrite_errors_total"] != 1 || !strings.Contains(s.log.String(), "id=OT2-S005") {
		t.Errorf("not counted or not logged: %v\n%s", s.metrics(t), s.log)
	}
}

// TestMalformedHeadersPass: no trace header makes a request fail.
func TestMalformedHeadersPass(t *testing.T) {
	var app recorder
	address := serve(t, &app)
	s := newSide(t, jaeger, address)
	long := strings.Repeat("a", 20_000)
	for _, h := range []string{
		"traceparent: ", "traceparent: garbage", "traceparent: " + long, "tracestate: " + long, "uber-trace-id: " + long,
		"uber-trace-id: %%%", "b3: 0123456789abcdef0123456789abcdef0", "b3: " + long, "x-b3-traceid: \xff", "baggage: " + long,
		"baggage: =,;,=", "uberctx-" + long[:300] + ": x", "jaeger-debug-id: " + long, "jaeger-baggage: \xff=,", "grpc-trace-bin: %",
		"x-datadog-trace-id: -1", "x-amzn-trace-id: Root=", "x-cloud-trace-context: /;o=",
	} {
		name, value, _ := strings.Cut(h, ": ")
		for leg, target := range map[string]struct{ address, uri string }{"inbound": {s.in, "/"}, "outbound": {s.out, "http://" + address + "/"}} {
			_, r := raw(t, target.address, "GET "+target.uri+" HTTP/1.1\r\nHost: a\r\n"+name+": "+value+"\r\nX-Other: y\r\nConnection: close\r\n\r\n")
			res, err := http.ReadResponse(r, nil)
			if err != nil || res.StatusCode != 200 || app.header().Get("X-Other") != "y" {
				t.Errorf("%s, %.40s: %v, %v", leg, h, res, err)
			}
		}
	}
}

// TestTrust: headers of a peer that is not trusted do not reach the app.
func TestTrust(t *testing.T) {
	var app recorder
	trust, err := rewrite.ParseTrust([]string{"192.0.2.0/24"})
	if err != nil {
		t.Fatal(err)
	}
	s := newSide(t, rewrite.Config{App: rewrite.Jaeger, Trust: trust}, serve(t, &app))
	get(t, client(t, "h1", ""), "http://"+s.in, "traceparent: "+traceparent(full, span), "uberctx-k: v", "jaeger-debug-id: x", "x-forwarded-for: 192.0.2.1")
	h := app.header()
	if h.Get("Uber-Trace-Id")+h.Get("Traceparent")+h.Get("Uberctx-K")+h.Get("Jaeger-Debug-Id") != "" {
		t.Errorf("the app got %v", h)
	}
	if got := s.metrics(t)["rewrite_dropped_total untrusted"]; got != 1 {
		t.Errorf("counted %v times", got)
	}
}

// TestMetricsAndLog: one round trip, as it is counted and logged.
func TestMetricsAndLog(t *testing.T) {
	var server, app recorder
	target := serve(t, &server)
	s := newSide(t, jaeger, serve(t, &app), func(o *sidecar.Options) {})
	get(t, client(t, "h1", ""), "http://"+s.in, "traceparent: "+traceparent(full, span), "tracestate: a=1", "b3: "+full+"-"+child+"-1")
	get(t, client(t, "h1", s.out), "http://"+target, "uber-trace-id: "+low+":"+child+":"+span+":1", "b3: x")
	got := s.metrics(t)
	for name := range got {
		if strings.HasPrefix(name, "rewrite_memory_") && !strings.HasSuffix(name, "hits_total") {
			delete(got, name)
		}
	}
	want := map[string]float64{
		"rewrite_total inbound w3c jaeger": 1, "rewrite_total outbound jaeger w3c": 1, "rewrite_conflicts_total span": 1,
		"rewrite_healed_total id": 1, "rewrite_healed_total tracestate": 1, "rewrite_memory_hits_total": 1,
		"rewrite_invalid_total b3single": 1, "rewrite_dropped_total invalid": 1, "rewrite_dropped_total other_span": 1,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("metrics (-want +got):\n%s", diff)
	}
	if s.log.String() != "" {
		t.Errorf("logged %s", s.log)
	}
}

// TestDebugLog: at level debug each request says what was done and why.
func TestDebugLog(t *testing.T) {
	var app recorder
	s := newSide(t, jaeger, serve(t, &app), func(o *sidecar.Options) {})
	s2 := prepareSide(t, jaeger)
	s2.options.Log = slog.New(slog.NewTextHandler(s2.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	p, err := sidecar.NewOutbound(nil, s2.options)
	get(t, client(t, "h1", start(t, p, err)), "http://"+s.in+"/a", "uber-trace-id: "+full+":"+span+":0:1")
	if got := s2.log.String(); !strings.Contains(got, "leg=outbound") || !strings.Contains(got, "path=/a") || !strings.Contains(got, "the context comes from jaeger: trace "+full) {
		t.Errorf("logged %s", got)
	}
}
