package translate

import (
	"encoding/binary"
	"hash/maphash"
	"slices"
)

// jaeger.thrift SpanRefType.
const (
	childOf     = 0
	followsFrom = 1
)

// references finds the parent among the references (J-50, J-51) and makes links
// of the others (J-52 to J-57).
func (t *Translator) references() {
	s := &t.span
	t.collapseRefs()
	t.takeInvalidRefs()
	if s.parent == [8]byte{} {
		s.parent = s.parentFromRefs()
	}
	shared := s.kind == kindServer && slices.ContainsFunc(s.refs, s.refersToItself)
	if shared {
		t.unshareJaeger()
	}
	for i := range s.refs {
		if r := &s.refs[i]; t.config.LinksAll || !s.tellsParent(r) {
			s.links = append(s.links, link{traceID: r.traceID, id: r.id, refType: t.refTypeName(r.refType)})
		}
	}
	if !shared {
		t.reparentJaeger()
	}
}

// parentFromRefs returns the parent that the references name: the first
// CHILD_OF, else the first FOLLOWS_FROM, of the same trace (J-50).
func (s *span) parentFromRefs() [8]byte {
	for _, refType := range [...]int32{childOf, followsFrom} {
		for i := range s.refs {
			r := &s.refs[i]
			if r.refType == refType && r.traceID == s.traceID && r.id != s.id {
				return r.id
			}
		}
	}
	return [8]byte{}
}

// refersToItself reports whether r is a CHILD_OF to the span itself (J-56).
func (s *span) refersToItself(r ref) bool {
	return r.refType == childOf && r.traceID == s.traceID && r.id == s.id
}

// tellsParent reports whether r says no more than which span is the parent (J-52).
func (s *span) tellsParent(r *ref) bool {
	return r.refType == childOf && r.traceID == s.traceID && r.id == s.parent
}

// takeInvalidRefs keeps in the residue what cannot be a link: references to
// zero ids (J-54) and, but on a server, to the span itself (J-56). A span
// cannot be its own parent either.
func (t *Translator) takeInvalidRefs() {
	s := &t.span
	t.values = t.values[:0]
	if s.parent == s.id {
		t.keepInvalidRef(ref{s.traceID, s.id, childOf}, NoteParentSelf)
		s.parent = [8]byte{}
	}
	links := s.refs[:0]
	for _, r := range s.refs {
		if s.isLink(r) {
			links = append(links, r)
		} else {
			t.keepInvalidRef(r, NoteRefInvalid)
		}
	}
	s.refs = links
	if len(t.values) > 0 {
		t.residue(&s.attrs, "invalid_refs", "", t.array(t.values...), RuleInvalidRef)
	}
}

// keepInvalidRef adds r to t.values as type:traceid:spanid.
func (t *Translator) keepInvalidRef(r ref, code Note) {
	t.note(code, "")
	text := t.text.concat(t.refTypeName(r.refType), ":", t.text.hex(r.traceID[:]), ":", t.text.hex(r.id[:]))
	if len(t.values) == 0 || t.values[0].str != text { // the parent may be there already
		t.values = append(t.values, stringValue(text))
	}
}

func (s *span) isLink(r ref) bool {
	if r.traceID == [16]byte{} || r.id == [8]byte{} {
		return false
	}
	return s.kind == kindServer || !s.refersToItself(r)
}

// keyRefType is the key of the attribute that all links have (J-52).
const keyRefType = "opentracing.ref_type"

// refTypeName returns what a link says about its reference (J-52, J-55).
func (t *Translator) refTypeName(refType int32) string {
	switch refType {
	case childOf:
		return "child_of"
	case followsFrom:
		return "follows_from"
	}
	return t.text.concat("unknown_", t.text.decimal(int64(refType)))
}

// collapseRefs keeps the first of identical references (J-57).
func (t *Translator) collapseRefs() {
	s := &t.span
	if len(s.refs) < 2 {
		return
	}
	t.refIndex.reset()
	unique := s.refs[:0]
	for _, r := range s.refs {
		if !t.seenRef(unique, r) {
			unique = append(unique, r)
		}
	}
	s.refs = unique
}

// seenRef reports whether r is among refs, to which it is going to be added if not.
func (t *Translator) seenRef(refs []ref, r ref) bool {
	if len(refs) == 0 {
		return false
	}
	if len(refs) < maxScan {
		return slices.Contains(refs, r)
	}
	for i := t.refIndex.used; i < len(refs); i++ {
		t.refIndex.add(refs[i].hash(), i)
	}
	for slot := range t.refIndex.at(r.hash()) {
		if refs[slot.pos] == r {
			return true
		}
	}
	return false
}

func (r ref) hash() uint64 {
	var key [28]byte
	copy(key[:16], r.traceID[:])
	copy(key[16:24], r.id[:])
	binary.BigEndian.PutUint32(key[24:], uint32(r.refType))
	return maphash.Bytes(seed, key[:])
}
