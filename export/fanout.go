package export

import (
	"context"
	"errors"
	"sync"
)

// A Fanout gives every destination all spans, each at its own pace.
type Fanout []*Destination

// Put offers data to every destination. It succeeds when at least one takes
// it; those that have no room drop it and count that. When none takes it,
// nothing is counted and the error is the caller's to answer.
func (f Fanout) Put(data []byte, spans int) error {
	full := make([]*Destination, 0, 8)
	refusal := ErrClosed // in case there is no destination at all
	for _, d := range f {
		if err := d.Put(data, spans); err != nil {
			full, refusal = append(full, d), err
		}
	}
	if len(full) == len(f) {
		return refusal
	}
	for _, d := range full {
		d.drop(spans, dropQueueFull)
		d.report.warn(problemQueueFull, spans, nil)
	}
	return nil
}

// Fill returns how full the least full queue is, from 0 to 1: where it is 1, Put refuses.
func (f Fanout) Fill() float64 {
	least := 1.0
	for _, d := range f {
		least = min(least, d.Fill())
	}
	return least
}

// Run runs all destinations; see Destination.Run.
func (f Fanout) Run(ctx context.Context) {
	var all sync.WaitGroup
	for _, d := range f {
		all.Go(func() { d.Run(ctx) })
	}
	all.Wait()
}

// Drain drains all destinations at once; see Destination.Drain.
func (f Fanout) Drain(ctx context.Context) error {
	errs := make([]error, len(f))
	var all sync.WaitGroup
	for i, d := range f {
		all.Go(func() { errs[i] = d.Drain(ctx) })
	}
	all.Wait()
	return errors.Join(errs...)
}
