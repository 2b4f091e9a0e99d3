package translate_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jaegertracing/jaeger-idl/thrift-gen/jaeger"

	"github.com/ot2otel/ot2otel/translate"
)

func TestTags(t *testing.T) {
	for _, test := range []struct {
		rule string
		tags []any
		want attrMap
	}{
		{"J-20 types", []any{"s", "", "b", false, "i", math.MinInt64, "d", math.Inf(1), "x", []byte{0xff}},
			attrMap{"s": "", "b": false, "i": int64(math.MinInt64), "d": math.Inf(1), "x": []byte{0xff}}},
		{"J-22 the last wins, all are kept", []any{"k", 1, "k", "a", "k", true},
			attrMap{"k": true, "ot2otel.dup.k": []any{int64(1), "a"}, "ot2otel.notes": []any{"dup:k"}}},
		{"J-22 equal neighbours collapse", []any{"k", 1, "k", 1, "k", 2, "k", 2}, attrMap{
			"k": int64(2), "ot2otel.dup.k": []any{int64(1)}, "ot2otel.notes": []any{"dup:k"},
		}},
		{"J-22 there and back", []any{"k", 1, "k", 2, "k", 1}, attrMap{
			"k": int64(1), "ot2otel.dup.k": []any{int64(1), int64(2)}, "ot2otel.notes": []any{"dup:k"},
		}},
		{"J-22 all equal", []any{"k", 1, "k", 1}, attrMap{"k": int64(1)}},
		{"J-22 known key", []any{"component", "a", "component", "b"}, attrMap{
			"component": "b", "ot2otel.dup.component": []any{"a"}, "ot2otel.notes": []any{"dup:component"},
		}},
		{"N-1 value", []any{"k", "a\xff\xfeb"}, attrMap{
			"k": "a\uFFFD\uFFFDb", "ot2otel.raw.k": []byte("a\xff\xfeb"), "ot2otel.notes": []any{"utf8:k"},
		}},
		{"N-1 key", []any{"k\xff", "v"}, attrMap{
			"k\uFFFD": "v", "ot2otel.raw.k\uFFFD": []byte("k\xff"), "ot2otel.notes": []any{"utf8:k\uFFFD"},
		}},
		{"N-1 key and value", []any{"k\xff", "v\xff"}, attrMap{
			"k\uFFFD": "v\uFFFD", "ot2otel.raw.k\uFFFD": []byte("v\xff"),
			"ot2otel.ot2otel.raw.k\uFFFD": []byte("k\xff"), "ot2otel.notes": []any{"utf8:k\uFFFD"},
		}},
		{"N-1 keys that become equal", []any{"k\xff", 1, "k\xfe", 2}, attrMap{
			"k\uFFFD": int64(2), "ot2otel.dup.k\uFFFD": []any{int64(1)}, "ot2otel.raw.k\uFFFD": []byte("k\xff"),
			"ot2otel.ot2otel.raw.k\uFFFD": []byte("k\xfe"),
			"ot2otel.notes":               []any{"utf8:k\uFFFD", "dup:k\uFFFD"},
		}},
		{"N-1 earlier value", []any{"k", "a\xff", "k", "b"}, attrMap{
			"k": "b", "ot2otel.dup.k": []any{[]byte("a\xff")}, "ot2otel.notes": []any{"utf8:k", "dup:k"},
		}},
		{"N-4", []any{"", 1, "", 2}, attrMap{
			"ot2otel.empty_key": int64(2), "ot2otel.dup.ot2otel.empty_key": []any{int64(1)},
			"ot2otel.notes": []any{"key.empty", "dup:ot2otel.empty_key"},
		}},
		{"P-5 nothing is overwritten", []any{"ot2otel.dup.k", "there", "k", 1, "k", 2, "ot2otel.notes", "there"}, attrMap{
			"ot2otel.dup.k": "there", "ot2otel.ot2otel.dup.k": []any{int64(1)}, "k": int64(2),
			"ot2otel.notes": "there", "ot2otel.ot2otel.notes": []any{"dup:k"},
		}},
	} {
		t.Run(test.rule, func(t *testing.T) {
			s := spanResult(t, defaults, withTags(test.tags...))
			if diff := cmp.Diff(test.want, attrsOf(t, s.Attributes)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestNaNIsKept(t *testing.T) {
	got := attrsOf(t, spanResult(t, defaults, withTags("d", math.NaN(), "d", math.NaN())).Attributes)
	if d, ok := got["d"].(float64); !ok || !math.IsNaN(d) || len(got) != 1 {
		t.Errorf("attributes %v, want one NaN", got)
	}
}

func TestUTF8Bytes(t *testing.T) {
	s := spanResult(t, translate.Config{UTF8Bytes: true}, withTags("k", "a\xff"))
	want := attrMap{"k": []byte("a\xff"), "ot2otel.notes": []any{"utf8:k"}}
	if diff := cmp.Diff(want, attrsOf(t, s.Attributes)); diff != "" {
		t.Errorf("N-1 (-want +got):\n%s", diff)
	}
}

// P-3: the order of attributes is that of tags; what rules add comes after.
func TestOrderOfAttributes(t *testing.T) {
	s := spanResult(t, defaults, withTags("z", 1, "http.method", "GET", "a", 1, "z", 2, "b", 1))
	var got []string
	for _, kv := range s.Attributes {
		got = append(got, kv.Key)
	}
	want := []string{"http.method", "a", "z", "b", "ot2otel.dup.z", "http.request.method", "ot2otel.notes"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// More tags than are compared one by one: they come through all the same, and
// in a time that grows with their number only.
func TestManyTags(t *testing.T) {
	const n = 20_000
	var list []any
	for i := range n {
		list = append(list, fmt.Sprintf("key %d", i), i, "every time", i)
	}
	got := attrsOf(t, spanResult(t, defaults, withTags(list...)).Attributes)
	if len(got) != n+3 || got["key 7"] != int64(7) || got["every time"] != int64(n-1) {
		t.Errorf("%d attributes", len(got))
	}
	if dup, _ := got["ot2otel.dup.every time"].([]any); len(dup) != n-1 {
		t.Errorf("%d earlier values, want %d", len(dup), n-1)
	}
}

// Each of many tags repeats, so that each adds to residue and notes.
func TestManyRepeatedTags(t *testing.T) {
	const n = 20_000
	var list []any
	for i := range 2 * n {
		list = append(list, fmt.Sprintf("key %d", i%n), i)
	}
	got := attrsOf(t, spanResult(t, defaults, withTags(list...)).Attributes)
	if diff := cmp.Diff([]any{int64(7)}, got["ot2otel.dup.key 7"]); diff != "" || len(got) != 2*n+1 {
		t.Errorf("%d attributes (-want +got):\n%s", len(got), diff)
	}
}

func TestManyScopes(t *testing.T) {
	const n = 20_000
	var spans []*jaeger.Span
	for i := range n {
		spans = append(spans, newSpan(withTags("otel.scope.name", fmt.Sprint(i%(n/2)))))
	}
	r := batchResult(t, defaults, newBatch(spans...))
	scopes := r.request.ResourceSpans[0].ScopeSpans
	if len(scopes) != n/2 || len(scopes[7].Spans) != 2 || scopes[7].Scope.Name != "7" {
		t.Errorf("%d scopes", len(scopes))
	}
}

// A key that is long enough for its bytes to be compared eight at a time.
func TestTextOfAllLengths(t *testing.T) {
	for n := range 40 {
		for _, odd := range []string{"", "é", "\xc3", "\xff"} {
			text := strings.Repeat("a", n) + odd + strings.Repeat("b", n%9)
			s := spanResult(t, defaults, withTags("k", text))
			want := strings.ToValidUTF8(text, "\uFFFD")
			wantAttrs(t, attrsOf(t, s.Attributes), attrMap{"k": want})
		}
	}
}
