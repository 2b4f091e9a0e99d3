package translate

import "strings"

// knownMethods are the values that http.request.method may have unless
// Config.HTTPMethods says otherwise.
var knownMethods = []string{"GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "CONNECT", "TRACE", "QUERY"}

// toMethod takes known methods, also in lower case, and _OTHER for the rest.
func toMethod(m *mapper, v value) (value, fit) {
	if v.kind != kindString || v.str == "" {
		return value{}, unfit
	}
	return unchanged(v.str, m.t.config.method(v.str))
}

// toMethodOriginal takes the methods that http.request.method cannot have as they are.
func toMethodOriginal(m *mapper, v value) (value, fit) {
	if v.kind != kindString || v.str == "" || m.t.config.method(v.str) == v.str {
		return value{}, unfit
	}
	return v, lossy
}

// method returns the known method that s is, in any case, or _OTHER.
func (c *Config) method(s string) string {
	known := c.HTTPMethods
	if known == nil {
		known = knownMethods
	}
	for _, method := range known {
		if method == s {
			return method
		}
	}
	for _, method := range known {
		if strings.EqualFold(method, s) {
			return method
		}
	}
	return "_OTHER"
}

// toHTTPStatus takes status codes. Clients also send 0 for no answer at all.
func toHTTPStatus(_ *mapper, v value) (value, fit) {
	code, ok := httpStatus(v)
	if !ok {
		return value{}, unfit
	}
	return intValue(int64(code)), exactIf(v.kind == kindInt)
}

// targetPath takes what stands before the query in a request target such as "/a?x=1".
func targetPath(_ *mapper, v value) (value, fit) {
	path, _, ok := splitTarget(v)
	return stringValue(path), lossyIf(ok)
}

// targetQuery takes what stands after the question mark in a request target.
func targetQuery(_ *mapper, v value) (value, fit) {
	_, query, ok := splitTarget(v)
	return stringValue(query), lossyIf(ok && query != "")
}

// splitTarget splits a request target in origin form; "*" is a path, too
// (RFC 9112, section 3.2). In the other forms it starts with a host.
func splitTarget(v value) (path, query string, ok bool) {
	if v.kind != kindString || v.str == "" || v.str[0] != '/' && v.str != "*" {
		return "", "", false
	}
	path, query, _ = strings.Cut(v.str, "?")
	return path, query, true
}

// toProtocolVersion takes http.flavor where that is a version of HTTP.
func toProtocolVersion(_ *mapper, v value) (value, fit) {
	if v.kind != kindString || strings.Trim(v.str, ".0123456789") != "" {
		return value{}, unfit
	}
	switch v.str {
	case "":
		return value{}, unfit
	case "2.0":
		return stringValue("2"), exact
	case "3.0":
		return stringValue("3"), exact
	case "2", "3":
		return v, lossy // these convert back to 2.0 and 3.0
	}
	return v, exact
}

// spdyProtocol takes the http.flavor that is a protocol of its own.
func spdyProtocol(_ *mapper, v value) (value, fit) {
	return stringValue("spdy"), lossyIf(v.kind == kindString && strings.EqualFold(v.str, "SPDY"))
}

// quicTransport takes the http.flavor that is a transport.
func quicTransport(_ *mapper, v value) (value, fit) {
	return stringValue("quic"), lossyIf(v.kind == kindString && strings.EqualFold(v.str, "QUIC"))
}
