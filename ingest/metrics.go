package ingest

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"github.com/ot2otel/ot2otel/translate"
)

// Metrics counts what the listeners accept and lose.
type Metrics struct {
	acceptedPayloads, acceptedSpans, receivedBytes *prometheus.CounterVec // listener
	refusedPayloads, refusedSpans                  *prometheus.CounterVec // listener, reason
	droppedPayloads, droppedSpans                  *prometheus.CounterVec // listener, reason
	blankSpans, rejectedSpans                      *prometheus.CounterVec // listener
	readErrors, kernelDrops                        *prometheus.CounterVec // listener
	receiveBuffer                                  *prometheus.GaugeVec   // listener, kind
	notes                                          [translate.NumNotes]prometheus.Counter
	clients                                        *clientLedger
}

// NewMetrics returns Metrics that are registered with reg, or nowhere if reg is
// nil. It panics if reg has metrics of these names already.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	auto := promauto.With(reg)
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return auto.NewCounterVec(prometheus.CounterOpts{Name: "ot2otel_" + name, Help: help}, labels)
	}
	m := &Metrics{
		acceptedPayloads: counter("accepted_payloads_total", "Packets and requests read and queued.", "listener"),
		acceptedSpans:    counter("accepted_spans_total", "Spans read and queued.", "listener"),
		receivedBytes:    counter("received_bytes_total", "Bytes of the payloads that were read, uncompressed.", "listener"),
		refusedPayloads:  counter("refused_payloads_total", "Payloads that could not be read, or whose sender was told that they were not taken.", "listener", "reason"),
		refusedSpans:     counter("refused_spans_total", "Spans in refused payloads, as far as those could be read.", "listener", "reason"),
		droppedPayloads:  counter("udp_dropped_packets_total", "Good packets lost without the sender knowing.", "listener", "reason"),
		droppedSpans:     counter("udp_dropped_spans_total", "Spans in dropped packets.", "listener", "reason"),
		blankSpans:       counter("blank_spans_total", "Spans left out of accepted payloads because they held nothing at all.", "listener"),
		rejectedSpans:    counter("invalid_spans_total", "Spans left out of accepted payloads because they are invalid, where so configured.", "listener"),
		readErrors:       counter("udp_read_errors_total", "Errors while receiving packets.", "listener"),
		kernelDrops:      counter("udp_kernel_dropped_packets_total", "Packets the kernel dropped because the receive buffer was full.", "listener"),
		receiveBuffer: auto.NewGaugeVec(prometheus.GaugeOpts{
			Name: "ot2otel_udp_receive_buffer_bytes",
			Help: "The kernel's buffer for packets not read yet: what was requested and what was granted.",
		}, []string{"listener", "kind"}),
	}
	notes := counter("mapping_notes_total", "Oddities mended in accepted payloads, by the note left on the span.", "code")
	for code := range translate.Note(translate.NumNotes) {
		m.notes[code] = notes.WithLabelValues(code.String())
	}
	m.clients = newClientLedger(
		counter("client_dropped_spans_total", "Spans that Jaeger clients say they dropped before sending.", "service", "cause"),
		counter("client_lost_batches_total", "Batches of Jaeger clients that were sent and never got here.", "service"),
	)
	auto.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "ot2otel_connected_clients",
		Help: "Jaeger clients that number their batches and sent one within the last hour.",
	}, m.clients.connected)
	return m
}

// counters are the metrics of one listener, looked up once.
type counters struct {
	acceptedPayloads, acceptedSpans, receivedBytes prometheus.Counter
	blankSpans, rejectedSpans                      prometheus.Counter
	away                                           map[string]loss // by reason; never changed
	notes                                          *[translate.NumNotes]prometheus.Counter
}

// A loss counts what one reason costs.
type loss struct{ payloads, spans prometheus.Counter }

// counters looks up the metrics of one listener that turns payloads away for these reasons.
func (m *Metrics) counters(listener string, why reasons) *counters {
	c := &counters{
		acceptedPayloads: m.acceptedPayloads.WithLabelValues(listener),
		acceptedSpans:    m.acceptedSpans.WithLabelValues(listener),
		receivedBytes:    m.receivedBytes.WithLabelValues(listener),
		blankSpans:       m.blankSpans.WithLabelValues(listener),
		rejectedSpans:    m.rejectedSpans.WithLabelValues(listener),
		away:             make(map[string]loss),
		notes:            &m.notes,
	}
	for _, reason := range why.refused {
		c.away[reason] = loss{m.refusedPayloads.WithLabelValues(listener, reason), m.refusedSpans.WithLabelValues(listener, reason)}
	}
	for _, reason := range why.dropped {
		c.away[reason] = loss{m.droppedPayloads.WithLabelValues(listener, reason), m.droppedSpans.WithLabelValues(listener, reason)}
	}
	return c
}

func (c *counters) accept(r *translate.Report) {
	c.acceptedPayloads.Inc()
	c.acceptedSpans.Add(float64(r.Spans))
	c.blankSpans.Add(float64(r.Blank))
	c.rejectedSpans.Add(float64(r.Rejected))
	for code, n := range r.Notes {
		if n > 0 {
			c.notes[code].Add(float64(n))
		}
	}
}

func (c *counters) turnAway(no *refusal) {
	l, ok := c.away[no.reason]
	if !ok {
		l = c.away[reasonMalformed] // keeps the label's values few
	}
	l.payloads.Inc()
	l.spans.Add(float64(no.spans))
}
