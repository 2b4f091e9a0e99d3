package translate_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jaegertracing/jaeger-idl/thrift-gen/jaeger"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"

	"github.com/ot2otel/ot2otel/translate"
)

// The mapping's vectors about logs.

// wantEvent checks the only event of the span that has log.
func wantEvent(t *testing.T, log *jaeger.Log, name string, want attrMap) *tracepb.Span {
	t.Helper()
	s := spanResult(t, defaults, withLogs(log))
	if len(s.Events) != 1 {
		t.Fatalf("%d events", len(s.Events))
	}
	if s.Events[0].Name != name {
		t.Errorf("name %q, want %q", s.Events[0].Name, name)
	}
	if diff := cmp.Diff(want, attrsOf(t, s.Events[0].Attributes)); diff != "" {
		t.Errorf("attributes (-want +got):\n%s", diff)
	}
	return s
}

func TestVector17GoLogError(t *testing.T) {
	s := wantEvent(t, log("event", "error", "error.object", "boom"), "exception",
		attrMap{"event": "error", "error.object": "boom", "exception.message": "boom"})
	wantStatus(t, s, unset, "")
}

func TestVector18FullErrorLog(t *testing.T) {
	wantEvent(t, log("event", "error", "error.kind", "K", "message", "m", "stack", "s", "level", "warn"), "exception",
		attrMap{
			"event": "error", "exception.type": "K", "exception.message": "m", "exception.stacktrace": "s",
			"level": "warn",
		})
}

func TestVector19BareErrorLog(t *testing.T) {
	wantEvent(t, log("event", "error"), "error", attrMap{})
}

func TestVector20NoTextEvent(t *testing.T) {
	wantEvent(t, log("event", 7), "7", attrMap{"event": int64(7)})
	wantEvent(t, log("message", "hi"), "log", attrMap{"message": "hi"})
}

func TestVector21OTelEventRoundTrip(t *testing.T) {
	wantEvent(t, log("event", "my", "event", "attr"), "my", attrMap{"event": "attr"})
}

func TestVector22Baggage(t *testing.T) {
	set := log("event", "baggage", "key", "user", "value", "u1", "override", "true")
	s := wantEvent(t, set, "baggage", attrMap{"key": "user", "value": "u1", "override": "true"})
	wantAttrs(t, attrsOf(t, s.Attributes), attrMap{"baggage.user": nil})

	promote := translate.Config{PromoteBaggage: true}
	s = spanResult(t, promote, withLogs(set))
	wantAttrs(t, attrsOf(t, s.Attributes), attrMap{"baggage.user": "u1"})

	refused := log("event", "baggage", "key", "user", "value", "u1", "invalid", "true")
	s = spanResult(t, promote, withLogs(refused))
	wantAttrs(t, attrsOf(t, s.Attributes), attrMap{"baggage.user": nil})
}

func TestVector23DroppedLogs(t *testing.T) {
	s := wantEvent(t, log("event", "dropped Span logs", "dropped_log_count", 12, "component", "jaeger-client"),
		"dropped Span logs", attrMap{"dropped_log_count": int64(12), "component": "jaeger-client"})
	if s.DroppedEventsCount != 12 {
		t.Errorf("%d dropped events, want 12", s.DroppedEventsCount)
	}
}
