package translate

import (
	"net/netip"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A zipkinEndpoint is where one end of a span is.
type zipkinEndpoint struct {
	service    string
	ipv4, ipv6 string // as text, or, if packed, as bytes
	port       int64  // zero: none
	oddPort    string // what stands in its place, if that is no number
	packed     bool
}

// complete takes from other what e says nothing about. Addresses go together.
func (e *zipkinEndpoint) complete(other *zipkinEndpoint) {
	if e.service == "" {
		e.service = other.service
	}
	if e.ipv4+e.ipv6 == "" {
		e.ipv4, e.ipv6, e.packed = other.ipv4, other.ipv6, other.packed
	}
	if e.port == 0 && e.oddPort == "" {
		e.port, e.oddPort = other.port, other.oddPort
	}
}

// An endpointSide is where one of the two endpoints of a span goes.
type endpointSide struct {
	name          string // in the residue
	address, port keyID
	rule          Rule
}

var (
	localSide     = endpointSide{"zipkin.local.", keyNetworkLocalAddress, keyNetworkLocalPort, RuleZipkinLocal}
	remoteSide    = endpointSide{"zipkin.remote.", keyNetworkPeerAddress, keyNetworkPeerPort, RuleZipkinPeer}
	oldLocalSide  = endpointSide{"zipkin.local.", keyNetHostIP, keyNetHostPort, RuleZipkinLocal}
	oldRemoteSide = endpointSide{"zipkin.remote.", keyNetPeerIP, keyNetPeerPort, RuleZipkinPeer}
)

// placeEndpoints makes attributes of both endpoints (Z-12 to Z-18). The local
// service is the resource's name by now.
func (t *Translator) placeEndpoints(z *zipkinSpan) {
	local, remote := &localSide, &remoteSide
	if t.config.OldEndpoints {
		local, remote = &oldLocalSide, &oldRemoteSide
	}
	t.placeEndpoint(&z.local, local)
	t.placePeerService(z.remote.service)
	t.placeEndpoint(&z.remote, remote)
}

// placePeerService names the peer, unless a tag does (Z-13).
func (t *Translator) placePeerService(name string) {
	a := &t.span.attrs
	if name == "" {
		return
	}
	if tag := a.get(keyPeerService); tag != nil && tag.value != stringValue(name) {
		t.endpointResidue(&remoteSide, "service_name", stringValue(name), RuleZipkinRemote)
		return
	}
	name = t.mendText(a, name, "zipkin.remote.service_name")
	a.derive(keyPeerService, keyOther, stringValue(name), RuleZipkinRemote)
	a.derive(keyServicePeerName, keyOther, stringValue(name), RuleZipkinRemote)
}

// endpointResidue keeps a part of an endpoint that found no home.
func (t *Translator) endpointResidue(side *endpointSide, part string, v value, rule Rule) {
	a := &t.span.attrs
	if v.kind == kindString && !isText(v.str) {
		t.note(NoteUTF8, part)
		v.kind = kindBytes
	}
	t.residue(a, side.name, part, v, rule)
}

// placeEndpoint places addresses and port. Of two addresses the first, as a
// rule IPv4, is the one that has a home.
func (t *Translator) placeEndpoint(e *zipkinEndpoint, side *endpointSide) {
	a := &t.span.attrs
	for _, ip := range [...]struct{ part, raw string }{{"ipv4", e.ipv4}, {"ipv6", e.ipv6}} {
		if ip.raw == "" {
			continue
		}
		text, ok := t.zipkinIP(ip.raw, e.packed)
		switch v := stringValue(text); {
		case !ok:
			t.badIP(ip.raw, e.packed, side, ip.part)
		case !a.hasOrDerives(side.address, v, side.rule):
			t.endpointResidue(side, ip.part, v, side.rule)
		}
	}
	t.placePort(e, side)
}

// hasOrDerives reports whether the attribute with a known key has the value v,
// which it gets if there is none.
func (a *attrs) hasOrDerives(id keyID, v value, rule Rule) bool {
	if x := a.get(id); x != nil {
		return x.value == v
	}
	return a.derive(id, keyOther, v, rule)
}

// badIP keeps what is no address (Z-16).
func (t *Translator) badIP(raw string, packed bool, side *endpointSide, part string) {
	v := stringValue(raw)
	if packed {
		v = bytesValue(raw)
	}
	t.endpointResidue(side, part, v, RuleZipkinIP)
	t.note(NoteIPInvalid, "")
}

// zipkinIP returns an address as text. IPv4 in the form of IPv6 is IPv4 (Z-15).
func (t *Translator) zipkinIP(raw string, packed bool) (text string, ok bool) {
	var ip netip.Addr
	switch {
	case packed:
		if ip, ok = unpackedIP(raw); !ok {
			return "", false
		}
	case !isIP(raw):
		return "", false
	case !isMapped(raw):
		return raw, true
	default:
		ip, _ = netip.ParseAddr(raw)
	}
	mark := len(t.text.buf)
	t.text.buf = ip.Unmap().AppendTo(t.text.buf)
	return t.text.since(mark), true
}

// unpackedIP returns the address whose bytes are raw.
func unpackedIP(raw string) (ip netip.Addr, ok bool) {
	if len(raw) != 4 && len(raw) != 16 {
		return ip, false
	}
	return netip.AddrFromSlice([]byte(raw))
}

// isMapped reports whether an address has the form of IPv6 with IPv4 in it.
func isMapped(address string) bool {
	const prefix = "::ffff:"
	return len(address) > len(prefix) && strings.EqualFold(address[:len(prefix)], prefix) &&
		strings.Contains(address, ".")
}

// placePort places a port (Z-17).
func (t *Translator) placePort(e *zipkinEndpoint, side *endpointSide) {
	switch v := intValue(e.port); {
	case e.oddPort != "":
		t.endpointResidue(side, "port", stringValue(e.oddPort), RuleZipkinPort)
		t.note(NotePortInvalid, "")
	case e.port <= 0:
	case e.port > 65535:
		t.endpointResidue(side, "port", v, RuleZipkinPort)
		t.note(NotePortInvalid, "")
	case !t.span.attrs.hasOrDerives(side.port, v, side.rule):
		t.endpointResidue(side, "port", v, side.rule)
	}
}

// canonical returns the form of e by which hosts are told apart: all parts,
// the service in lower case, with zero bytes between (U-2).
func (t *Translator) canonical(e *zipkinEndpoint) string {
	mark := len(t.text.buf)
	b := t.text.buf
	for _, r := range e.service {
		b = utf8.AppendRune(b, unicode.ToLower(r))
	}
	for _, ip := range [...]string{e.ipv4, e.ipv6} {
		b = append(b, 0)
		if a, ok := unpackedIP(ip); e.packed && ok {
			b = a.AppendTo(b)
		} else {
			b = append(b, ip...)
		}
	}
	t.text.buf = strconv.AppendInt(append(b, 0), e.port, 10)
	return t.text.since(mark)
}
