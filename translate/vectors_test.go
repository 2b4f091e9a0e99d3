package translate_test

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jaegertracing/jaeger-idl/thrift-gen/jaeger"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"

	"github.com/ot2otel/ot2otel/translate"
)

// The tests in this file are the Jaeger vectors of the mapping's section 9, by number.

const (
	serverKind = tracepb.Span_SPAN_KIND_SERVER
	unset      = tracepb.Status_STATUS_CODE_UNSET
	ok         = tracepb.Status_STATUS_CODE_OK
	failed     = tracepb.Status_STATUS_CODE_ERROR
)

var defaults translate.Config

func withFlags(flags int32) func(*jaeger.Span) { return func(s *jaeger.Span) { s.Flags = flags } }

func TestVector01DebugFlagTrap(t *testing.T) {
	s := spanResult(t, defaults, withFlags(3))
	if s.Flags != 1 {
		t.Errorf("flags %#x, want 1", s.Flags)
	}
	wantAttrs(t, attrsOf(t, s.Attributes), attrMap{"ot2otel.jaeger.flags": int64(3)})
}

func TestVector02FirehoseOnly(t *testing.T) {
	s := spanResult(t, defaults, withFlags(8))
	if s.Flags != 0 {
		t.Errorf("flags %#x, want 0", s.Flags)
	}
	wantAttrs(t, attrsOf(t, s.Attributes), attrMap{"ot2otel.jaeger.flags": int64(8)})
}

func TestVector03SignedIDs(t *testing.T) {
	s := spanResult(t, defaults, func(s *jaeger.Span) { s.TraceIdLow, s.SpanId = -1, -72057594037927936 })
	if got := hex.EncodeToString(s.TraceId); got != "0000000000000000ffffffffffffffff" {
		t.Errorf("trace id %s", got)
	}
	if got := hex.EncodeToString(s.SpanId); got != "ff00000000000000" {
		t.Errorf("span id %s", got)
	}
}

func TestVectorsReferences(t *testing.T) {
	const other = 0x0f0f
	for _, test := range []struct {
		name   string
		parent int64
		refs   []*jaeger.SpanRef
		want   uint64
		links  []string
	}{
		{
			"04 cross-trace reference with the parent's span id", 9,
			[]*jaeger.SpanRef{ref(childOf, other, 9), ref(childOf, traceT, 9)},
			9, []string{"f0f/9 child_of"},
		},
		{
			"05 follows-from only", 0, []*jaeger.SpanRef{ref(followsFrom, traceT, 9)},
			9, []string{"102030405060708/9 follows_from"},
		},
		{
			"06 mixed references", 0,
			[]*jaeger.SpanRef{ref(followsFrom, traceT, 1), ref(childOf, traceT, 2), ref(childOf, traceT, 3)},
			2, []string{"102030405060708/1 follows_from", "102030405060708/3 child_of"},
		},
		{
			"07 cross-trace child-of only", 0, []*jaeger.SpanRef{ref(childOf, other, 9)},
			0, []string{"f0f/9 child_of"},
		},
		{"08 zero-id reference", 0, []*jaeger.SpanRef{ref(followsFrom, 0, 0)}, 0, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := spanResult(t, defaults, withParent(test.parent), withRefs(test.refs...))
			if got := idOf(s.ParentSpanId); got != test.want {
				t.Errorf("parent %x, want %x", got, test.want)
			}
			if diff := cmp.Diff(test.links, linksOf(s)); diff != "" {
				t.Errorf("links (-want +got):\n%s", diff)
			}
		})
	}
}

func TestVector08InvalidRefs(t *testing.T) {
	s := spanResult(t, defaults, withRefs(ref(followsFrom, 0, 0)))
	got := attrsOf(t, s.Attributes)
	text := "follows_from:" + strings.Repeat("0", 32) + ":" + strings.Repeat("0", 16)
	wantAttrs(t, got, attrMap{"ot2otel.invalid_refs": []any{text}})
	wantNote(t, got, "ref.invalid")
}

func TestVector09SharedRPC(t *testing.T) {
	s := spanResult(t, defaults, withTags("span.kind", "server"), withParent(4), withRefs(ref(childOf, traceT, 5)),
		func(s *jaeger.Span) { s.SpanId = 5 })
	// First 8 bytes of sha256("ot2otel-unshare-v1" + trace id + span id + "shop").
	if got := hex.EncodeToString(s.SpanId); got != "18541922d13a3968" {
		t.Errorf("span id %s", got)
	}
	if got := idOf(s.ParentSpanId); got != 5 {
		t.Errorf("parent %x, want 5", got)
	}
	if s.Flags != 0x301 {
		t.Errorf("flags %#x, want 0x301", s.Flags)
	}
	if links := linksOf(s); len(links) > 0 {
		t.Errorf("links %v, want none", links)
	}
	got := attrsOf(t, s.Attributes)
	wantAttrs(t, got, attrMap{
		"ot2otel.zipkin.id": "0000000000000005", "ot2otel.zipkin.parent_id": "0000000000000004",
		"ot2otel.zipkin.shared": true,
	})
	wantNote(t, got, "unshared")
}

func TestVector10NodeNumbers(t *testing.T) {
	s := spanResult(t, defaults, withTags("http.status_code", 503.0, "span.kind", "client"))
	got := attrsOf(t, s.Attributes)
	wantAttrs(t, got, attrMap{
		"http.response.status_code": int64(503), "http.status_code": 503.0, "error.type": "503", "span.kind": nil,
	})
	wantStatus(t, s, failed, "")
	wantNote(t, got, "status.from_http")
}

func TestVector11StatusBorderline(t *testing.T) {
	for _, test := range []struct {
		name string
		code int
		kind string
		want tracepb.Status_StatusCode
		http any
	}{
		{"399", 399, "client", unset, int64(399)},
		{"0", 0, "client", unset, nil},
		{"404 without kind", 404, "", unset, int64(404)},
		{"404 server", 404, "server", unset, int64(404)},
		{"404 client", 404, "client", failed, int64(404)},
		{"500 without kind", 500, "", failed, int64(500)},
		{"999", 999, "", unset, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			tags := []any{"http.status_code", test.code}
			if test.kind != "" {
				tags = append(tags, "span.kind", test.kind)
			}
			s := spanResult(t, defaults, withTags(tags...))
			wantStatus(t, s, test.want, "")
			wantAttrs(t, attrsOf(t, s.Attributes), attrMap{"http.response.status_code": test.http})
		})
	}
}

func TestVector12StringError(t *testing.T) {
	for _, test := range []struct {
		tag     any
		want    tracepb.Status_StatusCode
		message string
		kept    any
	}{
		{"connection refused", failed, "connection refused", "connection refused"},
		{"true", failed, "", "true"},
		{false, ok, "", false},
		{true, failed, "", nil},
	} {
		s := spanResult(t, defaults, withTags("error", test.tag))
		wantStatus(t, s, test.want, test.message)
		wantAttrs(t, attrsOf(t, s.Attributes), attrMap{"error": test.kept})
	}
}

func TestVector13Conflict(t *testing.T) {
	s := spanResult(t, defaults, withTags("error", true, "otel.status_code", "OK"))
	wantStatus(t, s, ok, "")
	wantAttrs(t, attrsOf(t, s.Attributes), attrMap{"error": true, "otel.status_code": nil})
}

func TestVector14DescriptionWithoutError(t *testing.T) {
	s := spanResult(t, defaults, withTags("otel.status_description", "x"))
	wantStatus(t, s, unset, "")
	wantAttrs(t, attrsOf(t, s.Attributes), attrMap{"otel.status_description": "x"})
}

func TestVector15DuplicateTags(t *testing.T) {
	s := spanResult(t, defaults, withTags("k", "1", "k", 2, "k", "3"))
	got := attrsOf(t, s.Attributes)
	wantAttrs(t, got, attrMap{"k": "3", "ot2otel.dup.k": []any{"1", int64(2)}})
	wantNote(t, got, "dup:k")
}

func TestVector16SplitRune(t *testing.T) {
	cut := strings.Repeat("a", 255) + "\xc3"
	s := spanResult(t, defaults, withTags("k", cut))
	wantAttrs(t, attrsOf(t, s.Attributes), attrMap{
		"k": strings.Repeat("a", 255) + "\uFFFD", "ot2otel.raw.k": []byte(cut),
		"ot2otel.notes": []any{"utf8:k"},
	})
}

func TestVector24Times(t *testing.T) {
	s := spanResult(t, defaults, func(s *jaeger.Span) { s.Duration = -5 })
	if s.StartTimeUnixNano != startUS*1000 || s.EndTimeUnixNano != startUS*1000 {
		t.Errorf("from %d to %d", s.StartTimeUnixNano, s.EndTimeUnixNano)
	}
	got := attrsOf(t, s.Attributes)
	wantAttrs(t, got, attrMap{"ot2otel.duration_us": int64(-5)})
	wantNote(t, got, "time.negative_duration")

	s = spanResult(t, defaults, func(s *jaeger.Span) { s.StartTime = -5 })
	if s.StartTimeUnixNano != received || s.EndTimeUnixNano != received+1_000_000 {
		t.Errorf("from %d to %d", s.StartTimeUnixNano, s.EndTimeUnixNano)
	}
	got = attrsOf(t, s.Attributes)
	wantAttrs(t, got, attrMap{"ot2otel.start_us": int64(-5)})
	wantNote(t, got, "time.bad_start")
}

func TestVector25Process(t *testing.T) {
	b := newBatch(newSpan())
	b.Process = &jaeger.Process{ServiceName: "S", Tags: tags(
		"service.name", "x", "hostname", "h", "host.name", "h2", "ip", 16909060, "jaeger.version", "Go-2.30.0")}
	want := attrMap{
		"service.name": "S", "ot2otel.dup.service.name": []any{"x"}, "host.name": "h2", "hostname": "h",
		"ip": "1.2.3.4", "ot2otel.dup.ip": []any{int64(16909060)}, "host.ip": []any{"1.2.3.4"},
		"telemetry.sdk.name": "jaeger-client-go", "telemetry.sdk.language": "go", "telemetry.sdk.version": "2.30.0",
		"jaeger.version": "Go-2.30.0",
		"ot2otel.notes":  []any{"dup:service.name", "dup:ip"},
	}
	if diff := cmp.Diff(want, batchResult(t, defaults, b).resource(t)); diff != "" {
		t.Errorf("resource (-want +got):\n%s", diff)
	}
}

func TestVector26Scope(t *testing.T) {
	r := batchResult(t, defaults, newBatch(
		newSpan(withTags("otel.library.name", "a", "otel.library.version", "1")),
		newSpan(withTags("otel.scope.name", "a", "otel.scope.version", "2"))))
	if n := len(r.request.ResourceSpans); n != 1 {
		t.Fatalf("%d resources, want 1", n)
	}
	var got []string
	for _, ss := range r.request.ResourceSpans[0].ScopeSpans {
		got = append(got, ss.Scope.Name+" "+ss.Scope.Version)
		wantAttrs(t, attrsOf(t, ss.Scope.Attributes), attrMap{"ot2otel.source.format": "jaeger.thrift.compact"})
		if left := attrsOf(t, ss.Spans[0].Attributes); len(left) > 0 {
			t.Errorf("attributes left: %v", left)
		}
	}
	if diff := cmp.Diff([]string{"a 1", "a 2"}, got); diff != "" {
		t.Errorf("scopes (-want +got):\n%s", diff)
	}
}

// N-9: credentials are in no attribute, whether the tag was repeated or not UTF-8.
func TestNoCredentialsAnywhere(t *testing.T) {
	s := spanResult(t, translate.Config{}, withTags(
		"http.url", "http://ann:secret@a/1", "http.url", "http://ann:secret@a/2\xff", "http.url", "http://b/",
	))
	if text := s.String(); strings.Contains(text, "secret") {
		t.Errorf("a password is left: %s", text)
	}
	s = spanResult(t, translate.Config{}, withTags("http.url", "http://ann:secret@a/\xff"))
	for key, v := range attrsOf(t, s.Attributes) {
		if b, ok := v.([]byte); ok && strings.Contains(string(b), "secret") {
			t.Errorf("a password is left in %s: %q", key, b)
		}
	}
}
