package translate

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"math"
	"strconv"
	"unicode"
	"unicode/utf8"
	"unsafe"
)

// A text holds the strings that rules make for one span or resource. It only
// grows until it is reset, so a string that it has handed out stays valid
// until then.
type text struct{ buf []byte }

func (t *text) reset() { t.buf = t.buf[:0] }

// since returns what was appended to buf since it was mark bytes long.
func (t *text) since(mark int) string {
	return alias(t.buf[mark:])
}

// concat returns its parts as one string.
func (t *text) concat(parts ...string) string {
	mark := len(t.buf)
	for _, s := range parts {
		t.buf = append(t.buf, s...)
	}
	return t.since(mark)
}

// lower returns s in lower case. It is s itself if nothing changes.
func (t *text) lower(s string) string { return t.mapped(s, unicode.ToLower) }

// upper returns s in upper case. It is s itself if nothing changes.
func (t *text) upper(s string) string { return t.mapped(s, unicode.ToUpper) }

func (t *text) mapped(s string, change func(rune) rune) string {
	mark := len(t.buf)
	for _, r := range s {
		t.buf = utf8.AppendRune(t.buf, change(r))
	}
	if mapped := t.since(mark); mapped != s {
		return mapped
	}
	t.buf = t.buf[:mark]
	return s
}

// hex returns b in lower-case hexadecimal digits.
func (t *text) hex(b []byte) string {
	mark := len(t.buf)
	t.buf = hex.AppendEncode(t.buf, b)
	return t.since(mark)
}

// decimal returns n in decimal digits.
func (t *text) decimal(n int64) string {
	mark := len(t.buf)
	t.buf = strconv.AppendInt(t.buf, n, 10)
	return t.since(mark)
}

// double returns f as OTLP's JSON has it, in as few digits as tell it from its
// neighbours.
func (t *text) double(f float64) string {
	switch abs := math.Abs(f); {
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case abs != 0 && (abs < 1e-6 || abs >= 1e21):
		return t.float(f, 'e')
	}
	return t.float(f, 'f')
}

func (t *text) float(f float64, format byte) string {
	mark := len(t.buf)
	t.buf = strconv.AppendFloat(t.buf, f, format, -1, 64)
	return t.since(mark)
}

// repaired returns s with U+FFFD for every byte that is not part of UTF-8 (N-1).
// It is s itself if there is none.
func (t *text) repaired(s string) string {
	if isText(s) {
		return s
	}
	mark := len(t.buf)
	for _, r := range s {
		t.buf = utf8.AppendRune(t.buf, r)
	}
	return t.since(mark)
}

// format returns v as text.
func (t *text) format(v value) string {
	switch v.kind {
	case kindString:
		return v.str
	case kindBool:
		return strconv.FormatBool(v.bool())
	case kindInt:
		return t.decimal(v.int())
	case kindDouble:
		return t.double(v.double())
	case kindBytes:
		mark := len(t.buf)
		t.buf = base64.StdEncoding.AppendEncode(t.buf, []byte(v.str))
		return t.since(mark)
	}
	return ""
}

// array returns values as one value, an array.
func (t *Translator) array(values ...value) value {
	mark := len(t.text.buf)
	t.text.buf = appendArray(t.text.buf, values)
	return encodedValue(t.text.since(mark))
}

// isText reports whether s is UTF-8. Nearly all strings of spans are ASCII and
// short; for them this takes two thirds of utf8.ValidString's time (BenchmarkIsText).
func isText(s string) bool {
	b := unsafe.Slice(unsafe.StringData(s), len(s))
	var high uint64
	if n := len(b); n >= 8 {
		high = binary.LittleEndian.Uint64(b[n-8:]) // with some of the last of these
		for ; len(b) > 8; b = b[8:] {
			high |= binary.LittleEndian.Uint64(b)
		}
	} else {
		for _, c := range b {
			high |= uint64(c)
		}
	}
	return high&0x8080808080808080 == 0 || utf8.ValidString(s)
}

// alias returns b as a string without copying it: b must not change while the
// string is in use.
func alias(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
