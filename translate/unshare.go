package translate

import (
	"crypto/sha256"
	"slices"
)

// unshare gives a server span whose id is its client's an id of its own: in
// OTLP an id stands for one span (U-1 to U-3). The shared id becomes its
// parent. endpoint is the canonical form of where the span was made.
func (t *Translator) unshare(endpoint string) {
	s := &t.span
	if t.config.KeepSharedIDs {
		t.residue(&s.attrs, "zipkin.shared", "", boolValue(true), RuleSharedOff)
		s.refs = slices.DeleteFunc(s.refs, s.refersToItself)
		return
	}
	t.residue(&s.attrs, "zipkin.id", "", stringValue(t.text.hex(s.id[:])), RuleUnshare)
	if s.parent != [8]byte{} {
		t.residue(&s.attrs, "zipkin.parent_id", "", stringValue(t.text.hex(s.parent[:])), RuleUnshare)
	}
	t.residue(&s.attrs, "zipkin.shared", "", boolValue(true), RuleUnshare)
	t.note(NoteUnshared, "")
	s.parent, s.id = s.id, t.unsharedID(endpoint)
	s.flags |= flagHasIsRemote | flagIsRemote
	s.because(fieldSpanID, RuleUnshare, keyOther)
	s.because(fieldParent, RuleUnshare, keyOther)
}

// unsharedID makes the id of the server half of a shared span (U-2): every
// replica makes the same, and two servers called under one id get two.
func (t *Translator) unsharedID(endpoint string) (id [8]byte) {
	s := &t.span
	mark := len(t.text.buf)
	b := append(t.text.buf, "ot2otel-unshare-v1"...)
	b = append(b, s.traceID[:]...)
	b = append(b, s.id[:]...)
	b = append(b, endpoint...)
	for id == [8]byte{} || id == s.id {
		sum := sha256.Sum256(b[mark:])
		copy(id[:], sum[:])
		b = append(b, 0x01)
	}
	t.text.buf = b
	return id
}
