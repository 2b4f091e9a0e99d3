package export

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestDrainSendsEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &backend{delay: 100 * time.Millisecond}
		r := newRig(t, Config{BatchAge: time.Hour, BatchBytes: 4 << 10}, b).start()
		for i := range 50 {
			r.put(payload(t, fmt.Sprint(i), 20))
		}
		start := time.Now()
		if err := r.drain(5 * time.Second); err != nil {
			t.Error(err)
		}
		if len(b.taken) != 1000 || time.Since(start) > 2*time.Second {
			t.Errorf("%d of 1000 spans taken in %v", len(b.taken), time.Since(start))
		}
		if err := r.Put(payload(t, "late", 1), 1); !errors.Is(err, ErrClosed) {
			t.Errorf("Put after Drain: %v", err)
		}
	})
}

// TestDrainKeepsToItsBudget with a backend that never answers, says try later, or asks for an hour.
func TestDrainKeepsToItsBudget(t *testing.T) {
	for name, b := range map[string]*backend{
		"hung":  {delay: time.Hour},
		"down":  {answer: func([]string, int) error { return &Failure{Verdict: Again, Status: "503"} }},
		"busy":  {answer: func([]string, int) error { return &Failure{Verdict: Again, Status: "503", Asked: time.Hour} }},
		"wrong": {answer: func([]string, int) error { return &Failure{Verdict: Held, Status: "404"} }},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, Config{BatchBytes: 4 << 10}, b).start()
				for i := range 30 {
					r.put(payload(t, fmt.Sprint(i), 10))
				}
				time.Sleep(time.Minute)
				start := time.Now()
				err := r.drain(3 * time.Second)
				if took := time.Since(start); took != 3*time.Second {
					t.Errorf("took %v", took)
				}
				if err == nil || !strings.Contains(err.Error(), "300 spans dropped at shutdown") {
					t.Errorf("error: %v", err)
				}
				if got := r.sum("ot2otel_dropped_spans_total", "reason", dropShutdown); got != 300 {
					t.Errorf("%d spans counted", got)
				}
				if !strings.Contains(r.log.String(), "id=OT2-E010 spans=300") {
					t.Error(r.log.String())
				}
			})
		})
	}
}

// TestDrainDoesNotSleepOn: a sender in the middle of a long wait tries again when draining begins, and every half second then.
func TestDrainDoesNotSleepOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var up atomic.Bool
		b := &backend{answer: func([]string, int) error {
			if !up.Load() {
				return &Failure{Verdict: Again, Status: noAnswer}
			}
			return nil
		}}
		r := newRig(t, Config{Retry: Retry{Min: 500 * time.Millisecond, Max: time.Hour}}, b).start()
		r.put(payload(t, "a", 5))
		time.Sleep(3 * time.Hour)
		time.AfterFunc(2*time.Second, func() { up.Store(true) })
		if err := r.drain(3 * time.Second); err != nil {
			t.Errorf("%v, %d spans taken", err, len(b.taken))
		}
	})
}

// TestEndOfContextEndsRun at once, and what is left is counted.
func TestEndOfContextEndsRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, Config{}, &backend{delay: time.Hour})
		r.put(payload(t, "a", 5))
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		r.Run(ctx)
		if got := r.sum("ot2otel_dropped_spans_total", "reason", dropShutdown); got != 5 {
			t.Errorf("%d of 5 spans dropped", got)
		}
		if err := r.Drain(t.Context()); err == nil {
			t.Error("Drain does not tell of the loss")
		}
	})
}

// TestDrainWithoutRun sends what waits all the same.
func TestDrainWithoutRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, Config{}, &backend{})
		r.put(payload(t, "a", 5))
		if err := r.Drain(t.Context()); err != nil || len(r.backend.taken) != 5 || !r.backend.closed {
			t.Errorf("error %v, %d of 5 spans taken, client closed: %v", err, len(r.backend.taken), r.backend.closed)
		}
		r.Run(t.Context()) // returns
		if err := r.Drain(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
