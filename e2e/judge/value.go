package judge

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// errorText is the text of an error value: clients that know errors send the
// text, others what their language makes of the object.
type errorText string

// goValue is what jaeger-client-go makes of a value: integers become i64, also
// when they do not fit, and what it does not know is printed with %+v.
func goValue(v any) (any, bool) {
	switch v := v.(type) {
	case uint64:
		return int64(v), true
	case float32:
		return float64(v), true
	case errorText:
		return string(v), true
	case nil:
		return "<nil>", true
	case json.RawMessage:
		return fmt.Sprintf("%+v", decoded(v)), true
	}
	return v, true
}

// nodeValue is what jaeger-client for Node makes of a value: every number is a
// double, objects are JSON, an error has no enumerable fields, and bytes in a
// string are Latin-1 letters.
func nodeValue(v any) (any, bool) {
	switch v := v.(type) {
	case uint64:
		return float64(v), true
	case int64:
		return float64(v), true
	case float32:
		return shortest(v), true
	case errorText:
		return "{}", true
	case nil:
		return "null", true
	case json.RawMessage:
		return compactJSON(v), true
	case string:
		return latin1(v), true
	}
	return v, true
}

// rubyValue is what jaeger-client for Ruby makes of a value: integers that do
// not fit are text, and so is everything that is no string, number or boolean.
// The program under capture gave it bytes as base64.
func rubyValue(v any) (any, bool) {
	switch v := v.(type) {
	case uint64:
		return strconv.FormatUint(v, 10), true
	case float32:
		return shortest(v), true
	case errorText:
		return string(v), true
	case nil:
		return "", true
	case json.RawMessage:
		return rubyInspect(v), true
	case []byte:
		return base64.StdEncoding.EncodeToString(v), true
	}
	return v, true
}

// otelGoValue is what the capture's program gave the OpenTelemetry SDK for Go,
// which has no bytes, and the Jaeger exporter sends.
func otelGoValue(v any) (any, bool) {
	switch v := v.(type) {
	case errorText:
		return string(v), true
	case []byte:
		return hex.EncodeToString(v), true
	}
	return v, v != nil
}

// bridgeValue is what OpenTelemetry's bridge makes of a value: what has no
// attribute type is printed.
func bridgeValue(v any) (any, bool) {
	switch v := v.(type) {
	case uint64, []byte:
		return fmt.Sprint(v), true
	}
	if v == nil {
		return nil, false
	}
	return goValue(v)
}

// otelNodeValue is what the capture's program gave the OpenTelemetry SDK for
// Node, and the Jaeger exporter sends: numbers are doubles, lists lose their brackets.
func otelNodeValue(v any) (any, bool) {
	switch v := v.(type) {
	case nil:
		return nil, false
	case errorText:
		return string(v), true
	case []byte:
		return hex.EncodeToString(v), true
	case json.RawMessage:
		return strings.Trim(compactJSON(v), "[]"), true
	}
	return nodeValue(v)
}

func decoded(raw json.RawMessage) (v any) {
	if err := json.Unmarshal(raw, &v); err != nil {
		return err
	}
	return v
}

func compactJSON(raw json.RawMessage) string {
	var b bytes.Buffer
	if err := json.Compact(&b, raw); err != nil {
		return err.Error()
	}
	return b.String()
}

// rubyInspect prints an object as Ruby's inspect does: {"a"=>1, "b"=>nil}.
func rubyInspect(raw json.RawMessage) string {
	return strings.NewReplacer(":", "=>", ",", ", ", "null", "nil").Replace(compactJSON(raw))
}

// shortest is the double with the fewest digits that is f as a float32: what a
// language without float32 was given.
func shortest(f float32) float64 {
	d, _ := strconv.ParseFloat(strconv.FormatFloat(float64(f), 'g', -1, 32), 64)
	return d
}

// latin1 reads s as one letter per byte if it is not UTF-8.
func latin1(s string) string {
	if strings.ToValidUTF8(s, "") == s {
		return s
	}
	letters := make([]rune, len(s))
	for i := range len(s) {
		letters[i] = rune(s[i])
	}
	return string(letters)
}

func cutTo(v any, n int) any {
	switch s := v.(type) {
	case string:
		if n > 0 && len(s) > n {
			return s[:n]
		}
	case []byte:
		if n > 0 && len(s) > n {
			return s[:n]
		}
	}
	return v
}
