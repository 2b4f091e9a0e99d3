package proxy

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	processor "github.com/envoyproxy/go-control-plane/envoy/service/ext_proc/v3"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/config"
	"github.com/ot2otel/ot2otel/rewrite"
	"github.com/ot2otel/ot2otel/rewrite/extproc"
	"github.com/ot2otel/ot2otel/translate"
)

// The low half is the trace id of the packet that the tests send.
const (
	packetFile  = "jaeger-compact/jaeger-go-udp-basic.bin"
	packetTrace = "4bf92f3577b34da624498f61d4c495c7"
	packetLow   = "24498f61d4c495c7"
)

// A keeper is a backend that keeps spans.
type keeper struct {
	mu    sync.Mutex
	spans []ptrace.Span
}

func (k *keeper) Export(_ context.Context, request []byte) error {
	r := ptraceotlp.NewExportRequest()
	if err := r.UnmarshalProto(request); err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, rs := range r.Traces().ResourceSpans().All() {
		for _, ss := range rs.ScopeSpans().All() {
			for _, s := range ss.Spans().All() {
				k.spans = append(k.spans, s)
			}
		}
	}
	return nil
}

// An echo is an app that keeps the headers of its requests.
func echo(t *testing.T) (address string, got <-chan http.Header) {
	t.Helper()
	headers := make(chan http.Header, 10)
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { headers <- r.Header }))
	t.Cleanup(s.Close)
	return s.Listener.Addr().String(), headers
}

// withSidecar is anyPorts and a sidecar in front of app and behind it.
func withSidecar(t *testing.T, app string) config.Config {
	t.Helper()
	c := anyPorts(t)
	c.Sidecar.Inbound = []config.Inbound{{Address: "0", App: app}}
	c.Sidecar.Outbound = []string{"0"}
	return c
}

// ask sends a GET with one header, through a proxy unless that is empty.
func ask(t *testing.T, target, through, name, value string) {
	t.Helper()
	transport := &http.Transport{DisableKeepAlives: true}
	if through != "" {
		transport.Proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: through})
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, target, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set(name, value)
	answer, err := transport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("%s through %q: %s", target, through, answer.Status)
	}
}

// What the headers lose in the app comes back on the way out and in the spans
// that the app reports (propagation vectors C1 and C10).
func TestSidecarAndSpansShareOneMemory(t *testing.T) {
	backend := &keeper{}
	app, got := echo(t)
	p := start(t, withSidecar(t, app), backend)
	ask(t, "http://"+at(t, p, sidecarInbound), "", "traceparent", "00-"+packetTrace+"-00f067aa0ba902b7-01")
	if h := (<-got).Get("uber-trace-id"); h != packetLow+":00f067aa0ba902b7:0:1" {
		t.Errorf("the app gets uber-trace-id %q", h)
	}
	ask(t, "http://"+app, at(t, p, sidecarOutbound), "uber-trace-id", packetLow+":c0c1c2c3c4c5c6c7:0:1")
	if h := (<-got).Get("traceparent"); h != "00-"+packetTrace+"-c0c1c2c3c4c5c6c7-01" {
		t.Errorf("others get traceparent %q", h)
	}
	send(t, p, payload(t, packetFile))
	if err := p.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(backend.spans) != 1 || backend.spans[0].TraceID().String() != packetTrace {
		t.Errorf("got %d spans; the first should have trace id %s", len(backend.spans), packetTrace)
	}
}

func send(t *testing.T, p *Proxy, packet []byte) {
	t.Helper()
	conn, err := net.Dial("udp", at(t, p, "jaeger-compact"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Write(packet); err != nil {
		t.Fatal(err)
	}
}

// The sidecar's own spans go where those of the app go.
func TestSidecarExportsItsSpans(t *testing.T) {
	backend := &keeper{}
	app, _ := echo(t)
	c := withSidecar(t, app)
	c.Sidecar.Headers.Spans = rewrite.SpansBoth
	p := start(t, c, backend)
	const trace = "4bf92f3577b34da6a3ce929d0e0e4736"
	ask(t, "http://"+at(t, p, sidecarInbound), "", "traceparent", "00-"+trace+"-00f067aa0ba902b7-01")
	ask(t, "http://"+app, at(t, p, sidecarOutbound), "uber-trace-id", trace+":c0c1c2c3c4c5c6c7:0:1")
	if err := p.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, s := range backend.spans {
		if s.TraceID().String() != trace {
			t.Errorf("a span of trace %s", s.TraceID())
		}
		kinds = append(kinds, s.Kind().String()+" below "+s.ParentSpanID().String())
	}
	slices.Sort(kinds)
	if want := "Client below c0c1c2c3c4c5c6c7, Server below 00f067aa0ba902b7"; strings.Join(kinds, ", ") != want {
		t.Errorf("spans are %q, want %s", kinds, want)
	}
}

// Trace ids outlive a restart in the memory's file, and a file that is damaged stops nobody.
func TestSidecarMemoryFile(t *testing.T) {
	app, got := echo(t)
	c := withSidecar(t, app)
	c.Sidecar.MemoryFile = filepath.Join(t.TempDir(), "traces")
	for i, want := range []string{"0000000000000000" + packetLow, packetTrace} {
		p := start(t, c, &keeper{})
		ask(t, "http://"+app, at(t, p, sidecarOutbound), "uber-trace-id", packetLow+":c0c1c2c3c4c5c6c7:0:1")
		if h := (<-got).Get("traceparent"); h != "00-"+want+"-c0c1c2c3c4c5c6c7-01" {
			t.Errorf("run %d: traceparent %q, want trace %s", i+1, h, want)
		}
		ask(t, "http://"+at(t, p, sidecarInbound), "", "traceparent", "00-"+packetTrace+"-00f067aa0ba902b7-01")
		<-got
		if err := p.Shutdown(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(c.Sidecar.MemoryFile, []byte("damaged\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	p, err := Start(c, Options{Log: slog.New(slog.NewTextHandler(&log, nil)), Console: io.Discard, Client: &keeper{}})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Shutdown(t.Context()); err != nil || !strings.Contains(log.String(), "OT2-P008") {
		t.Errorf("shutdown: %v, log: %s", err, log.String())
	}
}

// The spans that an app reports say which ids it can take and that it joins spans.
func TestLearner(t *testing.T) {
	app := config.Headers{App: rewrite.B3Multi}
	for _, test := range []struct {
		name    string
		payload []byte
		format  translate.Format
		want    rewrite.Learned
	}{
		{"Go client", payload(t, "jaeger-batch/jaeger-go-http-rich-128.bin"), translate.JaegerBatch,
			rewrite.Learned{Width: rewrite.Width128, Baggage: rewrite.B3BaggagePlain}},
		{"shared span", []byte(`[{"traceId":"1","id":"a","kind":"SERVER","shared":true}]`), translate.ZipkinV2JSON, rewrite.Learned{Joins: true}},
		{"nothing to learn", []byte(`[{"traceId":"1","id":"a","tags":{"ot2otel.zipkin.shared":"true"}}]`), translate.ZipkinV2JSON, rewrite.Learned{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			learned, err := app.Rewriter(nil)
			if err != nil {
				t.Fatal(err)
			}
			data, report, err := translate.New(translate.Config{}).Append(nil, test.format, test.payload, 1)
			if err != nil {
				t.Fatal(err)
			}
			sink := &full{}
			l := newLearner(sink, learned, "")
			for range 2 {
				if err := l.Put(data, report.Spans); !errors.Is(err, errFull) {
					t.Errorf("Put returns %v, not what the sink does", err)
				}
			}
			if got := learned.Learned(); got != test.want || sink.spans != 2*report.Spans {
				t.Errorf("learned %+v, want %+v; the sink got %d spans", got, test.want, sink.spans)
			}
		})
	}
}

// A full sink takes nothing.
type full struct{ spans int }

var errFull = errors.New("full")

func (f *full) Put(_ []byte, spans int) error {
	f.spans += spans
	return errFull
}

func TestSidecarAddresses(t *testing.T) {
	c := config.Config{ListenHost: "0.0.0.0"}
	c.Sidecar.Inbound = []config.Inbound{{Address: ":1", App: "127.0.0.1:2"}}
	c.Sidecar.Outbound = []string{":3", "10.0.0.1:4"}
	c.Sidecar.Upstreams = []config.Upstream{{Name: "a"}, {Address: ":5"}}
	addresses, _ := Addresses(&c)
	var got []string
	for _, a := range addresses {
		got = append(got, a.Name+" "+a.Host)
	}
	want := "sidecar-inbound 0.0.0.0:1, sidecar-outbound 127.0.0.1:3, sidecar-outbound 10.0.0.1:4, sidecar-upstream 127.0.0.1:5"
	if strings.Join(got, ", ") != want {
		t.Errorf("got %q", got)
	}
}

func TestBadUpstreamCA(t *testing.T) {
	c := withSidecar(t, "127.0.0.1:1")
	c.Sidecar.UpstreamCA = "sidecar_test.go"
	_, err := Start(c, Options{Log: slog.New(slog.DiscardHandler), Console: io.Discard})
	if err == nil || !strings.Contains(err.Error(), "no certificates in PEM  [OT2-P007]") {
		t.Errorf("error is %v", err)
	}
}

// A request that does not end leaves the queues half of the time.
func TestHalfOf(t *testing.T) {
	ctx, cancel := halfOf(t.Context())
	defer cancel()
	if _, ok := ctx.Deadline(); ok {
		t.Error("time without an end has half of an end")
	}
	hour, cancelHour := context.WithTimeout(t.Context(), time.Hour)
	defer cancelHour()
	half, cancelHalf := halfOf(hour)
	defer cancelHalf()
	if end, _ := half.Deadline(); time.Until(end).Round(time.Minute) != 30*time.Minute {
		t.Errorf("half of an hour is %s", time.Until(end))
	}
}

// Envoy's requests are rewritten by the same rewriter, and counted.
func TestSidecarForEnvoy(t *testing.T) {
	c := anyPorts(t)
	c.Sidecar.ExtProc = "0"
	p := start(t, c, &keeper{})
	conn, err := grpc.NewClient(at(t, p, sidecarExtProc), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	stream, err := processor.NewExternalProcessorClient(conn).Process(metadata.AppendToOutgoingContext(t.Context(), extproc.LegKey, "inbound"))
	if err != nil {
		t.Fatal(err)
	}
	headers := &core.HeaderMap{Headers: []*core.HeaderValue{{Key: "traceparent", RawValue: []byte("00-" + packetTrace + "-00f067aa0ba902b7-01")}}}
	request := &processor.ProcessingRequest{Request: &processor.ProcessingRequest_RequestHeaders{RequestHeaders: &processor.HttpHeaders{Headers: headers}}}
	if err := stream.Send(request); err != nil {
		t.Fatal(err)
	}
	answer, err := stream.Recv()
	if err != nil {
		t.Fatal(err)
	}
	set := answer.GetRequestHeaders().GetResponse().GetHeaderMutation().GetSetHeaders()
	if len(set) != 1 || string(set[0].Header.RawValue) != packetLow+":00f067aa0ba902b7:0:1" {
		t.Errorf("set %v", set)
	}
	if _, metrics := get(t, "http://"+at(t, p, adminName)+"/metrics"); !strings.Contains(metrics, `ot2otel_rewrite_total{from="w3c",leg="inbound",to="jaeger"} 1`) {
		t.Error("not counted")
	}
	if err := conn.Close(); err != nil {
		t.Error(err)
	}
	if err := p.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
}
