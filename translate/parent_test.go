package translate_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jaegertracing/jaeger-idl/thrift-gen/jaeger"

	"github.com/ot2otel/ot2otel/translate"
)

const (
	traceHex = "00000000000000000102030405060708"
	ownHex   = "000000000000000a"
)

func TestReferences(t *testing.T) {
	otherHigh := ref(childOf, traceT, 9)
	otherHigh.TraceIdHigh = 1
	for _, test := range []struct {
		rule    string
		config  translate.Config
		kind    string
		parent  int64
		refs    []*jaeger.SpanRef
		want    uint64
		links   []string
		invalid []any
	}{
		{
			rule: "J-50 parentSpanId wins", parent: 7, refs: []*jaeger.SpanRef{ref(childOf, traceT, 8)},
			want: 7, links: []string{"102030405060708/8 child_of"},
		},
		{
			rule: "J-50 an own or zero id is no parent", kind: "client",
			refs: []*jaeger.SpanRef{ref(childOf, traceT, 0), ref(followsFrom, traceT, spanID), ref(followsFrom, traceT, 8)},
			want: 8, links: []string{"102030405060708/a follows_from", "102030405060708/8 follows_from"},
			invalid: []any{"child_of:" + traceHex + ":0000000000000000"},
		},
		{
			rule: "J-51 all 128 bits count", refs: []*jaeger.SpanRef{otherHigh},
			links: []string{"10102030405060708/9 child_of"},
		},
		{
			rule: "J-52 links of all references", config: translate.Config{LinksAll: true},
			refs: []*jaeger.SpanRef{ref(childOf, traceT, 8)}, want: 8, links: []string{"102030405060708/8 child_of"},
		},
		{
			rule: "J-54 zero span id", refs: []*jaeger.SpanRef{ref(followsFrom, traceT, 0), ref(2, 0, 3)},
			invalid: []any{
				"follows_from:" + traceHex + ":0000000000000000",
				"unknown_2:00000000000000000000000000000000:0000000000000003",
			},
		},
		{
			rule: "J-55 unknown type", refs: []*jaeger.SpanRef{ref(-7, traceT, 8)},
			links: []string{"102030405060708/8 unknown_-7"},
		},
		{
			rule: "J-56 child of itself", kind: "client", refs: []*jaeger.SpanRef{ref(childOf, traceT, spanID)},
			invalid: []any{"child_of:" + traceHex + ":" + ownHex},
		},
		{
			rule: "J-56 its own parent", parent: spanID, refs: []*jaeger.SpanRef{ref(childOf, traceT, spanID)},
			invalid: []any{"child_of:" + traceHex + ":" + ownHex},
		},
		{
			rule: "J-57 identical references", parent: 7,
			refs: []*jaeger.SpanRef{
				ref(childOf, traceT, 8), ref(followsFrom, traceT, 8), ref(childOf, traceT, 8),
				ref(childOf, traceT, 0), ref(childOf, traceT, 0),
			},
			want: 7, links: []string{"102030405060708/8 child_of", "102030405060708/8 follows_from"},
			invalid: []any{"child_of:" + traceHex + ":0000000000000000"},
		},
	} {
		t.Run(test.rule, func(t *testing.T) {
			change := []func(*jaeger.Span){withParent(test.parent), withRefs(test.refs...)}
			if test.kind != "" {
				change = append(change, withTags("span.kind", test.kind))
			}
			s := spanResult(t, test.config, change...)
			if got := idOf(s.ParentSpanId); got != test.want {
				t.Errorf("parent %x, want %x", got, test.want)
			}
			if diff := cmp.Diff(test.links, linksOf(s)); diff != "" {
				t.Errorf("links (-want +got):\n%s", diff)
			}
			got, _ := attrsOf(t, s.Attributes)["ot2otel.invalid_refs"].([]any)
			if diff := cmp.Diff(test.invalid, got); diff != "" {
				t.Errorf("invalid references (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParentSelfIsNoted(t *testing.T) {
	s := spanResult(t, defaults, withParent(spanID))
	wantNote(t, attrsOf(t, s.Attributes), "parent.self")
}

// More references than are compared one by one: still each once, in order.
func TestManyReferences(t *testing.T) {
	const n = 1000
	var refs []*jaeger.SpanRef
	var want []string
	for i := range n {
		refs = append(refs, ref(followsFrom, traceT, int64(i)+100), ref(followsFrom, traceT, int64(i/2)+100))
		want = append(want, fmt.Sprintf("102030405060708/%x follows_from", i+100))
	}
	s := spanResult(t, defaults, withParent(7), withRefs(refs...))
	if diff := cmp.Diff(want, linksOf(s)); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
}

func TestUnshare(t *testing.T) {
	shared := func(s *jaeger.Span) { s.References = []*jaeger.SpanRef{ref(childOf, traceT, spanID)} }
	server := withTags("span.kind", "server")

	s := spanResult(t, translate.Config{KeepSharedIDs: true}, server, shared, withParent(4))
	if got := idOf(s.SpanId); got != spanID || idOf(s.ParentSpanId) != 4 || s.Flags != 1 || len(s.Links) != 0 {
		t.Errorf("U-6: id %x, parent %x, flags %#x, %d links", got, s.ParentSpanId, s.Flags, len(s.Links))
	}
	wantAttrs(t, attrsOf(t, s.Attributes), attrMap{"ot2otel.zipkin.shared": true, "ot2otel.zipkin.id": nil})

	s = spanResult(t, defaults, server, shared)
	wantAttrs(t, attrsOf(t, s.Attributes), attrMap{"ot2otel.zipkin.id": ownHex, "ot2otel.zipkin.parent_id": nil})

	// U-2: one id on every replica, whatever the case of the service's name; another for another service.
	ids := map[string]bool{}
	for _, service := range []string{"Shop", "shop", "other"} {
		b := newBatch(newSpan(server, shared))
		b.Process.ServiceName = service
		ids[string(batchResult(t, defaults, b).span(t).SpanId)] = true
	}
	if len(ids) != 2 {
		t.Errorf("U-2: %d ids for two services", len(ids))
	}
}
