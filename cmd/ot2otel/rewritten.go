package main

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/ot2otel/ot2otel/rewrite"
)

// A rewritten request, as it is printed. Names of headers are in lower case.
type rewritten struct {
	Headers map[string][]string `json:"headers"` // every one that comes out
	Removed []string            `json:"removed"` // those that came and do not come out
	Context traceContext        `json:"context"`
	Reasons []string            `json:"reasons"`

	came map[string][]string
}

// A traceContext is what the headers said, completed from memory.
type traceContext struct {
	Format     string            `json:"format"` // where the ids come from; "none": there were none
	TraceID    string            `json:"trace_id,omitempty"`
	SpanID     string            `json:"span_id,omitempty"`
	ParentID   string            `json:"parent_id,omitempty"`
	OwnSpanID  string            `json:"own_span_id,omitempty"`
	Sampling   string            `json:"sampling"`
	Firehose   bool              `json:"firehose,omitempty"`
	Random     bool              `json:"random,omitempty"`
	Tracestate string            `json:"tracestate,omitempty"`
	Baggage    map[string]string `json:"baggage,omitempty"`
}

func newRewritten(came, out http.Header, r *rewrite.Result) *rewritten {
	w := &rewritten{Headers: lowerNames(out), Removed: []string{}, Context: newTraceContext(r), Reasons: r.Reasons(), came: lowerNames(came)}
	for _, name := range slices.Sorted(maps.Keys(w.came)) {
		if _, stays := w.Headers[name]; !stays {
			w.Removed = append(w.Removed, name)
		}
	}
	return w
}

func lowerNames(h http.Header) map[string][]string {
	lower := make(map[string][]string, len(h))
	for name, values := range h {
		lower[strings.ToLower(name)] = values
	}
	return lower
}

func newTraceContext(r *rewrite.Result) traceContext {
	c := &r.Context
	t := traceContext{
		Format: c.Format.String(), Sampling: c.Sampling.String(), Firehose: c.Firehose, Random: c.Random,
		SpanID: spanID(c.SpanID), ParentID: spanID(c.Parent), OwnSpanID: spanID(r.Span), Tracestate: c.State,
	}
	if !c.TraceID.IsZero() {
		t.TraceID = c.TraceID.String()
	}
	for _, m := range c.Baggage {
		if t.Baggage == nil {
			t.Baggage = map[string]string{}
		}
		t.Baggage[m.Key] = m.Value
	}
	return t
}

// spanID is an id, or nothing for none.
func spanID(id rewrite.SpanID) string {
	if id == 0 {
		return ""
	}
	return id.String()
}

// print prints w for people. Headers that came as they go out are marked with
// a space, others with a plus, and those that are removed with a minus.
func (w *rewritten) print(out io.Writer) {
	fmt.Fprintln(out, "headers")
	for _, name := range slices.Sorted(maps.Keys(w.Headers)) {
		mark := "+"
		if slices.Equal(w.came[name], w.Headers[name]) {
			mark = " "
		}
		for _, value := range w.Headers[name] {
			fmt.Fprintf(out, "  %s %s: %s\n", mark, name, value)
		}
	}
	for _, name := range w.Removed {
		fmt.Fprintf(out, "  - %s\n", name)
	}
	if len(w.Headers)+len(w.Removed) == 0 {
		fmt.Fprintln(out, "    none")
	}
	w.Context.print(out)
	fmt.Fprintln(out, "\nwhy")
	for _, reason := range w.Reasons {
		fmt.Fprintf(out, "  %s\n", reason)
	}
}

func (t *traceContext) print(out io.Writer) {
	fmt.Fprintln(out, "\ncontext")
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(out, "  %-11s %s\n", name, value)
		}
	}
	line("from", t.Format)
	line("trace", t.TraceID)
	line("span", t.SpanID)
	line("parent", t.ParentID)
	line("own span", t.OwnSpanID)
	line("sampling", t.Sampling)
	line("tracestate", t.Tracestate)
	for _, key := range slices.Sorted(maps.Keys(t.Baggage)) {
		line("baggage", key+" = "+t.Baggage[key])
	}
}
