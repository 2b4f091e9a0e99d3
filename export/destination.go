package export

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
)

// A Store keeps what waits for one destination. Queue is the one in memory;
// its methods say what is expected of each.
type Store interface {
	Put(data []byte, spans int) error
	Next(ctx context.Context) (*Batch, error)
	Done(*Batch)
	Close()
	Discard() (lost int)
	Waiting() (bytes, spans int)
}

var _ Store = (*Queue)(nil)

// A Destination brings spans to one backend: Put takes them, Run sends them,
// Drain ends it.
type Destination struct {
	config Config
	client Client
	store  Store
	tally  *tally
	report *reporter

	throttle throttle
	limit    sizeLimit

	running  atomic.Bool
	draining chan struct{} // closed when Drain begins
	expired  chan struct{} // closed when its time is over
	done     chan struct{} // closed when everything is settled
	begin    sync.Once
	expire   sync.Once
	lost     atomic.Int64 // spans dropped at shutdown
}

// NewDestination returns a Destination that sends through client. It takes
// charge of client, and fails only if m knows one of this name already.
func NewDestination(c Config, client Client, m *Metrics, log *slog.Logger) (*Destination, error) {
	c = c.WithDefaults()
	d := &Destination{
		config:   c,
		client:   client,
		store:    NewQueue(c.QueueBytes, c.BatchBytes, c.BatchAge),
		tally:    m.tally(c.Name),
		report:   newReporter(log.With("destination", c.Name)),
		limit:    sizeLimit{most: c.BatchBytes},
		draining: make(chan struct{}),
		expired:  make(chan struct{}),
		done:     make(chan struct{}),
	}
	if err := m.watch(c.Name, d.store, c.QueueBytes); err != nil {
		return nil, fmt.Errorf("destination %q: %w", c.Name, err)
	}
	return d, nil
}

// Name returns the destination's name in logs and metrics.
func (d *Destination) Name() string { return d.config.Name }

// Put copies data, a run of whole ResourceSpans fields that hold the given
// number of spans. It never blocks; it takes all or returns ErrFull or ErrClosed.
func (d *Destination) Put(data []byte, spans int) error { return d.store.Put(data, spans) }

// Fill returns how full the queue is, from 0 to 1.
func (d *Destination) Fill() float64 {
	bytes, _ := d.store.Waiting()
	return float64(bytes) / float64(d.config.QueueBytes)
}

// Run sends until Drain has been called and everything is settled, or until
// ctx ends, which drops what is left. No goroutine of d is left when it returns.
func (d *Destination) Run(ctx context.Context) {
	if !d.running.CompareAndSwap(false, true) {
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var senders sync.WaitGroup
	for range d.config.Senders {
		senders.Go(func() { d.send(ctx) })
	}
	idle := make(chan struct{})
	go func() {
		senders.Wait()
		close(idle)
	}()
	select {
	case <-idle:
	case <-d.expired:
		cancel()
		<-idle
	}
	d.finish()
}

// send delivers batches until there are none left or ctx ends.
func (d *Destination) send(ctx context.Context) {
	for {
		b, err := d.store.Next(ctx)
		if err != nil {
			return
		}
		d.deliver(ctx, b)
		d.store.Done(b)
	}
}

// finish settles what nobody will send any more.
func (d *Destination) finish() {
	d.store.Close()
	d.dropAtShutdown(d.store.Discard())
	if lost := d.lost.Load(); lost > 0 {
		d.report.warn(problemShutdown, int(lost), nil)
	}
	d.report.flush()
	if c, ok := d.client.(io.Closer); ok {
		if err := c.Close(); err != nil {
			d.report.log.Debug("close client", "error", err)
		}
	}
	close(d.done)
}

// Drain makes Put refuse, sends what waits and returns when all of it is
// settled. When ctx ends first, what is left is dropped, and the error says
// how much that was.
func (d *Destination) Drain(ctx context.Context) error {
	d.store.Close()
	d.begin.Do(func() { close(d.draining) })
	d.Run(ctx) // in case nobody did
	select {
	case <-d.done:
	case <-ctx.Done():
		d.expire.Do(func() { close(d.expired) })
		<-d.done
	}
	if lost := d.lost.Load(); lost > 0 {
		return fmt.Errorf("destination %s: %d spans dropped at shutdown", d.Name(), lost)
	}
	return nil
}
