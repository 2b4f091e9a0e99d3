package rewrite

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// A source is a carrier of baggage: the baggage header, jaeger-baggage, or the
// headers under one prefix. Where two have the same key the one read first wins.
type source uint8

const (
	fromHeader source = iota
	fromJaeger
	fromItems // and the prefix
)

// A member is a Member and where it was found.
type member struct {
	Member
	source source
	came   int // bytes that it took where it was found
	// items are, by prefix, the headers that say the same: 1 + the index, 0: none.
	items [numPrefixes]uint8
	// inHeader is its place in the baggage header, rank that in the remembered
	// one; from 1, 0: none.
	inHeader, rank int
	quoted         bool // Text is what the baggage header says
	dropped        bool // there is no room for it
}

// gather reads baggage from all its carriers. It does not depend on ids. On the
// same key what belongs to the believed context wins, outbound always the app's
// own word.
func (j *job) gather() {
	if !j.h.usable.has(slotBaggage) && !j.h.usable.has(slotJaegerBaggage) && len(j.h.items) == 0 {
		return
	}
	first := j.ctx.Format
	if !j.leg.inbound {
		first = j.r.config.App
	}
	headerFirst := first == W3C || first == 0
	if headerFirst {
		j.gatherHeader()
	}
	j.gatherItems(first.prefixes())
	j.gatherItems(^first.prefixes())
	j.gatherJaeger()
	if !headerFirst {
		j.gatherHeader()
	}
}

func (j *job) gatherHeader() {
	if !j.leg.reads.Has(W3C) {
		return
	}
	j.headerOK = true
	n, size := 0, 0
	for _, header := range j.h.values(slotBaggage) {
		parseBaggage(header, func(m Member, ok bool) {
			if !ok {
				j.headerOK = false
				j.note(ReasonMember, "baggage", quote(m.Text))
				return
			}
			n++
			if size += len(m.Text) + 1; size > maxBaggage+1 {
				j.headerOK = false
				j.note(ReasonMembers, "baggage", quote(m.Text))
				return
			}
			j.add(member{Member: m, source: fromHeader, came: len(m.Text) + 1, inHeader: n, quoted: true})
		})
	}
}

// gatherItems reads the headers under some prefixes.
func (j *job) gatherItems(under prefixSet) {
	for i := range j.h.items {
		it := &j.h.items[i]
		if !under.has(it.prefix) || !j.reads(it) {
			continue
		}
		if it.tooLong {
			j.note(ReasonTooLong, it.name, "")
			continue
		}
		if it.key == "" {
			j.note(ReasonMember, it.name, "no key")
			continue
		}
		m := member{source: fromItems + source(it.prefix), came: len(it.name) + len(it.value)}
		m.items[it.prefix] = uint8(i + 1) // there are at most maxItems
		m.Key = it.key
		if !j.h.textMap {
			m.Key = strings.ToLower(it.key)
		}
		if j.escapes(it.prefix) {
			m.Value = unescape(it.value, true)
		} else {
			m.Value = validUTF8(it.value)
		}
		j.add(m)
	}
}

// reads reports whether an item is trace baggage on this leg. What begins with
// baggage- is so beside B3 headers only.
func (j *job) reads(it *item) bool {
	if it.prefix == prefixB3 && !j.leg.b3 && j.h.found&(formatSlots[B3Single]|formatSlots[B3Multi]) == 0 {
		return false
	}
	return j.leg.items.has(it.prefix)
}

// gatherJaeger reads jaeger-baggage, unless it goes to one who does so himself.
func (j *job) gatherJaeger() {
	if !j.leg.reads.Has(Jaeger) || j.passesJaeger() {
		return
	}
	for _, header := range j.h.values(slotJaegerBaggage) {
		parseJaegerBaggage(header, func(key, value string) {
			j.add(member{Member: Member{Key: key, Value: value}, source: fromJaeger, came: len(key) + len(value) + 2})
		})
	}
}

// add adds a member. Keys are compared without case, which HTTP header names
// lose. Within one carrier the last member of a key holds.
func (j *job) add(m member) {
	for i := range j.members {
		old := &j.members[i]
		if !equalFold(old.Key, m.Key) {
			continue
		}
		if old.source != m.source {
			old.adopt(&m)
		} else {
			m.inHeader = old.inHeader
			*old = m
		}
		return
	}
	if len(j.members) == maxMembers {
		j.headerOK = false
		j.note(ReasonMembers, "baggage", m.Key)
		return
	}
	j.members = append(j.members, m)
}

// adopt takes up from a weaker member of another carrier where it stands and,
// if the value is the same, how it is written.
func (m *member) adopt(weaker *member) {
	m.inHeader = max(m.inHeader, weaker.inHeader)
	if m.Value != weaker.Value {
		return
	}
	if weaker.source == fromHeader {
		m.Key, m.Text, m.quoted = weaker.Key, weaker.Text, true
	}
	if m.items == [numPrefixes]uint8{} && weaker.source >= fromItems {
		m.came = weaker.came
	}
	for p, i := range weaker.items {
		if i > 0 {
			m.items[p] = i
		}
	}
}

// restore gives members back the form they had before the app: the case of
// their keys, and encoding and properties where the value is the same. A B3 app
// gets back all that it did not send, for most B3 clients know no baggage; any
// other app that dropped a member meant to.
func (j *job) restore() {
	if j.recalled == "" {
		return
	}
	rank, all := 0, j.r.config.App.isB3()
	parseBaggage(j.recalled, func(m Member, ok bool) {
		if !ok {
			return
		}
		rank++
		i := slices.IndexFunc(j.members, func(have member) bool { return equalFold(have.Key, m.Key) })
		switch {
		case i >= 0:
			j.members[i].restore(m, rank)
		case all:
			j.add(member{Member: m, came: len(m.Text) + 1, rank: rank})
		default:
			return
		}
		j.res.Healed |= HealedBaggage
	})
}

func (m *member) restore(before Member, rank int) {
	m.rank, m.Key = rank, before.Key
	if m.Text == "" && m.Value == before.Value {
		m.Text = before.Text
	}
}

// order sorts members: as in the baggage header if there is one, or else as
// they were before the app; new ones come last, by their keys.
func (j *job) order() {
	header := j.h.usable.has(slotBaggage)
	slices.SortStableFunc(j.members, func(a, b member) int {
		return cmp.Or(a.place(header)-b.place(header), compareFold(a.Key, b.Key))
	})
}

func (m *member) place(header bool) int {
	place := m.rank
	if header {
		place = m.inHeader
	}
	if place == 0 {
		return math.MaxInt
	}
	return place
}
