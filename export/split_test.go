package export

import (
	"bytes"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"pgregory.net/rapid"
)

// spansWithContext returns each span of a request as a request of its own, so
// that resource, scope and every byte of the span can be compared.
func spansWithContext(t testing.TB, request []byte) (all []string) {
	t.Helper()
	td, err := (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(request)
	if err != nil {
		t.Fatalf("not a request: %v", err)
	}
	for _, rs := range td.ResourceSpans().All() {
		for _, ss := range rs.ScopeSpans().All() {
			for _, s := range ss.Spans().All() {
				one := ptrace.NewTraces()
				oneRS := one.ResourceSpans().AppendEmpty()
				rs.Resource().CopyTo(oneRS.Resource())
				oneRS.SetSchemaUrl(rs.SchemaUrl())
				oneSS := oneRS.ScopeSpans().AppendEmpty()
				ss.Scope().CopyTo(oneSS.Scope())
				oneSS.SetSchemaUrl(ss.SchemaUrl())
				s.CopyTo(oneSS.Spans().AppendEmpty())
				data, _ := (&ptrace.ProtoMarshaler{}).MarshalTraces(one)
				all = append(all, string(data))
			}
		}
	}
	return all
}

// TestHalvesHoldTheSameSpans: in order, each with its resource and scope, and never cut in two.
func TestHalvesHoldTheSameSpans(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		counts := rapid.SliceOfN(rapid.IntRange(0, 6), 1, 6).Draw(rt, "spans of each resource")
		request := payload(t, "x", counts...)
		total := len(spanNames(t, request))
		left, right, ok := halve(request)
		if ok != (total > 1) {
			rt.Fatalf("halve of %d spans: %v", total, ok)
		}
		if !ok {
			return
		}
		l, r := spansWithContext(t, left.data), spansWithContext(t, right.data)
		if left.spans != len(l) || right.spans != len(r) || len(l) == 0 || len(r) == 0 {
			rt.Fatalf("halves say %d and %d spans and hold %d and %d", left.spans, right.spans, len(l), len(r))
		}
		if diff := cmp.Diff(spansWithContext(t, request), slices.Concat(l, r)); diff != "" {
			rt.Fatal(diff)
		}
	})
}

func TestHalvesMeetBetweenResources(t *testing.T) {
	for _, c := range []struct {
		counts []int
		left   int
	}{
		{[]int{10}, 5},
		{[]int{1, 9}, 1},
		{[]int{9, 1}, 9},
		{[]int{3, 3, 3, 3}, 6},
		{[]int{2, 3, 4}, 5},
		{[]int{0, 5, 0}, 2},
	} {
		left, right, ok := halve(payload(t, "x", c.counts...))
		if !ok || left.spans != c.left {
			t.Errorf("%v: %d|%d, want %d on the left", c.counts, left.spans, right.spans, c.left)
		}
	}
}

func TestHalveEveryPrefix(t *testing.T) {
	request := payload(t, "x", 3, 2)
	for n := range request {
		if _, _, ok := halve(request[:n]); ok {
			if _, err := (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(request[:n]); err != nil {
				t.Errorf("prefix of %d bytes is no request and was halved", n)
			}
		}
	}
}

func FuzzHalve(f *testing.F) {
	f.Add(payload(f, "x", 3, 2))
	f.Add([]byte("\x0a\x03\x12\x01\x12"))
	f.Fuzz(func(t *testing.T, request []byte) {
		before := bytes.Clone(request)
		left, right, ok := halve(request)
		if !bytes.Equal(before, request) {
			t.Fatal("halve wrote to its input")
		}
		if !ok {
			return
		}
		total, _ := countSpans(request, levelRequest)
		l, okL := countSpans(left.data, levelRequest)
		r, okR := countSpans(right.data, levelRequest)
		if !okL || !okR || l != left.spans || r != right.spans || l+r != total {
			t.Fatalf("%d spans became %d (says %d) and %d (says %d)", total, l, left.spans, r, right.spans)
		}
	})
}
