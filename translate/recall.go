package translate

import "encoding/binary"

// A TraceMemory knows the high halves of trace ids, from the headers of the
// requests that the spans are about: many clients report the low half only,
// and the traces of services that know both would fall apart. It is asked by
// many Translators at once.
type TraceMemory interface {
	// TraceHigh returns the high half of the trace id whose low half is low; ok
	// is false if none is known.
	TraceHigh(low uint64) (high uint64, ok bool)
}

// recall completes a trace id of which the sender had the low half only. One
// with a high half is never changed.
func (t *Translator) recall(id *[16]byte) {
	low := binary.BigEndian.Uint64(id[8:])
	if t.config.Memory == nil || low == 0 || binary.BigEndian.Uint64(id[:8]) != 0 {
		return
	}
	if high, ok := t.config.Memory.TraceHigh(low); ok {
		binary.BigEndian.PutUint64(id[:8], high)
	}
}

// recallJaeger completes the ids of the span that was read. It comes before
// all rules, because they compare ids.
func (t *Translator) recallJaeger() {
	t.recall(&t.span.traceID)
	for i := range t.span.refs {
		t.recall(&t.span.refs[i].traceID)
	}
}

// recallZipkin completes the ids of the spans that were read, before they are
// compared with each other.
func (t *Translator) recallZipkin() {
	for i := range t.zipkin.spans {
		t.recall(&t.zipkin.spans[i].traceID)
	}
}
