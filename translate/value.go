package translate

import (
	"math"
	"strings"
)

// A value is a typed value. It is an OTLP AnyValue that borrows its bytes.
type value struct {
	kind valueKind
	num  uint64 // bool, int and double: the bits
	str  string // string and bytes: the content; encoded: a whole AnyValue message
}

type valueKind uint8

const (
	kindEmpty valueKind = iota // AnyValue with nothing set
	kindString
	kindBool
	kindInt
	kindDouble
	kindBytes
	kindEncoded // array or kvlist, already an encoded AnyValue
)

func stringValue(s string) value  { return value{kind: kindString, str: s} }
func bytesValue(s string) value   { return value{kind: kindBytes, str: s} }
func intValue(n int64) value      { return value{kind: kindInt, num: uint64(n)} }
func doubleValue(f float64) value { return value{kind: kindDouble, num: math.Float64bits(f)} }
func boolValue(b bool) value {
	if b {
		return value{kind: kindBool, num: 1}
	}
	return value{kind: kindBool}
}

// encodedValue is an array or kvlist: anyValue is its encoded AnyValue message.
func encodedValue(anyValue string) value { return value{kind: kindEncoded, str: anyValue} }

func (v value) int() int64      { return int64(v.num) }
func (v value) bool() bool      { return v.num != 0 }
func (v value) double() float64 { return math.Float64frombits(v.num) }

// integer reads v as a whole number: an int, a double without a fraction
// (clients in JavaScript send every number as a double, J-23), or digits with
// or without a sign.
func (v value) integer() (n int64, ok bool) {
	switch v.kind {
	case kindInt:
		return v.int(), true
	case kindDouble:
		f := v.double()
		if f != math.Trunc(f) || math.Abs(f) >= 1<<63 {
			return 0, false
		}
		return int64(f), true
	case kindString:
		return parseInt(strings.TrimSpace(v.str))
	}
	return 0, false
}

// parseInt reads decimal digits, at most as many as an int64 can have, without
// the allocation that strconv's error costs.
func parseInt(s string) (n int64, ok bool) {
	digits := s
	negative := s != "" && s[0] == '-'
	if negative || s != "" && s[0] == '+' {
		digits = s[1:]
	}
	if digits == "" || len(digits) > 19 {
		return 0, false
	}
	var u uint64 // 19 digits fit
	for i := range len(digits) {
		if !isDigit(digits[i]) {
			return 0, false
		}
		u = u*10 + uint64(digits[i]-'0')
	}
	if negative {
		return -int64(u), u <= 1<<63
	}
	return int64(u), u < 1<<63
}
