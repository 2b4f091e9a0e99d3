package export

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// A backend is a Client in memory that answers as told and remembers.
type backend struct {
	answer func(names []string, size int) error // nil is success
	delay  time.Duration

	t        testing.TB
	mu       sync.Mutex
	requests [][]byte
	at       []time.Time // of each request
	taken    []string    // names of spans, as often as they came in a request that was answered with success
	closed   bool
}

func (b *backend) Export(ctx context.Context, request []byte) error {
	if err := sleep(ctx, b.delay, nil); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.requests, b.at = append(b.requests, bytes.Clone(request)), append(b.at, time.Now())
	names := spanNames(b.t, request)
	if b.answer != nil {
		if err := b.answer(names, len(request)); err != nil {
			return err
		}
	}
	b.taken = append(b.taken, names...)
	return nil
}

// count returns the number of requests so far.
func (b *backend) count() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.requests)
}

func (b *backend) Close() error {
	b.closed = true
	return nil
}

// A rig is a running destination with its backend and metrics, in a synctest bubble.
type rig struct {
	ledger
	*Destination
	backend *backend
	log     *bytes.Buffer
	ended   chan struct{}
}

func newRig(t *testing.T, c Config, b *backend) *rig {
	t.Helper()
	b.t = t
	metrics, l := newLedger(t)
	r := &rig{ledger: l, backend: b, log: new(bytes.Buffer), ended: make(chan struct{})}
	if c.Name == "" {
		c.Name = "test"
	}
	var err error
	r.Destination, err = NewDestination(c, b, metrics, slog.New(slog.NewTextHandler(r.log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *rig) start() *rig {
	go func() {
		r.Run(context.Background())
		close(r.ended)
	}()
	return r
}

func (r *rig) put(data []byte) (spans int) {
	r.t.Helper()
	spans = len(spanNames(r.t, data))
	if err := r.Put(data, spans); err != nil {
		r.t.Fatal(err)
	}
	return spans
}

// drain gives it so long and checks that nothing is left behind.
func (r *rig) drain(d time.Duration) error {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	err := r.Drain(ctx)
	<-r.ended
	if n, spans := r.store.Waiting(); n != 0 || spans != 0 {
		r.t.Errorf("%d bytes and %d spans are left in the queue", n, spans)
	}
	if !r.backend.closed {
		r.t.Error("the client was not closed")
	}
	return err
}

// TestEverySpanIsAccountedFor: under random answers, sizes and budgets the
// identity of the package comment holds, and what was counted sent has arrived once.
func TestEverySpanIsAccountedFor(t *testing.T) {
	for seed := range uint64(60) {
		synctest.Test(t, func(t *testing.T) {
			random, mood := rand.New(rand.NewPCG(seed, 1)), rand.New(rand.NewPCG(seed, 2))
			moody := func(names []string, size int) error {
				switch mood.IntN(12) {
				case 0:
					return &Failure{Verdict: Again, Status: "UNAVAILABLE"}
				case 1:
					return &Failure{Verdict: Again, Status: "429", Asked: time.Duration(mood.IntN(3000)) * time.Millisecond}
				case 2:
					return &Failure{Verdict: Held, Status: "401"}
				case 3:
					return &Failure{Verdict: Refused, Status: "400"}
				case 4:
					return &Failure{Verdict: TooLarge, Status: "413"}
				case 5:
					return &Partial{Rejected: mood.IntN(2 * len(names)), Message: "some"}
				case 6:
					return errors.New("a client's own error")
				}
				return nil
			}
			b := &backend{answer: moody, delay: time.Duration(random.IntN(100)) * time.Millisecond}
			r := newRig(t, Config{BatchBytes: 4 << 10, QueueBytes: 64 << 10, Senders: 1 + random.IntN(4), Strict: seed%4 == 3}, b).start()
			put := 0
			for i := range 100 {
				data := payload(t, fmt.Sprint(i), 1+random.IntN(4), random.IntN(60))
				if spans := len(spanNames(t, data)); r.Put(data, spans) == nil {
					put += spans
				}
				time.Sleep(time.Duration(random.IntN(100)) * time.Millisecond)
				if i%10 == 0 {
					synctest.Wait()
				}
			}
			_ = r.drain(time.Duration(random.IntN(20)) * time.Second)
			if got := r.settled(); got != put {
				t.Errorf("seed %d: %d spans put, %d accounted for", seed, put, got)
			}
			// What a partial success rejected is not in taken.
			if sent := r.sum("ot2otel_sent_spans_total"); sent < len(b.taken) {
				t.Errorf("seed %d: %d spans counted sent, %d arrived", seed, sent, len(b.taken))
			}
			if names := sorted(b.taken); len(slices.Compact(names)) != len(b.taken) {
				t.Errorf("seed %d: spans arrived twice", seed)
			}
		})
	}
}

// TestRetriesAreTheSameBytesWithFullJitter: the n-th wait is at most 0.5 s times 2ⁿ and at most 30 s, and not always the most.
func TestRetriesAreTheSameBytesWithFullJitter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		left := 12
		b := &backend{answer: func([]string, int) error {
			if left--; left > 0 {
				return &Failure{Verdict: Again, Status: "503"}
			}
			return nil
		}}
		r := newRig(t, Config{}, b).start()
		r.put(payload(t, "a", 3))
		time.Sleep(10 * time.Minute)
		if err := r.drain(time.Second); err != nil {
			t.Error(err)
		}
		if len(b.requests) != 12 || len(b.taken) != 3 || r.sum("ot2otel_export_retries_total") != 11 {
			t.Fatalf("%d requests, %d spans taken, %d retries", len(b.requests), len(b.taken), r.sum("ot2otel_export_retries_total"))
		}
		most, total := 500*time.Millisecond, time.Duration(0)
		for i := 1; i < 12; i++ {
			wait := b.at[i].Sub(b.at[i-1])
			total += wait
			if wait > most || !bytes.Equal(b.requests[i], b.requests[0]) {
				t.Errorf("retry %d after %v, at most %v; same bytes: %v", i, wait, most, bytes.Equal(b.requests[i], b.requests[0]))
			}
			most = min(2*most, 30*time.Second)
		}
		if total < 10*time.Second || total > 200*time.Second {
			t.Errorf("11 retries took %v", total)
		}
	})
}

// TestAskedWaitHoldsBackAllSenders: for as long as asked and up to a fifth more, at most Retry.MaxAsked.
func TestAskedWaitHoldsBackAllSenders(t *testing.T) {
	for _, c := range []struct{ asked, least, most time.Duration }{
		{time.Second, time.Second, 1200 * time.Millisecond},
		{time.Minute, time.Minute, 72 * time.Second},
		{1 << 62, 10 * time.Minute, 12 * time.Minute},
	} {
		synctest.Test(t, func(t *testing.T) {
			asked := false
			b := &backend{answer: func([]string, int) error {
				if !asked {
					asked = true
					return &Failure{Verdict: Again, Status: "RESOURCE_EXHAUSTED", Asked: c.asked}
				}
				return nil
			}}
			r := newRig(t, Config{}, b).start()
			r.put(payload(t, "first", 1))
			time.Sleep(time.Second / 2)
			for i := range 3 {
				r.put(payload(t, fmt.Sprint(i), 1))
				time.Sleep(time.Second / 4)
			}
			time.Sleep(15 * time.Minute)
			if err := r.drain(time.Second); err != nil {
				t.Error(err)
			}
			for i, at := range b.at[1:] {
				if wait := at.Sub(b.at[0]); i == 0 && (wait < c.least || wait > c.most) || wait < c.least {
					t.Errorf("asked %v, request %d came after %v", c.asked, i+1, wait)
				}
			}
			if len(b.taken) != 4 {
				t.Errorf("%d of 4 spans taken", len(b.taken))
			}
		})
	}
}

// TestHeldLosesNothing (D1): a wrong token keeps spans waiting until it is right.
func TestHeldLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var token atomic.Bool
		b := &backend{answer: func([]string, int) error {
			if !token.Load() {
				return &Failure{Verdict: Held, Status: "401", Message: "who are you"}
			}
			return nil
		}}
		r := newRig(t, Config{}, b).start()
		for i := range 20 {
			r.put(payload(t, fmt.Sprint(i), 5))
			time.Sleep(time.Minute)
		}
		if probes := b.count(); probes > 20*60/2 {
			t.Errorf("%d requests in 20 minutes", probes)
		}
		token.Store(true)
		time.Sleep(time.Minute)
		if err := r.drain(time.Second); err != nil || len(b.taken) != 100 {
			t.Errorf("%d of 100 spans taken: %v", len(b.taken), err)
		}
		if lines := strings.Count(r.log.String(), "id=OT2-E003"); lines < 15 || lines > 25 {
			t.Errorf("%d lines about it in 20 minutes, want about one a minute", lines)
		}
		if !strings.Contains(r.log.String(), "who are you") || !strings.Contains(r.log.String(), "takes spans again") {
			t.Error(r.log.String())
		}
	})
}
