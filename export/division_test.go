package export

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestStrictDropsWhatTheSpecificationSays: with Strict, one request and one drop for every final answer.
func TestStrictDropsWhatTheSpecificationSays(t *testing.T) {
	for _, f := range []Failure{{Verdict: Held, Status: "401"}, {Verdict: Refused, Status: "400"}, {Verdict: TooLarge, Status: "413"}} {
		synctest.Test(t, func(t *testing.T) {
			b := &backend{answer: func([]string, int) error { return &f }}
			r := newRig(t, Config{Strict: true}, b).start()
			r.put(payload(t, "a", 4, 4))
			time.Sleep(time.Hour)
			if dropped := r.sum("ot2otel_dropped_spans_total"); b.count() != 1 || dropped != 8 {
				t.Errorf("%v: %d requests, %d spans dropped", f.Verdict, b.count(), dropped)
			}
			if err := r.drain(time.Second); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestOneBadSpanCostsItself (D2): the others arrive once, for a number of requests that grows with the logarithm.
func TestOneBadSpanCostsItself(t *testing.T) {
	for bad := range 64 {
		synctest.Test(t, func(t *testing.T) {
			poison := fmt.Sprintf("p-%d-%d", bad/16, bad%16)
			b := &backend{answer: func(names []string, _ int) error {
				if slices.Contains(names, poison) {
					return &Failure{Verdict: Refused, Status: "400", Message: "cannot read " + poison}
				}
				return nil
			}}
			r := newRig(t, Config{}, b).start()
			data := payload(t, "p", 16, 16, 16, 16)
			r.put(data)
			time.Sleep(time.Minute)
			if err := r.drain(time.Second); err != nil {
				t.Error(err)
			}
			want := slices.DeleteFunc(spanNames(t, data), func(n string) bool { return n == poison })
			if diff := cmp.Diff(want, b.taken); diff != "" {
				t.Error(diff)
			}
			if len(b.requests) > 2+2*6 {
				t.Errorf("%d requests to find one of 64", len(b.requests))
			}
			if r.sum("ot2otel_dropped_spans_total", "reason", dropRefused) != 1 {
				t.Error("not exactly one span dropped")
			}
			if log := r.log.String(); strings.Count(log, "level=WARN") != 1 || !strings.Contains(log, "id=OT2-E005 destination=test spans=1 ") && !strings.Contains(log, "id=OT2-E005 spans=1 ") {
				t.Error(log)
			}
		})
	}
}

// TestManyBadSpansCostThemselves: patience is with refusals in a row, and good spans between bad ones renew it.
func TestManyBadSpansCostThemselves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		isBad := func(name string) bool { return strings.HasSuffix(name, "7") }
		b := &backend{answer: func(names []string, _ int) error {
			if slices.ContainsFunc(names, isBad) {
				return &Failure{Verdict: Refused, Status: "INVALID_ARGUMENT"}
			}
			return nil
		}}
		r := newRig(t, Config{}, b).start()
		data := payload(t, "p", 100, 100)
		r.put(data)
		time.Sleep(time.Minute)
		if err := r.drain(time.Second); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(slices.DeleteFunc(spanNames(t, data), isBad), b.taken); diff != "" {
			t.Error(diff)
		}
	})
}

// TestRefusingEverythingEndsSoon: a backend that refuses whatever comes is not sent each span.
func TestRefusingEverythingEndsSoon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &backend{answer: func([]string, int) error { return &Failure{Verdict: Refused, Status: "500"} }}
		r := newRig(t, Config{}, b).start()
		r.put(payload(t, "p", 1000))
		time.Sleep(time.Minute)
		if err := r.drain(time.Second); err != nil {
			t.Error(err)
		}
		if dropped := r.sum("ot2otel_dropped_spans_total", "reason", dropRefused); dropped != 1000 || len(b.requests) > 25 {
			t.Errorf("%d requests, %d of 1000 spans dropped", len(b.requests), dropped)
		}
	})
}

// TestSizeIsLearned (D3): a smaller limit costs no span, and is known after the first batch.
func TestSizeIsLearned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const limit = 40_000
		refused := 0
		b := &backend{answer: func(_ []string, size int) error {
			if size > limit {
				refused++
				return &Failure{Verdict: TooLarge, Status: "413"}
			}
			return nil
		}}
		r := newRig(t, Config{BatchBytes: 256 << 10}, b).start()
		var want []string
		for i := range 20 {
			for j := range 10 {
				data := payload(t, fmt.Sprintf("%d-%d", i, j), 150)
				r.put(data)
				want = append(want, spanNames(t, data)...)
			}
			time.Sleep(time.Second)
		}
		if err := r.drain(time.Second); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(sorted(want), sorted(b.taken)); diff != "" {
			t.Error("not every span arrived once")
		}
		if refused > 12 {
			t.Errorf("%d of %d requests were too large", refused, len(b.requests))
		}
	})
}

// TestOversizePayloadIsDivided before it is sent, down to spans if need be.
func TestOversizePayloadIsDivided(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &backend{}
		r := newRig(t, Config{BatchBytes: 8 << 10, Strict: true}, b).start()
		data := payload(t, "big", 40, 1, 300)
		r.put(data)
		time.Sleep(time.Minute)
		if err := r.drain(time.Second); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(spanNames(t, data), b.taken); diff != "" {
			// several senders do not share a batch, so order is kept
			t.Error(diff)
		}
		for _, request := range b.requests {
			if len(request) > 8<<10 {
				t.Errorf("a request of %d bytes", len(request))
			}
		}
	})
}

// TestPartialSuccessIsNotRepeated and its rejected spans are counted, those of a confused backend no more than there are.
func TestPartialSuccessIsNotRepeated(t *testing.T) {
	for _, c := range []struct {
		partial        Partial
		sent, rejected int
		id             string
	}{
		{Partial{3, "no name"}, 7, 3, "OT2-E007"},
		{Partial{0, "please upgrade"}, 10, 0, "OT2-E008"},
		{Partial{11, "?"}, 0, 10, "OT2-E007"},
	} {
		synctest.Test(t, func(t *testing.T) {
			b := &backend{answer: func([]string, int) error { return &c.partial }}
			r := newRig(t, Config{}, b).start()
			r.put(payload(t, "a", 10))
			time.Sleep(time.Hour)
			if err := r.drain(time.Second); err != nil {
				t.Error(err)
			}
			sent, rejected := r.sum("ot2otel_sent_spans_total"), r.sum("ot2otel_rejected_spans_total")
			if len(b.requests) != 1 || sent != c.sent || rejected != c.rejected {
				t.Errorf("%v: %d requests, %d sent, %d rejected", c.partial, len(b.requests), sent, rejected)
			}
			if log := r.log.String(); !strings.Contains(log, "id="+c.id) || !strings.Contains(log, c.partial.Message) {
				t.Error(log)
			}
		})
	}
}
