package config

import (
	"errors"

	"github.com/ot2otel/ot2otel/rewrite"
)

// Headers says how the trace headers of one app are rewritten: rewrite.Config
// as it can be written down.
type Headers struct {
	App               rewrite.Format
	Mesh              []rewrite.Format
	LegacyOut         rewrite.LegacyOut
	Inbound, Outbound rewrite.Lists
	TraceIDToApp      rewrite.Width
	B3Join            rewrite.Choice
	B3Baggage         rewrite.B3Baggage
	DeferredRatio     float64
	KeepInvalid       bool
	Spans             rewrite.Spans
	// Trust and Egress are lists that rewrite.ParseTrust and rewrite.ParseEgress read.
	Trust, Egress []string
	Names         rewrite.JaegerNames
}

// Rewriter returns a rewriter that follows h and remembers in m, which may be nil.
func (h Headers) Rewriter(m *rewrite.Memory) (*rewrite.Rewriter, error) {
	trust, trustErr := rewrite.ParseTrust(h.Trust)
	egress, egressErr := rewrite.ParseEgress(h.Egress)
	if err := errors.Join(trustErr, egressErr); err != nil {
		return nil, err
	}
	return rewrite.New(rewrite.Config{
		App: h.App, Mesh: h.Mesh, LegacyOut: h.LegacyOut, Inbound: h.Inbound, Outbound: h.Outbound,
		TraceIDToApp: h.TraceIDToApp, B3Join: h.B3Join, B3Baggage: h.B3Baggage,
		DeferredRatio: h.DeferredRatio, KeepInvalid: h.KeepInvalid, Spans: h.Spans,
		Trust: trust, Egress: egress, Names: h.Names, Memory: m,
	})
}
