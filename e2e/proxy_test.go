package e2e

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/ot2otel/ot2otel/e2e/backend"
	"github.com/ot2otel/ot2otel/e2e/corpus"
)

// A proxy is the binary, running on free ports of the loopback interface.
type proxy struct {
	compact, binary, http, admin string // addresses
	old, grpc, zipkin            string // UDP 5775, Jaeger's and Zipkin's
	otlpGRPC, otlpHTTP           string

	process *exec.Cmd
	exited  chan struct{} // closed when it has ended
	err     error         // how; only then
	log     *output
}

// patience is how long anything in these tests may take that should take no time.
const patience = 10 * time.Second

// start runs the binary, waits until it is ready and stops it when the test
// ends. It sends to b over gRPC if b is not nil. Its whole environment is that,
// and variables, which win.
func start(t testing.TB, b *backend.Backend, variables ...string) *proxy {
	t.Helper()
	p := &proxy{exited: make(chan struct{}), log: &output{}}
	p.process = exec.Command(binary)
	p.process.Env = append(environment(b), variables...)
	p.process.Stdout, p.process.Stderr = p.log, p.log
	if err := p.process.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		p.err = p.process.Wait()
		close(p.exited)
	}()
	t.Cleanup(func() { p.end(t) })
	p.awaitReady(t)
	return p
}

// environment has port 0 for every listener: any free one.
func environment(b *backend.Backend) []string {
	const anyPort = "127.0.0.1:0"
	variables := []string{
		"OT2OTEL_JAEGER_COMPACT_ADDRESS=" + anyPort,
		"OT2OTEL_JAEGER_BINARY_ADDRESS=" + anyPort,
		"OT2OTEL_JAEGER_HTTP_ADDRESS=" + anyPort,
		"OT2OTEL_JAEGER_GRPC_ADDRESS=" + anyPort,
		"OT2OTEL_ZIPKIN_COMPACT_ADDRESS=" + anyPort,
		"OT2OTEL_ZIPKIN_HTTP_ADDRESS=" + anyPort,
		"OT2OTEL_OTLP_GRPC_ADDRESS=" + anyPort,
		"OT2OTEL_OTLP_HTTP_ADDRESS=" + anyPort,
		"OT2OTEL_ADMIN_ADDRESSES=" + anyPort,
		"OT2OTEL_BATCH_MAX_AGE=10ms",
	}
	if b != nil {
		variables = append(variables, "OTEL_EXPORTER_OTLP_ENDPOINT=http://"+b.GRPC, "OTEL_EXPORTER_OTLP_PROTOCOL=grpc")
	}
	return variables
}

func (p *proxy) end(t testing.TB) {
	_ = p.process.Process.Kill()
	<-p.exited
	if t.Failed() {
		t.Logf("the proxy said:\n%s", p.log)
	}
}

// awaitReady waits until the proxy has said where it listens, and is ready.
func (p *proxy) awaitReady(t testing.TB) {
	t.Helper()
	eventually(t, "the proxy is ready", func() error {
		select {
		case <-p.exited:
			t.Fatalf("the proxy ended: %v", p.err)
		default:
		}
		if err := p.readAddresses(); err != nil {
			return err
		}
		_, err := get("http://" + p.admin + "/readyz")
		return err
	})
}

// said is a line like "in    jaeger-http  127.0.0.1:14268/tcp".
var said = regexp.MustCompile(`(?m)^ .* (\S+) +(127\.0\.0\.1:\d+)/(?:udp|tcp)$`)

// readAddresses reads where the proxy listens off the screen that it starts with.
func (p *proxy) readAddresses() error {
	places := map[string]*string{
		"admin": &p.admin, "jaeger-compact": &p.compact, "jaeger-binary": &p.binary, "jaeger-http": &p.http,
		"zipkin-compact": &p.old, "jaeger-grpc": &p.grpc, "zipkin": &p.zipkin, "otlp-grpc": &p.otlpGRPC, "otlp-http": &p.otlpHTTP,
	}
	for _, line := range said.FindAllStringSubmatch(p.log.String(), -1) {
		if place, ok := places[line[1]]; ok {
			*place = line[2]
			delete(places, line[1])
		}
	}
	if len(places) > 0 {
		return fmt.Errorf("addresses of %v are not said", slices.Sorted(maps.Keys(places)))
	}
	return nil
}

// terminate sends SIGTERM and returns how the process ended.
func (p *proxy) terminate(t *testing.T) error {
	t.Helper()
	if err := p.process.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case <-p.exited:
		return p.err
	case <-time.After(patience):
		t.Fatal("the proxy did not end after SIGTERM")
		return nil
	}
}

// ports maps the standard ports to where this proxy listens instead.
func (p *proxy) ports() corpus.Ports {
	return corpus.Ports{
		5775: p.old, 6831: p.compact, 6832: p.binary, 14268: p.http, 14250: p.grpc,
		9411: p.zipkin, 4317: p.otlpGRPC, 4318: p.otlpHTTP,
	}
}

// metrics returns the samples of /metrics by name and labels, as they stand there.
func (p *proxy) metrics(t testing.TB) map[string]float64 {
	t.Helper()
	body, err := get("http://" + p.admin + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	samples := map[string]float64{}
	for line := range strings.Lines(body) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), " ")
		if f, err := strconv.ParseFloat(value, 64); ok && err == nil {
			samples[name] = f
		}
	}
	return samples
}

// awaitMetric waits until a sample has reached a value.
func (p *proxy) awaitMetric(t *testing.T, name string, least float64) {
	t.Helper()
	eventually(t, name, func() error {
		if v := p.metrics(t)[name]; v < least {
			return fmt.Errorf("is %v, want %v", v, least)
		}
		return nil
	})
}

func get(url string) (string, error) {
	resp, err := http.Get(url)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s: %s", url, resp.Status, body)
	}
	return string(body), err
}

// eventually tries until there is no error: another process gives no events to wait for.
func eventually(t testing.TB, what string, try func() error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		err := try()
		if err == nil {
			return
		}
		select {
		case <-time.After(time.Millisecond):
		case <-ctx.Done():
			t.Fatalf("%s: %v", what, err)
		}
	}
}

// output collects what a process writes.
type output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}
