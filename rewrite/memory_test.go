package rewrite_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ot2otel/ot2otel/rewrite"
)

var theTrace = rewrite.TraceID{High: 0x4bf92f3577b34da6, Low: 0xa3ce929d0e0e4736}

// A clock is set by hand.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

func newClock() *clock { return &clock{now: time.Unix(1_800_000_000, 0)} }

// TestMemoryForgets shows that an entry lives for its time since the trace was
// last seen inbound, by the clock that is passed in.
func TestMemoryForgets(t *testing.T) {
	c := newClock()
	m := rewrite.NewMemory(rewrite.MemoryConfig{TTL: time.Minute, Now: c.Now})
	m.Observe(theTrace, false, rewrite.Request{Span: 1, W3C: true, State: "a=1"})
	c.now = c.now.Add(59 * time.Second)
	if _, ok := m.Lookup(theTrace.Low, 0); !ok {
		t.Error("forgotten after 59 seconds")
	}
	m.Observe(theTrace, false, rewrite.Request{Span: 2, W3C: true})
	c.now = c.now.Add(59 * time.Second)
	if _, ok := m.TraceHigh(theTrace.Low); !ok {
		t.Error("forgotten though seen again")
	}
	c.now = c.now.Add(time.Second)
	if _, ok := m.Lookup(theTrace.Low, 0); ok {
		t.Error("not forgotten after a minute")
	}
	if _, ok := m.TraceHigh(theTrace.Low); ok {
		t.Error("not forgotten for spans after a minute")
	}
	if s := m.Stats(); s.Entries != 0 || s.Bytes != 0 || s.Expirations != 1 {
		t.Errorf("stats %+v, want nothing left and one expiration", s)
	}
}

// TestMemoryIsBoundedInEntries shows that the trace seen longest ago goes first.
func TestMemoryIsBoundedInEntries(t *testing.T) {
	m := rewrite.NewMemory(rewrite.MemoryConfig{Entries: 2})
	for low := uint64(1); low <= 3; low++ {
		m.Observe(rewrite.TraceID{High: 7, Low: low}, false, rewrite.Request{Span: 1, W3C: true})
		m.Lookup(1, 0) // in use
	}
	for low, want := range map[uint64]bool{1: true, 2: false, 3: true} {
		if _, ok := m.TraceHigh(low); ok != want {
			t.Errorf("trace %d is known: %v, want %v", low, ok, want)
		}
	}
	if s := m.Stats(); s.Entries != 2 || s.Evictions != 1 {
		t.Errorf("stats %+v, want 2 entries and an eviction", s)
	}
}

// TestMemoryIsBoundedInBytes shows that what is held never exceeds the bound,
// however long tracestate and baggage are, and that the accounts are right.
func TestMemoryIsBoundedInBytes(t *testing.T) {
	const most = 64 << 10
	m := rewrite.NewMemory(rewrite.MemoryConfig{Bytes: most})
	for i := range uint64(20_000) {
		id := rewrite.TraceID{High: 1 + i%3, Low: 1 + i*i%97}
		m.Observe(id, false, rewrite.Request{
			Span: rewrite.SpanID(i % 7), W3C: true,
			State: strings.Repeat("s", int(i%512)), Baggage: strings.Repeat("b", int(i%2000)),
		})
		if s := m.Stats(); s.Bytes > most {
			t.Fatalf("%d bytes held, want at most %d", s.Bytes, most)
		}
	}
	s := m.Stats()
	if s.Entries == 0 || s.Evictions == 0 || s.Collisions == 0 {
		t.Errorf("stats %+v, want entries, evictions and collisions", s)
	}
	m = rewrite.NewMemory(rewrite.MemoryConfig{Bytes: 100}) // not room for one
	m.Observe(theTrace, false, rewrite.Request{Span: 1, W3C: true})
	if s := m.Stats(); s.Entries != 0 || s.Bytes != 0 {
		t.Errorf("stats %+v of a memory without room", s)
	}
}

// TestMemoryUpgrades shows that a high half is taken up later than the low one,
// is not lost again, and that another high half is another trace.
func TestMemoryUpgrades(t *testing.T) {
	m := rewrite.NewMemory(rewrite.MemoryConfig{})
	short := rewrite.TraceID{Low: theTrace.Low}
	m.Observe(short, false, rewrite.Request{Span: 1, W3C: true, State: "a=1"})
	m.Observe(theTrace, true, rewrite.Request{Span: 2, W3C: true, State: "b=1"})
	m.Observe(short, false, rewrite.Request{Span: 3})
	got, _ := m.Lookup(theTrace.Low, 2)
	want := rewrite.Recall{High: theTrace.High, Random: true, Request: rewrite.Request{Span: 2, W3C: true, State: "b=1"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("recalled (-want +got):\n%s", diff)
	}
	m.Observe(rewrite.TraceID{High: 1, Low: theTrace.Low}, false, rewrite.Request{Span: 4, W3C: true})
	got, _ = m.Lookup(theTrace.Low, 2)
	want = rewrite.Recall{High: 1, Request: rewrite.Request{Span: 4, W3C: true}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("recalled after a collision (-want +got):\n%s", diff)
	}
	if s := m.Stats(); s.Upgrades != 1 || s.Collisions != 1 {
		t.Errorf("stats %+v, want an upgrade and a collision", s)
	}
}

// TestMemoryLearnsFromSpans shows that a span with a whole trace id teaches
// the memory, but does not overrule headers.
func TestMemoryLearnsFromSpans(t *testing.T) {
	m := rewrite.NewMemory(rewrite.MemoryConfig{})
	m.LearnTrace(rewrite.TraceID{Low: 5})
	if _, ok := m.TraceHigh(5); ok {
		t.Error("learned from an id without a high half")
	}
	m.LearnTrace(theTrace)
	m.LearnTrace(rewrite.TraceID{High: 1, Low: theTrace.Low})
	if high, _ := m.TraceHigh(theTrace.Low); high != theTrace.High {
		t.Errorf("high half %x, want %x", high, theTrace.High)
	}
	if _, ok := m.Lookup(theTrace.Low, 0); !ok {
		t.Error("outbound headers do not learn from spans")
	}
}

// TestMemoryOutlivesTheProcess shows that trace ids survive a restart, the
// others in the order of their use, and that a bad file is refused by its line.
func TestMemoryOutlivesTheProcess(t *testing.T) {
	c := newClock()
	m := rewrite.NewMemory(rewrite.MemoryConfig{Entries: 4, TTL: time.Minute, Now: c.Now})
	m.Observe(rewrite.TraceID{High: 9, Low: 9}, false, rewrite.Request{Span: 1, W3C: true})
	c.now = c.now.Add(time.Hour)
	m.Observe(theTrace, false, rewrite.Request{Span: 1, W3C: true, State: "a=1"})
	m.Observe(rewrite.TraceID{High: 2, Low: 3}, false, rewrite.Request{Span: 1, W3C: true})
	m.Observe(rewrite.TraceID{Low: 4}, false, rewrite.Request{Span: 1, W3C: true, State: "a=1"})
	m.TraceHigh(theTrace.Low) // used last
	var file bytes.Buffer
	if err := m.Export(&file); err != nil {
		t.Fatal(err)
	}
	want := "0000000000000003 0000000000000002\n" + low + " " + high + "\n"
	if diff := cmp.Diff(want, file.String()); diff != "" {
		t.Errorf("exported (-want +got):\n%s", diff)
	}
	restarted := rewrite.NewMemory(rewrite.MemoryConfig{Entries: 1})
	if err := restarted.Import(&file); err != nil {
		t.Fatal(err)
	}
	if high, ok := restarted.TraceHigh(theTrace.Low); !ok || high != theTrace.High {
		t.Errorf("after the restart the high half is %x (%v)", high, ok)
	}
	for _, bad := range []string{"1 2\n", low + "\n", low + " " + high + "x\n", strings.Repeat("z", 33)} {
		err := restarted.Import(strings.NewReader("0000000000000003 0000000000000002\n" + bad))
		if err == nil || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("import of %q: error %v, want one that names line 2", bad, err)
		}
	}
}

func inbound(t *testing.T, r *rewrite.Rewriter, span, state string) {
	t.Helper()
	h := http.Header{"Traceparent": {"00-" + full + "-" + span + "-01"}}
	if state != "" {
		h["Tracestate"] = []string{state}
	}
	if res := r.Inbound(rewrite.Header(h), netip.Addr{}); res.Written == 0 {
		t.Fatal(res.String())
	}
}

// outboundState makes a call in the trace, the span of which has the given
// parent, and returns its tracestate.
func outboundState(r *rewrite.Rewriter, parent string) string {
	h := http.Header{"Uber-Trace-Id": {low + ":" + child + ":" + parent + ":1"}}
	r.Outbound(rewrite.Header(h), "")
	return h.Get("Tracestate")
}

// TestConcurrentRequestsOfOneTrace shows what is known about two requests of one
// trace with different tracestates that are in one app at a time: a call made
// by the server's span itself, or by a span that shares the caller's id, names
// the request as its parent and gets its tracestate; a call by another span
// cannot be told apart and gets the latest.
func TestConcurrentRequestsOfOneTrace(t *testing.T) {
	r := newRewriter(t, rewrite.Config{App: rewrite.Jaeger, Memory: rewrite.NewMemory(rewrite.MemoryConfig{})})
	spans := []string{"1000000000000001", "1000000000000002", "1000000000000003", "1000000000000004"}
	for i, span := range spans {
		inbound(t, r, span, fmt.Sprintf("request=%d", i))
	}
	for i, span := range spans {
		if got, want := outboundState(r, span), fmt.Sprintf("request=%d", i); got != want {
			t.Errorf("call by the server of request %d: tracestate %q, want %q", i, got, want)
		}
	}
	if got := outboundState(r, "00000000000000ff"); got != "request=3" {
		t.Errorf("call by another span: tracestate %q, want that of the latest request", got)
	}
	inbound(t, r, "1000000000000005", "")
	if got := outboundState(r, "00000000000000ff"); got != "" {
		t.Errorf("tracestate %q, but the latest request had none", got)
	}
	if got := outboundState(r, spans[0]); got != "" {
		t.Errorf("tracestate %q for the fifth request back, want that of the latest: none", got)
	}
	if got := outboundState(r, spans[1]); got != "request=1" {
		t.Errorf("tracestate %q for the fourth request back, want request=1", got)
	}
}

// TestRequestSeenAgain shows that a second rewriter on the inbound leg, which
// sees the legacy header only, does not make the first one's memory forget.
func TestRequestSeenAgain(t *testing.T) {
	r := newRewriter(t, rewrite.Config{App: rewrite.Jaeger, Memory: rewrite.NewMemory(rewrite.MemoryConfig{})})
	inbound(t, r, span, "a=1")
	r.Inbound(rewrite.Header{"Uber-Trace-Id": {low + ":" + span + ":0:1"}}, netip.Addr{})
	if got := outboundState(r, "0"); got != "a=1" {
		t.Errorf("tracestate %q, want a=1", got)
	}
	r.Inbound(rewrite.Header{"Uber-Trace-Id": {low + ":" + parent + ":0:1"}}, netip.Addr{})
	if got := outboundState(r, "0"); got != "" {
		t.Errorf("tracestate %q of another request, which had none", got)
	}
}

// TestRestart shows what a restart loses: without Export and Import the call is
// padded, as it is after an eviction; with them its trace is whole again.
func TestRestart(t *testing.T) {
	before := rewrite.NewMemory(rewrite.MemoryConfig{})
	inbound(t, newRewriter(t, rewrite.Config{App: rewrite.Jaeger, Memory: before}), span, "a=1")
	var file bytes.Buffer
	if err := before.Export(&file); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"empty": padded, "imported": full} {
		after := rewrite.NewMemory(rewrite.MemoryConfig{})
		if name == "imported" {
			if err := after.Import(&file); err != nil {
				t.Fatal(err)
			}
		}
		h := http.Header{"Uber-Trace-Id": {low + ":" + child + ":" + span + ":1"}}
		newRewriter(t, rewrite.Config{App: rewrite.Jaeger, Memory: after}).Outbound(rewrite.Header(h), "")
		if got := h.Get("Traceparent"); got != "00-"+want+"-"+child+"-01" {
			t.Errorf("%s memory: traceparent %q, want trace %s", name, got, want)
		}
		if got := h.Get("Tracestate"); got != "" {
			t.Errorf("%s memory: tracestate %q", name, got)
		}
	}
}

// TestManyAtOnce runs both legs and what spans ask for at once; with the race
// detector it shows that nothing is shared unguarded.
func TestManyAtOnce(t *testing.T) {
	memory := rewrite.NewMemory(rewrite.MemoryConfig{Entries: 64, Bytes: 64 << 10})
	r := newRewriter(t, rewrite.Config{App: rewrite.Jaeger, Memory: memory})
	var wg sync.WaitGroup
	for g := range uint64(8) {
		wg.Go(func() {
			for i := range uint64(300) {
				id := rewrite.TraceID{High: g + 1, Low: i%100 + 1}
				h := http.Header{
					"Traceparent": {"00-" + id.String() + "-" + span + "-01"},
					"Tracestate":  {fmt.Sprintf("g=%d", g)}, "Baggage": {"userId=1;p"},
				}
				if res := r.Inbound(rewrite.Header(h), netip.Addr{}); res.Err != nil || len(h["Uber-Trace-Id"]) != 1 || len(h) != 2 {
					t.Errorf("inbound: %v, %s", h, res.String())
				}
				if res := r.Outbound(rewrite.Header(h), "db"); res.Err != nil || len(h["Traceparent"]) != 1 {
					t.Errorf("outbound: %v, %s", h, res.String())
				}
				memory.TraceHigh(id.Low)
				r.LearnClient("Go-2.30.0")
				memory.Stats()
			}
		})
	}
	wg.Wait()
	if s := memory.Stats(); s.Entries > 64 || s.Bytes > 64<<10 {
		t.Errorf("stats %+v, over the bounds", s)
	}
}
