package rewrite

// A TraceID is the id of a trace in 128 bits. High is zero for ids that a
// client made with 64 bits; such an id is written padded with zeros where a
// format wants 32 digits (W3C trace context, "Interoperating with existing
// systems which use shorter identifiers").
type TraceID struct{ High, Low uint64 }

// IsZero reports whether t is no valid id.
func (t TraceID) IsZero() bool { return t == TraceID{} }

// String returns the id in 32 lower-case hex digits.
func (t TraceID) String() string { return string(appendTraceID32(nil, t)) }

// sameTrace reports whether two ids name one trace: the low halves are equal
// and the high halves too, unless one of them is not known.
func (t TraceID) sameTrace(u TraceID) bool {
	return t.Low == u.Low && (t.High == u.High || t.High == 0 || u.High == 0)
}

// A SpanID is the id of a span. Zero is no valid id.
type SpanID uint64

// String returns the id in 16 lower-case hex digits.
func (s SpanID) String() string { return string(appendHex64(nil, uint64(s))) }

// appendHex64 appends v in 16 lower-case hex digits.
func appendHex64(dst []byte, v uint64) []byte {
	const digits = "0123456789abcdef"
	var text [16]byte
	for i := len(text) - 1; i >= 0; i-- {
		text[i] = digits[v&0xf]
		v >>= 4
	}
	return append(dst, text[:]...)
}

func appendTraceID32(dst []byte, t TraceID) []byte {
	return appendHex64(appendHex64(dst, t.High), t.Low)
}

// appendTraceID appends an id in 16 digits, or 32 where its high half says something.
func appendTraceID(dst []byte, t TraceID) []byte {
	if t.High == 0 {
		return appendHex64(dst, t.Low)
	}
	return appendTraceID32(dst, t)
}

// parseHex64 reads 1 to 16 hex digits of either case.
func parseHex64(s string) (uint64, bool) {
	if len(s) == 0 || len(s) > 16 {
		return 0, false
	}
	var v uint64
	for i := 0; i < len(s); i++ {
		d := hexDigits[s[i]]
		if d == notHex {
			return 0, false
		}
		v = v<<4 | uint64(d)
	}
	return v, true
}

// parseTraceID reads 1 to 32 hex digits of either case.
func parseTraceID(s string) (t TraceID, ok bool) {
	if len(s) > 16 {
		if t.High, ok = parseHex64(s[:len(s)-16]); !ok {
			return TraceID{}, false
		}
		s = s[len(s)-16:]
	}
	if t.Low, ok = parseHex64(s); !ok {
		return TraceID{}, false
	}
	return t, true
}

// hasUpper reports whether s holds an upper-case hex digit.
func hasUpper(s string) bool {
	for i := 0; i < len(s); i++ {
		if 'A' <= s[i] && s[i] <= 'F' {
			return true
		}
	}
	return false
}

const notHex = 0xff

// hexDigits is the value of each hex digit, notHex for all other bytes.
var hexDigits = func() (table [256]uint8) {
	for i := range table {
		table[i] = notHex
	}
	for i, c := range []byte("0123456789abcdef") {
		table[c] = uint8(i)
	}
	for i, c := range []byte("ABCDEF") {
		table[c] = uint8(10 + i)
	}
	return table
}()
