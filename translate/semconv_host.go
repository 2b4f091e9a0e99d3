package translate

import (
	"net/netip"
	"strings"
)

// A hostPort is a host and the digits of a port, which is "" where there is none.
type hostPort struct{ host, port string }

// An endpoint is what peer.address names.
type endpoint struct {
	hostPort
	isIP bool // it is written as an IP address with or without a port, not as a URL
}

// splitEndpoint splits a peer.address: "ip", "ip:port", "[v6]:port", "host",
// "host:port", "scheme://host:port/…" or "jdbc:mysql://host:port/…".
func splitEndpoint(s string) (e endpoint, ok bool) {
	if isIP(s) {
		return endpoint{hostPort{host: s}, true}, true
	}
	_, rest, isURL := strings.Cut(s, "://")
	if !isURL {
		e.hostPort, ok = splitHost(s)
		e.isIP = isIP(e.host)
		return e, ok
	}
	if end := strings.IndexAny(rest, "/?#;"); end >= 0 {
		rest = rest[:end]
	}
	e.hostPort, ok = splitHost(rest[strings.LastIndexByte(rest, '@')+1:])
	return e, ok
}

// splitHost splits "host" or "host:port" where host can be a name in the DNS or an IP address.
func splitHost(s string) (h hostPort, ok bool) {
	h, ok = splitHostPort(s)
	return h, ok && (isHostName(h.host) || isIP(h.host))
}

// splitHostPort splits "host", "host:port", "[v6]" or "[v6]:port".
func splitHostPort(s string) (h hostPort, ok bool) {
	if strings.HasPrefix(s, "[") {
		end := strings.IndexByte(s, ']')
		if end < 0 || strings.IndexByte(s[:end], ':') < 0 || !isIP(s[1:end]) {
			return h, false
		}
		h.host = s[1:end]
		h.port, ok = cutPort(s[end+1:])
		return h, ok
	}
	colon := strings.IndexByte(s, ':')
	if colon < 0 {
		return hostPort{host: s}, true
	}
	h.host = s[:colon]
	h.port, ok = cutPort(s[colon:])
	return h, ok
}

// cutPort returns the digits of ":digits" or of "".
func cutPort(s string) (port string, ok bool) {
	port = strings.TrimPrefix(s, ":")
	for i := range len(port) {
		if !isDigit(port[i]) {
			return "", false
		}
	}
	return port, s == "" || s[0] == ':'
}

// isIP tells whether s is an IPv4 or IPv6 address, the latter with or without a zone.
func isIP(s string) bool {
	address, _, _ := strings.Cut(s, "%")
	// Most addresses are names, and netip.ParseAddr allocates its errors.
	return looksLikeIPv4(s) && parses(s) || looksLikeIPv6(address) && parses(address)
}

func parses(ip string) bool {
	_, err := netip.ParseAddr(ip)
	return err == nil
}

func looksLikeIPv4(s string) bool {
	return strings.Count(s, ".") == 3 && isDigit(s[0]) && isDigit(s[len(s)-1])
}

func looksLikeIPv6(s string) bool {
	return strings.Count(s, ":") > 1 && strings.Trim(s, "0123456789abcdefABCDEF:.") == ""
}

// isHostName tells whether s can be a name in the DNS, or one of those that containers have.
func isHostName(s string) bool {
	for i := range len(s) {
		if !isHostByte(s[i]) {
			return false
		}
	}
	return s != ""
}

func isHostByte(c byte) bool {
	return isLetter(c) || isDigit(c) || c == '-' || c == '.' || c == '_' || c >= 0x80
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
