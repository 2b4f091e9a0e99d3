package sidecar

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"github.com/ot2otel/ot2otel/rewrite"
)

// Metrics counts what becomes of requests and of their trace headers.
type Metrics struct {
	rewritten *prometheus.CounterVec // leg, from, to
	invalid   *prometheus.CounterVec // format
	dropped   *prometheus.CounterVec // reason
	healed    map[rewrite.Healed]prometheus.Counter
	conflicts map[rewrite.Conflict]prometheus.Counter
	corrupt   prometheus.Counter
	errors    prometheus.Counter

	failed    *prometheus.CounterVec // leg, reason
	tunnels   *prometheus.CounterVec // kind
	lostSpans prometheus.Counter
}

// NewMetrics returns Metrics that are registered with reg, or nowhere if reg is
// nil, and registers those of memory, if it is not nil. It panics if reg has
// metrics of these names already.
func NewMetrics(reg prometheus.Registerer, memory *rewrite.Memory) *Metrics {
	auto := promauto.With(reg)
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return auto.NewCounterVec(prometheus.CounterOpts{Name: "ot2otel_" + name, Help: help}, labels)
	}
	if reg != nil && memory != nil {
		reg.MustRegister(newMemoryCollector(memory))
	}
	return &Metrics{
		rewritten: counter("rewrite_total", "Requests, by the format that the trace context came from and each one it was written in; none: there was none.", "leg", "from", "to"),
		invalid:   counter("rewrite_invalid_total", "Requests with trace headers that could not be read.", "format"),
		dropped:   counter("rewrite_dropped_total", "Trace headers, or parts of them, that were dropped or overruled.", "reason"),
		healed: each(counter("rewrite_healed_total", "What was lost in the app and given back from memory.", "what"),
			rewrite.Healed.List, rewrite.HealedID, rewrite.HealedRandom, rewrite.HealedTracestate, rewrite.HealedBaggage),
		conflicts: each(counter("rewrite_conflicts_total", "Requests in which formats disagreed.", "kind"),
			rewrite.Conflict.List, rewrite.ConflictSpan, rewrite.ConflictTrace),
		corrupt:   counter("rewrite_corrupt_ids_total", "Trace ids of 128 bits that the app's client mangled.").WithLabelValues(),
		errors:    counter("rewrite_errors_total", "Requests whose headers were left as they came because of a defect.").WithLabelValues(),
		failed:    counter("sidecar_failed_requests_total", "Requests that the sidecar had to answer itself.", "leg", "reason"),
		tunnels:   counter("sidecar_tunnels_total", "CONNECT requests by what came inside; trace headers are rewritten in http only.", "kind"),
		lostSpans: counter("sidecar_lost_spans_total", "Own spans that were not taken by the queue.").WithLabelValues(),
	}
}

// each looks up the counter of every member of a set, by its name.
func each[S ~uint8](v *prometheus.CounterVec, names func(S) []string, members ...S) map[S]prometheus.Counter {
	all := make(map[S]prometheus.Counter)
	for _, m := range members {
		all[m] = v.WithLabelValues(names(m)[0])
	}
	return all
}

// count takes in what became of one request's headers.
func (m *Metrics) count(l leg, r *rewrite.Result) {
	from := r.Context.Format.String()
	if r.Written == 0 {
		m.rewritten.WithLabelValues(l.String(), from, "none").Inc()
	}
	eachFormat(r.Written, func(to rewrite.Format) { m.rewritten.WithLabelValues(l.String(), from, to.String()).Inc() })
	eachFormat(r.Invalid, func(f rewrite.Format) { m.invalid.WithLabelValues(f.String()).Inc() })
	for _, n := range r.Notes {
		m.dropped.WithLabelValues(n.Reason.String()).Inc()
	}
	countSet(m.healed, r.Healed)
	countSet(m.conflicts, r.Conflict)
	if r.CorruptID {
		m.corrupt.Inc()
	}
	if r.Err != nil {
		m.errors.Inc()
	}
}

// eachFormat calls f for the formats in a set, without the list that would be
// made on every request.
func eachFormat(set rewrite.Formats, f func(rewrite.Format)) {
	for i := rewrite.W3C; set>>i != 0; i++ {
		if set.Has(i) {
			f(i)
		}
	}
}

func countSet[S ~uint8](counters map[S]prometheus.Counter, set S) {
	if set == 0 {
		return
	}
	for member, c := range counters {
		if set&member != 0 {
			c.Inc()
		}
	}
}

func (m *Metrics) fail(l leg, f failure) {
	m.failed.WithLabelValues(l.String(), failures[f].name).Inc()
}

func (m *Metrics) tunnel(kind string) { m.tunnels.WithLabelValues(kind).Inc() }
