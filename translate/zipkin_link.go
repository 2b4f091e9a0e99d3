package translate

import (
	"math"
	"strings"
)

// linkPrefix begins the keys of tags in which the OpenTelemetry Collector's
// Zipkin exporter put links.
const linkPrefix = "otlp.link."

// zipkinLinks makes links of tags (Z-45). A tag that is no link stays.
func (t *Translator) zipkinLinks() {
	s := &t.span
	for i := range s.attrs.list {
		x := &s.attrs.list[i]
		if x.id != keyOther || x.gone || x.kind != kindString || !strings.HasPrefix(x.key, linkPrefix) {
			continue
		}
		if l, ok := t.zipkinLink(x.str); ok {
			s.links = append(s.links, l)
			x.gone = true
		}
	}
}

// zipkinLink reads a link: traceid|spanid|tracestate|{attributes}|dropped.
func (t *Translator) zipkinLink(text string) (l link, ok bool) {
	trace, rest, _ := strings.Cut(text, "|")
	span, rest, _ := strings.Cut(rest, "|")
	state, rest, _ := strings.Cut(rest, "|{")
	end := strings.LastIndexByte(rest, '|')
	if len(trace) != 32 || len(span) != 16 || end < 0 {
		return l, false
	}
	dropped, okDropped := parseInt(rest[end+1:])
	attributes := text[len(text)-len(rest)-1 : len(text)-len(rest)+end]
	okIDs := parseHex(l.traceID[:], trace) && parseHex(l.id[:], span)
	if !okIDs || l.traceID == [16]byte{} || l.id == [8]byte{} ||
		!okDropped || dropped < 0 || dropped > math.MaxUint32 || state != "" && !validTraceState(state) {
		return l, false
	}
	t.recall(&l.traceID)
	a := &t.event
	a.reset()
	if !t.jsonAttributes(a, attributes) {
		return l, false
	}
	a.settle()
	t.mendKeys(a)
	t.normalise(a)
	mark := len(t.text.buf)
	t.text.buf = appendLinkRest(t.text.buf, state, a, uint32(dropped))
	l.rest = t.text.since(mark)
	return l, true
}
