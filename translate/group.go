package translate

import (
	"cmp"
	"encoding/binary"
	"iter"
	"slices"
)

// groups puts the spans of one payload together by resource and scope, in the
// order in which these first came (J-42).
//
// Spans are encoded one after the other into one buffer. Neighbours of the
// same scope are a run of it, so that a payload from one process, whose spans
// mostly have one scope, is one run.
type groups struct {
	resources table // encoded Resources
	scopes    table // a key for each pair of resource and scope
	heads     []head
	runs      []run
	scopeBuf  []byte // the encoded InstrumentationScopes that heads point into
	spans     []byte // the encoded Spans that runs point into

	resource int    // of the span that comes next
	scratch  []byte // what is looked up in a table
}

// A head is where in scopeBuf a scope is.
type head struct{ from, to int }

// A run is spans[from:to], all of one resource and scope.
type run struct{ resource, scope, from, to int }

func (r run) sameResource(other run) bool { return r.resource == other.resource }
func (r run) sameScope(other run) bool    { return r.scope == other.scope }

func (g *groups) reset() {
	g.resources.reset()
	g.scopes.reset()
	g.heads, g.runs = g.heads[:0], g.runs[:0]
	g.scopeBuf, g.spans = g.scopeBuf[:0], g.spans[:0]
}

// setResource makes a the resource of the spans that come next.
func (g *groups) setResource(a *attrs) {
	g.scratch = appendResource(g.scratch[:0], a)
	g.useResource(g.scratch)
}

// useResource does the same with one that is encoded.
func (g *groups) useResource(resource []byte) { g.resource, _ = g.resources.number(resource) }

// encodedResource returns the resource of the spans that come next.
func (g *groups) encodedResource() []byte { return g.resources.at(g.resource) }

// add appends s, whose events are encoded already, to the current resource.
// source is the attribute of its scope.
func (g *groups) add(s *span, events []byte, source *attr) {
	scope := g.scope(s, source)
	from := len(g.spans)
	g.spans = appendSpan(g.spans, s, events)
	if n := len(g.runs); n > 0 && g.runs[n-1].scope == scope {
		g.runs[n-1].to = len(g.spans)
		return
	}
	g.runs = append(g.runs, run{g.resource, scope, from, len(g.spans)})
}

// scope returns the number of the scope that s has in the current resource.
func (g *groups) scope(s *span, source *attr) int {
	key := binary.AppendUvarint(g.scratch[:0], uint64(g.resource))
	key = binary.AppendUvarint(key, uint64(len(s.scopeName)))
	key = append(key, s.scopeName...)
	key = append(key, s.scopeVersion...)
	g.scratch = key
	n, first := g.scopes.number(key)
	if first {
		from := len(g.scopeBuf)
		g.scopeBuf = appendScope(g.scopeBuf, s.scopeName, s.scopeVersion, source)
		g.heads = append(g.heads, head{from, len(g.scopeBuf)})
	}
	return n
}

// appendTo appends everything to b, as fields of an ExportTraceServiceRequest.
// schema is the encoded schema URL that goes with each resource and scope.
func (g *groups) appendTo(b, schema []byte) []byte {
	slices.SortFunc(g.runs, func(x, y run) int {
		return cmp.Or(x.resource-y.resource, x.scope-y.scope, x.from-y.from)
	})
	for runs := range chunks(g.runs, run.sameResource) {
		b = g.appendResourceSpans(b, runs, schema)
	}
	return b
}

func (g *groups) appendResourceSpans(b []byte, runs []run, schema []byte) []byte {
	resource := g.resources.at(runs[0].resource)
	size := len(resource) + len(schema)
	for runs := range chunks(runs, run.sameScope) {
		size += sizeScopeSpans(g.scopeSize(runs, schema))
	}
	b = appendResourceSpansHead(b, size)
	b = append(b, resource...)
	for runs := range chunks(runs, run.sameScope) {
		b = appendScopeSpansHead(b, g.scopeSize(runs, schema))
		head := g.heads[runs[0].scope]
		b = append(b, g.scopeBuf[head.from:head.to]...)
		for _, r := range runs {
			b = append(b, g.spans[r.from:r.to]...)
		}
		b = append(b, schema...)
	}
	return append(b, schema...)
}

// scopeSize returns the size of the ScopeSpans that holds runs.
func (g *groups) scopeSize(runs []run, schema []byte) int {
	head := g.heads[runs[0].scope]
	size := head.to - head.from + len(schema)
	for _, r := range runs {
		size += r.to - r.from
	}
	return size
}

// chunks cuts runs where neighbours are not alike.
func chunks(runs []run, alike func(run, run) bool) iter.Seq[[]run] {
	return func(yield func([]run) bool) {
		for len(runs) > 0 {
			n := 1
			for n < len(runs) && alike(runs[0], runs[n]) {
				n++
			}
			if !yield(runs[:n]) {
				return
			}
			runs = runs[n:]
		}
	}
}
