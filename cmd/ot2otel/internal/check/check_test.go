package check

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"go.uber.org/goleak"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/config"
	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/fault"
	"github.com/ot2otel/ot2otel/export"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// show is a result in short.
func show(r Result) string { return strings.TrimSpace(string(r.Status) + " " + r.ID) }

func statuses(results []Result) string {
	var all []string
	for _, r := range results {
		all = append(all, show(r))
	}
	return strings.Join(all, ", ")
}

func TestConfiguration(t *testing.T) {
	bad := errors.Join(fault.Errorf(problemExport, "a"), fault.Errorf(problemMemory, "b"))
	if got := statuses(Configuration(nil, "", bad)); got != "failed OT2-K003, failed OT2-K006" {
		t.Error(got)
	}
	if got := statuses(Configuration([]error{fault.Errorf(problemBuffer, "n")}, "valid", nil)); got != "ok, warning OT2-K004" {
		t.Error(got)
	}
}

func backend(t *testing.T, code int) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-protobuf")
		w.WriteHeader(code)
	}))
	t.Cleanup(s.Close)
	return s
}

func TestDestinations(t *testing.T) {
	good, missing, forbidden := backend(t, 200), backend(t, 404), backend(t, 401)
	secure := httptest.NewTLSServer(good.Config.Handler)
	defer secure.Close()
	for _, c := range []struct {
		name string
		c    export.Config
		want string
	}{
		{"takes OTLP", export.Config{Endpoint: good.URL}, "ok, ok"},
		{"404", export.Config{Endpoint: missing.URL}, "ok, failed OT2-K003"},
		{"401", export.Config{Endpoint: forbidden.URL}, "ok, failed OT2-K003"},
		{"nobody listens", export.Config{Endpoint: "http://127.0.0.1:1"}, "failed OT2-K001"},
		{"no such host", export.Config{Endpoint: "http://host.invalid:4318"}, "failed OT2-K001"},
		{"certificate is not trusted", export.Config{Endpoint: secure.URL}, "ok, ok, failed OT2-K003"},
		{"TLS where there is none", export.Config{Endpoint: strings.Replace(good.URL, "http", "https", 1)}, "ok, failed OT2-K003"},
		{"gRPC where there is HTTP", export.Config{Endpoint: good.URL, Protocol: export.GRPC}, "ok, failed OT2-K003"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			defer cancel()
			results := destination(ctx, c.c.WithDefaults(), "test")
			if got := statuses(results); got != c.want {
				t.Errorf("got %s, want %s: %+v", got, c.want, results)
			}
		})
	}
}

func TestHost(t *testing.T) {
	c := config.Config{ListenHost: "127.0.0.1", Destinations: []export.Config{{QueueBytes: 64 << 20}}}
	c.Jaeger.Compact.ReceiveBuffer = 4 << 20
	file := func(content string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(content + "\n")} }
	const rmem, memory = "proc/sys/net/core/rmem_max", "sys/fs/cgroup/memory.max"
	for _, x := range []struct {
		name string
		root fstest.MapFS
		env  []string
		want string
	}{
		{"nothing known", nil, nil, ""},
		{"enough", fstest.MapFS{rmem: file("4194304"), memory: file("1073741824")}, nil, "ok, ok"},
		{"no limit", fstest.MapFS{memory: file("max")}, nil, ""},
		{"small", fstest.MapFS{rmem: file("212992"), memory: file("67108864")}, nil, "warning OT2-K004, warning OT2-K006"},
		{"in Docker", fstest.MapFS{".dockerenv": file("")}, nil, "warning OT2-K005"},
		{"in Kubernetes", nil, []string{"KUBERNETES_SERVICE_HOST=10.0.0.1"}, "warning OT2-K005"},
	} {
		if got := statuses(host(&c, Options{Root: x.root, Environ: x.env})); got != x.want {
			t.Errorf("%s: %s, want %s", x.name, got, x.want)
		}
	}
	c.ListenHost = "0.0.0.0"
	if got := statuses(host(&c, Options{Root: fstest.MapFS{".dockerenv": file("")}})); got != "ok" {
		t.Errorf("with 0.0.0.0 in a container: %s", got)
	}
}

func TestPorts(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	var c config.Config
	c.Jaeger.HTTP = config.HTTP{Enabled: true, Address: taken.Addr().String()}
	o := Options{Timeout: time.Second}
	if got := statuses(ports(t.Context(), &c, o)); got != "failed OT2-P001" {
		t.Errorf("a port in use is %s", got)
	}

	running := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/metrics" {
			fmt.Fprint(w, "ot2otel_build_info 1\n")
		}
	}))
	defer running.Close()
	c.Admin.Addresses = []string{running.Listener.Addr().String()}
	if got := statuses(ports(t.Context(), &c, o)); got != "ok, ok" {
		t.Errorf("where ot2otel runs already it is %s", got)
	}
}
