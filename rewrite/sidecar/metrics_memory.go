package sidecar

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/ot2otel/ot2otel/rewrite"
)

// memoryFigures are the metrics of a rewrite.Memory.
var memoryFigures = [...]struct {
	name, help string
	kind       prometheus.ValueType
	value      func(*rewrite.MemoryStats) float64
}{
	{"entries", "Traces that are remembered.", prometheus.GaugeValue, func(s *rewrite.MemoryStats) float64 { return float64(s.Entries) }},
	{"bytes", "What they take.", prometheus.GaugeValue, func(s *rewrite.MemoryStats) float64 { return float64(s.Bytes) }},
	{"hits_total", "Outbound requests of a trace that is remembered.", prometheus.CounterValue, func(s *rewrite.MemoryStats) float64 { return float64(s.Hits) }},
	{"misses_total", "Outbound requests of a trace that is not, because it begins here or was forgotten.", prometheus.CounterValue, func(s *rewrite.MemoryStats) float64 { return float64(s.Misses) }},
	{"span_hits_total", "Spans with half a trace id that were given the other half.", prometheus.CounterValue, func(s *rewrite.MemoryStats) float64 { return float64(s.SpanHits) }},
	{"span_misses_total", "Spans with half a trace id of which no other half is known.", prometheus.CounterValue, func(s *rewrite.MemoryStats) float64 { return float64(s.SpanMisses) }},
	{"evictions_total", "Traces forgotten for lack of room.", prometheus.CounterValue, func(s *rewrite.MemoryStats) float64 { return float64(s.Evictions) }},
	{"expirations_total", "Traces forgotten because of their age.", prometheus.CounterValue, func(s *rewrite.MemoryStats) float64 { return float64(s.Expirations) }},
	{"upgrades_total", "Traces of which the high half became known later than the low one.", prometheus.CounterValue, func(s *rewrite.MemoryStats) float64 { return float64(s.Upgrades) }},
	{"collisions_total", "Low halves that came with two different high ones.", prometheus.CounterValue, func(s *rewrite.MemoryStats) float64 { return float64(s.Collisions) }},
}

// A memoryCollector asks a Memory when metrics are asked for.
type memoryCollector struct {
	memory *rewrite.Memory
	descs  [len(memoryFigures)]*prometheus.Desc
}

func newMemoryCollector(m *rewrite.Memory) *memoryCollector {
	c := &memoryCollector{memory: m}
	for i, f := range memoryFigures {
		c.descs[i] = prometheus.NewDesc("ot2otel_rewrite_memory_"+f.name, f.help, nil, nil)
	}
	return c
}

// Describe implements prometheus.Collector.
func (c *memoryCollector) Describe(to chan<- *prometheus.Desc) {
	for _, d := range c.descs {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (c *memoryCollector) Collect(to chan<- prometheus.Metric) {
	stats := c.memory.Stats()
	for i, f := range memoryFigures {
		to <- prometheus.MustNewConstMetric(c.descs[i], f.kind, f.value(&stats))
	}
}
