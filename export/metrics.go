package export

import "github.com/prometheus/client_golang/prometheus"

// Why spans are dropped: the values of the label reason.
const (
	dropQueueFull = "queue_full"
	dropRefused   = "refused"
	dropTooLarge  = "too_large"
	dropShutdown  = "shutdown"
)

// The values of the label result besides those of a Verdict.
const (
	resultOK      = "ok"
	resultPartial = "partial"
)

// Metrics are the counters of all destinations. The package comment says how they add up.
type Metrics struct {
	registry prometheus.Registerer

	sent, rejected, retries               *prometheus.CounterVec // by destination
	failed, dropped                       *prometheus.CounterVec // by destination and reason
	requests                              *prometheus.CounterVec // by destination and result
	queueBytes, queueSpans, queueCapacity *prometheus.Desc
}

// NewMetrics registers the metrics of this package with r, once.
func NewMetrics(r prometheus.Registerer) *Metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		c := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, append([]string{"destination"}, labels...))
		r.MustRegister(c)
		return c
	}
	gauge := func(name, help string) *prometheus.Desc {
		return prometheus.NewDesc(name, help, nil, nil)
	}
	return &Metrics{
		registry: r,
		sent:     counter("ot2otel_sent_spans_total", "Spans that the backend took."),
		rejected: counter("ot2otel_rejected_spans_total", "Spans that the backend rejected in a partial success."),
		dropped:  counter("ot2otel_dropped_spans_total", "Spans lost for good, by reason.", "reason"),
		failed: counter("ot2otel_failed_spans_total",
			"Spans in attempts that failed, by status; each counts at every attempt and may yet be sent.", "reason"),
		requests:      counter("ot2otel_export_requests_total", "Requests made, by result.", "result"),
		retries:       counter("ot2otel_export_retries_total", "Requests that were the same bytes again."),
		queueBytes:    gauge("ot2otel_queue_bytes", "Bytes that wait, those being sent included."),
		queueSpans:    gauge("ot2otel_queue_spans", "Spans that wait, those being sent included."),
		queueCapacity: gauge("ot2otel_queue_capacity_bytes", "Most bytes that may wait."),
	}
}

// A tally counts for one destination.
type tally struct {
	sent, rejected, retries   prometheus.Counter
	failed, dropped, requests *prometheus.CounterVec
}

func (m *Metrics) tally(destination string) *tally {
	by := prometheus.Labels{"destination": destination}
	t := &tally{
		sent: m.sent.With(by), rejected: m.rejected.With(by), retries: m.retries.With(by),
		failed: m.failed.MustCurryWith(by), dropped: m.dropped.MustCurryWith(by), requests: m.requests.MustCurryWith(by),
	}
	for _, reason := range []string{dropQueueFull, dropRefused, dropTooLarge, dropShutdown} {
		t.dropped.WithLabelValues(reason) // so that a rate can be taken from the first drop on
	}
	return t
}

// A queueGauge reads a destination's store whenever metrics are collected.
type queueGauge struct {
	metrics  *Metrics
	store    Store
	capacity int
}

// watch registers the gauges of one destination; names of destinations differ.
func (m *Metrics) watch(destination string, store Store, capacity int) error {
	r := prometheus.WrapRegistererWith(prometheus.Labels{"destination": destination}, m.registry)
	return r.Register(queueGauge{m, store, capacity})
}

// Describe is part of prometheus.Collector.
func (g queueGauge) Describe(ch chan<- *prometheus.Desc) {
	ch <- g.metrics.queueBytes
	ch <- g.metrics.queueSpans
	ch <- g.metrics.queueCapacity
}

// Collect is part of prometheus.Collector.
func (g queueGauge) Collect(ch chan<- prometheus.Metric) {
	bytes, spans := g.store.Waiting()
	send := func(d *prometheus.Desc, v int) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, float64(v))
	}
	send(g.metrics.queueBytes, bytes)
	send(g.metrics.queueSpans, spans)
	send(g.metrics.queueCapacity, g.capacity)
}
