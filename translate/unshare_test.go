package translate_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jaegertracing/jaeger-idl/thrift-gen/jaeger"

	"github.com/ot2otel/ot2otel/translate"
)

// The id of a server half is a hash that every replica makes (U-2).
func TestUnshareID(t *testing.T) {
	s := v2Span(t, `"traceId":"1","id":"a","kind":"SERVER","shared":true`,
		`"localEndpoint":{"serviceName":"ÄPP","ipv4":"10.0.0.1","ipv6":"2001:db8::1","port":80}`)
	var ids [24]byte
	ids[15], ids[23] = 1, 0xa
	sum := sha256.Sum256(append(append([]byte("ot2otel-unshare-v1"), ids[:]...), "äpp\x0010.0.0.1\x002001:db8::1\x0080"...))
	if got, want := hex.EncodeToString(s.SpanId), hex.EncodeToString(sum[:8]); got != want {
		t.Errorf("id %s, want %s", got, want)
	}
	if s.Flags != 0x301 || idOf(s.ParentSpanId) != 0xa { // U-3
		t.Errorf("flags %#x, parent %x", s.Flags, s.ParentSpanId)
	}
	wantNote(t, attrsOf(t, s.Attributes), "unshared")
}

// Which spans are server halves (U-1).
func TestUnshareWhom(t *testing.T) {
	const client = `{"traceId":"1","id":"a","kind":"CLIENT","timestamp":5,"localEndpoint":{"serviceName":"web"}}`
	const other = `{"traceId":"1","id":"b","kind":"CLIENT","timestamp":5,"localEndpoint":{"serviceName":"web"}}`
	server := func(members string) string {
		return v2(`"id":"a","timestamp":6,"localEndpoint":{"serviceName":"app"}`, members)
	}
	for _, test := range []struct {
		name     string
		unshared bool
		spans    []string
	}{
		{"server", true, []string{server(`"kind":"SERVER","shared":true`)}},
		{"no kind", true, []string{server(`"shared":true`)}},
		{"consumer that says so", true, []string{server(`"kind":"CONSUMER","shared":true`)}},
		{"client that says so", false, []string{server(`"kind":"CLIENT","shared":true`)}},
		{"producer that says so", false, []string{server(`"kind":"PRODUCER","shared":true`)}},
		{"server that does not", false, []string{server(`"kind":"SERVER"`)}},
		{"server after its client", true, []string{client, server(`"kind":"SERVER"`)}},
		{"server before its client", true, []string{server(`"kind":"SERVER"`), client}},
		{"server beside another client", false, []string{server(`"kind":"SERVER"`), other}},
		{"consumer with its client's id", false, []string{server(`"kind":"CONSUMER"`), client}},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, s := range v2JSON(t, defaults, test.spans...).spans() {
				if s.StartTimeUnixNano == 6000 && (idOf(s.SpanId) != 0xa) != test.unshared {
					t.Errorf("id %x", s.SpanId)
				}
			}
		})
	}
	kept := v2JSON(t, translate.Config{KeepSharedIDs: true}, client, server(`"kind":"SERVER"`)) // U-6
	for _, s := range kept.spans() {
		if idOf(s.SpanId) != 0xa {
			t.Errorf("kept id %x", s.SpanId)
		}
	}
}

// Children go by trace, parent and host, all three (U-4).
func TestReparentWhom(t *testing.T) {
	const server = `{"traceId":"1","id":"a","kind":"SERVER","shared":true,"localEndpoint":{"serviceName":"app","port":80}}`
	for _, test := range []struct {
		name, child string
		reparented  bool
	}{
		{"child", `{"traceId":"1","id":"c","parentId":"a","localEndpoint":{"serviceName":"APP","port":80}}`, true},
		{"of another trace", `{"traceId":"2","id":"c","parentId":"a","localEndpoint":{"serviceName":"app","port":80}}`, false},
		{"of another parent", `{"traceId":"1","id":"c","parentId":"b","localEndpoint":{"serviceName":"app","port":80}}`, false},
		{"at another port", `{"traceId":"1","id":"c","parentId":"a","localEndpoint":{"serviceName":"app","port":81}}`, false},
		{"of another service", `{"traceId":"1","id":"c","parentId":"a","localEndpoint":{"serviceName":"web","port":80}}`, false},
		{"shared too", `{"traceId":"1","id":"c","parentId":"a","shared":true,"localEndpoint":{"serviceName":"app","port":80}}`, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := v2JSON(t, defaults, test.child, server)
			child, half := r.spans()[0], r.spans()[1]
			if got := string(child.ParentSpanId) == string(half.SpanId); got != test.reparented {
				t.Errorf("parent %x, the half is %x", child.ParentSpanId, half.SpanId)
			}
			if test.reparented {
				wantAttrs(t, attrsOf(t, child.Attributes), attrMap{"ot2otel.zipkin.parent_id": "000000000000000a"})
			}
		})
	}
	kept := v2JSON(t, translate.Config{KeepSharedIDs: true, Shared: memory{}}, server,
		`{"traceId":"1","id":"c","parentId":"a","localEndpoint":{"serviceName":"app","port":80}}`)
	if got := parentsOf(kept)["c"]; got != "a" {
		t.Errorf("with ids kept: parent %s", got)
	}
}

// Hundreds of shared spans in one payload find their children.
func TestReparentMany(t *testing.T) {
	const n = 300
	var spans []string
	for i := range n {
		spans = append(spans, v2(fmt.Sprintf(`"id":"c%x","parentId":"a%x","localEndpoint":{"serviceName":"app"}`, i, i)))
	}
	for i := range n {
		spans = append(spans, v2(fmt.Sprintf(`"id":"a%x","kind":"SERVER","shared":true,"localEndpoint":{"serviceName":"app"}`, i)))
	}
	parents := parentsOf(v2JSON(t, defaults, spans...))
	for i := range n {
		if got := parents[parents[fmt.Sprintf("c%x", i)]]; got != fmt.Sprintf("a%x", i) {
			t.Fatalf("grandparent of c%x is %q", i, got)
		}
	}
}

// Jaeger's children come before their parent, in its batch or in a later one.
func TestReparentJaeger(t *testing.T) {
	server := newSpan(func(s *jaeger.Span) { s.SpanId, s.ParentSpanId = 5, 4 },
		withTags("span.kind", "server"), withRefs(ref(childOf, traceT, 5)))
	child := newSpan(func(s *jaeger.Span) { s.SpanId, s.ParentSpanId = 6, 5 }, withRefs(ref(childOf, traceT, 5)))
	r := batchResult(t, defaults, newBatch(child, server))
	if parents := parentsOf(r); parents[parents["6"]] != "5" {
		t.Errorf("ids and parents %v", parents)
	}
	if links := r.spans()[0].Links; len(links) > 0 {
		t.Errorf("the child links to %v", links)
	}
	c := translate.Config{Shared: memory{}}
	half := short(batchResult(t, c, newBatch(server)).span(t).SpanId)
	if got := parentsOf(batchResult(t, c, newBatch(child)))["6"]; got != half {
		t.Errorf("in a later batch: parent %s, want %s", got, half)
	}
	// A Zipkin service of the same name is another host.
	zipkin := v2JSON(t, c, `{"traceId":"102030405060708","id":"7","parentId":"5","localEndpoint":{"serviceName":"shop"}}`)
	if got := parentsOf(zipkin)["7"]; got != "5" {
		t.Errorf("Zipkin child of %s", got)
	}
}

// Explanations are told once, also where the batch had to be read twice.
func TestReparentExplainedOnce(t *testing.T) {
	spans := 0
	c := translate.Config{Explain: func(e translate.Explanation) {
		if e.SpanID != [8]byte{} {
			spans++
		}
	}}
	batchResult(t, c, newBatch(
		newSpan(func(s *jaeger.Span) { s.SpanId, s.ParentSpanId = 6, 5 }),
		newSpan(func(s *jaeger.Span) { s.SpanId = 5 }, withTags("span.kind", "server"), withRefs(ref(childOf, traceT, 5)))))
	if spans != 2 {
		t.Errorf("%d spans explained, want 2", spans)
	}
}

func TestZipkinPieces(t *testing.T) { // U-7
	const host = `"localEndpoint":{"serviceName":"app"}`
	for _, test := range []struct {
		name, first, second string
		merged              bool
	}{
		{"flushed, then finished", `"name":"n","timestamp":5,` + host, `"duration":7,` + host, true},
		{"without an endpoint", `"timestamp":5,` + host, `"kind":"CLIENT","duration":7`, true},
		{"sent twice", `"name":"n","timestamp":5,"duration":7,` + host, `"name":"n","timestamp":5,"duration":7,` + host, true},
		{"other names", `"name":"n",` + host, `"name":"m",` + host, false},
		{"other times", `"timestamp":5,` + host, `"timestamp":6,` + host, false},
		{"other hosts", host, `"localEndpoint":{"serviceName":"web"}`, false},
		{"other kinds", `"kind":"CLIENT",` + host, `"kind":"SERVER",` + host, false},
		{"other parents", `"parentId":"1",` + host, `"parentId":"3",` + host, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			spans := v2JSON(t, defaults, v2(test.first), v2(`"id":"9"`), v2(test.second)).spans()
			if merged := len(spans) == 2; merged != test.merged {
				t.Errorf("%d spans", len(spans))
			}
		})
	}
	s := v2JSON(t, defaults,
		v2(`"timestamp":5,`+tagsOf("a", "1", "b", "1"), `"annotations":[{"timestamp":6,"value":"x"}]`),
		v2(`"duration":7,"kind":"CLIENT","debug":true,`+tagsOf("a", "1", "b", "2", "c", "3"), `"annotations":[{"timestamp":8,"value":"y"}]`),
		v2(`"name":"n"`)).span(t)
	wantTimes(t, s, 5, 12)
	wantAttrs(t, attrsOf(t, s.Attributes), attrMap{
		"a": "1", "b": "2", "c": "3", "ot2otel.dup.b": []any{"1"}, "ot2otel.dup.a": nil, "ot2otel.zipkin.debug": true,
	})
	if s.Name != "n" || s.Kind != clientKind || len(s.Events) != 2 {
		t.Errorf("merged span %v", s)
	}
	twice := v2(`"name":"n","timestamp":5,"duration":7,"annotations":[{"timestamp":6,"value":"x"}]`)
	if s := v2JSON(t, defaults, twice, twice).span(t); len(s.Events) != 1 {
		t.Errorf("events of a span that came twice: %v", s.Events)
	}
}

// Looking for parents in a memory costs no allocation.
func TestReparentDoesNotAllocate(t *testing.T) {
	tr := translate.New(translate.Config{Shared: memory{}})
	payload := readFile(t, "../testdata/zipkin-v2-json/made-shared.bin")
	var out []byte
	n := testing.AllocsPerRun(10, func() { out, _, _ = tr.Append(out[:0], translate.ZipkinV2JSON, payload, received) })
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// A server that is called twice under one id of its client has two spans.
func TestUnshareRetries(t *testing.T) {
	attempt := func(name string) string {
		return v2(`"id":"a","kind":"SERVER","shared":true,"name":"` + name + `","localEndpoint":{"serviceName":"app"}`)
	}
	first := short(v2JSON(t, defaults, attempt("0")).span(t).SpanId)
	parents := parentsOf(v2JSON(t, defaults, attempt("0"), attempt("1"), attempt("2"),
		v2(`"id":"c","parentId":"a","localEndpoint":{"serviceName":"app"}`)))
	if len(parents) != 4 || parents["c"] != first || parents[first] != "a" {
		t.Errorf("ids and parents %v; the first half is %s", parents, first)
	}
}

// More spans of one id than are compared come out, merged or not.
func TestZipkinManyOfOneID(t *testing.T) {
	var spans []string
	for i := range 500 {
		spans = append(spans, v2(fmt.Sprintf(`"name":"n%d","kind":"SERVER","shared":true,"localEndpoint":{"serviceName":"s%d"}`, i, i)))
	}
	r := v2JSON(t, defaults, spans...)
	if diff := cmp.Diff(500, len(parentsOf(r))); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
}
