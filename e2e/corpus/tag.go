package corpus

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A Tag is a tag or log field as the program handed it to the client: a key
// and a typed value.
type Tag struct {
	Key string `json:"k"`
	// Type is the type that the program used: string, rawstring (bytes that are
	// not UTF-8, in a string), repeat, bool, int64 and the other integers,
	// float32, float64, special (NaN and its like), bytes, error, object, nil.
	Type  string          `json:"t"`
	Raw   json.RawMessage `json:"v"`
	Count int             `json:"n"` // of a repeat
}

// Value returns the value in its Go type: string, bool, int64, uint64, float32,
// float64 or []byte; an error as its text, an object as json.RawMessage, nil as nil.
func (t Tag) Value() (any, error) {
	v, err := t.value()
	if err != nil {
		return nil, fmt.Errorf("tag %q of type %s: %w", t.Key, t.Type, err)
	}
	return v, nil
}

func (t Tag) value() (any, error) {
	switch t.Type {
	case "nil":
		return nil, nil
	case "object":
		return t.Raw, nil
	case "repeat":
		return strings.Repeat(t.text(), t.Count), nil
	case "rawstring", "bytes":
		return t.bytes()
	case "bool":
		return strconv.ParseBool(t.text())
	case "uint64":
		return strconv.ParseUint(t.text(), 10, 64)
	case "int", "int64", "uint16":
		return strconv.ParseInt(t.text(), 10, 64)
	case "float32":
		f, err := strconv.ParseFloat(t.text(), 32)
		return float32(f), err
	case "float64":
		return strconv.ParseFloat(t.text(), 64)
	case "special":
		return special(t.text())
	}
	return t.text(), nil // string, error and Go's named string types
}

// text returns the value without the quotes that it may or may not have.
func (t Tag) text() string {
	var s string
	if json.Unmarshal(t.Raw, &s) == nil {
		return s
	}
	return string(t.Raw)
}

func (t Tag) bytes() (any, error) {
	b, err := base64.StdEncoding.DecodeString(t.text())
	if t.Type == "rawstring" {
		return string(b), err
	}
	return b, err
}

func special(s string) (float64, error) {
	if s == "-0" {
		return math.Copysign(0, -1), nil
	}
	return strconv.ParseFloat(s, 64)
}
