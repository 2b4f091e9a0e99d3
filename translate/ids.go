package translate

import (
	"crypto/sha256"
	"encoding/binary"
)

// mendIDs replaces ids that are zero or no ids at all, which OTLP forbids, by
// ones made of what the span says, the same each time (N-2). It reports
// whether the span may go on: with Config.RejectInvalidIDs it may not.
func (t *Translator) mendIDs() bool {
	s := &t.span
	noTrace, noSpan := s.traceID == [16]byte{}, s.id == [8]byte{}
	if !noTrace && !noSpan {
		return true
	}
	if t.config.RejectInvalidIDs {
		t.report.Rejected++
		return false
	}
	sum := t.fingerprint()
	if noTrace {
		t.replaced("orig_trace_id", s.traceID[:], s.badTraceID, fieldTraceID, NoteIDZeroTrace)
		copy(s.traceID[:], sum[:16])
	}
	if noSpan {
		t.replaced("orig_span_id", s.id[:], s.badID, fieldSpanID, NoteIDZeroSpan)
		copy(s.id[:], sum[16:24])
	}
	return true
}

// replaced keeps what stood in the place of an id: zero, or bad if that was no
// id at all.
func (t *Translator) replaced(key string, zero []byte, bad string, f field, code Note) {
	s := &t.span
	s.because(f, RuleZeroID, keyOther)
	was := bad
	if bad == "" {
		was = t.text.hex(zero)
	} else {
		code = NoteIDInvalid
	}
	t.residue(&s.attrs, key, "", stringValue(was), RuleZeroID)
	t.note(code, "")
}

// fingerprint returns a hash of what tells the span from others in its source:
// ids, name, times and service.
func (t *Translator) fingerprint() [sha256.Size]byte {
	s := &t.span
	mark := len(t.text.buf)
	b := append(t.text.buf, "ot2otel-id-v1"...)
	b = append(b, s.traceID[:]...)
	b = append(b, s.id[:]...)
	b = append(b, s.parent[:]...)
	b = append(b, s.badTraceID...)
	b = append(b, s.badID...)
	b = binary.BigEndian.AppendUint64(b, uint64(s.startMicros))
	b = binary.BigEndian.AppendUint64(b, uint64(s.durationMicros))
	b = append(b, s.name...)
	b = append(b, 0)
	b = append(b, t.service...)
	t.text.buf = b
	return sha256.Sum256(b[mark:])
}

// id64 returns the span id with value n, as Jaeger numbers them.
func id64(n int64) (id [8]byte) {
	binary.BigEndian.PutUint64(id[:], uint64(n))
	return id
}

// id128 returns the trace id of two halves (J-1).
func id128(high, low int64) (id [16]byte) {
	binary.BigEndian.PutUint64(id[:8], uint64(high))
	binary.BigEndian.PutUint64(id[8:], uint64(low))
	return id
}
