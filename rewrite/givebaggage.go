package rewrite

import "strings"

// giveBaggage writes baggage in the formats of the leg.
func (j *job) giveBaggage() {
	if len(j.members) > 0 {
		j.fitMembers()
		j.order()
		j.res.Context.Baggage = make([]Member, len(j.members))
		for i := range j.members {
			j.res.Context.Baggage[i] = j.members[i].Member
		}
	}
	for _, f := range j.leg.inject {
		switch p := j.prefixFor(f); {
		case f == W3C && len(j.members) == 0 && !j.headerOK:
		case f == W3C && j.headerRight():
			j.w.left |= j.h.usable & (1 << slotBaggage)
		case f == W3C:
			j.putHeader()
		case p != noPrefix:
			j.putItems(p)
			j.carried = true
		}
	}
}

// headerRight reports whether the baggage header says exactly what members say.
func (j *job) headerRight() bool {
	for i := range j.members {
		if m := &j.members[i]; !m.quoted || i > 0 && m.inHeader < j.members[i-1].inHeader {
			return false
		}
	}
	return j.headerOK
}

// prefixFor returns the prefix of the baggage headers that belong to a format.
func (j *job) prefixFor(f Format) prefix {
	switch {
	case f == Jaeger:
		return prefixJaeger
	case f == OT:
		return prefixOT
	case f.isB3() && j.leg.inbound:
		return j.r.b3Prefix()
	}
	return noPrefix
}

// putHeader writes the baggage header.
func (j *job) putHeader() {
	w := &j.w
	w.begin(slotBaggage)
	from := len(w.buf)
	for i := range j.members {
		m := &j.members[i]
		if !token.has(m.Key) || len(m.Key) > maxKey {
			j.note(ReasonMember, "baggage", quote(m.Key))
			continue
		}
		if len(w.buf) > from {
			w.buf = append(w.buf, ',')
		}
		w.buf = appendMember(w.buf, &m.Member)
	}
	if len(w.buf) == from {
		w.sets = w.sets[:len(w.sets)-1]
		return
	}
	w.end(slotBaggage)
}

func appendMember(dst []byte, m *Member) []byte {
	if m.Text != "" {
		return append(dst, m.Text...)
	}
	dst = append(append(dst, m.Key...), '=')
	return appendEscaped(dst, m.Value)
}

// putItems writes one header for each member.
func (j *job) putItems(p prefix) {
	for i := range j.members {
		m := &j.members[i]
		switch {
		case m.items[p] > 0:
			j.h.items[m.items[p]-1].keep = true
			continue
		case !token.has(m.Key) && !j.h.textMap, !j.escapes(p) && hasControl(m.Value):
			j.note(ReasonMember, j.h.names.prefix[p], quote(m.Key))
			continue
		}
		j.w.beginItem(p, m.Key)
		if j.escapes(p) {
			j.w.buf = appendEscaped(j.w.buf, m.Value)
		} else {
			j.w.buf = append(j.w.buf, m.Value...)
		}
		j.w.endItem()
	}
}

// escapes reports whether values are escaped under a prefix.
func (j *job) escapes(p prefix) bool { return p == prefixJaeger && !j.h.textMap }

// headerText returns the baggage header as one string, to be remembered.
func (j *job) headerText() string {
	values := j.h.values(slotBaggage)
	if len(values) == 1 {
		return values[0]
	}
	return strings.Join(values, ",")
}
