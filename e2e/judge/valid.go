package judge

import (
	"fmt"
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// Valid says what is wrong with t as OTLP: ids that are zero or not unique in
// their trace, names and keys that are empty, text that is not UTF-8, keys that
// come twice, a span that ends before it starts, a status message without an
// error. what stands before each complaint.
func Valid(what string, t ptrace.Traces) []string { return valid(what, t, false) }

// valid is Valid, but for ids that client and server may share.
func valid(what string, t ptrace.Traces, shares bool) []string {
	v := validity{complaints: complaints{about: what + ": "}}
	seen := map[string]bool{}
	for _, p := range flatten(t) {
		v.at = fmt.Sprintf("span %s %q", p.span.SpanID(), p.span.Name())
		v.span(p.span)
		v.keys("resource", p.resource.Resource().Attributes())
		v.keys("scope", p.scope.Scope().Attributes())
		id := p.span.TraceID().String() + p.span.SpanID().String()
		if shares {
			id += p.service()
		}
		v.require(!seen[id], "another span of trace %s has this id", p.span.TraceID())
		seen[id] = true
	}
	return v.list
}

type validity struct {
	complaints
	at string // the span looked at
}

func (v *validity) require(ok bool, format string, args ...any) {
	if !ok {
		v.complain("%s: not valid OTLP: %s", v.at, fmt.Sprintf(format, args...))
	}
}

func (v *validity) text(what, s string) {
	v.require(utf8.ValidString(s), "%s %q is not UTF-8", what, s)
}

func (v *validity) name(what, s string) {
	v.require(s != "", "%s is empty", what)
	v.text(what, s)
}

func (v *validity) span(s ptrace.Span) {
	v.name("name", s.Name())
	v.require(!s.TraceID().IsEmpty(), "trace id is zero")
	v.require(!s.SpanID().IsEmpty(), "span id is zero")
	v.require(s.SpanID() != s.ParentSpanID(), "the span is its own parent")
	v.require(s.Kind() != ptrace.SpanKindUnspecified, "kind is unspecified")
	v.require(s.StartTimestamp() > 0, "no start")
	v.require(s.EndTimestamp() >= s.StartTimestamp(), "ends before it starts")
	v.require(s.Flags()&^0x3ff == 0, "flags %#x use reserved bits", s.Flags())
	v.require(s.Status().Message() == "" || s.Status().Code() == ptrace.StatusCodeError, "a status message, but no error")
	v.text("status message", s.Status().Message())
	v.keys("span", s.Attributes())
	for _, e := range s.Events().All() {
		v.name("event name", e.Name())
		v.require(e.Timestamp() > 0, "event without a time")
		v.keys("event", e.Attributes())
	}
	for _, l := range s.Links().All() {
		v.require(!l.TraceID().IsEmpty() && !l.SpanID().IsEmpty(), "a link to a zero id")
		v.keys("link", l.Attributes())
	}
}

// keys looks at a collection. All yields every entry of the list that it came
// as, the second of two with one key too.
func (v *validity) keys(what string, m pcommon.Map) {
	seen := map[string]bool{}
	for key, value := range m.All() {
		v.name(what+" attribute key", key)
		v.require(!seen[key], "%s attribute %s comes twice", what, key)
		seen[key] = true
		v.value(what+" attribute "+key, value)
	}
}

func (v *validity) value(what string, value pcommon.Value) {
	switch value.Type() {
	case pcommon.ValueTypeStr:
		v.text(what, value.Str())
	case pcommon.ValueTypeSlice:
		for _, item := range value.Slice().All() {
			v.value(what, item)
		}
	case pcommon.ValueTypeMap:
		v.keys(what, value.Map())
	}
}
