package translate_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
)

// event returns what becomes of an annotation with a value, in JSON, at 5 us.
func event(t testing.TB, value string) *tracepb.Span_Event {
	t.Helper()
	s := v2Span(t, `"timestamp":3,"annotations":[{"timestamp":5,"value":`+value+`}]`)
	if len(s.Events) != 1 {
		t.Fatalf("%d events", len(s.Events))
	}
	return s.Events[0]
}

func quoted(s string) string { return `"` + escaped(s) + `"` }

// Whatever is not quite one of the known forms is a name as it stands (Z-30).
func TestAnnotationNames(t *testing.T) {
	for _, value := range []string{
		"connected", "ws", "cs", "key:value", "event=x y={}", "a: ", "{", "}", "a {b}", `a:{"b":1}`, `: {"b":1}`, `"": {"b":1}`,
		`"a":  {"b":1}`, `a: {"b":1} `, `a: {"b":1}x`, `a: [1]`, `a: {"b":1,"b":2}`, `a: {b:1}`,
		`a|{"b":1}`, `a|{"b":1}|`, `a|{"b":1}|x`, `{"a":1}{"b":2}`, `[{"a":1}]`, "a: {\"b\":\"\\ud800\"}",
	} {
		e := event(t, quoted(value))
		if e.Name != value || len(e.Attributes) > 0 || e.DroppedAttributesCount > 0 {
			t.Errorf("%s: name %q, attributes %v", value, e.Name, e.Attributes)
		}
	}
	if e := event(t, `""`); e.Name != "log" {
		t.Errorf("name of nothing: %q", e.Name)
	}
	for value, want := range map[string]string{`7`: "7", `true`: "true", `[1]`: "[1]"} {
		if e := event(t, value); e.Name != want {
			t.Errorf("%s: name %q", value, e.Name)
		}
	}
}

func TestAnnotationForms(t *testing.T) { // Z-31
	for value, name := range map[string]string{
		`a b: {"k":"v"}`:    "a b",
		`a: b: {"k":"v"}`:   "a: b",
		`"a\"b": {"k":"v"}`: `a"b`,
		`"ü":{"k":"v"}`:     "ü",
		`a|b|{"k":"v"}|0`:   "a|b",
		`{"k":"v"}`:         "log",
	} {
		e := event(t, quoted(value))
		if diff := cmp.Diff(attrMap{"k": "v"}, attrsOf(t, e.Attributes)); e.Name != name || diff != "" {
			t.Errorf("%s: name %q, attributes (-want +got):\n%s", value, e.Name, diff)
		}
	}
}

// A bare object is a log of OpenTracing's, with all that section 4 says of it.
func TestAnnotationOfJaeger(t *testing.T) {
	e := event(t, quoted(`{"event":"error","error.kind":"K","message":"m"}`))
	want := attrMap{"event": "error", "exception.type": "K", "exception.message": "m"}
	if diff := cmp.Diff(want, attrsOf(t, e.Attributes)); e.Name != "exception" || diff != "" {
		t.Errorf("name %q, attributes (-want +got):\n%s", e.Name, diff)
	}
	// An OpenTelemetry event is none, and stays what it is (E-6).
	e = event(t, quoted(`exception: {"exception.type":"K"}`))
	if diff := cmp.Diff(attrMap{"exception.type": "K"}, attrsOf(t, e.Attributes)); e.Name != "exception" || diff != "" {
		t.Errorf("name %q, attributes (-want +got):\n%s", e.Name, diff)
	}
}

func TestAnnotationValues(t *testing.T) { // Z-32
	e := event(t, quoted(`e: {"s":"x","b":true,"i":7,"f":1.0,"x":1e2,"n":null,"a":[1,"x",null,[2]],"o":{"p":{"q":0.5}},"big":18446744073709551616}`))
	got := attrsOf(t, e.Attributes)
	wantAttrs(t, got, attrMap{
		"s": "x", "b": true, "i": int64(7), "f": 1.0, "x": 100.0, "n": nil,
		"a": []any{int64(1), "x", nil, []any{int64(2)}}, "big": "18446744073709551616",
	})
	if _, ok := got["n"]; !ok {
		t.Error("null is lost")
	}
	o := e.Attributes[7].Value.GetKvlistValue()
	if p := o.GetValues()[0]; p.Key != "p" || p.Value.GetKvlistValue().Values[0].Value.GetDoubleValue() != 0.5 {
		t.Errorf("object %v", o)
	}
}

// Repeated keys and empty ones are mended as everywhere (N-3, N-4).
func TestAnnotationKeys(t *testing.T) {
	e := event(t, quoted(`e: {"":"x"}`))
	wantAttrs(t, attrsOf(t, e.Attributes), attrMap{"ot2otel.empty_key": "x"})
}

// JSON that nests deeper than protobuf libraries go stays JSON from there on.
func TestAnnotationDepth(t *testing.T) {
	const depth = 2000
	e := event(t, quoted(`e: {"a":`+strings.Repeat("[", depth)+strings.Repeat("]", depth)+"}"))
	nested, v := 0, e.Attributes[0].Value
	for ; v.GetArrayValue() != nil; v = v.GetArrayValue().Values[0] {
		nested++
	}
	if text, ok := v.Value.(*commonpb.AnyValue_StringValue); !ok || nested+len(text.StringValue)/2 != depth || nested > 30 {
		t.Errorf("%d levels, then %v", nested, v)
	}
}

func TestAnnotationTimes(t *testing.T) { // Z-23
	for timestamp, want := range map[string]any{
		`0`: int64(0), `-5`: int64(-5), `null`: int64(0), `"x"`: "x", `5.5`: "5.5", `9223372036854775807`: int64(9223372036854775807),
	} {
		s := v2Span(t, `"timestamp":3,"annotations":[{"timestamp":`+timestamp+`,"value":"e"}]`)
		e := s.Events[0]
		if e.Name != "e" || e.TimeUnixNano != 3000 {
			t.Errorf("%s: event %s at %d", timestamp, e.Name, e.TimeUnixNano)
		}
		wantAttrs(t, attrsOf(t, e.Attributes), attrMap{"ot2otel.timestamp_us": want})
		wantNote(t, attrsOf(t, s.Attributes), "time.bad_event")
	}
	if e := v2Span(t, `"timestamp":3,"annotations":[{"timestamp":"7","value":"e"}]`).Events[0]; e.TimeUnixNano != 7000 {
		t.Errorf("time as a string: %d", e.TimeUnixNano)
	}
}
