package judge

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"
)

// attributes is one collection: a string, bool, int64, float64, []byte, []any or mended by key.
type attributes map[string]any

// A mended string stood for bytes that are not UTF-8: where they stood, there
// are replacement characters, and how many is left open.
type mended string

// collect is rules J-22, N-1, N-3 and N-4: the last of repeated tags counts and
// the earlier ones are kept beside it, as are the bytes of a mended string.
func collect(tags []field) attributes {
	a := attributes{}
	for i, t := range tags {
		if has(tags[i+1:], t.key) {
			earlier, _ := a["ot2otel.dup."+t.key].([]any)
			a["ot2otel.dup."+t.key] = append(earlier, t.value)
		} else {
			a.set(t.key, t.value)
		}
	}
	return a
}

func (a attributes) set(key string, value any) {
	if key == "" {
		key = "ot2otel.empty_key"
	}
	if s, ok := value.(string); ok && !utf8.ValidString(s) {
		a["ot2otel.raw."+key] = []byte(s)
		value = mended(s)
	}
	a[key] = value
}

func last(fields []field, key string) (any, bool) {
	for _, f := range slices.Backward(fields) {
		if f.key == key {
			return f.value, true
		}
	}
	return nil, false
}

func without(fields []field, key string) []field {
	return slices.DeleteFunc(slices.Clone(fields), func(f field) bool { return f.key == key })
}

// text prints a value as an attribute value would be printed.
func text(v any) string {
	if f, ok := v.(float64); ok && f == math.Trunc(f) && math.Abs(f) < 1e15 {
		return strconv.FormatInt(int64(f), 10)
	}
	return fmt.Sprint(v)
}
