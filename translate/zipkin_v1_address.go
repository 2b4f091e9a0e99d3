package translate

import "strconv"

// An address is what a binary annotation that marks an endpoint marks it as.
type address uint8

const (
	addressCA address = iota // client
	addressSA                // server
	addressMA                // message broker

	numAddresses
)

var addresses = [numAddresses]string{addressCA: "ca", addressSA: "sa", addressMA: "ma"}

// takeAddress takes a binary annotation that only marks its endpoint, and
// reports whether it is one. Of several the first counts, and the others are
// kept in words.
func (s *v1Span) takeAddress(t *Translator, x *v1Tag) bool {
	if len(x.key) != 2 || x.host == 0 || !isMark(x.value) {
		return false
	}
	for which, name := range addresses {
		if x.key != name {
			continue
		}
		if s.address[which] == (zipkinEndpoint{}) {
			s.address[which] = s.hosts[x.host-1]
		} else {
			s.keepAddress(t, name, &s.hosts[x.host-1])
		}
		return true
	}
	return false
}

// isMark reports whether v is what the value of such an annotation should be,
// true, or what some clients have in its place.
func isMark(v value) bool {
	switch v.kind {
	case kindBool:
		return v.bool()
	case kindString, kindBytes:
		return v.str == "true" || v.str == "1" || v.str == "\x01"
	case kindInt:
		return v.int() == 1
	}
	return false
}

// placeAddresses makes remote endpoints of the addresses.
func (s *v1Span) placeAddresses(t *Translator) {
	if s.isPlain() {
		s.placePlain()
	}
	for i := range s.halves {
		switch h := &s.halves[i]; h.kind {
		case kindClient:
			s.place(addressSA, h)
		case kindServer:
			s.placeCA(h)
		case kindProducer, kindConsumer:
			s.place(addressMA, h)
		}
	}
	for which := range s.address {
		if e := &s.address[which]; *e != (zipkinEndpoint{}) && !s.hasRemote(e) {
			s.keepAddress(t, addresses[which], e)
		}
	}
	s.keepSpare(t)
}

// isPlain reports whether nothing says what kind of span it is.
func (s *v1Span) isPlain() bool {
	for i := range s.halves {
		if s.halves[i].kind != kindUnspecified {
			return false
		}
	}
	return true
}

// placePlain is for a span without core annotations: with both addresses they
// are its two ends; with one, that is the remote end, and a client's address
// is what a server knows.
func (s *v1Span) placePlain() {
	h := &s.halves[0]
	ca, sa := &s.address[addressCA], &s.address[addressSA]
	none := zipkinEndpoint{}
	switch {
	case *ca == none:
	case *sa == none:
		h.kind = kindServer
	case h.local.service == "" || h.local.service == ca.service:
		h.local.complete(ca)
		*ca = none
	}
	s.place(addressSA, h)
}

// placeCA gives a server its client's address. Finagle puts the server's own
// name there, or even its address.
func (s *v1Span) placeCA(h *zipkinSpan) {
	ca := &s.address[addressCA]
	if *ca == h.local {
		*ca = zipkinEndpoint{}
	}
	if ca.service == h.local.service {
		ca.service = ""
	}
	s.place(addressCA, h)
}

// place makes an address the remote endpoint of a half that has none.
func (s *v1Span) place(which address, h *zipkinSpan) {
	if h.remote == (zipkinEndpoint{}) {
		h.remote = s.address[which]
	}
}

func (s *v1Span) hasRemote(e *zipkinEndpoint) bool {
	for i := range s.halves {
		if s.halves[i].remote == *e {
			return true
		}
	}
	return false
}

// keepAddress keeps an address in words, such as "sa=db 10.0.0.7:3306".
func (s *v1Span) keepAddress(t *Translator, name string, e *zipkinEndpoint) {
	text := &t.zipkin.text
	mark := len(text.buf)
	text.buf = append(append(append(text.buf, name...), '='), e.service...)
	for _, raw := range [...]string{e.ipv4, e.ipv6} {
		if ip, ok := t.zipkinIP(raw, e.packed); ok {
			raw = ip
		}
		if raw != "" {
			text.buf = append(append(text.buf, ' '), raw...)
		}
	}
	if e.port != 0 {
		text.buf = strconv.AppendInt(append(text.buf, ':'), e.port, 10)
	}
	v := stringValue(text.since(mark))
	if !isText(v.str) {
		v.kind = kindBytes
	}
	s.spare = append(s.spare, v)
}

// keepSpare puts the addresses that were kept in words among the tags.
func (s *v1Span) keepSpare(t *Translator) {
	if len(s.spare) == 0 {
		return
	}
	text := &t.zipkin.text
	mark := len(text.buf)
	text.buf = appendArray(text.buf, s.spare)
	t.keepOdd("zipkin.addresses", encodedValue(text.since(mark)), RuleV1)
}
