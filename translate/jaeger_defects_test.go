package translate_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"

	"github.com/ot2otel/ot2otel/translate"
)

// What peers get wrong about Jaeger's spans (mapping section 8), and we do not.

// The collector's Thrift path drops flags, scopes and tracestate.
func TestD12FlagsScopeAndTracestate(t *testing.T) {
	r := batchResult(t, translate.Config{}, newBatch(newSpan(withFlags(3), withTags("otel.scope.name", "lib", "w3c.tracestate", "a=1"))))
	s := r.span(t)
	wantAttrs(t, attrsOf(t, s.Attributes), attrMap{"ot2otel.jaeger.flags": int64(3)})
	scope := r.request.ResourceSpans[0].ScopeSpans[0].Scope
	if s.Flags != 1 || s.TraceState != "a=1" || scope.Name != "lib" {
		t.Errorf("flags %d, tracestate %q, scope %q", s.Flags, s.TraceState, scope.Name)
	}
}

// The collector drops references by span id alone, and makes spans their own parents.
func TestD13References(t *testing.T) {
	s := spanResult(t, translate.Config{}, withParent(9), withRefs(ref(childOf, 77, 9), ref(childOf, traceT, 9), ref(followsFrom, 0, 0)))
	if diff := cmp.Diff([]string{"4d/9 child_of"}, linksOf(s)); diff != "" || idOf(s.ParentSpanId) != 9 {
		t.Errorf("parent %x, links (-want +got)\n%s", s.ParentSpanId, diff)
	}
	if s = spanResult(t, translate.Config{}, withParent(spanID)); len(s.ParentSpanId) != 0 {
		t.Errorf("a span is its own parent: %x", s.ParentSpanId)
	}
}

// The collector deletes what it does not understand.
func TestD14NothingUnknownIsDeleted(t *testing.T) {
	s := spanResult(t, translate.Config{},
		withTags("span.kind", "gateway", "otel.status_code", "MAYBE", "k", "1", "k", "2"), withLogs(log("event", 7), log("level", "info")))
	wantAttrs(t, attrsOf(t, s.Attributes), attrMap{
		"span.kind": "gateway", "otel.status_code": "MAYBE", "k": "2", "ot2otel.dup.k": []any{"1"},
	})
	if s.Events[0].Name != "7" || s.Events[1].Name != "log" {
		t.Errorf("events %q and %q", s.Events[0].Name, s.Events[1].Name)
	}
	wantAttrs(t, attrsOf(t, s.Events[0].Attributes), attrMap{"event": int64(7)})
}

// The collector derives errors from statuses that are none, and not from those that are.
func TestD15Status(t *testing.T) {
	const unset, failed = tracepb.Status_STATUS_CODE_UNSET, tracepb.Status_STATUS_CODE_ERROR
	tests := []struct {
		tags []any
		code tracepb.Status_StatusCode
	}{
		{[]any{"http.status_code", 399}, unset},
		{[]any{"http.status_code", 0}, unset},
		{[]any{"http.status_code", 404}, unset},
		{[]any{"http.status_code", 503.0, "span.kind", "client"}, failed},
		{[]any{"error", "true"}, failed},
	}
	for _, tt := range tests {
		if s := spanResult(t, translate.Config{}, withTags(tt.tags...)); s.Status.GetCode() != tt.code {
			t.Errorf("%v: %v", tt.tags, s.Status)
		}
	}
}

// The collector forwards what is not UTF-8, and a strict backend refuses the request.
func TestD17UTF8(t *testing.T) {
	s := spanResult(t, translate.Config{}, withTags("k", "caf\xc3")) // decodes strictly
	wantAttrs(t, attrsOf(t, s.Attributes), attrMap{"k": "caf\ufffd", "ot2otel.raw.k": []byte("caf\xc3")})
}

// Jaeger moves the client's own children under the server and numbers servers 1, 2, 3.
func TestD19UnsharedServerTakesNoForeignChildren(t *testing.T) {
	server := newSpan(withTags("span.kind", "server"), withParent(4), withRefs(ref(childOf, traceT, spanID)))
	child := newSpan(withParent(spanID))
	child.SpanId = 0x0b
	client := newBatch(child)
	client.Process.ServiceName = "front-end"
	tr := translate.New(translate.Config{})
	appendBatch := func(payload []byte) result {
		out, report, err := tr.Append(nil, translate.JaegerCompact, payload, received)
		if err != nil {
			t.Fatal(err)
		}
		return result{validOTLP(t, out), report}
	}
	half := appendBatch(encode(t, translate.JaegerCompact, newBatch(server))).span(t)
	if id := idOf(half.SpanId); id == spanID || id < 1<<32 || idOf(half.ParentSpanId) != spanID {
		t.Errorf("the server's half is %x under %x", half.SpanId, half.ParentSpanId)
	}
	if own := appendBatch(encode(t, translate.JaegerCompact, client)).span(t); idOf(own.ParentSpanId) != spanID {
		t.Errorf("the client's child was moved under %x", own.ParentSpanId)
	}
}

// OpenTelemetry's bridge starts a new trace for FOLLOWS_FROM, ignores
// error=false and "true", writes bytes as text and makes no exceptions.
func TestD20WhatTheBridgeLoses(t *testing.T) {
	s := spanResult(t, translate.Config{}, withRefs(ref(followsFrom, traceT, 9)), withTags("blob", []byte{104, 105}),
		withLogs(log("event", "error", "error.object", "boom")))
	if idOf(s.ParentSpanId) != 9 || len(s.Links) != 1 || s.Events[0].Name != "exception" {
		t.Errorf("parent %x, %d links, event %q", s.ParentSpanId, len(s.Links), s.Events[0].Name)
	}
	wantAttrs(t, attrsOf(t, s.Attributes), attrMap{"blob": []byte{104, 105}})
	wantStatus(t, spanResult(t, translate.Config{}, withTags("error", false)), tracepb.Status_STATUS_CODE_OK, "")
	wantStatus(t, spanResult(t, translate.Config{}, withTags("error", "true")), tracepb.Status_STATUS_CODE_ERROR, "")
}
