package translate

import (
	"strconv"
	"strings"

	"github.com/ot2otel/ot2otel/internal/json"
	"github.com/ot2otel/ot2otel/internal/pb"
)

// maxNested is how deep arrays and objects become values. What is nested
// deeper stays JSON in a string, because many protobuf libraries refuse a
// request in which messages nest deeper than 100.
const maxNested = 16

// jsonAttributes appends to a the members of the JSON object s. It reports
// whether s is one.
func (t *Translator) jsonAttributes(a *attrs, s string) bool {
	if !strings.HasSuffix(s, "}") {
		return false
	}
	r := &t.zipkin.inner
	r.Strict = true
	r.ResetString(s)
	if r.Kind() != json.Object {
		return false
	}
	for name := range r.Object() {
		a.list = append(a.list, attr{key: name, id: keyOf(name), value: t.jsonValue(r)})
	}
	return true
}

// jsonValue reads a JSON value with its type (Z-32).
func (t *Translator) jsonValue(r *json.Reader) value {
	switch r.Kind() {
	case json.String:
		return stringValue(r.String())
	case json.Number:
		return numberValue(r.Number())
	case json.Bool:
		return boolValue(r.Bool())
	case json.Null:
		r.Null()
		return value{}
	}
	mark := len(t.text.buf)
	t.text.buf = appendJSON(t.text.buf, r, 0)
	return encodedValue(t.text.since(mark))
}

// numberValue returns the number s: an int if it has no fraction or exponent,
// else a double. A whole number that no int can hold stays as it is written.
func numberValue(s string) value {
	if n, ok := parseInt(s); ok {
		return intValue(n)
	}
	if strings.Trim(s, "-0123456789") == "" {
		return stringValue(s)
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return stringValue(s)
	}
	return doubleValue(f)
}

// appendJSON reads a JSON value and appends what is in an AnyValue for it.
//
//	message AnyValue { oneof value { …; ArrayValue array_value = 5; KeyValueList kvlist_value = 6; } }
//	message ArrayValue { repeated AnyValue values = 1; }
//	message KeyValueList { repeated KeyValue values = 1; }
func appendJSON(b []byte, r *json.Reader, depth int) []byte {
	var list, element int
	switch kind := r.Kind(); {
	case (kind == json.Array || kind == json.Object) && depth == maxNested:
		return pb.AppendString(b, 1, r.Raw())
	case kind == json.Array:
		b, list = pb.Begin(b, 5)
		for range r.Array() {
			b, element = pb.Begin(b, 1)
			b = appendJSON(b, r, depth+1)
			b = pb.End(b, element)
		}
		return pb.End(b, list)
	case kind == json.Object:
		b, list = pb.Begin(b, 6)
		for name := range r.Object() {
			b = appendJSONMember(b, r, name, depth)
		}
		return pb.End(b, list)
	}
	return appendJSONScalar(b, r)
}

// message KeyValue { string key = 1; AnyValue value = 2; }
func appendJSONMember(b []byte, r *json.Reader, name string, depth int) []byte {
	b, member := pb.Begin(b, 1)
	b = pb.AppendString(b, 1, name)
	b, any := pb.Begin(b, 2)
	b = appendJSON(b, r, depth+1)
	b = pb.End(b, any)
	return pb.End(b, member)
}

func appendJSONScalar(b []byte, r *json.Reader) []byte {
	var v value
	switch r.Kind() {
	case json.String:
		v = stringValue(r.String())
	case json.Number:
		v = numberValue(r.Number())
	case json.Bool:
		v = boolValue(r.Bool())
	default:
		r.Skip()
	}
	return appendAnyValue(b, &v)
}

// parseStrings gives tags that look like a bool or a number that type (Z-9,
// Config.ParseStringTags), if their text can be made of it again.
func parseStrings(list []attr) {
	for i := range list {
		if x := &list[i]; x.kind == kindString && x.rule == RuleTag {
			x.value = parsed(x.str)
		}
	}
}

func parsed(s string) value {
	switch {
	case s == "true" || s == "false":
		return boolValue(s == "true")
	case s == "" || len(s) > 24 || strings.Trim(s, "+-.0123456789eE") != "":
		return stringValue(s)
	}
	var space [32]byte
	if n, ok := parseInt(s); ok && string(strconv.AppendInt(space[:0], n, 10)) == s {
		return intValue(n)
	}
	f, err := strconv.ParseFloat(s, 64)
	if err == nil && string(strconv.AppendFloat(space[:0], f, 'f', -1, 64)) == s {
		return doubleValue(f)
	}
	return stringValue(s)
}
