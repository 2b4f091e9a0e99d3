package translate_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// A flatSpan is a span with all that is said about it, fit to be compared.
type flatSpan struct {
	Scope, TraceID, SpanID, Parent, Name, Kind string
	Start, End                                 uint64
	Flags                                      uint32
	Code, Message                              string
	Attrs                                      map[string]any
	Events                                     []flatEvent
	Links                                      []string
}

type flatEvent struct {
	Time  uint64
	Name  string
	Attrs map[string]any
}

// flatten returns the resource's attributes and the spans by scope.
func flatten(traces ptrace.Traces) (resource map[string]any, spans []flatSpan) {
	rs := traces.ResourceSpans()
	for i := range rs.Len() {
		resource = flatAttrs(rs.At(i).Resource().Attributes())
		for j := range rs.At(i).ScopeSpans().Len() {
			ss := rs.At(i).ScopeSpans().At(j)
			for k := range ss.Spans().Len() {
				spans = append(spans, flattenSpan(ss.Scope(), ss.Spans().At(k)))
			}
		}
	}
	slices.SortStableFunc(spans, func(a, b flatSpan) int { return strings.Compare(a.Scope, b.Scope) })
	return resource, spans
}

func flattenSpan(scope pcommon.InstrumentationScope, s ptrace.Span) flatSpan {
	flat := flatSpan{
		Scope:   scope.Name() + " " + scope.Version(),
		TraceID: s.TraceID().String(), SpanID: s.SpanID().String(), Parent: s.ParentSpanID().String(),
		Name: s.Name(), Kind: s.Kind().String(),
		Start: uint64(s.StartTimestamp()), End: uint64(s.EndTimestamp()), Flags: s.Flags(),
		Code: s.Status().Code().String(), Message: s.Status().Message(),
		Attrs: flatAttrs(s.Attributes()),
	}
	for i := range s.Events().Len() {
		e := s.Events().At(i)
		flat.Events = append(flat.Events, flatEvent{uint64(e.Timestamp()), e.Name(), flatAttrs(e.Attributes())})
	}
	for i := range s.Links().Len() {
		l := s.Links().At(i)
		refType, _ := l.Attributes().Get("opentracing.ref_type")
		flat.Links = append(flat.Links, fmt.Sprint(l.TraceID(), l.SpanID(), refType.AsString()))
	}
	return flat
}

// flatAttrs returns attributes without those of the residue.
func flatAttrs(attrs pcommon.Map) map[string]any {
	m := attrs.AsRaw()
	maps.DeleteFunc(m, func(key string, _ any) bool { return key == "" || strings.HasPrefix(key, "ot2otel.") })
	return m
}
