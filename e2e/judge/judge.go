// Package judge says whether the OTLP that came out of the proxy is what the
// clients were asked to record.
//
// It works in three steps. What a program asked for (package corpus) becomes
// what its client is known to send (client.go, otel.go, zipkin.go and the tables
// in zipkin_client.go and relay.go), that becomes what the mapping makes of it
// (expect.go, event.go), and that is compared with what came (compare.go). Beside that, everything that comes has to be valid OTLP
// (valid.go). None of it shares code with the product.
package judge

import (
	"fmt"
	"slices"

	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/ot2otel/ot2otel/e2e/corpus"
)

// A Mode is the proxy's semantic-convention mode (mapping P-4).
type Mode string

// The modes that the judge knows. In Raw an attribute that nobody asked for is
// an error; in Dup it may also be the stable twin of one that was.
const (
	Raw Mode = "raw"
	Dup Mode = "dup"
)

// Case compares what came out with what the client of case m was asked for.
// got holds the spans of this case and no others. The answer is a list of
// complaints, each naming case and span; none means that all is well.
func Case(m *corpus.Manifest, got ptrace.Traces, mode Mode) []string {
	c, ok := clientOf(m)
	if !ok {
		return []string{fmt.Sprintf("%s: the judge does not know the client %q", m.Case, m.Client.Name)}
	}
	v := verdict{complaints{about: m.Case + ": "}}
	spans := flatten(got)
	if len(spans) != m.OnWire.Spans {
		v.complain("%d spans came out, the client sent %d", len(spans), m.OnWire.Spans)
	}
	wants, err := c.wants(m)
	if err != nil {
		v.complain("manifest: %v", err)
	}
	adopt(wants, spans)
	for _, w := range wants {
		v.span(w, spans, mode)
	}
	for _, p := range c.probes(m) {
		v.probe(p, spans)
	}
	return append(v.list, valid(m.Case, got, c.shares(m))...)
}

// wants returns what has to come out of case m.
func (c client) wants(m *corpus.Manifest) ([]want, error) {
	var wants []want
	for _, asked := range m.Spans {
		if slices.Contains(m.OnWire.NotSent, asked.Key) {
			continue
		}
		s, err := c.send(m, asked)
		if err != nil {
			return nil, fmt.Errorf("span %q: %w", asked.Key, err)
		}
		wants = append(wants, expect(s))
	}
	return wants, nil
}

// adopt makes the children of a span that got an id of its own its children
// again: those of the same service that name the shared id (mapping U-4).
func adopt(wants []want, spans []placed) {
	for _, parent := range wants {
		found := slices.IndexFunc(spans, parent.is)
		if !parent.unshared || found < 0 {
			continue
		}
		for i := range wants {
			if w := &wants[i]; !w.unshared && w.trace == parent.trace && w.parent == parent.id && w.service == parent.service {
				w.parentSpan = spans[found].span.SpanID()
				w.attributes["ot2otel.zipkin.parent_id"] = parent.id.String()
			}
		}
	}
}

// complaints collects what is wrong with one thing.
type complaints struct {
	about string // what stands before every complaint
	list  []string
}

func (c *complaints) complain(format string, args ...any) {
	c.list = append(c.list, c.about+fmt.Sprintf(format, args...))
}

// A verdict judges the spans of one case.
type verdict struct{ complaints }

// span finds the span that w describes among those that came, and compares them.
func (v *verdict) span(w want, spans []placed, mode Mode) {
	found := slices.DeleteFunc(slices.Clone(spans), func(p placed) bool { return !w.is(p) })
	if len(found) != 1 {
		v.complain("span %q (trace %s, span %s, service %q): came out %d times", w.key, w.trace, w.id, w.service, len(found))
		return
	}
	about := fmt.Sprintf("%sspan %q: ", v.about, w.key)
	c := comparison{complaints: complaints{about: about}, want: w, got: found[0], mode: mode}
	v.list = append(v.list, c.run()...)
}

// probe looks for a span that a client started from headers: its ids and its
// parent must be there. Everything else about such spans is the clock's.
func (v *verdict) probe(p corpus.Probe, spans []placed) {
	if p.Child == nil || !p.Child.Sampled {
		return
	}
	trace, id, parent := traceID(p.Child.TraceID), spanID(p.Child.SpanID), spanID(p.Child.ParentSpanID)
	for _, s := range spans {
		if s.span.TraceID() == trace && s.span.SpanID() == id {
			if s.span.ParentSpanID() != parent {
				v.complain("probe %q: parent %s, want %s", p.Name, s.span.ParentSpanID(), parent)
			}
			if want := "probe:" + p.Name; s.span.Name() != want {
				v.complain("probe %q: name %q, want %q", p.Name, s.span.Name(), want)
			}
			return
		}
	}
	v.complain("probe %q: no span %s in trace %s", p.Name, id, trace)
}

// A placed span is a span with the resource and scope that it came under.
type placed struct {
	span     ptrace.Span
	resource ptrace.ResourceSpans
	scope    ptrace.ScopeSpans
}

func flatten(t ptrace.Traces) []placed {
	var all []placed
	for _, r := range t.ResourceSpans().All() {
		for _, s := range r.ScopeSpans().All() {
			for _, span := range s.Spans().All() {
				all = append(all, placed{span, r, s})
			}
		}
	}
	return all
}

// service returns service.name of the resource that p came under.
func (p placed) service() string {
	v, ok := p.resource.Resource().Attributes().Get("service.name")
	if !ok {
		return ""
	}
	return v.AsString()
}
