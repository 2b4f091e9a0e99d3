package export

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestQueueHandsOutAtSizeOrAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := NewQueue(1000, 100, 200*time.Millisecond)
		start := time.Now()
		go func() {
			time.Sleep(time.Second)
			_ = q.Put(make([]byte, 60), 1)
			time.Sleep(50 * time.Millisecond)
			_ = q.Put(make([]byte, 60), 1)
		}()
		var got []time.Duration
		for range 2 {
			b, err := q.Next(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, time.Since(start))
			q.Done(b)
		}
		want := []time.Duration{1050 * time.Millisecond, 1250 * time.Millisecond} // full when the second came; then by age
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

// TestQueueWakesEveryWaiter has more senders than batches at first, and loses no wake-up.
func TestQueueWakesEveryWaiter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := NewQueue(1<<20, 10, 100*time.Millisecond)
		var mu sync.Mutex
		got := 0
		for range 5 {
			go func() {
				for {
					b, err := q.Next(t.Context())
					if err != nil {
						return
					}
					mu.Lock()
					got += b.Spans
					mu.Unlock()
					time.Sleep(30 * time.Millisecond) // sending
					q.Done(b)
				}
			}()
		}
		synctest.Wait()
		for i := range 200 {
			if err := q.Put(make([]byte, 1+i%10), 1); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Duration(i%7) * time.Millisecond)
		}
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if got != 200 {
			t.Errorf("%d of 200 spans came out in time", got)
		}
		q.Close()
	})
}

// TestQueueBurstReachesIdleWaiters: three batches at once go to three waiters, each of which is then busy for long.
func TestQueueBurstReachesIdleWaiters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := NewQueue(1<<20, 10, 100*time.Millisecond)
		var served atomic.Int32
		for range 3 {
			go func() {
				if _, err := q.Next(t.Context()); err == nil {
					served.Add(1)
				}
			}()
		}
		synctest.Wait()
		for range 3 {
			_ = q.Put(make([]byte, 10), 1)
		}
		time.Sleep(time.Second)
		if served.Load() != 3 {
			t.Errorf("%d of 3 batches were handed out", served.Load())
		}
		q.Close()
	})
}

// TestQueueWaiterThatLeaves passes on what it was woken for.
func TestQueueWaiterThatLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := NewQueue(1<<20, 100, time.Second)
		var served atomic.Int32
		wait := func(ctx context.Context) {
			if _, err := q.Next(ctx); err == nil {
				served.Add(1)
			}
		}
		ctx, leave := context.WithCancel(t.Context())
		go wait(ctx)
		synctest.Wait()
		go wait(t.Context())
		synctest.Wait()
		_ = q.Put(make([]byte, 10), 1) // wakes the first, which waits for the batch to age
		synctest.Wait()
		leave()
		time.Sleep(2 * time.Second)
		if served.Load() != 1 {
			t.Error("the batch was handed to nobody")
		}
		q.Close()
	})
}

func TestQueueNextEndsWithContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := NewQueue(10, 10, time.Second).Next(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}

func TestQueueDiscardCountsWhatIsLost(t *testing.T) {
	q := NewQueue(100, 10, 0)
	for range 5 {
		_ = q.Put(make([]byte, 7), 3)
	}
	out, _ := q.Next(t.Context())
	q.Close()
	if lost := q.Discard(); lost != 12 {
		t.Errorf("%d spans lost, want 12", lost)
	}
	q.Done(out)
	if n, spans := q.Waiting(); n != 0 || spans != 0 {
		t.Errorf("%d bytes, %d spans left", n, spans)
	}
}

// TestConcatenationIsOneRequest: payloads side by side are one valid request with all spans in order.
func TestConcatenationIsOneRequest(t *testing.T) {
	q := NewQueue(1<<20, 1<<20, 0)
	var want []string
	for _, data := range [][]byte{payload(t, "a", 2, 1), payload(t, "b", 3), payload(t, "c", 1)} {
		want = append(want, spanNames(t, data)...)
		if err := q.Put(data, 1); err != nil {
			t.Fatal(err)
		}
	}
	b, err := q.Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, spanNames(t, b.Data)); diff != "" {
		t.Error(diff)
	}
}

func TestQueuePutDoesNotAllocate(t *testing.T) {
	q := NewQueue(64<<20, defaultBatchBytes, 0)
	data := make([]byte, 2000)
	fill := func() { // one whole batch, which is then free for the next
		for range defaultBatchBytes / len(data) {
			_ = q.Put(data, 4)
		}
		b, _ := q.Next(t.Context())
		q.Done(b)
	}
	fill()
	puts := float64(defaultBatchBytes / len(data))
	if allocs := testing.AllocsPerRun(10, fill) / puts; allocs > 0.01 {
		t.Errorf("%.3f allocations a Put", allocs)
	}
}

// TestQueueGivesMemoryBack as soon as a backlog is gone, without help from outside.
func TestQueueGivesMemoryBack(t *testing.T) {
	heap := func() int {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int(m.HeapInuse)
	}
	runtime.GC()
	before := heap()
	q := NewQueue(32<<20, defaultBatchBytes, 0)
	data := make([]byte, 60_000)
	for q.Put(data, 1) == nil {
	}
	runtime.GC()
	if full := heap() - before; full > 40<<20 {
		t.Errorf("32 MiB take %d MiB", full>>20)
	}
	for {
		if n, _ := q.Waiting(); n == 0 {
			break
		}
		b, _ := q.Next(t.Context())
		q.Done(b)
	}
	if after := heap(); after > before+2<<20 {
		t.Errorf("%d KiB left of an empty queue", (after-before)>>10)
	}
	runtime.KeepAlive(q)
}

// TestQueueShrinksWithItsTraffic: batches of a busy hour are not kept for a quiet one.
func TestQueueShrinksWithItsTraffic(t *testing.T) {
	q := NewQueue(32<<20, defaultBatchBytes, 0)
	next := func(bytes int) *Batch {
		_ = q.Put(make([]byte, bytes), 1)
		b, _ := q.Next(t.Context())
		q.Done(b)
		return b
	}
	next(2 << 20)
	if b := next(1 << 20); cap(b.Data) < 2<<20 {
		t.Error("a batch of a busy queue is not used again")
	}
	next(1000)
	if b := next(1000); cap(b.Data) > 64<<10 {
		t.Errorf("1000 bytes are in a batch of %d", cap(b.Data))
	}
}
