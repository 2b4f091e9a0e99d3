package translate

import "strings"

// urlParts are the parts of a URL as they stand in it, still escaped
// (RFC 3986, section 3).
type urlParts struct {
	scheme   string // empty: the URL is a path with a query
	hostPort        // the host without the brackets of an IPv6 address
	path     string
	query    string // without its question mark
}

// splitURL splits an absolute URL with an authority, such as
// "https://h:8443/a?x=1#f", or a path with a query, such as "/a?x=1".
// Other references than these are too often no URL at all.
func splitURL(s string) (u urlParts, ok bool) {
	s, _, _ = strings.Cut(s, "#")
	if hasControl(s) {
		return u, false
	}
	s, u.query, _ = strings.Cut(s, "?")
	if strings.HasPrefix(s, "/") {
		u.path = s
		return u, !strings.HasPrefix(s, "//")
	}
	if u.scheme, s, ok = cutScheme(s); !ok {
		return u, false
	}
	authority := s
	if slash := strings.IndexByte(s, '/'); slash >= 0 {
		authority, u.path = s[:slash], s[slash:]
	}
	u.hostPort, ok = splitHostPort(authority[strings.LastIndexByte(authority, '@')+1:])
	return u, ok && (isURLHost(u.host) || isIP(u.host))
}

// cutScheme cuts the scheme and "://" off s.
func cutScheme(s string) (scheme, rest string, ok bool) {
	scheme, rest, _ = strings.Cut(s, ":")
	if scheme == "" || !isLetter(scheme[0]) || !strings.HasPrefix(rest, "//") {
		return "", s, false
	}
	for i := range len(scheme) {
		if c := scheme[i]; !isLetter(c) && !isDigit(c) && c != '+' && c != '-' && c != '.' {
			return "", s, false
		}
	}
	return scheme, rest[2:], true
}

// isURLHost tells whether s can be the host of a URL. RFC 3986 lets it have
// characters that no name in the DNS has.
func isURLHost(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case isHostByte(c) || strings.IndexByte("~!$&'()*+,;=", c) >= 0:
		case c == '%' && i+1 < len(s) && s[i+1] >= '8': // an escape, of a byte beyond ASCII
		default:
			return false
		}
	}
	return true
}

func hasControl(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] == 0x7f {
			return true
		}
	}
	return false
}

// urlFull takes absolute URLs.
func urlFull(m *mapper, v value) (value, fit) {
	u, ok := m.url.of(v, splitURL)
	if !ok || u.scheme == "" {
		return value{}, unfit
	}
	return v, exact
}

func urlScheme(m *mapper, v value) (value, fit) {
	u, ok := m.url.of(v, splitURL)
	if !ok || u.scheme == "" {
		return value{}, unfit
	}
	return stringValue(m.t.text.lower(u.scheme)), lossy
}

// urlPath takes the path for spans of kind SERVER, and for all if it is all that there is.
func urlPath(m *mapper, v value) (value, fit) {
	u, ok := m.url.of(v, splitURL)
	return stringValue(u.path), lossyIf(ok && u.path != "" && m.splitsURL(u))
}

func urlQuery(m *mapper, v value) (value, fit) {
	u, ok := m.url.of(v, splitURL)
	return stringValue(u.query), lossyIf(ok && u.query != "" && m.splitsURL(u))
}

// splitsURL tells whether a span has a URL's parts rather than the whole.
func (m *mapper) splitsURL(u *urlParts) bool { return m.kind == kindServer || u.scheme == "" }

func urlHost(m *mapper, v value) (value, fit) {
	u, ok := m.url.of(v, splitURL)
	return stringValue(u.host), lossyIf(ok && u.host != "")
}

// urlPort takes the port that goes with the URL's host, and the scheme's if the URL names none.
func urlPort(m *mapper, v value) (value, fit) {
	u, ok := m.url.of(v, splitURL)
	if !ok || !m.isAt(keyServerAddress, u.host) {
		return value{}, unfit
	}
	switch {
	case u.port != "":
		return portOf(u.port)
	case strings.EqualFold(u.scheme, "http"):
		return intValue(80), lossy
	case strings.EqualFold(u.scheme, "https"):
		return intValue(443), lossy
	}
	return value{}, unfit
}
