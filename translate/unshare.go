package translate

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
)

// SharedSpans remembers across payloads which server spans have got an id of
// their own, so that a child that comes later finds its parent (rule U-4). The
// Translators of a process share one. A key stands for trace, shared id and
// host; it means nothing outside the process.
type SharedSpans interface {
	// Remember remembers key, as of now, in Unix nanoseconds.
	Remember(key [32]byte, now uint64)
	// Knows reports whether key has been remembered not too long before now.
	Knows(key [32]byte, now uint64) bool
}

// sharedHalves are the server halves of shared spans in one payload.
type sharedHalves struct {
	keys table
	// late says that one was found after spans that may be its children had
	// been written.
	late bool
}

func (h *sharedHalves) reset() {
	h.keys.reset()
	h.late = false
}

// sharedKey is the key of the server half of the span with a shared id: host
// tells apart the servers that share it (U-2).
func sharedKey(trace [16]byte, id [8]byte, host uint64) (key [32]byte) {
	copy(key[:16], trace[:])
	copy(key[16:24], id[:])
	binary.BigEndian.PutUint64(key[24:], host)
	return key
}

// rememberShared remembers that a server half has an id of its own. It reports
// whether the payload had none with this key.
func (t *Translator) rememberShared(key [32]byte) (first bool) {
	if t.config.KeepSharedIDs {
		return true
	}
	if _, first = t.shared.keys.number(key[:]); first {
		t.shared.late = true
		if t.config.Shared != nil {
			t.config.Shared.Remember(key, t.received)
		}
	}
	return first
}

// mayBeReparented reports whether the span's parent may be one that has got
// another id.
func (t *Translator) mayBeReparented() bool {
	return t.span.parent != [8]byte{} && !t.config.KeepSharedIDs &&
		(len(t.shared.keys.ends) > 0 || t.config.Shared != nil)
}

// isShared reports whether key is that of a server half with an id of its own.
func (t *Translator) isShared(key [32]byte) bool {
	return t.shared.keys.find(key[:]) >= 0 || t.config.Shared != nil && t.config.Shared.Knows(key, t.received)
}

// reparent makes the span the child of the server half that has the id which
// it names as its parent, and was made at the same host (U-4).
func (t *Translator) reparent(host string) {
	s := &t.span
	t.residue(&s.attrs, "zipkin.parent_id", "", stringValue(t.text.hex(s.parent[:])), RuleReparent)
	s.parent = t.unsharedID(s.parent, host)
	s.because(fieldParent, RuleReparent, keyOther)
}

// unshare gives a server span whose id is its client's an id of its own: in
// OTLP an id stands for one span (U-1 to U-3). The shared id becomes its
// parent. host is the canonical form of where the span was made.
func (t *Translator) unshare(host string) {
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
	s.parent, s.id = s.id, t.unsharedID(s.id, host)
	s.flags |= flagHasIsRemote | flagIsRemote
	s.because(fieldSpanID, RuleUnshare, keyOther)
	s.because(fieldParent, RuleUnshare, keyOther)
}

// unsharedID makes the id of the server half of the span with a shared id, in
// the trace of the span at hand (U-2): every replica makes the same, and two
// servers called under one id get two.
func (t *Translator) unsharedID(shared [8]byte, host string) (id [8]byte) {
	mark := len(t.text.buf)
	b := append(t.text.buf, "ot2otel-unshare-v1"...)
	b = append(b, t.span.traceID[:]...)
	b = append(b, shared[:]...)
	b = append(b, host...)
	for id == [8]byte{} || id == shared {
		sum := sha256.Sum256(b[mark:])
		copy(id[:], sum[:])
		b = append(b, 0x01)
	}
	t.text.buf = b
	return id
}

// jaegerHash stands for the host of Jaeger's servers, which only their
// service's name tells apart.
func (t *Translator) jaegerHash() uint64 {
	return t.hostHash(&zipkinEndpoint{service: t.service, port: -1}) // as no Zipkin endpoint is
}

// unshareJaeger unshares the span of a Jaeger server (J-56).
func (t *Translator) unshareJaeger() {
	t.rememberShared(sharedKey(t.span.traceID, t.span.id, t.jaegerHash()))
	t.unshare(t.text.lower(t.service))
}

// reparentJaeger finds the parent of a Jaeger span that has got another id.
func (t *Translator) reparentJaeger() {
	if t.mayBeReparented() && t.isShared(sharedKey(t.span.traceID, t.span.parent, t.jaegerHash())) {
		t.reparent(t.text.lower(t.service))
	}
}
