package main

import (
	"fmt"
	"io"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/ot2otel/ot2otel/translate"
)

// A spanInPlace is a span with what it stands in.
type spanInPlace struct {
	ptrace.Span
	scope    pcommon.InstrumentationScope
	resource pcommon.Resource
}

// printReasons lists for each resource and span which rule of the mapping is
// behind each of its parts, and which key of the payload that rule read. The
// explanation of a resource comes before those of its spans.
func printReasons(w io.Writer, reasons []translate.Explanation, traces ptrace.Traces) {
	spans := spansByID(traces)
	for i, e := range reasons {
		if e.SpanID == [8]byte{} {
			if i+1 < len(reasons) {
				printParts(w, "resource", e.Parts, first(spans[reasons[i+1].SpanID]))
			}
			continue
		}
		s := first(spans[e.SpanID])
		if s == nil {
			continue // left out of the result
		}
		spans[e.SpanID] = spans[e.SpanID][1:]
		printParts(w, fmt.Sprintf("span %x of trace %x: %s", e.SpanID, e.TraceID, s.Name()), e.Parts, s)
	}
}

func first(spans []spanInPlace) *spanInPlace {
	if len(spans) == 0 {
		return nil
	}
	return &spans[0]
}

// spansByID finds spans by their id, those that share one in their order.
func spansByID(traces ptrace.Traces) map[pcommon.SpanID][]spanInPlace {
	all := map[pcommon.SpanID][]spanInPlace{}
	for _, rs := range traces.ResourceSpans().All() {
		for _, ss := range rs.ScopeSpans().All() {
			for _, s := range ss.Spans().All() {
				all[s.SpanID()] = append(all[s.SpanID()], spanInPlace{s, ss.Scope(), rs.Resource()})
			}
		}
	}
	return all
}

// printParts prints the parts that have a value.
func printParts(w io.Writer, title string, parts []translate.Part, s *spanInPlace) {
	if s == nil {
		return
	}
	fmt.Fprintln(w, title)
	for _, p := range parts {
		value := s.field(p)
		if v, ok := s.attributes(p).Get(p.Name); ok && p.Attribute {
			value = fmt.Sprintf("%q", short(v.AsString()))
		}
		if value == "" {
			continue
		}
		from := ""
		if p.From != "" {
			from = "  from " + p.From
		}
		fmt.Fprintf(w, "  %-5s %s%s = %s%s\n", p.Rule, place(p), p.Name, value, from)
	}
}

// place says which event or link a part is of.
func place(p translate.Part) string {
	switch p.Of {
	case translate.ElementEvent, translate.ElementLink:
		return fmt.Sprintf("%s %d: ", p.Of, p.Index)
	case translate.ElementScope:
		return "scope "
	}
	return ""
}

// attributes are those among which a part is.
func (s *spanInPlace) attributes(p translate.Part) pcommon.Map {
	switch {
	case p.Of == translate.ElementResource:
		return s.resource.Attributes()
	case p.Of == translate.ElementScope:
		return s.scope.Attributes()
	case p.Of == translate.ElementEvent && p.Index < s.Events().Len():
		return s.Events().At(p.Index).Attributes()
	case p.Of == translate.ElementLink && p.Index < s.Links().Len():
		return s.Links().At(p.Index).Attributes()
	}
	return s.Attributes()
}

// field is the value of a part that is no attribute; empty where it says nothing.
func (s *spanInPlace) field(p translate.Part) string {
	switch {
	case p.Of == translate.ElementScope && p.Name == "name":
		return s.scope.Name()
	case p.Of == translate.ElementScope && p.Name == "version":
		return s.scope.Version()
	case p.Of == translate.ElementEvent && p.Name == "name" && p.Index < s.Events().Len():
		return fmt.Sprintf("%q", short(s.Events().At(p.Index).Name()))
	case p.Of != translate.ElementSpan:
		return ""
	}
	switch p.Name {
	case "parent_span_id":
		return s.ParentSpanID().String()
	case "trace_state":
		return s.TraceState().AsRaw()
	case "kind":
		return s.Kind().String()
	case "status.code":
		return s.Status().Code().String()
	case "status.message":
		return s.Status().Message()
	}
	return ""
}

// short cuts a long text.
func short(text string) string {
	if runes := []rune(text); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return text
}
