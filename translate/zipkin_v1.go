package translate

import (
	"cmp"
	"slices"
)

// A v1Span is a span in Zipkin's v1 model, which knows no kind, timing or
// endpoint of a span, only annotations that were made somewhere. One span may
// tell of both sides of a call. Readers of all Zipkin formats fill it; what
// they find of v2 goes to the zipkinSpan in it.
type v1Span struct {
	zipkinSpan
	events []annotation // annotations
	binary []v1Tag      // binaryAnnotations
	hosts  []zipkinEndpoint

	// Space of convertV1.

	halves   []zipkinSpan // what the span becomes
	services table        // numbers the halves: one for each service
	core     [numCores]int
	address  [numAddresses]zipkinEndpoint
	spare    []value // addresses for which there was no place
}

// A v1Tag is a binary annotation.
type v1Tag struct {
	attr
	host int // like annotation.host
	half int // like annotation.half
}

// nowhere is the half of what has been told otherwise.
const nowhere = -1

// A coreKind is one of the annotations that tell when one side of a call or
// message began or ended.
type coreKind uint8

const (
	coreCS coreKind = iota // client send
	coreCR                 // client receive
	coreSR                 // server receive
	coreSS                 // server send
	coreMS                 // message send
	coreMR                 // message receive
	coreWS                 // wire send
	coreWR                 // wire receive

	numCores
)

var cores = [numCores]struct {
	name string
	kind spanKind // of the half that has it
}{
	coreCS: {"cs", kindClient}, coreCR: {"cr", kindClient},
	coreSR: {"sr", kindServer}, coreSS: {"ss", kindServer},
	coreMS: {"ms", kindProducer}, coreMR: {"mr", kindConsumer},
	coreWS: {"ws", kindUnspecified}, coreWR: {"wr", kindUnspecified},
}

// coreOf returns which core annotation has the text s.
func coreOf(s string) (coreKind, bool) {
	if len(s) == 2 {
		for c := range cores {
			if cores[c].name == s {
				return coreKind(c), true
			}
		}
	}
	return 0, false
}

// reset empties s, keeping its space.
func (s *v1Span) reset() {
	s.zipkinSpan = zipkinSpan{}
	s.events = s.events[:0]
	s.binary = s.binary[:0]
	s.hosts = s.hosts[:0]
}

// addHost adds a host and returns its number, 0 if nothing is known of it.
// Neighbours mostly have the same.
func (s *v1Span) addHost(e zipkinEndpoint) int {
	if e == (zipkinEndpoint{}) {
		return 0
	}
	if n := len(s.hosts); n == 0 || s.hosts[n-1] != e {
		s.hosts = append(s.hosts, e)
	}
	return len(s.hosts)
}

// convertV1 appends what a span of v1 is in v2 (mapping 5.7).
func (t *Translator) convertV1(s *v1Span) {
	s.begin()
	s.assignEvents()
	s.assignTags(t)
	s.inferStart(coreCS, coreCR)
	s.inferStart(coreSR, coreSS)
	s.timeCalls()
	s.timeMessages()
	s.placeAddresses(t)
	t.emitHalves(s)
}

// begin makes the first half. It has what the span says in the manner of v2.
func (s *v1Span) begin() {
	first := s.zipkinSpan
	first.timestamp, first.duration = 0, 0
	s.halves = append(s.halves[:0], first)
	s.services.reset()
	if first.local.service != "" {
		s.services.number([]byte(first.local.service))
	}
	s.core = [numCores]int{}
	s.address = [numAddresses]zipkinEndpoint{}
	s.spare = s.spare[:0]
}

// halfAt returns which half has its place at a host: there is one for each
// service that is named. The first half takes what was made nowhere.
func (s *v1Span) halfAt(host int) int {
	if host == 0 {
		return 0
	}
	e := &s.hosts[host-1]
	half := 0
	if e.service != "" {
		half, _ = s.services.number([]byte(e.service))
	}
	if half == len(s.halves) {
		s.addHalf(*e)
	} else {
		s.halves[half].local.complete(e)
	}
	return half
}

// addHalf adds a half with the ids and the name of the span.
func (s *v1Span) addHalf(local zipkinEndpoint) *zipkinSpan {
	s.halves = append(s.halves, zipkinSpan{
		traceID: s.traceID, id: s.id, parent: s.parent, badTraceID: s.badTraceID, badID: s.badID,
		name: s.name, debug: s.debug, local: local,
	})
	return &s.halves[len(s.halves)-1]
}

// assignEvents finds the halves and their kinds. A core annotation counts only
// if it was made somewhere.
func (s *v1Span) assignEvents() {
	for i := range s.events {
		x := &s.events[i]
		x.half = s.halfAt(x.host)
		c, ok := coreOf(x.value)
		if !ok || x.host == 0 {
			continue
		}
		s.core[c] = i + 1
		if kind := cores[c].kind; kind != kindUnspecified {
			s.halves[x.half].kind = kind
		}
	}
}

// assignTags gives each tag to its half, addresses aside.
func (s *v1Span) assignTags(t *Translator) {
	for i := range s.binary {
		x := &s.binary[i]
		if s.takeAddress(t, x) {
			x.half = nowhere
		} else {
			x.half = s.halfAt(x.host)
		}
		if x.key == "lc" && x.value == stringValue("") {
			x.half = nowhere // it only says where
		}
	}
}

// at returns the core annotation c, nil if there is none.
func (s *v1Span) at(c coreKind) *annotation {
	if s.core[c] == 0 {
		return nil
	}
	return &s.events[s.core[c]-1]
}

// inferStart adds the annotation begin if there is only end, but the span's
// own timing says that it ended then: a span with timing could do without.
func (s *v1Span) inferStart(begin, end coreKind) {
	e := s.at(end)
	timed := s.timestamp != 0 && s.duration != 0
	if s.at(begin) != nil || e == nil || !timed || s.timestamp+s.duration != e.micros {
		return
	}
	s.events = append(s.events, annotation{micros: s.timestamp, value: cores[begin].name, host: e.host, half: e.half})
	s.core[begin] = len(s.events)
}

// emitHalves appends the halves to the list of spans. One of them keeps the
// span's id; the others were sharing it, said so or not.
func (t *Translator) emitHalves(s *v1Span) {
	owner := s.owner()
	t.keepTiming(s, &s.halves[owner])
	for i := range s.halves {
		h := &s.halves[i]
		if i != owner {
			h.shared, h.isServerHalf = true, true
		} else {
			h.tags.last = len(t.zipkin.tags)
		}
	}
	t.emitEvents(s)
	t.emitTags(s, owner)
	t.zipkin.spans = append(t.zipkin.spans, s.halves...)
}

// owner returns which half the id belongs to: the caller's.
func (s *v1Span) owner() int {
	for _, kind := range [...]spanKind{kindClient, kindProducer} {
		for i := range s.halves {
			if s.halves[i].kind == kind {
				return i
			}
		}
	}
	return 0
}

// emitEvents appends the annotations to the list of all, half by half.
func (t *Translator) emitEvents(s *v1Span) {
	for i := range s.events {
		if x := &s.events[i]; s.isTold(i, &s.halves[x.half]) {
			x.half = nowhere
		}
	}
	slices.SortStableFunc(s.events, func(x, y annotation) int { return x.half - y.half })
	for i := range s.events {
		if x := &s.events[i]; x.half != nowhere {
			s.halves[x.half].annotations.extend(len(t.zipkin.annotations))
			t.zipkin.annotations = append(t.zipkin.annotations, *x)
		}
	}
}

// emitTags appends the tags to the list of all, half by half; first the
// owner's, whose others are the last in that list.
func (t *Translator) emitTags(s *v1Span, owner int) {
	slices.SortStableFunc(s.binary, func(x, y v1Tag) int {
		return cmp.Or(firstIf(x.half == owner)-firstIf(y.half == owner), x.half-y.half)
	})
	for i := range s.binary {
		if x := &s.binary[i]; x.half != nowhere {
			s.halves[x.half].tags.extend(len(t.zipkin.tags))
			t.zipkin.tags = append(t.zipkin.tags, x.attr)
		}
	}
	for i := range s.halves {
		tags := s.halves[i].tags
		nameComponent(t.zipkin.tags[tags.first:tags.last])
	}
}

func firstIf(first bool) int {
	if first {
		return -1
	}
	return 0
}

// extend makes s, which is empty or ends at n, end behind n.
func (s *stretch) extend(n int) {
	if *s == (stretch{}) {
		s.first = n
	}
	s.last = n + 1
}

// nameComponent gives the tag lc, local component, the key that OpenTracing
// has for it, unless that is there.
func nameComponent(tags []attr) {
	isComponent := func(x attr) bool { return x.id == keyComponent }
	if slices.ContainsFunc(tags, isComponent) {
		return
	}
	for i := range tags {
		if x := &tags[i]; x.key == "lc" && x.kind == kindString {
			x.key, x.id, x.rule = keyNames[keyComponent], keyComponent, RuleV1
			return
		}
	}
}
