package rewrite

import "slices"

// growth is how many bytes more than what came a leg may write in one format;
// idsGrowth is the part of it that ids may need.
const (
	growth    = 512
	idsGrowth = 112
)

// fitMembers leaves out the members for which there is no room: the baggage
// header has a limit, and so has growth, for escaping can make three bytes of
// one. A member is left out of all formats or of none, and members come in an
// order that another rewriter finds again: by turn and by key.
func (j *job) fitMembers() {
	slices.SortStableFunc(j.members, func(a, b member) int { return compareFold(a.Key, b.Key) })
	room, header, dropped := j.roomToGrow(), maxBaggage+1, 0
	for turn := range 3 {
		for i := range j.members {
			m := &j.members[i]
			if j.turn(m) != turn {
				continue
			}
			grown, size := j.growthOf(m), m.headerSize()
			if grown > room && grown > 0 || size > header && j.leg.injects.Has(W3C) {
				m.dropped = true
				dropped++
				j.note(ReasonMembers, "baggage", quote(m.Key))
				continue
			}
			room -= grown
			header -= size
		}
	}
	if dropped > 0 {
		j.headerOK = false
		j.members = slices.DeleteFunc(j.members, func(m member) bool { return m.dropped })
	}
}

// turn returns when it is a member's turn: what the app's own headers say comes
// first, for they may stay; then what has the form of a baggage header.
func (j *job) turn(m *member) int {
	switch {
	case j.stayed(m):
		return 0
	case m.Text != "":
		return 1
	}
	return 2
}

// roomToGrow returns how much longer baggage may become. Inbound, the headers
// that came are replaced; outbound, they may stay.
func (j *job) roomToGrow() int {
	if !j.leg.inbound {
		return growth - idsGrowth + j.credit
	}
	replaced := j.leg.reads
	if j.r.config.KeepInvalid {
		replaced &^= j.res.Invalid
	}
	room := growth - j.w.written - len("baggage")
	for s := slot(0); s < slotJaegerBaggage; s++ {
		if j.h.found.has(s) && !j.w.left.has(s) && replaced.Has(slots[s].format) {
			room += j.h.slot[s].size()
		}
	}
	return room
}

// stayed reports whether a member stands in a header of the app's own that stays.
func (j *job) stayed(m *member) bool {
	for _, i := range m.items {
		if i > 0 && !j.itemGoes(&j.h.items[i-1]) {
			return true
		}
	}
	return false
}

// growthOf returns by how much the largest form in which a member is written
// exceeds that in which it came.
func (j *job) growthOf(m *member) (most int) {
	for _, f := range j.leg.inject {
		size := 0
		switch p := j.prefixFor(f); {
		case f == W3C:
			size = m.headerSize()
			if m.Text != "" && (!j.stayed(m) || len(m.Text) != m.plainSize()-1) {
				size = m.came // it came, or was remembered
			}
		case p == noPrefix:
		case m.items[p] > 0:
			size = m.came
		case j.escapes(p):
			size = len(j.h.names.prefix[p]) + len(m.Key) + escapedSize(m.Value)
		default:
			size = len(j.h.names.prefix[p]) + len(m.Key) + len(m.Value)
		}
		most = max(most, size-m.came)
	}
	return most
}

// headerSize returns what a member takes in a baggage header, with its comma.
func (m *member) headerSize() int {
	if m.Text != "" {
		return len(m.Text) + 1
	}
	return m.plainSize()
}

// plainSize is the same without regard to Text.
func (m *member) plainSize() int { return len(m.Key) + escapedSize(m.Value) + len("=,") }
