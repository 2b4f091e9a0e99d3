package translate_test

import (
	"math"
	"testing"

	"github.com/jaegertracing/jaeger-idl/thrift-gen/jaeger"

	"github.com/ot2otel/ot2otel/translate"
)

func TestEvent(t *testing.T) {
	for _, test := range []struct {
		rule string
		log  *jaeger.Log
		name string
		want attrMap
	}{
		{"E-1 first text event", log("event", "", "event", "a", "event", "b"), "a",
			attrMap{"event": "b", "ot2otel.dup.event": []any{""}}},
		{"E-1 text before number", log("event", 7, "event", "x"), "x", attrMap{"event": int64(7)}},
		{"E-2 empty event", log("event", ""), "log", attrMap{"event": ""}},
		{"E-2 bool", log("event", true), "true", attrMap{"event": true}},
		{"E-2 double", log("event", 7.5), "7.5", attrMap{"event": 7.5}},
		{"E-2 infinite", log("event", math.Inf(-1)), "-Infinity", attrMap{"event": math.Inf(-1)}},
		{"E-2 tiny", log("event", 1e-7), "1e-07", attrMap{"event": 1e-7}},
		{"E-2 bytes", log("event", []byte{1, 2}), "AQI=", attrMap{"event": []byte{1, 2}}},
		{"E-2 no bytes", log("event", []byte{}), "log", attrMap{"event": []byte{}}},
		{"E-3 repeated fields", log("event", "e", "k", 1, "k", 2), "e",
			attrMap{"k": int64(2), "ot2otel.dup.k": []any{int64(1)}}},
		{"E-4 kind without event", log("error.kind", "K"), "exception", attrMap{"exception.type": "K"}},
		{"E-4 object without event", log("error.object", "o"), "exception",
			attrMap{"error.object": "o", "exception.message": "o"}},
		{"E-4 message before object", log("event", "error", "error.object", "o", "message", "m"), "exception",
			attrMap{"event": "error", "error.object": "o", "exception.message": "m"}},
		{"E-4 opentracing-go before 1.2", log("event", "error", "error", "boom"), "exception",
			attrMap{"event": "error", "error": "boom", "exception.message": "boom"}},
		{"E-4 stack alone", log("event", "error", "stack", "s"), "exception",
			attrMap{"event": "error", "exception.stacktrace": "s"}},
		{"E-4 does not overwrite", log("event", "error", "message", "m", "exception.message", "x"), "exception",
			attrMap{"event": "error", "message": "m", "exception.message": "x"}},
		{"E-4 not with another event", log("event", "retry", "error.kind", "K"), "retry", attrMap{"error.kind": "K"}},
		{"E-5 nothing that has a text", log("event", "error", "message", 5), "error", attrMap{"message": int64(5)}},
		{"E-6 exception already", log("event", "exception", "exception.type", "T", "message", "m"), "exception",
			attrMap{"exception.type": "T", "message": "m"}},
		{"E-8 other fields", log("level", "info", "message", "m", "payload", []byte("p")), "log",
			attrMap{"level": "info", "message": "m", "payload": []byte("p")}},
		{"E-11 no fields", log(), "log", attrMap{}},
		{"E-20 baggage", log("event", "baggage", "key", "k", "value", "v", "truncated", "true"), "baggage",
			attrMap{"key": "k", "value": "v", "truncated": "true"}},
		{"N-1 name", log("event", "cut \xc3"), "cut \uFFFD", attrMap{"ot2otel.raw.name": []byte("cut \xc3")}},
		{"N-4 empty key", log("event", "e", "", 1), "e", attrMap{"ot2otel.empty_key": int64(1)}},
	} {
		t.Run(test.rule, func(t *testing.T) { wantEvent(t, test.log, test.name, test.want) })
	}
}

func TestEventDroppedAttributes(t *testing.T) {
	s := wantEvent(t, log("event", "e", "otel.event.dropped_attributes_count", 2, "otel.dropped_attributes_count", "3"),
		"e", attrMap{})
	if n := s.Events[0].DroppedAttributesCount; n != 5 {
		t.Errorf("E-9: %d dropped attributes, want 5", n)
	}
}

// J-9: a log outside of its span keeps its time. One that OTLP cannot tell is
// moved to the span's start.
func TestEventTime(t *testing.T) {
	for _, test := range []struct {
		micros int64
		want   uint64
		kept   any
	}{
		{startUS - 1, (startUS - 1) * 1000, nil},
		{0, 0, nil},
		{-1, startUS * 1000, int64(-1)},
		{math.MaxInt64, startUS * 1000, int64(math.MaxInt64)},
	} {
		l := log("event", "e")
		l.Timestamp = test.micros
		s := spanResult(t, defaults, withLogs(l))
		if got := s.Events[0].TimeUnixNano; got != test.want {
			t.Errorf("%d µs: time %d, want %d", test.micros, got, test.want)
		}
		wantAttrs(t, attrsOf(t, s.Events[0].Attributes), attrMap{"ot2otel.timestamp_us": test.kept})
		if test.kept != nil {
			wantNote(t, attrsOf(t, s.Attributes), "time.bad_event")
		}
	}
}

func TestPromoteBaggage(t *testing.T) {
	set := func(key, value string) *jaeger.Log { return log("event", "baggage", "key", key, "value", value) }
	s := spanResult(t, translate.Config{PromoteBaggage: true}, withTags("baggage.tagged", "tag"), withLogs(
		set("user", "u1"), set("tagged", "log"), set("user", "u2"),
		log("event", "other", "key", "k", "value", "v"), log("event", "baggage", "key", "no value")))
	got := attrsOf(t, s.Attributes)
	wantAttrs(t, got, attrMap{"baggage.user": "u2", "baggage.tagged": "tag", "baggage.k": nil})
	if len(got) != 2 {
		t.Errorf("attributes %v", got)
	}
}
