package export

import (
	"bytes"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// pieces returns each ResourceSpans of td as a request of its own, as services send them.
func pieces(t *testing.T, td ptrace.Traces) (all [][]byte) {
	t.Helper()
	for _, rs := range td.ResourceSpans().All() {
		one := ptrace.NewTraces()
		rs.CopyTo(one.ResourceSpans().AppendEmpty())
		data, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(one)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, data)
	}
	return all
}

// TestConsoleGathersATrace that comes in pieces, and draws it as if it had come whole.
func TestConsoleGathersATrace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out lockedBuffer
		c := NewConsole(&out, Style{})
		for _, request := range pieces(t, shop()) {
			if err := c.Export(t.Context(), request); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
		}
		if out.String() != "" {
			t.Error("drawn before it was whole")
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if diff := cmp.Diff(drawn(t, shop(), Style{}), out.String()); diff != "" {
			t.Error(diff)
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
}

// TestConsoleDoesNotWaitForEver for a trace that goes on and on.
func TestConsoleDoesNotWaitForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out lockedBuffer
		c := NewConsole(&out, Style{})
		for range 11 {
			_ = c.Export(t.Context(), payload(t, "a", 1))
			time.Sleep(time.Second)
		}
		if !strings.Contains(out.String(), "11 spans") && !strings.Contains(out.String(), "10 spans") {
			t.Errorf("after 11 seconds: %q", out.String())
		}
		_ = c.Close()
	})
}

// TestConsoleIsBounded: with too many spans waiting, the oldest are drawn at once.
func TestConsoleIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out lockedBuffer
		c := NewConsole(&out, Style{})
		total := 0
		for i := range 30 {
			td := ptrace.NewTraces()
			spans := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans()
			for j := range 1000 {
				s := spans.AppendEmpty()
				s.SetTraceID(pcommon.TraceID{byte(i), 1: byte(j >> 8), 2: byte(j)})
				s.SetName("span")
			}
			total += 1000
			data, _ := (&ptrace.ProtoMarshaler{}).MarshalTraces(td)
			if err := c.Export(t.Context(), data); err != nil {
				t.Fatal(err)
			}
			if waiting := total - strings.Count(out.String(), "trace "); waiting > gatherSpans {
				t.Fatalf("%d spans wait", waiting)
			}
		}
		_ = c.Close()
		if got := strings.Count(out.String(), "trace "); got != total {
			t.Errorf("%d of %d spans drawn", got, total)
		}
	})
}

func TestConsoleTellsOfErrors(t *testing.T) {
	c := NewConsole(brokenPipe{}, Style{})
	if err := c.Export(t.Context(), []byte("\xff")); failure(t, err).Verdict != Refused {
		t.Errorf("garbage: %v", err)
	}
	_ = c.Export(t.Context(), payload(t, "a", 1))
	if err := c.Close(); err == nil || !strings.Contains(err.Error(), "broken pipe") {
		t.Errorf("Close: %v", err)
	}
	if err := c.Export(t.Context(), payload(t, "a", 1)); failure(t, err).Verdict != Refused {
		t.Errorf("after a failed write: %v", err)
	}
	c.timer.Stop()
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
