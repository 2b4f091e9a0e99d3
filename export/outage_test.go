package export

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"
)

// TestTimeoutIsRetryable: no answer within the timeout means try again.
func TestTimeoutIsRetryable(t *testing.T) {
	release := make(chan struct{})
	s := httpBackend(t, func(call, http.ResponseWriter) { <-release })
	s.Start()
	address := grpcBackend(t, func(call) ([]byte, error) { <-release; return nil, nil })
	defer close(release)
	for _, c := range []Config{{Endpoint: s.URL}, {Endpoint: "http://" + address, Protocol: GRPC}} {
		c.Timeout = 50 * time.Millisecond
		if f := failure(t, newClient(t, c).Export(t.Context(), payload(t, "a", 1))); f.Verdict != Again {
			t.Errorf("%+v", f)
		}
	}
}

// TestDrainWithAHungBackend ends in time on real sockets and leaves no goroutine, which TestMain checks.
func TestDrainWithAHungBackend(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() // accepts, by the kernel, and never answers
	for _, protocol := range []Protocol{GRPC, HTTPProtobuf} {
		c := Config{Name: string(protocol), Endpoint: "http://" + l.Addr().String(), Protocol: protocol}
		client, err := NewClient(c, "1")
		if err != nil {
			t.Fatal(err)
		}
		metrics, ledger := newLedger(t)
		d, err := NewDestination(c, client, metrics, quiet())
		if err != nil {
			t.Fatal(err)
		}
		go d.Run(context.Background())
		if err := d.Put(payload(t, "a", 5), 5); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		start := time.Now()
		if err := d.Drain(ctx); err == nil || time.Since(start) > 2*time.Second {
			t.Errorf("%s: Drain took %v: %v", protocol, time.Since(start), err)
		}
		cancel()
		if ledger.sum("ot2otel_dropped_spans_total", "reason", dropShutdown) != 5 {
			t.Errorf("%s: the spans are not counted", protocol)
		}
	}
}

// TestBackendThatComesBack: spans of an outage arrive once it is over, on real sockets.
func TestBackendThatComesBack(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	c := Config{Endpoint: "http://" + address, Protocol: HTTPProtobuf, BatchAge: time.Millisecond, Retry: Retry{Min: time.Millisecond, Max: 20 * time.Millisecond}}
	metrics, _ := newLedger(t)
	client, err := NewClient(c, "1")
	if err != nil {
		t.Fatal(err)
	}
	d, err := NewDestination(c, client, metrics, quiet())
	if err != nil {
		t.Fatal(err)
	}
	go d.Run(context.Background())
	var want []string
	for i := range 20 {
		data := payload(t, fmt.Sprint(i), 3)
		want = append(want, spanNames(t, data)...)
		if err := d.Put(data, 3); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Millisecond)
	}
	var mu sync.Mutex
	var got []string
	s := http.Server{Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		got = append(got, spanNames(t, body)...)
	})}
	if l, err = net.Listen("tcp", address); err != nil {
		t.Skipf("the port was taken meanwhile: %v", err)
	}
	go func() { _ = s.Serve(l) }()
	defer s.Close()
	if err := d.Drain(t.Context()); err != nil {
		t.Error(err)
	}
	if !slices.Equal(sorted(got), sorted(want)) {
		t.Errorf("%d of %d spans arrived", len(got), len(want))
	}
}
