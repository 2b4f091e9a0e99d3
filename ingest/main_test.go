package ingest

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"github.com/ot2otel/ot2otel/translate"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A rig is an Intake whose every edge a test can see. Its payloads are the
// text that fakeAppender reads, unless real is called.
type rig struct {
	*Intake
	sink *fakeSink
	reg  *prometheus.Registry
	log  *logBuffer
}

func newRig() *rig {
	r := &rig{sink: newFakeSink(), reg: prometheus.NewRegistry(), log: new(logBuffer)}
	r.Intake = &Intake{
		Sink:        r.sink,
		Metrics:     NewMetrics(r.reg),
		Log:         slog.New(slog.NewTextHandler(r.log, nil)),
		newAppender: func() appender { return fakeAppender{} },
	}
	return r
}

// fakeAppender reads payloads of the form "<spans> anything".
type fakeAppender struct{}

func (fakeAppender) Append(dst []byte, _ translate.Format, src []byte, _ uint64) ([]byte, translate.Report, error) {
	var r translate.Report
	if strings.HasPrefix(string(src), "panic") {
		panic("boom")
	}
	if _, err := fmt.Sscan(string(src), &r.Spans); err != nil {
		return dst, r, fmt.Errorf("no number: %w", err)
	}
	return append(dst, src...), r, nil
}

// A fakeSink takes what it is given, or fails as it is told.
type fakeSink struct {
	puts chan string // of what was taken

	mu    sync.Mutex
	fail  func() error // nil: takes everything
	spans int
}

func newFakeSink() *fakeSink { return &fakeSink{puts: make(chan string, 10_000)} }

func (s *fakeSink) Put(data []byte, spans int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil {
		if err := s.fail(); err != nil {
			return err
		}
	}
	s.spans += spans
	s.puts <- string(data)
	return nil
}

var errFull = errors.New("queue is full")

func full() error { return errFull }

// next returns what was put next.
func (s *fakeSink) next(t *testing.T) string {
	t.Helper()
	select {
	case p := <-s.puts:
		return p
	case <-time.After(10 * time.Second):
		t.Fatal("nothing was put into the sink")
		return ""
	}
}

// A logBuffer is a log that can be read while it is written.
type logBuffer struct {
	mu sync.Mutex
	strings.Builder
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Builder.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Builder.String()
}

var _ io.Writer = (*logBuffer)(nil)

// metrics returns every metric that is not zero, as in
// `refused_payloads_total jaeger-compact truncated` (label values only, and
// without the prefix that all have), except the receive buffer's.
func (r *rig) metrics(t testing.TB) map[string]float64 {
	t.Helper()
	families, err := r.reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]float64)
	for _, f := range families {
		for _, m := range f.Metric {
			name := strings.TrimPrefix(f.GetName(), "ot2otel_")
			for _, l := range m.Label {
				name += " " + l.GetValue()
			}
			if v := m.GetCounter().GetValue(); v != 0 {
				all[name] = v
			}
		}
	}
	return all
}

// payloads returns how many payloads were accepted, refused or dropped.
func (r *rig) payloads(t testing.TB) (n float64) {
	t.Helper()
	for name, v := range r.metrics(t) {
		if strings.Contains(name, "_payloads_total ") || strings.HasPrefix(name, "udp_dropped_packets_total ") {
			n += v
		}
	}
	return n
}

func (r *rig) wantMetrics(t *testing.T, want map[string]float64) {
	t.Helper()
	if diff := cmp.Diff(want, r.metrics(t)); diff != "" {
		t.Errorf("metrics (-want +got):\n%s", diff)
	}
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
