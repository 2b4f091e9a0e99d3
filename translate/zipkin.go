package translate

import (
	"math/bits"

	"github.com/ot2otel/ot2otel/internal/json"
)

// zipkin is the space for the spans of one payload in a Zipkin format. All of
// them are read before the first is given its meaning, because they bear on
// each other: spans share ids (mapping 5.6), and one may come in pieces (U-7).
type zipkin struct {
	spans       []zipkinSpan
	annotations []annotation // of all spans; spans cut it
	tags        []attr       // likewise
	text        text         // what readers had to make anew; lasts as long as the payload

	reading v1Span      // the span at hand
	json    json.Reader // of the payload
	inner   json.Reader // of JSON within strings

	ids    table // numbers the groups
	groups []zipkinGroup

	plain plainResource
	host  hashedHost
}

// A zipkinSpan is a span in Zipkin's v2 model, which all its formats come to.
type zipkinSpan struct {
	traceID [16]byte
	id      [8]byte
	parent  [8]byte // zero: none
	name    string
	kind    spanKind // kindUnspecified: none
	// timestamp and duration are in microseconds; zero: none.
	timestamp, duration int64
	local, remote       zipkinEndpoint
	debug, shared       bool

	badTraceID, badID bool    // the ids stand for something that is none (N-2)
	notes             noteSet // what the reader noted

	annotations, tags stretch // of zipkin.annotations and zipkin.tags

	zipkinRole
}

// A stretch is a part of a list: list[first:last].
type stretch struct{ first, last int }

// An annotation is a text with a time.
type annotation struct {
	micros int64  // Unix microseconds; zero: none
	odd    string // what stands in its place, if that is no time
	value  string
	host   int // where it was made: one more than the index in v1Span.hosts; zero: unsaid
	half   int // which half of a v1 span it belongs to
}

func (z *zipkin) reset() {
	z.spans = z.spans[:0]
	z.annotations = z.annotations[:0]
	z.tags = z.tags[:0]
	z.text.reset()
	z.plain, z.host = plainResource{}, hashedHost{}
}

// beginZipkinSpan makes room for the next span and returns it, to be filled.
func (t *Translator) beginZipkinSpan() *v1Span {
	z := &t.zipkin
	z.reading.reset()
	z.reading.tags.first = len(z.tags)
	return &z.reading
}

// endZipkinSpan takes the span that was read into the list: as it is, or, if
// it is one of v1, as what v2 has in its place.
func (t *Translator) endZipkinSpan() {
	z, s := &t.zipkin, &t.zipkin.reading
	s.tags.last = len(z.tags)
	if s.isBlank() {
		t.report.Blank++
		return
	}
	if len(s.hosts)+len(s.binary) > 0 {
		t.convertV1(s)
		return
	}
	s.annotations.first = len(z.annotations)
	z.annotations = append(z.annotations, s.events...)
	s.annotations.last = len(z.annotations)
	z.spans = append(z.spans, s.zipkinSpan)
}

// isBlank reports whether the payload says nothing about the span (J-2).
func (s *v1Span) isBlank() bool {
	if s.hasIDs() || len(s.events)+len(s.binary) > 0 || s.tags.first < s.tags.last {
		return false
	}
	return s.zipkinSpan == zipkinSpan{tags: s.tags}
}

// finishZipkin gives the spans that were read their meaning and appends them.
func (t *Translator) finishZipkin() {
	z := &t.zipkin
	t.reading = 0
	t.recallZipkin()
	t.relateZipkinSpans()
	for i := range z.spans {
		if s := &z.spans[i]; !s.merged {
			t.finishZipkinSpan(s)
		}
	}
}

// finishZipkinSpan gives one span its meaning and appends it. The rules run in
// the order in which Jaeger's do. What the endpoints say comes after the
// semantic conventions, because tags have precedence over it (S-2).
func (t *Translator) finishZipkinSpan(z *zipkinSpan) {
	t.beginSpan()
	t.takeZipkinSpan(z)
	s, a := &t.span, &t.span.attrs
	a.settle()
	t.zipkinResource(z) // before there are notes, because it has its own
	t.takeNotes(z)
	t.mendKeys(a)
	if !t.zipkinIDs(z) {
		return
	}
	t.zipkinKind(z)
	t.redactURLs(a)
	t.normalise(a)
	t.mendName()
	t.zipkinTimes(z)
	t.zipkinShared(z)
	t.zipkinDebug(z)
	t.takeOTel()
	t.zipkinLinks()
	t.addAnnotations(z)
	t.zipkinStatus()
	t.applySemconv(a, s.kind)
	t.placeEndpoints(z)
	t.writeNotes(a)
	t.finishSpan()
}

// takeZipkinSpan fills the borrowed span.
func (t *Translator) takeZipkinSpan(z *zipkinSpan) {
	s := &t.span
	s.traceID, s.id, s.parent = z.traceID, z.id, z.parent
	s.name = z.name
	s.startMicros, s.durationMicros = z.timestamp, z.duration
	for part := z; part != nil; part = t.zipkin.next(part) {
		s.attrs.list = append(s.attrs.list, t.zipkin.tags[part.tags.first:part.tags.last]...)
	}
	if t.config.ParseStringTags {
		parseStrings(s.attrs.list)
	}
}

// takeNotes takes the notes of the reader.
func (t *Translator) takeNotes(z *zipkinSpan) {
	for left := z.notes; left != 0; left &= left - 1 {
		t.note(Note(bits.TrailingZeros64(uint64(left))), "")
	}
}

// zipkinKind takes the kind from where Zipkin has it; where it has none, from
// the tag that Jaeger has for it (Z-5).
func (t *Translator) zipkinKind(z *zipkinSpan) {
	s := &t.span
	switch {
	case z.kind != kindUnspecified:
		s.kind = z.kind
		if x := s.attrs.get(keySpanKind); x != nil && x.before == 0 && kindOf(x.value) == z.kind {
			s.attrs.remove(keySpanKind) // it says the same
		}
	case z.notes.has(NoteKindUnknown):
		s.kind = kindInternal
		s.because(fieldKind, RuleUnknownKind, keyOther)
	default:
		t.kind()
	}
}

// zipkinDebug sets the flags: a span that was reported was sampled, and B3's
// debug flag has no other place in OTLP than the residue (Z-6).
func (t *Translator) zipkinDebug(z *zipkinSpan) {
	s := &t.span
	s.flags |= flagSampled
	if z.debug {
		t.residue(&s.attrs, "zipkin.debug", "", boolValue(true), RuleZipkinDebug)
	}
}

// A noteSet is a set of notes that are about no one key.
type noteSet uint64

func (s *noteSet) add(code Note)     { *s |= 1 << code }
func (s noteSet) has(code Note) bool { return s&(1<<code) != 0 }
