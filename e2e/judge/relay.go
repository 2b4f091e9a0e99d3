package judge

import (
	"math"

	"github.com/ot2otel/ot2otel/e2e/corpus"
)

// agentTags are what the agents under capture were told to add to every
// process (--agent.tags), by case.
var agentTags = map[string][]field{
	"jaeger-agent-grpc-edge": {{"cluster", "shop"}, {"zone", "z1"}},
}

// relayed is what Jaeger's agent does to a span that it passes on over gRPC: it
// adds its tags, and its encoder leaves out a double that equals zero, so that
// -0 is 0.
func relayed(s *sent, m *corpus.Manifest) {
	s.process = append(s.process, agentTags[m.Case]...)
	for i, t := range s.tags {
		if f, ok := t.value.(float64); ok && f == 0 && math.Signbit(f) {
			s.tags[i].value = 0.0
		}
	}
}
