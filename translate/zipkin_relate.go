package translate

import "slices"

// A zipkinRole is what a span is to the others of its payload.
type zipkinRole struct {
	// isServerHalf says that the span's id is its caller's, so that it has to
	// get one of its own (U-1).
	isServerHalf bool
	again        int // how many server halves before it have the same id and host
	// group is the index of the group of the spans with the same ids; earlier
	// is one more than the index of the last span before that is in it.
	group, earlier int

	merged     bool // it is a piece of an earlier span (U-7)
	more, last int  // one more than the indexes of a span's next and last piece; zero: none
}

// A zipkinGroup is the spans of a payload that have the same ids.
type zipkinGroup struct {
	last      int  // one more than the index of the last of them
	hasClient bool // one of them is the caller's
}

// relateZipkinSpans finds out what the spans of a payload are to each other.
func (t *Translator) relateZipkinSpans() {
	z := &t.zipkin
	z.ids.reset()
	z.groups = z.groups[:0]
	for i := range z.spans {
		if s := &z.spans[i]; s.hasIDs() {
			z.relate(s, i)
		}
	}
	for i := range z.spans {
		if s := &z.spans[i]; z.sharesID(s) {
			s.isServerHalf = true
			if !t.rememberShared(sharedKey(s.traceID, s.id, t.hostHash(&s.local))) {
				s.again = z.halvesBefore(s)
			}
		}
	}
	t.shared.late = false // all of them are known before the first child is looked at
}

func (s *zipkinSpan) hasIDs() bool { return s.traceID != [16]byte{} && s.id != [8]byte{} }

// relate finds out what s, which is span i, is to those before it.
func (z *zipkin) relate(s *zipkinSpan, i int) {
	if s.group = z.findGroup(s, i); s.group == len(z.groups) {
		z.groups = append(z.groups, zipkinGroup{})
	}
	g := &z.groups[s.group]
	s.earlier, g.last = g.last, i+1
	g.hasClient = g.hasClient || s.kind == kindClient
	z.merge(s, i)
}

// findGroup returns the index of the group that s, which is span i, belongs to.
func (z *zipkin) findGroup(s *zipkinSpan, i int) int {
	if len(z.spans) > maxScan {
		var ids [24]byte
		copy(ids[:16], s.traceID[:])
		copy(ids[16:], s.id[:])
		n, _ := z.ids.number(ids[:])
		return n
	}
	for j := range z.spans[:i] {
		if other := &z.spans[j]; other.id == s.id && other.traceID == s.traceID {
			return other.group
		}
	}
	return len(z.groups)
}

// sharesID reports whether s is the server's half of a shared span (U-1). A
// client that says so is mistaken, and one that sends messages shares no id.
// Servers that forget to say so are found by their client.
func (z *zipkin) sharesID(s *zipkinSpan) bool {
	switch {
	case s.merged || !s.hasIDs():
		return false
	case s.isServerHalf:
		return true
	case s.kind == kindClient || s.kind == kindProducer:
		return false
	}
	return s.shared || s.kind == kindServer && z.groups[s.group].hasClient
}

// halvesBefore returns how many server halves before s have its ids and host:
// a client that tries again may do so under one id, and reach the same server.
func (z *zipkin) halvesBefore(s *zipkinSpan) int {
	for k, tries := s.earlier, 0; k > 0 && tries < maxScan; tries++ {
		other := &z.spans[k-1]
		if other.isServerHalf && !other.merged && other.local == s.local {
			return other.again + 1
		}
		k = other.earlier
	}
	return 0
}

// merge makes s, which is span i, a piece of an earlier one, if nothing in the
// two contradicts that: clients that give up waiting for a span to end send
// what they have of it, and the rest later (U-7).
func (z *zipkin) merge(s *zipkinSpan, i int) {
	for k, tries := s.earlier, 0; k > 0 && tries < maxScan; tries++ {
		whole := &z.spans[k-1]
		if !whole.merged && whole.fits(s) {
			z.join(whole, s, i)
			return
		}
		k = whole.earlier
	}
}

// fits reports whether s and piece may be the same span: what both state is equal.
func (s *zipkinSpan) fits(piece *zipkinSpan) bool {
	return s.shared == piece.shared && s.isServerHalf == piece.isServerHalf &&
		agree(s.name, piece.name) && agree(s.kind, piece.kind) && agree(s.parent, piece.parent) &&
		agree(s.timestamp, piece.timestamp) && agree(s.duration, piece.duration) &&
		s.local.fits(&piece.local) && s.remote.fits(&piece.remote)
}

func (e *zipkinEndpoint) fits(other *zipkinEndpoint) bool {
	return agree(e.service, other.service) && agree(e.ipv4, other.ipv4) && agree(e.ipv6, other.ipv6) &&
		agree(e.port, other.port) && agree(e.oddPort, other.oddPort)
}

// agree reports whether x and y are equal, or one of them is nothing.
func agree[T comparable](x, y T) bool {
	var none T
	return x == y || x == none || y == none
}

// join makes s, which is span i, a piece of whole.
func (z *zipkin) join(whole, s *zipkinSpan, i int) {
	fill(&whole.name, s.name)
	fill(&whole.kind, s.kind)
	fill(&whole.parent, s.parent)
	fill(&whole.timestamp, s.timestamp)
	fill(&whole.duration, s.duration)
	whole.local.complete(&s.local)
	whole.remote.complete(&s.remote)
	whole.debug = whole.debug || s.debug
	whole.notes |= s.notes
	s.merged = true
	if z.repeats(whole, s) {
		s.annotations = stretch{}
	}
	end := whole
	if whole.last > 0 {
		end = &z.spans[whole.last-1]
	}
	end.more, whole.last = i+1, i+1
}

func fill[T comparable](x *T, y T) {
	var none T
	if *x == none {
		*x = y
	}
}

// repeats reports whether s has just the annotations of whole: a span that was
// sent twice happened once.
func (z *zipkin) repeats(whole, s *zipkinSpan) bool {
	a := z.annotations[whole.annotations.first:whole.annotations.last]
	b := z.annotations[s.annotations.first:s.annotations.last]
	return slices.EqualFunc(a, b, func(x, y annotation) bool {
		return x.micros == y.micros && x.odd == y.odd && x.value == y.value
	})
}

// next returns the next piece of the same span, nil if there is none.
func (z *zipkin) next(s *zipkinSpan) *zipkinSpan {
	if s.more == 0 {
		return nil
	}
	return &z.spans[s.more-1]
}
