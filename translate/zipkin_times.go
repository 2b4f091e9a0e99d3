package translate

import "math"

// absentStart marks spans that stated no start: under this key the
// OpenTelemetry Collector looks for it, too (Z-22).
const absentStart = "otel.zipkin.absentField.startTime"

// startKey is where in the residue a start goes that cannot be told (Z-23).
const startKey = "start_us"

// keepOddTime keeps what stands where a time should.
func (t *Translator) keepOddTime(key, odd string) {
	if key == startKey {
		t.zipkin.reading.notes.add(NoteTimeBadStart)
	}
	t.keepOdd(key, stringValue(odd), RuleNonString)
}

// zipkinTimes makes start and end of what the payload states (Z-8, Z-22, Z-23).
func (t *Translator) zipkinTimes(z *zipkinSpan) {
	s := &t.span
	start, ok := nanos(s.startMicros)
	if !ok {
		t.residue(&s.attrs, startKey, "", intValue(s.startMicros), RuleStart)
		t.note(NoteTimeBadStart, "")
	}
	if !ok || s.startMicros == 0 {
		start = t.otherStart(z)
	}
	t.endAfter(start)
}

// otherStart returns what stands in for a start that is absent: the time of
// the earliest annotation, else that of receipt.
func (t *Translator) otherStart(z *zipkinSpan) uint64 {
	s := &t.span
	s.because(fieldStart, RuleAbsentStart, keyOther)
	t.note(NoteTimeAbsentStart, "")
	if s.attrs.find(absentStart, len(s.attrs.list)) < 0 {
		s.attrs.list = append(s.attrs.list, attr{key: absentStart, value: boolValue(true), rule: RuleAbsentStart})
	}
	if first, ok := t.firstAnnotation(z); ok {
		return first
	}
	if t.config.ZeroAbsentStart {
		return 0
	}
	return min(t.received, math.MaxInt64)
}

// firstAnnotation returns the time of the earliest annotation that has one.
func (t *Translator) firstAnnotation(z *zipkinSpan) (first uint64, ok bool) {
	for part := z; part != nil; part = t.zipkin.next(part) {
		for _, x := range t.zipkin.annotations[part.annotations.first:part.annotations.last] {
			if at, valid := nanos(x.micros); valid && at > 0 && (!ok || at < first) {
				first, ok = at, true
			}
		}
	}
	return first, ok
}
