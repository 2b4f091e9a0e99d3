package export

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"
)

// wait returns how long to wait after one more failure than the given number:
// a random part of a time that doubles up to Max ("full jitter"), or, where
// the backend asked, that and up to a fifth more.
func (r Retry) wait(failures int, asked time.Duration) time.Duration {
	if asked > 0 {
		asked = min(asked, r.MaxAsked)
		return asked + rand.N(asked/5+1)
	}
	most := r.Min
	for ; failures > 0 && most < r.Max; failures-- {
		most *= 2
	}
	return rand.N(min(most, r.Max) + 1)
}

// backOff waits before a retry. What the backend asked for holds back the
// whole destination; otherwise the beginning of draining ends the wait.
func (d *Destination) backOff(ctx context.Context, failures int, asked time.Duration) error {
	wait := d.config.Retry.wait(failures, asked)
	if asked > 0 {
		d.throttle.extend(wait)
		return nil // the next attempt waits
	}
	cut := d.draining
	if d.isDraining() {
		cut = nil
	}
	return sleep(ctx, wait, cut)
}

func (d *Destination) isDraining() bool {
	select {
	case <-d.draining:
		return true
	default:
		return false
	}
}

// sleep returns after a while, when cut is closed, or with ctx's error.
func sleep(ctx context.Context, d time.Duration, cut <-chan struct{}) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-cut:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// A throttle holds back all senders of a destination until a time.
type throttle struct {
	mu    sync.Mutex
	until time.Time
}

// extend holds back for at least d from now on.
func (t *throttle) extend(d time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if until := time.Now().Add(d); until.After(t.until) {
		t.until = until
	}
}

// wait returns when nothing holds back, or with ctx's error.
func (t *throttle) wait(ctx context.Context) error {
	for {
		t.mu.Lock()
		left := time.Until(t.until)
		t.mu.Unlock()
		if left <= 0 {
			return nil
		}
		if err := sleep(ctx, left, nil); err != nil {
			return err
		}
	}
}

// A sizeLimit is how large a request may be. It starts with what is
// configured and follows what the backend shows that it takes.
type sizeLimit struct {
	most    int          // configured
	learned atomic.Int64 // 0 for none
}

// leastLimit keeps a confused backend from making us send crumbs.
const leastLimit = 16 << 10

func (l *sizeLimit) now() int {
	if n := int(l.learned.Load()); n > 0 {
		return n
	}
	return l.most
}

// lower sets the limit to a size that was taken where a larger one was not.
func (l *sizeLimit) lower(size int) { l.learned.Store(int64(max(size, min(leastLimit, l.most)))) }

// raise probes, by a little whenever the limit was used, whether it holds on.
func (l *sizeLimit) raise(size int) {
	n := l.learned.Load()
	switch {
	case n == 0 || int64(size) < n/2:
	case int(n+n/64) >= l.most:
		l.learned.Store(0)
	default:
		l.learned.Store(n + n/64)
	}
}
