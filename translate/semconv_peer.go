package translate

import "net/netip"

// toPort takes the numbers that are ports.
func toPort(_ *mapper, v value) (value, fit) {
	n, ok := v.integer()
	if !ok || !isPort(n) {
		return value{}, unfit
	}
	return intValue(n), exactIf(v.kind == kindInt)
}

func isPort(n int64) bool { return 1 <= n && n <= 65535 }

// toSidePort takes peer.port where the address that it goes with is known.
func toSidePort(m *mapper, v value) (value, fit) {
	if !m.attrs.has.has(m.side(sideAddress)) {
		return value{}, unfit
	}
	return toPort(m, v)
}

// toIPv4 takes IP addresses. Those packed into a number are text by now (rule J-36).
func toIPv4(_ *mapper, v value) (value, fit) {
	if v.kind != kindString || !isIP(v.str) {
		return value{}, unfit
	}
	return v, exact
}

// toIPv6 takes IP addresses, also IPv6 in its 16 bytes, unless peer.ipv4 names one.
func toIPv6(m *mapper, v value) (value, fit) {
	switch {
	case m.attrs.has.has(keyPeerIPv4):
	case v.kind == kindString && isIP(v.str):
		return v, exact
	case v.kind == kindBytes && len(v.str) == 16:
		return m.ip(netip.AddrFrom16([16]byte([]byte(v.str)))), lossy
	}
	return value{}, unfit
}

func (m *mapper) ip(a netip.Addr) value {
	mark := len(m.t.text.buf)
	m.t.text.buf = a.AppendTo(m.t.text.buf)
	return stringValue(m.t.text.since(mark))
}

// hostAddress takes the host of "host" or "host:port".
func hostAddress(m *mapper, v value) (value, fit) {
	h, ok := m.host.of(v, splitHost)
	return stringValue(h.host), lossyIf(ok)
}

// hostPortNumber takes the port of "host:port" where the host is the server's address.
func hostPortNumber(m *mapper, v value) (value, fit) {
	h, ok := m.host.of(v, splitHost)
	if !ok || !m.isAt(keyServerAddress, h.host) {
		return value{}, unfit
	}
	return portOf(h.port)
}

// endpointIP takes the address of a peer.address that is an IP address, with or without a port.
func endpointIP(m *mapper, v value) (value, fit) {
	e, ok := m.endpoint.of(v, splitEndpoint)
	return stringValue(e.host), lossyIf(ok && e.isIP)
}

func endpointIPPort(m *mapper, v value) (value, fit) {
	e, ok := m.endpoint.of(v, splitEndpoint)
	if !ok || !e.isIP || !m.isAt(keyNetworkPeerAddress, e.host) {
		return value{}, unfit
	}
	return portOf(e.port)
}

// endpointHost takes the host of a peer.address that is a name or a URL.
func endpointHost(m *mapper, v value) (value, fit) {
	e, ok := m.endpoint.of(v, splitEndpoint)
	return stringValue(e.host), lossyIf(ok && !e.isIP)
}

func endpointHostPort(m *mapper, v value) (value, fit) {
	e, ok := m.endpoint.of(v, splitEndpoint)
	if !ok || e.isIP || !m.isAt(m.side(sideAddress), e.host) {
		return value{}, unfit
	}
	return portOf(e.port)
}

// isAt tells whether the attribute target holds address: a port means
// nothing beside another address.
func (m *mapper) isAt(target keyID, address string) bool {
	s, ok := m.attrs.text(target)
	return ok && s == address
}

// portOf takes the port that follows a host.
func portOf(port string) (value, fit) {
	n, ok := parseInt(port)
	return intValue(n), lossyIf(ok && isPort(n))
}
