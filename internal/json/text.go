package json

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// unescape decodes the body of a string, whose escapes jsontext has checked.
func (r *Reader) unescape(body []byte) string {
	start := len(r.unescaped)
	out := r.unescaped
	for {
		n := bytes.IndexByte(body, '\\')
		if n < 0 {
			break
		}
		out = append(out, body[:n]...)
		out, body = appendEscape(out, body[n:])
	}
	r.unescaped = append(out, body...)
	return alias(r.unescaped[start:])
}

// appendEscape appends what the escape at the start of body means, and
// returns what follows it.
func appendEscape(out, body []byte) (newOut, rest []byte) {
	if body[1] != 'u' {
		return append(out, simpleEscape(body[1])), body[2:]
	}
	out, n := appendUnicode(out, body)
	return out, body[n:]
}

func simpleEscape(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
}

// appendUnicode appends what the \u escape at the start of body means, two of
// them if they are a surrogate pair, and returns how many bytes it read.
func appendUnicode(out, body []byte) ([]byte, int) {
	c := hexRune(body)
	if !utf16.IsSurrogate(c) {
		return utf8.AppendRune(out, c), 6
	}
	if len(body) >= 12 && body[6] == '\\' && body[7] == 'u' {
		if pair := utf16.DecodeRune(c, hexRune(body[6:])); pair != utf8.RuneError {
			return utf8.AppendRune(out, pair), 12
		}
	}
	// Half of a pair. AppendRune would write U+FFFD, and which half it was
	// would be lost.
	return append(out, 0xe0|byte(c>>12), 0x80|byte(c>>6)&0xbf, 0x80|byte(c)&0xbf), 6
}

// hexRune returns the four digits of the \u escape at the start of body.
func hexRune(body []byte) (c rune) {
	for _, digit := range body[2:6] {
		c = c<<4 | hexDigit(digit)
	}
	return c
}

func hexDigit(c byte) rune {
	if c <= '9' {
		return rune(c - '0')
	}
	return rune(c|0x20-'a') + 10
}
