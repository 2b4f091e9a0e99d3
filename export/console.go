package export

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// A Console is a Client that draws traces instead of sending them. It gathers
// the spans of a trace for a while, so that its tree is drawn whole.
type Console struct {
	w     io.Writer
	style Style

	mu      sync.Mutex
	waiting []*gathering // by the arrival of their first span
	byID    map[pcommon.TraceID]*gathering
	spans   int // in waiting
	timer   *time.Timer
	failed  error // of the last write
}

// A gathering is a trace whose spans still come.
type gathering struct {
	*tree
	first, last time.Time // arrivals
}

const (
	gatherQuiet = 1500 * time.Millisecond // a trace is drawn when no span has come for so long
	gatherMost  = 10 * time.Second        // or when it has waited for so long
	gatherSpans = 10_000                  // or when so many spans wait, the oldest trace first
)

// NewConsole returns a Console that draws on w. Close draws what still waits.
func NewConsole(w io.Writer, s Style) *Console {
	return &Console{w: w, style: s, byID: map[pcommon.TraceID]*gathering{}}
}

// Export takes a request. Its error is that of w, as a Failure.
func (c *Console) Export(_ context.Context, request []byte) error {
	td, err := (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(request)
	if err != nil {
		return &Failure{Verdict: Refused, Status: "unreadable", Message: clip(err.Error())}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, t := range collect(td) {
		c.gather(t)
	}
	c.draw(time.Now())
	if c.failed != nil {
		return &Failure{Verdict: Refused, Status: "unwritable", Message: clip(c.failed.Error())}
	}
	return nil
}

// gather joins t to what has come of the same trace.
func (c *Console) gather(t *tree) {
	now := time.Now()
	c.spans += len(t.nodes)
	if g := c.byID[t.id]; g != nil {
		g.nodes = append(g.nodes, t.nodes...)
		g.last = now
		return
	}
	g := &gathering{t, now, now}
	c.byID[t.id] = g
	c.waiting = append(c.waiting, g)
}

// draw draws what is due and comes back when the next is.
func (c *Console) draw(now time.Time) {
	c.waiting = slices.DeleteFunc(c.waiting, func(g *gathering) bool {
		due := c.spans > gatherSpans || !now.Before(g.due())
		if due {
			c.write(g)
		}
		return due
	})
	if c.timer != nil {
		c.timer.Stop()
	}
	if len(c.waiting) > 0 {
		next := slices.MinFunc(c.waiting, func(a, b *gathering) int { return a.due().Compare(b.due()) })
		c.timer = time.AfterFunc(next.due().Sub(now), c.wake)
	}
}

func (g *gathering) due() time.Time {
	quiet, most := g.last.Add(gatherQuiet), g.first.Add(gatherMost)
	if most.Before(quiet) {
		return most
	}
	return quiet
}

func (c *Console) wake() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.draw(time.Now())
}

func (c *Console) write(g *gathering) {
	c.spans -= len(g.nodes)
	delete(c.byID, g.id)
	_, c.failed = c.w.Write(draw(g.tree, c.style))
}

// Close draws what waits. Export must not be called any more.
func (c *Console) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.draw(time.Now().Add(gatherMost))
	if c.failed != nil {
		return fmt.Errorf("write traces: %w", c.failed)
	}
	return nil
}
