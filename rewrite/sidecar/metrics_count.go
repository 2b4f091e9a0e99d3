package sidecar

import "github.com/ot2otel/ot2otel/rewrite"

// Count takes in what became of the headers of a request that someone else
// passes on: to the app, or from it.
func (m *Metrics) Count(toApp bool, r *rewrite.Result) {
	if toApp {
		m.count(inbound, r)
	} else {
		m.count(outbound, r)
	}
}
