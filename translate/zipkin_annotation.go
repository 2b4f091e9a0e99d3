package translate

import (
	"math"
	"strings"
)

// addAnnotations gives the annotations their meaning (mapping 5.4) and appends
// them to t.events, encoded.
func (t *Translator) addAnnotations(z *zipkinSpan) {
	t.events = t.events[:0]
	t.promoted = t.promoted[:0]
	n := 0
	for part := z; part != nil; part = t.zipkin.next(part) {
		for i := part.annotations.first; i < part.annotations.last; i++ {
			t.addAnnotation(n, &t.zipkin.annotations[i])
			n++
		}
	}
	t.promoteBaggage()
}

// addAnnotation makes event n of an annotation: its text is the name, unless
// it is one of the forms in which exporters put events with attributes.
func (t *Translator) addAnnotation(n int, x *annotation) {
	a := &t.event
	a.reset()
	e := event{micros: x.micros}
	var ok bool
	e.time, ok = nanos(x.micros)
	e.badTime = !ok || x.micros == 0
	if x.odd != "" {
		e.time, e.badTime = t.span.start, false
		a.list = append(a.list, attr{key: t.text.concat(t.prefix, "timestamp_us"), value: stringValue(x.odd), rule: RuleStart})
		t.note(NoteTimeBadEvent, "")
	}
	name, rule := t.expand(a, x.value)
	if name == "" && rule == RuleAnnotationJSON {
		t.addLog(n, &e, a) // a log of OpenTracing's
		return
	}
	a.settle()
	t.mendKeys(a)
	t.normalise(a)
	dropped := t.finishEvent(&e, a, name)
	t.explainEvent(n, a, reason{rule: rule}, dropped)
}

// expand returns the name of the event that an annotation is and fills its
// attributes. The forms are (Z-31):
//
//	name: {json}      OpenTelemetry's exporter for Go
//	"name": {json}    OpenTelemetry's specification, with or without the space
//	name|{json}|N     the OpenTelemetry Collector; N attributes were dropped
//	{json}            Jaeger's client for Go in its Zipkin mode: the fields of a log
//
// Whatever is not quite one of these is a name.
func (t *Translator) expand(a *attrs, s string) (name string, rule Rule) {
	brace := strings.IndexByte(s, '{')
	if brace < 0 {
		return s, RuleAnnotation
	}
	head, body := s[:brace], s[brace:]
	dropped := int64(0)
	switch {
	case head == "":
	case strings.HasSuffix(head, "|"):
		var ok bool
		if body, dropped, ok = cutDropped(body); !ok {
			return s, RuleAnnotation
		}
		name = strings.TrimSuffix(head, "|")
	default:
		name = t.headName(head)
	}
	if head != "" && name == "" || !t.jsonAttributes(a, body) {
		return s, RuleAnnotation
	}
	if dropped > 0 {
		count := keyOTelEventDroppedAttributesCount
		a.list = append(a.list, attr{key: keyNames[count], id: count, value: intValue(dropped)})
	}
	return name, RuleAnnotationJSON
}

// cutDropped cuts the count from {json}|N.
func cutDropped(s string) (body string, dropped int64, ok bool) {
	end := strings.LastIndexByte(s, '|')
	if end < 0 {
		return "", 0, false
	}
	dropped, ok = parseInt(s[end+1:])
	return s[:end], dropped, ok && dropped >= 0 && dropped <= math.MaxUint32
}

// headName returns the name that stands before {json}, "" if it is none.
func (t *Translator) headName(head string) string {
	name, plain := strings.CutSuffix(head, ": ")
	if !plain {
		name = strings.TrimSuffix(head, ":")
	}
	if len(name) > 1 && strings.HasPrefix(name, `"`) && strings.HasSuffix(name, `"`) {
		return t.unquoted(name)
	}
	if !plain {
		return ""
	}
	return name
}

// unquoted returns what stands in a JSON string, "" if s is none.
func (t *Translator) unquoted(s string) string {
	r := &t.zipkin.inner
	r.Strict = true
	r.ResetString(s)
	name := r.String()
	return t.text.concat(name)
}
