package export

import (
	"bytes"
	"cmp"
	"slices"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// A node is a span in a trace's tree.
type node struct {
	span     ptrace.Span
	resource pcommon.Resource
	scope    pcommon.InstrumentationScope
	children []*node
	orphan   bool // it has a parent, which is not here
}

// A tree is the spans of one trace.
type tree struct {
	id    pcommon.TraceID
	nodes []*node // all of them
}

// collect sorts the spans of td by trace, traces in the order of their first span in td.
func collect(td ptrace.Traces) []*tree {
	var trees []*tree
	byID := map[pcommon.TraceID]*tree{}
	for _, rs := range td.ResourceSpans().All() {
		for _, ss := range rs.ScopeSpans().All() {
			for _, span := range ss.Spans().All() {
				t := byID[span.TraceID()]
				if t == nil {
					t = &tree{id: span.TraceID()}
					byID[t.id] = t
					trees = append(trees, t)
				}
				t.nodes = append(t.nodes, &node{span: span, resource: rs.Resource(), scope: ss.Scope()})
			}
		}
	}
	return trees
}

// start and end are those of the whole trace, in Unix nanoseconds.
func (t *tree) start() pcommon.Timestamp {
	return slices.MinFunc(t.nodes, byStart).span.StartTimestamp()
}

func (t *tree) end() pcommon.Timestamp {
	last := slices.MaxFunc(t.nodes, func(a, b *node) int {
		return cmp.Compare(a.span.EndTimestamp(), b.span.EndTimestamp())
	})
	return max(last.span.EndTimestamp(), t.start())
}

// byStart orders siblings; of spans that begin together a client's comes first, as it causes the server's.
func byStart(a, b *node) int {
	aID, bID := a.span.SpanID(), b.span.SpanID()
	return cmp.Or(
		cmp.Compare(a.span.StartTimestamp(), b.span.StartTimestamp()),
		cmp.Compare(kindOrder(b), kindOrder(a)),
		bytes.Compare(aID[:], bID[:]),
		cmp.Compare(a.span.Name(), b.span.Name()),
	)
}

func kindOrder(n *node) int {
	switch n.span.Kind() {
	case ptrace.SpanKindClient, ptrace.SpanKindProducer:
		return 1
	}
	return 0
}

// grow gives every node its children and returns the roots: every node hangs
// below exactly one, whatever the parent ids say.
func (t *tree) grow() []*node {
	slices.SortStableFunc(t.nodes, byStart)
	same := map[pcommon.SpanID][]*node{} // a client and a server may share an id, as they do in Zipkin
	for _, n := range t.nodes {
		n.children = nil
		same[n.span.SpanID()] = append(same[n.span.SpanID()], n)
	}
	for _, twins := range same {
		slices.SortStableFunc(twins, func(a, b *node) int { return cmp.Compare(kindOrder(b), kindOrder(a)) })
	}
	var roots []*node
	for _, n := range t.nodes {
		if parent := parentOf(n, same); parent != nil {
			parent.children = append(parent.children, n)
			continue
		}
		n.orphan = !n.span.ParentSpanID().IsEmpty() && len(same[n.span.ParentSpanID()]) == 0
		roots = append(roots, n)
	}
	return append(roots, cutCycles(roots, t.nodes)...)
}

// parentOf returns nil for a root and for a span whose parent is not here.
func parentOf(n *node, same map[pcommon.SpanID][]*node) *node {
	if twins := same[n.span.SpanID()]; twins[0] != n {
		return twins[slices.Index(twins, n)-1]
	}
	if parents := same[n.span.ParentSpanID()]; len(parents) > 0 && !n.span.ParentSpanID().IsEmpty() {
		return parents[len(parents)-1]
	}
	return nil
}

// cutCycles makes roots of nodes that are among their own ancestors, one for each ring.
func cutCycles(roots, nodes []*node) (more []*node) {
	seen := map[*node]bool{}
	for _, n := range roots {
		n.visit(seen)
	}
	for _, n := range nodes {
		if !seen[n] {
			n.visit(seen)
			more = append(more, n)
		}
	}
	return more
}

// visit marks n and all below it, and lets go of children that were met before.
func (n *node) visit(seen map[*node]bool) {
	seen[n] = true
	n.children = slices.DeleteFunc(n.children, func(c *node) bool {
		if seen[c] {
			return true
		}
		c.visit(seen)
		return false
	})
}

// service returns service.name.
func (n *node) service() string {
	if v, ok := n.resource.Attributes().Get("service.name"); ok {
		return v.AsString()
	}
	return ""
}

// failed reports whether the span's status is an error.
func (n *node) failed() bool { return n.span.Status().Code() == ptrace.StatusCodeError }
