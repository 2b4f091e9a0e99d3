package translate

import "strings"

// kind takes the kind from the tag span.kind (J-60 to J-63). Of several
// tags the last that names a kind decides; the others stay as its repeats.
func (t *Translator) kind() {
	s := &t.span
	a := &s.attrs
	if !a.has.has(keySpanKind) {
		s.kind = kindInternal
		s.because(fieldKind, RuleNoKind, keyOther)
		return
	}
	for i := int(a.at[keySpanKind]); i >= 0; i = int(a.list[i].before) - 1 {
		if kind := kindOf(a.list[i].value); kind != kindUnspecified {
			s.kind = kind
			s.because(fieldKind, RuleKind, keySpanKind)
			t.takeKind(i)
			return
		}
	}
	s.kind = kindInternal
	s.because(fieldKind, RuleUnknownKind, keySpanKind)
	t.note(NoteKindUnknown, "")
}

// takeKind removes the tags span.kind, of which list[pos] has become the span's kind.
func (t *Translator) takeKind(pos int) {
	a := &t.span.attrs
	taken := a.list[pos].value
	a.take(pos)
	if a.has.has(keySpanKind) {
		t.keepRepeats(a, keyNames[keySpanKind], int(a.at[keySpanKind]), taken)
		a.remove(keySpanKind)
	}
}

// kindOf returns the kind that v names, in any case, between spaces or with
// OTLP's prefix; kindUnspecified if it names none (J-60).
func kindOf(v value) spanKind {
	if v.kind != kindString {
		return kindUnspecified
	}
	name := strings.TrimSpace(v.str)
	const prefix = "SPAN_KIND_"
	if len(name) > len(prefix) && strings.EqualFold(name[:len(prefix)], prefix) {
		name = name[len(prefix):]
	}
	for kind := kindInternal; kind <= kindConsumer; kind++ {
		if strings.EqualFold(name, kindNames[kind]) {
			return kind
		}
	}
	return kindUnspecified
}

var kindNames = [...]string{
	kindInternal: "internal",
	kindServer:   "server",
	kindClient:   "client",
	kindProducer: "producer",
	kindConsumer: "consumer",
}
