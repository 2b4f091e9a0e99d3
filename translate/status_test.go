package translate_test

import (
	"math"
	"testing"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"

	"github.com/ot2otel/ot2otel/translate"
)

func TestStatus(t *testing.T) {
	for _, test := range []struct {
		rule    string
		tags    []any
		want    tracepb.Status_StatusCode
		message string
		attrs   attrMap // that are left, or nil
	}{
		{"J-70 any case", []any{"otel.status_code", "Error"}, failed, "", attrMap{"otel.status_code": nil}},
		{"J-70 OTLP's name", []any{"otel.status_code", "STATUS_CODE_OK"}, ok, "", attrMap{"otel.status_code": nil}},
		{"J-70 number", []any{"otel.status_code", 2}, failed, "", attrMap{"otel.status_code": nil}},
		{"J-70 number as double", []any{"otel.status_code", 1.0}, ok, "", attrMap{"otel.status_code": nil}},
		{"J-70 UNSET decides nothing", []any{"otel.status_code", "UNSET", "error", true}, failed, "",
			attrMap{"otel.status_code": nil, "error": nil}},
		{"J-70 unknown is kept", []any{"otel.status_code", "fine"}, unset, "",
			attrMap{"otel.status_code": "fine", "ot2otel.notes": []any{"status.unknown"}}},
		{"J-70 unknown number", []any{"otel.status_code", 5}, unset, "", attrMap{"otel.status_code": int64(5)}},
		{"J-70 before error=false", []any{"error", false, "otel.status_code", "ERROR"}, failed, "", attrMap{"error": false}},
		{"J-71 true", []any{"error", true}, failed, "", attrMap{"error": nil}},
		{"J-71 TRUE", []any{"error", "TRUE"}, failed, "", attrMap{"error": "TRUE"}},
		{"J-71 number", []any{"error", 1}, failed, "", attrMap{"error": int64(1)}},
		{"J-71 double", []any{"error", 0.5}, failed, "", attrMap{"error": 0.5}},
		{"J-71 zero", []any{"error", 0}, unset, "", attrMap{"error": int64(0)}},
		{"J-71 redundant with otel.status_code", []any{"error", true, "otel.status_code", "ERROR"}, failed, "",
			attrMap{"error": nil}},
		{"J-72 text", []any{"error", "timeout"}, failed, "timeout", attrMap{"error": "timeout"}},
		{"J-72 empty", []any{"error", ""}, unset, "", attrMap{"error": ""}},
		{"J-73 text", []any{"error", "False"}, ok, "", attrMap{"error": "False"}},
		{"J-74 not with error=false", []any{"error", false, "http.status_code", 500}, ok, "", nil},
		{"J-74 not with otel.status_code", []any{"otel.status_code", "UNSET", "http.status_code", 500}, unset, "", nil},
		{"J-74 digits", []any{"http.status_code", " 503 "}, failed, "", nil},
		{"J-74 stable key", []any{"http.response.status_code", 502}, failed, "", nil},
		{"J-74 not out of range", []any{"http.status_code", 600}, unset, "", nil},
		{"J-74 not a fraction", []any{"http.status_code", 500.5}, unset, "", nil},
		{"J-74 not a number", []any{"http.status_code", math.NaN()}, unset, "", nil},
		{"J-76 description", []any{"error", "text", "otel.status_description", "why"}, failed, "why",
			attrMap{"error": "text", "otel.status_description": nil}},
		{"J-76 error.message", []any{"error", true, "error.message", "m", "http.status_message", "h"}, failed, "m",
			attrMap{"error.message": "m", "http.status_message": "h"}},
		{"J-76 http.status_message", []any{"http.status_code", 500, "http.status_message", "h"}, failed, "h",
			attrMap{"http.status_message": "h"}},
		{"J-76 none without ERROR", []any{"error", false, "error.message", "m"}, ok, "", attrMap{"error.message": "m"}},
		{"J-77 HTTP status", []any{"error", true, "http.status_code", 500}, failed, "", attrMap{"error.type": "500"}},
		{"J-77 not below 400", []any{"error", true, "http.status_code", 302}, failed, "", attrMap{"error.type": nil}},
		{"J-77 keeps error.type", []any{"error", true, "http.status_code", 500, "error.type", "x"}, failed, "",
			attrMap{"error.type": "x"}},
	} {
		t.Run(test.rule, func(t *testing.T) {
			s := spanResult(t, defaults, withTags(test.tags...))
			wantStatus(t, s, test.want, test.message)
			wantAttrs(t, attrsOf(t, s.Attributes), test.attrs)
		})
	}
}

func TestStatusOptions(t *testing.T) {
	s := spanResult(t, translate.Config{ErrorFalseUnset: true}, withTags("error", false))
	wantStatus(t, s, unset, "")
	s = spanResult(t, translate.Config{NoHTTPStatus: true}, withTags("http.status_code", 500))
	wantStatus(t, s, unset, "")
	for _, c := range []translate.Config{{NoErrorType: true}, {Semconv: translate.SemconvRaw}} {
		s = spanResult(t, c, withTags("error", true, "http.status_code", 500))
		wantAttrs(t, attrsOf(t, s.Attributes), attrMap{"error.type": nil})
	}
	s = spanResult(t, translate.Config{UTF8Bytes: true}, withTags("error", "cut \xc3"))
	wantStatus(t, s, failed, "cut \uFFFD")
}

// J-77: the last error log that names a kind.
func TestErrorTypeFromLog(t *testing.T) {
	s := spanResult(t, defaults, withTags("error", true), withLogs(
		log("event", "error", "error.kind", "first"), log("event", "error", "error.kind", "second"),
		log("event", "error", "message", "m"), log("event", "retry", "error.kind", "no error log")))
	wantAttrs(t, attrsOf(t, s.Attributes), attrMap{"error.type": "second"})
}

func TestKind(t *testing.T) {
	for _, test := range []struct {
		rule  string
		tags  []any
		want  tracepb.Span_SpanKind
		attrs attrMap
	}{
		{"J-60 trimmed, any case", []any{"span.kind", " Producer\n"}, tracepb.Span_SPAN_KIND_PRODUCER, nil},
		{"J-60 consumer", []any{"span.kind", "consumer"}, tracepb.Span_SPAN_KIND_CONSUMER, nil},
		{"J-60 internal", []any{"span.kind", "internal"}, tracepb.Span_SPAN_KIND_INTERNAL, nil},
		{"J-60 OTLP's name", []any{"span.kind", "span_kind_CLIENT"}, tracepb.Span_SPAN_KIND_CLIENT, nil},
		{"J-61 absent", nil, tracepb.Span_SPAN_KIND_INTERNAL, attrMap{"ot2otel.notes": nil}},
		{"J-62 unknown", []any{"span.kind", "rpc"}, tracepb.Span_SPAN_KIND_INTERNAL,
			attrMap{"span.kind": "rpc", "ot2otel.notes": []any{"kind.unknown"}}},
		{"J-62 empty after prefix", []any{"span.kind", "SPAN_KIND_"}, tracepb.Span_SPAN_KIND_INTERNAL,
			attrMap{"span.kind": "SPAN_KIND_"}},
		{"J-62 no text", []any{"span.kind", 2}, tracepb.Span_SPAN_KIND_INTERNAL, attrMap{"span.kind": int64(2)}},
		{"J-63 last recognised wins", []any{"span.kind", "server", "span.kind", "client", "span.kind", "x"},
			tracepb.Span_SPAN_KIND_CLIENT,
			attrMap{"span.kind": nil, "ot2otel.dup.span.kind": []any{"server", "x"}}},
		{"J-63 the same twice", []any{"span.kind", "server", "span.kind", "server"}, tracepb.Span_SPAN_KIND_SERVER,
			attrMap{"span.kind": nil, "ot2otel.dup.span.kind": nil}},
		{"J-63 none recognised", []any{"span.kind", "x", "span.kind", "y"}, tracepb.Span_SPAN_KIND_INTERNAL,
			attrMap{"span.kind": "y", "ot2otel.dup.span.kind": []any{"x"}}},
	} {
		t.Run(test.rule, func(t *testing.T) {
			s := spanResult(t, defaults, withTags(test.tags...))
			if s.Kind != test.want {
				t.Errorf("kind %v, want %v", s.Kind, test.want)
			}
			wantAttrs(t, attrsOf(t, s.Attributes), test.attrs)
		})
	}
}
