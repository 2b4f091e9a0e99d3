package export

import (
	"context"
	"errors"
	"io"
	"runtime/debug"
	"slices"
	"sync"
	"time"
)

var (
	// ErrFull is what Put returns when there is no room; the spans were not taken.
	ErrFull = errors.New("queue is full")
	// ErrClosed is what Put returns once draining has begun; the spans were not taken.
	ErrClosed = errors.New("queue is closed")
)

// A Batch is payloads side by side: a valid request.
type Batch struct {
	Data  []byte // owned by the store; valid until Done
	Spans int

	since time.Time // when the first payload came
}

// A Queue is a store in memory, first in first out, bounded in bytes. It keeps
// payloads in the very batches they will be sent in, so that nothing is copied
// twice or allocated one by one.
//
// All methods may be called at the same time.
type Queue struct {
	capacity   int           // most bytes, those handed out included
	batchBytes int           // most bytes of a batch that holds more than one payload
	batchAge   time.Duration // longest wait of a payload for others to join it

	mu      sync.Mutex
	batches []*Batch // the last one is still being filled
	bytes   int      // put and not done
	spans   int      // put and not done
	closed  bool

	ready  chan struct{} // holds a token when a look at the batches is worthwhile
	ending chan struct{} // closed by Close
	spare  spare         // guarded by mu
}

// NewQueue returns an empty queue. See Config for what the limits mean.
func NewQueue(capacity, batchBytes int, batchAge time.Duration) *Queue {
	return &Queue{
		capacity: capacity, batchBytes: batchBytes, batchAge: batchAge,
		ready: make(chan struct{}, 1), ending: make(chan struct{}),
	}
}

// Put copies data, a run of whole ResourceSpans fields that hold the given
// number of spans. It never blocks; it takes all or returns ErrFull or ErrClosed.
func (q *Queue) Put(data []byte, spans int) error {
	if len(data) == 0 {
		return nil
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.closed:
		return ErrClosed
	case q.bytes+len(data) > q.capacity:
		return ErrFull
	}
	b := q.open(len(data))
	b.Data = append(b.Data, data...)
	b.Spans += spans
	q.bytes += len(data)
	q.spans += spans
	return nil
}

// open returns the batch that the next n bytes go to, with room for them.
func (q *Queue) open(n int) *Batch {
	if last := len(q.batches) - 1; last >= 0 && len(q.batches[last].Data)+n <= q.batchBytes {
		b := q.batches[last]
		b.Data = q.grow(b.Data, n)
		return b
	}
	b := q.spare.take()
	if len(q.batches) > 0 { // the one before is full, and so will this be
		b.Data = slices.Grow(b.Data, max(n, q.batchBytes))
	}
	b.Data = q.grow(b.Data, n)
	b.since = time.Now()
	q.batches = append(q.batches, b)
	q.signal()
	return b
}

// grow makes room for n bytes by doubling, as append does not for large
// slices, and not beyond what a batch may hold.
func (q *Queue) grow(data []byte, n int) []byte {
	const first = 16 << 10
	if cap(data)-len(data) >= n {
		return data
	}
	double := min(max(2*cap(data), first), q.batchBytes)
	return slices.Grow(data, max(n, double-len(data)))
}

// Next waits until a batch is full, old enough or the queue is closed, and
// hands it out. Its bytes count as waiting until Done. It returns io.EOF when
// the queue is closed and empty, or ctx's error.
func (q *Queue) Next(ctx context.Context) (*Batch, error) {
	for {
		b, wait, err := q.take()
		if b != nil || err != nil {
			return b, err
		}
		if err := q.wait(ctx, wait); err != nil {
			return nil, err
		}
	}
}

// take returns the first batch if it is due, else how long it may still fill,
// which is 0 when there is none.
func (q *Queue) take() (b *Batch, wait time.Duration, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.batches) == 0 {
		if q.closed {
			return nil, 0, io.EOF
		}
		return nil, 0, nil
	}
	first := q.batches[0]
	full := len(q.batches) > 1 || len(first.Data) >= q.batchBytes
	if left := q.batchAge - time.Since(first.since); !full && !q.closed && left > 0 {
		return nil, left, nil
	}
	q.batches[0] = nil
	q.batches = q.batches[1:]
	if len(q.batches) > 0 {
		q.signal() // whoever waits without a timer is to look at the next
	}
	return first, 0, nil
}

// wait returns nil when take should be tried again.
func (q *Queue) wait(ctx context.Context, wait time.Duration) error {
	var due <-chan time.Time
	if wait > 0 {
		t := time.NewTimer(wait)
		defer t.Stop()
		due = t.C
	}
	select {
	case <-q.ready:
	case <-due:
	case <-q.ending:
	case <-ctx.Done():
		q.signal() // whoever took the token last passes it on
		return ctx.Err()
	}
	return nil
}

func (q *Queue) signal() {
	select {
	case q.ready <- struct{}{}:
	default:
	}
}

// Done gives back a batch that Next handed out; its spans are settled.
func (q *Queue) Done(b *Batch) {
	q.mu.Lock()
	q.bytes -= len(b.Data)
	q.spans -= b.Spans
	q.spare.keep(b)
	release := q.bytes == 0 && q.spare.worthReleasing()
	q.mu.Unlock()
	if release {
		debug.FreeOSMemory()
	}
}

// Close makes Put refuse and Next hand out the rest without waiting.
func (q *Queue) Close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.closed {
		q.closed = true
		close(q.ending)
	}
}

// Discard empties a closed queue of all that was not handed out and returns
// the number of spans that are lost with it.
func (q *Queue) Discard() (lost int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, b := range q.batches {
		lost += b.Spans
		q.bytes -= len(b.Data)
	}
	q.spans -= lost
	q.batches = nil
	return lost
}

// Waiting returns how much was put and is not done.
func (q *Queue) Waiting() (bytes, spans int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.bytes, q.spans
}
