package rewrite

import (
	"strings"
	"unicode/utf8"
)

// trim cuts the optional white space of HTTP: spaces and tabs at both ends.
func trim(s string) string {
	for len(s) > 0 && isSpace(s[0]) {
		s = s[1:]
	}
	for len(s) > 0 && isSpace(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' }

// cut returns what stands before the first sep, trimmed, and what is after it.
func cut(s string, sep byte) (head, tail string, found bool) {
	if i := strings.IndexByte(s, sep); i >= 0 {
		return trim(s[:i]), s[i+1:], true
	}
	return trim(s), "", false
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// equalFold compares ASCII strings without regard to case.
func equalFold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := 0; i < len(a); i++ {
		if a[i] != b[i] && lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

// compareFold orders ASCII strings without regard to case.
func compareFold(a, b string) int {
	for i := 0; i < len(a) && i < len(b); i++ {
		if c := int(lower(a[i])) - int(lower(b[i])); c != 0 {
			return c
		}
	}
	return len(a) - len(b)
}

// unescape decodes percent escapes, and '+' as a space where plus says so. A
// value with a malformed escape is taken as it stands, and what is not UTF-8
// becomes U+FFFD.
func unescape(s string, plus bool) string {
	if strings.IndexByte(s, '%') >= 0 || plus && strings.IndexByte(s, '+') >= 0 {
		if decoded, ok := decodeEscapes(s, plus); ok {
			s = decoded
		}
	}
	return validUTF8(s)
}

func decodeEscapes(s string, plus bool) (string, bool) {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '%':
			c, n := escapedByte(s[i:])
			if n == 0 {
				return "", false
			}
			b.WriteByte(c)
			i += n - 1
		case s[i] == '+' && plus:
			b.WriteByte(' ')
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String(), true
}

// escapedByte reads the escape at the start of s and returns its length, 0 if
// it is malformed. The C++ Jaeger client escapes bytes above 0x7f as signed
// numbers: %FFFFFFC3 is C3.
func escapedByte(s string) (c byte, n int) {
	const signed = "%FFFFFF"
	if len(s) >= len(signed)+2 && equalFold(s[:len(signed)], signed) {
		if c, ok := hexByte(s[len(signed):]); ok {
			return c, len(signed) + 2
		}
	}
	if len(s) >= 3 {
		if c, ok := hexByte(s[1:]); ok {
			return c, 3
		}
	}
	return 0, 0
}

func hexByte(s string) (byte, bool) {
	high, low := hexDigits[s[0]], hexDigits[s[1]]
	return high<<4 | low, high != notHex && low != notHex
}

func validUTF8(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

// appendEscaped appends s with everything escaped but the unreserved
// characters of RFC 3986. Every client decodes that rightly; some would turn a
// plain '+' into a space.
func appendEscaped(dst []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		if unreserved[s[i]] {
			dst = append(dst, s[i])
		} else {
			dst = appendEscape(dst, s[i])
		}
	}
	return dst
}

func escapedSize(s string) int {
	n := len(s)
	for i := 0; i < len(s); i++ {
		if !unreserved[s[i]] {
			n += 2
		}
	}
	return n
}

// hasControl reports whether s has a control character, which would break the
// message it stood in unescaped.
func hasControl(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] == 0x7f {
			return true
		}
	}
	return false
}

func appendEscape(dst []byte, c byte) []byte {
	const digits = "0123456789ABCDEF"
	return append(dst, '%', digits[c>>4], digits[c&0xf])
}

// A charset is a set of bytes.
type charset [256]bool

const alphanumeric = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

func charsetOf(s string) (set charset) {
	for i := 0; i < len(s); i++ {
		set[s[i]] = true
	}
	return set
}

// has reports whether s consists of characters of the set, and of at least one.
func (set *charset) has(s string) bool {
	for i := 0; i < len(s); i++ {
		if !set[s[i]] {
			return false
		}
	}
	return len(s) > 0
}

var (
	unreserved = charsetOf(alphanumeric + "-._~")
	// token is RFC 9110's set for names of headers and of baggage.
	token = charsetOf(alphanumeric + "!#$%&'*+-.^_`|~")
)
