package export

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// TestOneDeadDestinationDoesNotHoldBackOthers: they get everything, and it counts what it had no room for.
func TestOneDeadDestinationDoesNotHoldBackOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		metrics, l := newLedger(t)
		alive := &backend{t: t}
		dead := &backend{t: t, delay: time.Hour}
		var f Fanout
		for name, b := range map[string]*backend{"alive": alive, "dead": dead} {
			d, err := NewDestination(Config{Name: name, QueueBytes: 64 << 10, BatchBytes: 4 << 10}, b, metrics, quiet())
			if err != nil {
				t.Fatal(err)
			}
			f = append(f, d)
		}
		go f.Run(context.Background())
		put := 0
		for i := range 500 {
			data := payload(t, fmt.Sprint(i), 10)
			if err := f.Put(data, 10); err != nil {
				t.Fatalf("Put: %v", err)
			}
			put += 10
			time.Sleep(10 * time.Millisecond)
		}
		if full := f.Fill(); full > 0.5 {
			t.Errorf("fill is %.2f where one queue is nearly empty", full)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		if err := f.Drain(ctx); err == nil {
			t.Error("Drain does not tell of the dead one")
		}
		if len(alive.taken) != put || l.sum("ot2otel_dropped_spans_total", "destination", "alive") != 0 {
			t.Errorf("the living got %d of %d spans", len(alive.taken), put)
		}
		full := l.sum("ot2otel_dropped_spans_total", "destination", "dead", "reason", dropQueueFull)
		if full == 0 || full+l.settled("destination", "dead") != put {
			t.Errorf("of %d spans the dead one had no room for %d and settled %d", put, full, l.settled("destination", "dead"))
		}
	})
}

// TestFanoutRefusesWhenNoneTakes: then the caller answers for the spans and nothing is counted here.
func TestFanoutRefusesWhenNoneTakes(t *testing.T) {
	metrics, l := newLedger(t)
	var f Fanout
	for i := range 3 {
		d, err := NewDestination(Config{Name: fmt.Sprint(i), QueueBytes: 64 << 10}, &backend{t: t}, metrics, quiet())
		if err != nil {
			t.Fatal(err)
		}
		f = append(f, d)
	}
	data := payload(t, "a", 500) // fits once
	if err := f.Put(data, 500); err != nil {
		t.Fatal(err)
	}
	if err := f.Put(data, 500); !errors.Is(err, ErrFull) {
		t.Errorf("got %v", err)
	}
	if n := l.sum("ot2otel_dropped_spans_total"); n != 0 {
		t.Errorf("%d spans counted", n)
	}
	if want := float64(len(data)) / (64 << 10); f.Fill() != want {
		t.Errorf("fill is %v, want %v", f.Fill(), want)
	}
	if err := f.Drain(t.Context()); err != nil {
		t.Error(err)
	}
	if err := (Fanout{}).Put([]byte{1}, 1); err == nil {
		t.Error("spans went nowhere without an error")
	}
}

func TestNamesOfDestinationsDiffer(t *testing.T) {
	metrics, _ := newLedger(t)
	for i := range 2 {
		d, err := NewDestination(Config{Endpoint: "http://tempo:4317"}, &backend{t: t}, metrics, quiet())
		if (err != nil) != (i == 1) {
			t.Errorf("destination %d: %v", i, err)
		}
		if d != nil {
			t.Cleanup(func() { _ = d.Drain(context.Background()) })
		}
	}
}
