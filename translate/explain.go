package translate

import "strings"

// An Explanation tells for a resource or a span which rule is behind each of
// its parts. It is the callee's to keep.
type Explanation struct {
	// TraceID and SpanID are the span's ids in OTLP; zero for a resource.
	TraceID [16]byte
	SpanID  [8]byte
	Parts   []Part
}

// A Part is an attribute or another field.
type Part struct {
	Of        Element
	Index     int    // which event or link, from 0
	Name      string // the attribute's key or the field's name
	Attribute bool
	Rule      Rule
	From      string // the key in the payload that the rule read; "" if it was none, or the same
}

// An Element is what a Part is part of.
type Element string

// The elements.
const (
	ElementResource Element = "resource"
	ElementScope    Element = "scope"
	ElementSpan     Element = "span"
	ElementEvent    Element = "event"
	ElementLink     Element = "link"
)

// A field is a field of an OTLP span or scope that is no attribute.
type field uint8

const (
	fieldTraceID field = iota
	fieldSpanID
	fieldParent
	fieldTraceState
	fieldName
	fieldKind
	fieldStart
	fieldEnd
	fieldStatus
	fieldStatusMessage
	fieldFlags
	fieldScopeName
	fieldScopeVersion
	fieldDroppedAttributes
	fieldDroppedEvents
	fieldDroppedLinks

	numFields
)

// fields are the fields' names in OTLP, and the rules that fill them as a rule.
var fields = [numFields]struct {
	of   Element
	name string
	rule Rule
}{
	fieldTraceID:           {ElementSpan, "trace_id", RuleIDs},
	fieldSpanID:            {ElementSpan, "span_id", RuleIDs},
	fieldParent:            {ElementSpan, "parent_span_id", RuleParent},
	fieldTraceState:        {ElementSpan, "trace_state", RuleTraceState},
	fieldName:              {ElementSpan, "name", RuleName},
	fieldKind:              {ElementSpan, "kind", RuleKind},
	fieldStart:             {ElementSpan, "start_time_unix_nano", RuleTimes},
	fieldEnd:               {ElementSpan, "end_time_unix_nano", RuleTimes},
	fieldStatus:            {ElementSpan, "status.code", RuleNoStatus},
	fieldStatusMessage:     {ElementSpan, "status.message", RuleStatusMessage},
	fieldFlags:             {ElementSpan, "flags", RuleFlags},
	fieldScopeName:         {ElementScope, "name", RuleScope},
	fieldScopeVersion:      {ElementScope, "version", RuleScope},
	fieldDroppedAttributes: {ElementSpan, "dropped_attributes_count", RuleDropped},
	fieldDroppedEvents:     {ElementSpan, "dropped_events_count", RuleDropped},
	fieldDroppedLinks:      {ElementSpan, "dropped_links_count", RuleDropped},
}

// A reason is why a field is what it is: a rule, and the known key it read.
// The zero reason stands for the field's usual rule.
type reason struct {
	rule Rule
	from keyID
}

// because records why field f is what it is.
func (s *span) because(f field, rule Rule, from keyID) { s.reasons[f] = reason{rule, from} }

// explainResource tells about the resource at hand.
func (t *Translator) explainResource() {
	if t.config.Explain == nil {
		return
	}
	t.told = append(t.told, Explanation{Parts: explainAttrs(nil, ElementResource, 0, t.resource.list)})
}

// explainEvent tells about event n of the span at hand, which has its name by
// a rule from a known key.
func (t *Translator) explainEvent(n int, a *attrs, name reason, dropped uint32) {
	if t.config.Explain == nil {
		return
	}
	t.parts = append(t.parts,
		Part{Of: ElementEvent, Index: n, Name: "time_unix_nano", Rule: RuleEvent},
		Part{Of: ElementEvent, Index: n, Name: "name", Rule: name.rule, From: keyNames[name.from]})
	t.parts = explainAttrs(t.parts, ElementEvent, n, a.list)
	if dropped != 0 {
		t.parts = append(t.parts,
			Part{Of: ElementEvent, Index: n, Name: fields[fieldDroppedAttributes].name, Rule: RuleEventDropped})
	}
}

// explainSpan tells about the span at hand, after its events.
func (t *Translator) explainSpan() {
	if t.config.Explain == nil {
		return
	}
	s := &t.span
	e := Explanation{TraceID: s.traceID, SpanID: s.id}
	e.Parts = explainAttrs(e.Parts, ElementScope, 0, []attr{t.source})
	for f := range numFields {
		if s.isSet(f) {
			e.Parts = append(e.Parts, explainField(f, s.reasons[f]))
		}
	}
	e.Parts = explainAttrs(e.Parts, ElementSpan, 0, s.attrs.list)
	e.Parts = append(e.Parts, t.parts...)
	for i := range s.links {
		if l := &s.links[i]; l.refType != "" {
			e.Parts = append(e.Parts, explainLink(i, l.refType))
		}
	}
	t.parts = t.parts[:0]
	t.told = append(t.told, e)
}

// explain passes on what there was to tell about the payload.
func (t *Translator) explain() {
	for _, e := range t.told {
		t.nameZipkinRules(e.Parts)
		t.config.Explain(e)
	}
}

// isSet reports whether field f is written: OTLP leaves defaults out.
func (s *span) isSet(f field) bool {
	switch f {
	case fieldParent:
		return s.parent != [8]byte{}
	case fieldTraceState:
		return s.traceState != ""
	case fieldStatus:
		return s.statusCode != statusUnset
	case fieldStatusMessage:
		return s.statusMessage != ""
	case fieldFlags:
		return s.flags != 0
	case fieldScopeName:
		return s.scopeName != ""
	case fieldScopeVersion:
		return s.scopeVersion != ""
	case fieldDroppedAttributes:
		return s.droppedAttributes != 0
	case fieldDroppedEvents:
		return s.droppedEvents != 0
	case fieldDroppedLinks:
		return s.droppedLinks != 0
	}
	return true
}

func explainField(f field, why reason) Part {
	rule := why.rule
	if why == (reason{}) {
		rule = fields[f].rule
	}
	return Part{Of: fields[f].of, Name: fields[f].name, Rule: rule, From: keyNames[why.from]}
}

func explainLink(index int, refType string) Part {
	rule := RuleLink
	if refType != "child_of" && refType != "follows_from" {
		rule = RuleUnknownRef
	}
	return Part{Of: ElementLink, Index: index, Name: keyRefType, Attribute: true, Rule: rule}
}

func explainAttrs(parts []Part, of Element, index int, list []attr) []Part {
	for _, x := range list {
		if !x.gone {
			parts = append(parts, Part{
				Of: of, Index: index, Name: strings.Clone(x.key), Attribute: true,
				Rule: x.rule, From: keyNames[x.from],
			})
		}
	}
	return parts
}
