package judge

import (
	"bytes"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// same compares the raw value of an attribute with the value it has to be. The
// types have to agree, too; of doubles, every bit but for the kinds of NaN.
func same(got, want any) bool {
	switch want := want.(type) {
	case mended:
		s, ok := got.(string)
		return ok && utf8.ValidString(s) && oneMark(s) == oneMark(strings.ToValidUTF8(string(want), "\uFFFD"))
	case []byte:
		b, ok := got.([]byte)
		return ok && bytes.Equal(b, want)
	case float64:
		f, ok := got.(float64)
		return ok && (math.Float64bits(f) == math.Float64bits(want) || math.IsNaN(f) && math.IsNaN(want))
	case []any:
		l, ok := got.([]any)
		return ok && slices.EqualFunc(l, want, same)
	}
	return got == want
}

var marks = regexp.MustCompile("\uFFFD+")

// oneMark makes one replacement character of several in a row.
func oneMark(s string) string { return marks.ReplaceAllString(s, "\uFFFD") }

// show prints a value with its type, and the beginning of a long one.
func show(v any) string {
	const most = 80
	s := fmt.Sprintf("%T %#v", v, v)
	if b, ok := v.([]byte); ok {
		s = fmt.Sprintf("bytes %x", b)
	}
	if len(s) > most {
		return fmt.Sprintf("%s… (%d characters)", s[:most], len(s))
	}
	return s
}
