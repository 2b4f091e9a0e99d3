package translate

import "math"

// maxMicros is the latest time in microseconds that Unix nanoseconds can tell
// in an int64: in the year 2262.
const maxMicros = math.MaxInt64 / 1000

// nanos returns the time us, in Unix microseconds, in nanoseconds. It is not ok
// for a time before 1970 or after what fits.
func nanos(us int64) (ns uint64, ok bool) {
	if us < 0 || us > maxMicros {
		return 0, false
	}
	return uint64(us) * 1000, true
}

// jaegerTimes makes start and end of what the payload states (J-5 to J-8). What had to be changed is kept in the residue.
func (t *Translator) jaegerTimes() {
	s := &t.span
	start, ok := nanos(s.startMicros)
	start += uint64(s.startNanos)
	if !ok || s.noStart {
		start = t.earliest()
		s.because(fieldStart, RuleStart, keyOther)
		t.note(NoteTimeBadStart, "")
	}
	if !ok {
		t.residue(&s.attrs, "start_us", "", intValue(s.startMicros), RuleStart)
	}
	t.endAfter(start)
}

// endAfter makes the end of the start and the duration (J-5, J-7).
func (t *Translator) endAfter(start uint64) {
	s := &t.span
	s.start, s.end = start, start
	switch d := s.durationMicros; {
	case d < 0:
		t.clamped(NoteTimeNegativeDuration)
	case d > maxMicros || uint64(d)*1000 > math.MaxInt64-start:
		s.end = math.MaxInt64
		t.clamped(NoteTimeLongDuration)
	default:
		s.end += uint64(d)*1000 + uint64(s.durationNanos)
	}
}

// clamped keeps the duration that end could not follow.
func (t *Translator) clamped(code Note) {
	s := &t.span
	s.because(fieldEnd, RuleDuration, keyOther)
	t.residue(&s.attrs, "duration_us", "", intValue(s.durationMicros), RuleDuration)
	t.note(code, "")
}

// earliest returns what stands in for a start that cannot be told: the time of
// the earliest event, else the time of receipt (J-8).
func (t *Translator) earliest() uint64 {
	first := uint64(math.MaxUint64)
	for i := range t.span.events {
		if e := &t.span.events[i]; !e.badTime {
			first = min(first, e.time)
		}
	}
	if first == math.MaxUint64 {
		return min(t.received, math.MaxInt64)
	}
	return first
}
