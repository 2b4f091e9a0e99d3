package translate

import (
	"encoding/base64"
	"math"
	"strconv"
	"strings"

	"github.com/ot2otel/ot2otel/internal/json"
)

// jsonText reads what should be a string. Anything else is taken as it is
// written; null is nothing.
func jsonText(r *json.Reader) string {
	switch r.Kind() {
	case json.String:
		return r.String()
	case json.Null:
		r.Null()
		return ""
	}
	return r.Raw()
}

// jsonBool reads what should be a bool.
func jsonBool(r *json.Reader) bool {
	switch r.Kind() {
	case json.Bool:
		return r.Bool()
	case json.String, json.Number:
		is, known := truth(scalarValue(r))
		return is && known
	}
	r.Skip()
	return false
}

// scalarValue reads a string, a number or a bool.
func scalarValue(r *json.Reader) value {
	switch r.Kind() {
	case json.String:
		return stringValue(r.String())
	case json.Number:
		return numberValue(r.Number())
	}
	return boolValue(r.Bool())
}

// jsonTime reads a time in microseconds. What is none is kept in the residue
// (Z-23).
func (t *Translator) jsonTime(r *json.Reader, key string) int64 {
	micros, odd := jsonWhole(r)
	if odd != "" {
		t.keepOddTime(key, odd)
	}
	return micros
}

// jsonWhole reads what should be a whole number: JavaScript writes large ones
// as 1.7e15, others write them as strings. odd is what stands there if that is
// not quite what n is.
func jsonWhole(r *json.Reader) (n int64, odd string) {
	text := ""
	switch r.Kind() {
	case json.Null:
		r.Null()
		return 0, ""
	case json.Number:
		text = r.Number()
	case json.String:
		text = strings.TrimSpace(r.String())
	default:
		return 0, r.Raw()
	}
	if n, ok := parseInt(text); ok || text == "" {
		return n, ""
	}
	if strings.Trim(text, "+-.0123456789eE") != "" {
		return 0, text // without the allocation that strconv's error costs
	}
	f, err := strconv.ParseFloat(text, 64)
	switch {
	case err != nil || math.Abs(f) >= 1<<63:
		return 0, text
	case f != math.Trunc(f):
		return int64(f), text
	}
	return int64(f), ""
}

// readJSONTags reads the tags of a v2 span, which should be strings. Others
// are taken for what they are (Z-9).
func (t *Translator) readJSONTags(r *json.Reader) {
	for key := range r.Object() {
		x := attr{key: key, id: keyOf(key)}
		if r.Kind() != json.String {
			x.rule = RuleNonString
		}
		x.value = tagValue(r)
		t.zipkin.tags = append(t.zipkin.tags, x)
	}
}

// tagValue reads the value of a tag. Null is empty; objects and arrays stay
// JSON.
func tagValue(r *json.Reader) value {
	switch r.Kind() {
	case json.Null:
		r.Null()
		return stringValue("")
	case json.Object, json.Array:
		return stringValue(r.Raw())
	}
	return scalarValue(r)
}

// readJSONBinary reads the binary annotations of a v1 span.
func (t *Translator) readJSONBinary(r *json.Reader, s *v1Span) {
	for range r.Array() {
		if r.Kind() == json.Object {
			s.binary = append(s.binary, t.readJSONBinaryOne(r, s))
		} else {
			t.keepOdd("zipkin.binaryAnnotations", stringValue(r.Raw()), RuleNonString)
		}
	}
}

// readJSONBinaryOne reads a binary annotation. Its value has the type that
// JSON says, unless a member type says more.
func (t *Translator) readJSONBinaryOne(r *json.Reader, s *v1Span) (x v1Tag) {
	kind, typ := json.String, ""
	for name := range r.Object() {
		switch name {
		case "key":
			x.key = jsonText(r)
		case "value":
			kind = r.Kind()
			x.value = tagValue(r)
		case "type":
			typ = jsonText(r)
		case "endpoint":
			x.host = readJSONHost(r, s)
		default:
			r.Skip()
		}
	}
	x.id = keyOf(x.key)
	switch {
	case kind == json.Null || kind == json.Object || kind == json.Array:
		x.rule = RuleNonString
	case x.kind == kindEmpty: // there was no value
		x.value = stringValue("")
	case typ != "" && !t.retype(&x.value, typ):
		x.rule = RuleUnknownType
	}
	return x
}

// retype gives a value the type that zipkincore names. It reports whether the
// value can have it.
func (t *Translator) retype(v *value, typ string) bool {
	switch typ {
	case "STRING":
		return v.kind == kindString
	case "BOOL":
		is, known := truth(*v)
		if known {
			*v = boolValue(is)
		}
		return known
	case "I16", "I32", "I64":
		n, ok := v.integer()
		if ok {
			*v = intValue(n)
		}
		return ok
	case "DOUBLE":
		return retypeDouble(v)
	case "BYTES":
		return t.retypeBytes(v)
	}
	return false
}

func retypeDouble(v *value) bool {
	switch v.kind {
	case kindDouble:
		return true
	case kindInt:
		*v = doubleValue(float64(v.int()))
		return true
	case kindString:
		f, err := strconv.ParseFloat(v.str, 64)
		if err == nil {
			*v = doubleValue(f)
		}
		return err == nil
	}
	return false
}

// retypeBytes decodes base64, which is how JSON has bytes.
func (t *Translator) retypeBytes(v *value) bool {
	if v.kind != kindString {
		return false
	}
	text := &t.zipkin.text
	mark := len(text.buf)
	b, err := base64.StdEncoding.AppendDecode(text.buf, []byte(v.str))
	if err != nil {
		return false
	}
	text.buf = b
	*v = bytesValue(text.since(mark))
	return true
}
