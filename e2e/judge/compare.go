package judge

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// is says whether p is the span that w describes, whatever else may be wrong
// with it: the one with its ids or, where the id had to be changed, the one
// that remembers it.
func (w want) is(p placed) bool {
	if p.span.TraceID() != w.trace || w.service != "" && p.service() != w.service {
		return false
	}
	if !w.unshared {
		return p.span.SpanID() == w.id
	}
	old, ok := p.span.Attributes().Get("ot2otel.zipkin.id")
	return ok && old.Str() == w.id.String() && p.span.SpanID() != w.id
}

// A comparison compares one span with what it has to be.
type comparison struct {
	complaints
	want want
	got  placed
	mode Mode
}

// equal complains if got is not want.
func equal[T comparable](c *comparison, what string, got, want T) {
	if got != want {
		c.complain("%s: got %v, want %v", what, got, want)
	}
}

func (c *comparison) run() []string {
	w, s := c.want, c.got.span
	equal(c, "name", s.Name(), w.name)
	equal(c, "parent", s.ParentSpanID(), w.parentSpan)
	equal(c, "kind", s.Kind(), w.kind)
	equal(c, "status", s.Status().Code(), w.status)
	equal(c, "status message", s.Status().Message(), w.message)
	if !w.clock {
		equal(c, "start in ns", s.StartTimestamp(), nanos(w.start))
		equal(c, "end in ns", s.EndTimestamp(), nanos(w.start+w.duration))
	}
	equal(c, "trace state", s.TraceState().AsRaw(), "")
	equal(c, "dropped counts", s.DroppedAttributesCount()+s.DroppedEventsCount()+s.DroppedLinksCount(), 0)
	c.flags()
	c.tags()
	c.notes()
	c.events()
	c.links()
	c.place()
	return c.list
}

// flags is rules J-10 to J-12, and U-3 for an un-shared span: every span that
// a client reports is sampled.
func (c *comparison) flags() {
	want := uint32(1)
	if c.want.unshared {
		want |= 0x300 // has-is-remote, is-remote
	}
	equal(c, "flags", c.got.span.Flags(), want)
}

// attributes compares a collection. An attribute that is not wanted needs a reason why it may be there.
func (c *comparison) attributes(what string, got pcommon.Map, want attributes, may func(key string) bool) {
	for _, key := range slices.Sorted(maps.Keys(want)) {
		v, ok := got.Get(key)
		if !ok {
			c.complain("%s %s: absent, want %s", what, key, show(want[key]))
		} else if !same(v.AsRaw(), want[key]) {
			c.complain("%s %s: got %s, want %s", what, key, show(v.AsRaw()), show(want[key]))
		}
	}
	for key, v := range got.All() {
		if _, wanted := want[key]; !wanted && !may(key) && !c.want.mayBePeer(key, v.AsRaw()) {
			c.complain("%s %s: nobody asked for it: %s", what, key, show(v.AsRaw()))
		}
	}
}

// tags compares the span's attributes.
func (c *comparison) tags() {
	want := c.want.attributes
	if c.mode == Dup {
		want = withTwins(want)
	}
	c.attributes("attribute", c.got.span.Attributes(), want, c.mayHave)
}

// notes compares the codes of what was mended. Those of semantic conventions
// are left out: they are about attributes that only the proxy knows of.
func (c *comparison) notes() {
	var got []string
	if v, ok := c.got.span.Attributes().Get("ot2otel.notes"); ok {
		for _, note := range v.Slice().All() {
			got = append(got, note.AsString())
		}
	}
	got = slices.DeleteFunc(got, func(note string) bool {
		return strings.HasPrefix(note, "semconv.") || c.want.blind && strings.HasPrefix(note, "dup:")
	})
	slices.Sort(got)
	slices.Sort(c.want.notes)
	equal(c, "notes", strings.Join(got, " "), strings.Join(c.want.notes, " "))
}

// mayHave says whether a span may have an attribute that was not asked for.
func (c *comparison) mayHave(key string) bool {
	if key == "ot2otel.notes" || slices.Contains(c.want.added, key) {
		return true
	}
	if c.want.blind && strings.HasPrefix(key, "ot2otel.dup.") {
		return true
	}
	return c.mode == Dup && derivable(key, c.want.attributes, c.want.status == ptrace.StatusCodeError)
}

func (c *comparison) events() {
	var events, baggage []ptrace.SpanEvent
	for _, e := range c.got.span.Events().All() {
		if e.Name() == "baggage" && len(c.want.baggage) > 0 {
			baggage = append(baggage, e)
		} else {
			events = append(events, e)
		}
	}
	c.baggage(baggage)
	if len(events) != len(c.want.events) {
		c.complain("%d events came, %d logs were sent", len(events), len(c.want.events))
		return
	}
	for i, w := range c.want.events {
		c.event(fmt.Sprintf("event %d (%s)", i, w.name), events[i], w)
	}
}

func (c *comparison) event(what string, got ptrace.SpanEvent, want event) {
	equal(c, what+": name", got.Name(), want.name)
	most := int64(0)
	if want.inexact {
		most = 1000
	}
	if off := int64(got.Timestamp()) - want.time*1000; (off < -most || off > most) && !c.want.clock {
		c.complain("%s: %d ns off", what, off)
	}
	c.attributes(what+": attribute", got.Attributes(), want.attributes, never)
}

// baggage compares the events that SetBaggageItem left (rule E-20).
func (c *comparison) baggage(got []ptrace.SpanEvent) {
	if len(got) != len(c.want.baggage) {
		c.complain("%d baggage events came, %d baggage items were set", len(got), len(c.want.baggage))
		return
	}
	for i, b := range c.want.baggage {
		item := attributes{"key": b.key, "value": b.value}
		c.attributes("baggage event "+b.key+": attribute", got[i].Attributes(), item,
			func(key string) bool { return key == "override" })
	}
}

func (c *comparison) links() {
	got := c.got.span.Links()
	if got.Len() != len(c.want.links) {
		c.complain("%d links came, want %d", got.Len(), len(c.want.links))
		return
	}
	for i, w := range c.want.links {
		what := fmt.Sprintf("link %d", i)
		equal(c, what+": trace", got.At(i).TraceID(), w.trace)
		equal(c, what+": span", got.At(i).SpanID(), w.id)
		equal(c, what+": trace state", got.At(i).TraceState().AsRaw(), "")
		equal(c, what+": flags", got.At(i).Flags(), 0)
		c.attributes(what+": attribute", got.At(i).Attributes(), w.attributes, never)
	}
}

// place compares what the span came under: resource and scope.
func (c *comparison) place() {
	c.attributes("resource attribute", c.got.resource.Resource().Attributes(), c.want.resource, c.mayDescribeProcess)
	scope := c.got.scope.Scope()
	equal(c, "scope version", scope.Version(), c.want.scopeVersion)
	equal(c, "scope has a name", scope.Name() != "", c.want.scopeVersion != "")
	c.attributes("scope attribute", scope.Attributes(), attributes{"ot2otel.source.format": c.want.format}, never)
	url := ""
	if c.mode == Dup {
		url = "https://opentelemetry.io/schemas/1.44.0"
	}
	equal(c, "schema URL of the resource", c.got.resource.SchemaUrl(), url)
	equal(c, "schema URL of the scope", c.got.scope.SchemaUrl(), url)
}

func never(string) bool { return false }

func nanos(us int64) pcommon.Timestamp { return pcommon.Timestamp(us * 1000) }
