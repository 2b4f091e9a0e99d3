package export

import (
	"context"
	"errors"
	"math/bits"
)

// A delivery is a batch on its way, possibly in parts.
type delivery struct {
	*Destination
	patience int      // how many refusals in a row are borne
	refusals int      // in a row, of this batch and its parts
	last     *Failure // the last of them
	tooLarge int      // size of the last part that was too large; 0 if none was
}

// deliver sends a batch and counts what becomes of each of its spans.
func (d *Destination) deliver(ctx context.Context, b *Batch) {
	// To find one bad span among n by halving takes log2(n) refusals.
	v := delivery{Destination: d, patience: 2 + 2*bits.Len(uint(b.Spans))}
	v.send(ctx, part{b.Data, b.Spans})
}

// send sends p, or its halves one after the other.
func (v *delivery) send(ctx context.Context, p part) {
	switch {
	case ctx.Err() != nil:
		v.dropAtShutdown(p.spans)
	case v.refusals > v.patience:
		v.giveUp(p.spans)
	case len(p.data) > v.limit.now() && v.sendSmaller(ctx, p):
	default:
		v.sendWhole(ctx, p)
	}
}

// sendSmaller sends the halves of a part above the size limit, if halving gets it nearer.
func (v *delivery) sendSmaller(ctx context.Context, p part) bool {
	left, right, ok := halve(p.data)
	if !ok || len(left.data)+len(right.data) > len(p.data)+len(p.data)/4 {
		return false // its resource is what is large
	}
	v.send(ctx, left)
	v.send(ctx, right)
	return true
}

func (v *delivery) sendWhole(ctx context.Context, p part) {
	f, err := v.try(ctx, p)
	switch {
	case err != nil:
		v.dropAtShutdown(p.spans)
	case f == nil:
		v.taken(len(p.data))
	default:
		v.refused(ctx, p, f)
	}
}

// taken learns from a success: smaller than what was refused for its size is small enough.
func (v *delivery) taken(size int) {
	v.refusals = 0
	if v.tooLarge > size {
		v.limit.lower(size)
		v.report.warn(problemTooLarge, 0, v.last)
		v.tooLarge = 0
		return
	}
	v.limit.raise(size)
}

// refused sends the halves of p, so that only what the backend minds is dropped.
func (v *delivery) refused(ctx context.Context, p part, f *Failure) {
	v.refusals++
	v.last = f
	if f.Verdict == TooLarge {
		v.tooLarge = len(p.data)
	}
	left, right, ok := halve(p.data)
	if !ok || v.config.Strict {
		v.giveUp(p.spans)
		return
	}
	v.send(ctx, left)
	v.send(ctx, right)
}

// giveUp drops spans because of the last refusal.
func (v *delivery) giveUp(spans int) {
	reason := dropRefused
	if v.last.Verdict == TooLarge {
		reason = dropTooLarge
	}
	v.drop(spans, reason)
	v.report.warn(v.last.problem(), spans, v.last)
}

// try sends p until the backend takes it, which is nil, or refuses it for good.
// The error is ctx's.
func (d *Destination) try(ctx context.Context, p part) (*Failure, error) {
	for failures := 0; ; failures++ {
		if err := d.throttle.wait(ctx); err != nil {
			return nil, err
		}
		if failures > 0 {
			d.tally.retries.Inc()
		}
		f := d.attempt(ctx, p)
		if ctx.Err() != nil && f != nil {
			return nil, ctx.Err()
		}
		if f == nil || f.Verdict != Again && f.Verdict != Held {
			return f, nil
		}
		d.report.warn(f.problem(), p.spans, f)
		if d.isDraining() {
			failures = 0 // time is short
		}
		if err := d.backOff(ctx, failures, f.Asked); err != nil {
			return nil, err
		}
	}
}

// attempt sends p once and counts the outcome; nil means that p is settled.
func (d *Destination) attempt(ctx context.Context, p part) *Failure {
	err := d.client.Export(ctx, p.data)
	var partial *Partial
	switch {
	case err == nil:
		d.tally.requests.WithLabelValues(resultOK).Inc()
		d.tally.sent.Add(float64(p.spans))
	case errors.As(err, &partial):
		d.partial(p, partial)
	default:
		f := d.failure(err)
		d.tally.requests.WithLabelValues(f.Verdict.String()).Inc()
		d.tally.failed.WithLabelValues(f.Status).Add(float64(p.spans))
		return f
	}
	d.report.recovered()
	return nil
}

// partial counts a request that was taken in part.
func (d *Destination) partial(p part, partial *Partial) {
	rejected := min(partial.Rejected, p.spans)
	d.tally.requests.WithLabelValues(resultPartial).Inc()
	d.tally.sent.Add(float64(p.spans - rejected))
	d.tally.rejected.Add(float64(rejected))
	problem := problemRejected
	if rejected == 0 {
		problem = problemWarning
	}
	d.report.warn(problem, rejected, partial)
}

// failure reads the error of a Client. One of unknown kind is a request without an answer.
func (d *Destination) failure(err error) *Failure {
	var f *Failure
	if !errors.As(err, &f) {
		return &Failure{Verdict: Again, Status: noAnswer, Message: err.Error()}
	}
	if f.Verdict == Held && d.config.Strict {
		strict := *f
		strict.Verdict = Refused
		return &strict
	}
	return f
}

func (d *Destination) drop(spans int, reason string) {
	d.tally.dropped.WithLabelValues(reason).Add(float64(spans))
}

func (d *Destination) dropAtShutdown(spans int) {
	d.lost.Add(int64(spans))
	d.drop(spans, dropShutdown)
}
