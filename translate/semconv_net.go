package translate

// toTransport takes the values of net.transport that network.transport has a word for.
func toTransport(_ *mapper, v value) (value, fit) {
	if v.kind != kindString {
		return value{}, unfit
	}
	switch v.str {
	case "ip_tcp":
		return stringValue("tcp"), exact
	case "ip_udp":
		return stringValue("udp"), exact
	case "pipe", "unix":
		return v, exact
	}
	return value{}, unfit
}

// toNetworkType takes the address families that are versions of IP.
func toNetworkType(_ *mapper, v value) (value, fit) {
	if v.kind != kindString {
		return value{}, unfit
	}
	switch v.str {
	case "inet":
		return stringValue("ipv4"), exact
	case "inet6":
		return stringValue("ipv6"), exact
	}
	return value{}, unfit
}

// unixTransport takes the address family that is a transport.
func unixTransport(_ *mapper, v value) (value, fit) {
	if v.kind != kindString || v.str != "unix" {
		return value{}, unfit
	}
	return v, lossy // net.transport has this value, too
}
