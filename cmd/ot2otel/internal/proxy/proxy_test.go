package proxy

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
	"go.uber.org/goleak"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/config"
	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/fault"
	"github.com/ot2otel/ot2otel/export"
	"github.com/ot2otel/ot2otel/ingest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// anyPorts is the default configuration at ports that are free.
func anyPorts(t *testing.T) config.Config {
	t.Helper()
	l, err := config.Load(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	c := l.Config
	for _, address := range []*string{
		&c.Jaeger.Compact.Address, &c.Jaeger.Binary.Address, &c.Jaeger.HTTP.Address, &c.Jaeger.GRPC.Address,
		&c.Zipkin.Compact.Address, &c.Zipkin.HTTP.Address, &c.OTLP.GRPC.Address, &c.OTLP.HTTP.Address,
	} {
		*address = "0"
	}
	c.Admin.Addresses = []string{"0"}
	return c
}

func start(t *testing.T, c config.Config, client export.Client) *Proxy {
	t.Helper()
	p, err := Start(c, Options{Log: slog.New(slog.DiscardHandler), Console: io.Discard, Client: client})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// at is where p listens under a name.
func at(t *testing.T, p *Proxy, name string) string {
	t.Helper()
	for _, l := range p.Listeners() {
		if l.Name == name {
			return l.Addr.String()
		}
	}
	t.Fatalf("nothing listens as %s", name)
	return ""
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	defer http.DefaultClient.CloseIdleConnections()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

func post(t *testing.T, p *Proxy) int {
	t.Helper()
	defer http.DefaultClient.CloseIdleConnections()
	url := "http://" + at(t, p, ingest.ListenerJaegerHTTP) + "/api/traces"
	answer, err := http.Post(url, "application/x-thrift", bytes.NewReader(payload(t, "jaeger-batch/jaeger-go-http-rich-128.bin")))
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	return answer.StatusCode
}

func payload(t *testing.T, name string) []byte {
	t.Helper()
	p, err := os.ReadFile("../../../../testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// A counter is a backend that counts spans.
type counter struct{ spans atomic.Int64 }

func (c *counter) Export(_ context.Context, request []byte) error {
	r := ptraceotlp.NewExportRequest()
	if err := r.UnmarshalProto(request); err != nil {
		return err
	}
	c.spans.Add(int64(r.Traces().SpanCount()))
	return nil
}

// Packets that were sent before the end come out, and so does what waits in the queue.
func TestShutdownLosesNothing(t *testing.T) {
	const packets = 50
	backend := &counter{}
	p := start(t, anyPorts(t), backend)
	conn, err := net.Dial("udp", at(t, p, ingest.ListenerJaegerCompact))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	packet := payload(t, "jaeger-compact/jaeger-go-udp-basic.bin")
	for range packets {
		if _, err := conn.Write(packet); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := backend.spans.Load(); n != packets {
		t.Errorf("%d of %d spans came out", n, packets)
	}
}

// A backend that is down costs readiness only when the queue is nearly full,
// health never, and at the end the loss is said.
func TestBackendDown(t *testing.T) {
	c := anyPorts(t)
	c.Jaeger.HTTP.Wait = 0
	c.Destinations = []export.Config{{Name: "down", Endpoint: "http://127.0.0.1:1", QueueBytes: 64 << 10}}
	p := start(t, c, nil)
	admin := "http://" + at(t, p, adminName)
	if code := post(t, p); code != http.StatusAccepted {
		t.Fatalf("the first batch is answered %d", code)
	}
	if code, body := get(t, admin+"/readyz"); code != http.StatusOK {
		t.Errorf("with room in the queue: %d %s", code, body)
	}
	for code := 0; code != http.StatusServiceUnavailable; {
		code = post(t, p)
	}
	if code, body := get(t, admin+"/readyz"); code != http.StatusServiceUnavailable || !strings.HasSuffix(body, "% full\n") {
		t.Errorf("with a full queue: %d %s", code, body)
	}
	if code, body := get(t, admin+"/"); code != http.StatusOK {
		t.Errorf("health: %d %s", code, body)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := p.Shutdown(ctx); err == nil || !strings.Contains(err.Error(), "destination down: ") {
		t.Errorf("the loss at the end is %v", err)
	}
}

func TestMetrics(t *testing.T) {
	p := start(t, anyPorts(t), &counter{})
	post(t, p)
	_, metrics := get(t, "http://"+at(t, p, adminName)+"/metrics")
	for _, line := range []string{
		`ot2otel_accepted_spans_total{listener="jaeger-http"} 6`,
		`ot2otel_refused_payloads_total{listener="jaeger-http",reason="truncated"} 0`,
		`ot2otel_sent_spans_total{destination="client"} `,
		`ot2otel_queue_bytes{destination="client"} `,
		`ot2otel_build_info{`,
		`process_resident_memory_bytes `,
		`go_goroutines `,
	} {
		if !strings.Contains(metrics, "\n"+line) {
			t.Errorf("no line begins with %s", line)
		}
	}
	if err := p.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// Either everything starts or nothing does.
func TestPortInUse(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	c := anyPorts(t)
	compact := freeUDP(t)
	c.Jaeger.Compact.Address = compact
	c.Jaeger.HTTP.Address = taken.Addr().String()
	c.Admin.Addresses = []string{taken.Addr().String()}
	_, err = Start(c, Options{Log: slog.New(slog.DiscardHandler), Console: io.Discard})
	if len(fault.Each(err)) != 2 || strings.Join(fault.IDs(err), " ") != problemPort.ID {
		t.Errorf("error is %v, want one for each of two keys", err)
	}
	for _, key := range []string{"admin.addresses: ", "jaeger.http.address: "} {
		if err != nil && !strings.Contains(err.Error(), key) {
			t.Errorf("%v does not name %s", err, key)
		}
	}
	if conn, err := net.ListenPacket("udp", compact); err != nil {
		t.Errorf("an address is still bound: %v", err)
	} else {
		conn.Close()
	}
}

func freeUDP(t *testing.T) string {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	return conn.LocalAddr().String()
}

func TestBadDestination(t *testing.T) {
	c := anyPorts(t)
	c.Destinations = []export.Config{
		{Name: "good", Endpoint: "http://127.0.0.1:1"},
		{Name: "bad", Endpoint: "https://127.0.0.1:1", TLS: export.TLS{CAFile: "nowhere.pem"}},
	}
	_, err := Start(c, Options{Log: slog.New(slog.DiscardHandler), Console: io.Discard})
	if err == nil || !strings.Contains(err.Error(), "destination bad: ") || !strings.Contains(err.Error(), "nowhere.pem") {
		t.Errorf("error is %v", err)
	}
}

// A listener that the system takes away is reported.
func TestListenerEnds(t *testing.T) {
	p := start(t, anyPorts(t), &counter{})
	p.fail(errors.New("first"))
	p.fail(errors.New("second"))
	if err := <-p.Failed(); err.Error() != "first" {
		t.Errorf("got %v", err)
	}
	if err := p.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestAddresses(t *testing.T) {
	c := anyPorts(t)
	c.ListenHost = "192.0.2.1"
	c.Jaeger.Binary.Enabled, c.Zipkin.HTTP.Enabled = false, false
	c.Admin.Addresses = []string{"1", "127.0.0.1:2"}
	var got []string
	all, notes := Addresses(&c)
	for _, a := range all {
		got = append(got, a.Name+" "+a.Host+"/"+a.Network)
	}
	want := "admin 192.0.2.1:1/tcp, admin 127.0.0.1:2/tcp, jaeger-compact 192.0.2.1:0/udp, zipkin-compact 192.0.2.1:0/udp, " +
		"jaeger-http 192.0.2.1:0/tcp, jaeger-grpc 192.0.2.1:0/tcp, otlp-grpc 192.0.2.1:0/tcp, otlp-http 192.0.2.1:0/tcp"
	if strings.Join(got, ", ") != want || notes != nil {
		t.Errorf("got %q, %v", got, notes)
	}
}
