package judge

import (
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// A want is a span as it has to come out. Times are Unix microseconds.
type want struct {
	sent
	unshared   bool           // the span joined its client's id and has to get one of its own (mapping U-3)
	parentSpan pcommon.SpanID // what comes out; sent.parent is what the client said
	kind       ptrace.SpanKind
	status     ptrace.StatusCode
	message    string
	attributes attributes
	events     []event // without those of baggage
	links      []link
	resource   attributes
	notes      []string // mapping 7.1
}

type event struct {
	record
	name       string
	attributes attributes
}

type link struct {
	ref
	attributes attributes
}

// expect says what the mapping makes of a span, as far as the corpus needs it:
// an id that is zero, for one, no client there sends.
func expect(s sent) want {
	w := want{sent: s, resource: collect(s.process)}
	w.unshared = w.takeKind() && slices.Contains(s.refs, ref{"child_of", s.trace, s.id})
	w.relate()
	w.judgeStatus()
	w.attributes = collect(w.tags)
	w.residue()
	for _, r := range s.logs {
		events := w.expectEvents(r)
		w.events = append(w.events, events...)
		for _, e := range events {
			w.noteAttributes(e.attributes)
		}
	}
	w.events = append(w.events, s.strays...)
	if s.service != "" {
		w.resource.set("service.name", s.service)
	}
	return w
}

// expectEvents says what the mapping makes of a log, in the client's model.
func (w *want) expectEvents(r record) []event {
	if w.zipkin != nil {
		return w.zipkin.events(r)
	}
	return []event{expectEvent(r)}
}

// takeKind moves the tag span.kind (rules J-60 to J-62) and reports whether the span is a server's.
func (w *want) takeKind() (server bool) {
	kinds := map[string]ptrace.SpanKind{
		"client": ptrace.SpanKindClient, "server": ptrace.SpanKindServer, "internal": ptrace.SpanKindInternal,
		"producer": ptrace.SpanKindProducer, "consumer": ptrace.SpanKindConsumer,
	}
	w.kind = ptrace.SpanKindInternal
	if v, ok := last(w.tags, "span.kind"); ok {
		if k, known := kinds[strings.ToLower(text(v))]; known {
			w.kind = k
			w.tags = without(w.tags, "span.kind")
		}
	}
	return w.kind == ptrace.SpanKindServer
}

// relate finds parent and links (rules J-50 to J-57).
func (w *want) relate() {
	switch w.parentSpan = w.parent; {
	case w.unshared:
		w.parentSpan = w.id
	case isZero(w.parent):
		w.parentSpan = w.parentFromRefs()
	}
	for _, r := range w.refs {
		l := link{r, attributes{"opentracing.ref_type": r.kind}}
		repeated := slices.ContainsFunc(w.links, func(have link) bool { return have.ref == r })
		if r != (ref{"child_of", w.trace, w.parentSpan}) && !repeated {
			w.links = append(w.links, l)
		}
	}
}

func (w *want) parentFromRefs() pcommon.SpanID {
	for _, kind := range []string{"child_of", "follows_from"} {
		for _, r := range w.refs {
			if r.kind == kind && r.trace == w.trace && r.id != w.id && !isZero(r.id) {
				return r.id
			}
		}
	}
	return pcommon.SpanID{}
}

// note writes down what the mapping has to mend.
func (w *want) note(code string, when bool) {
	if when && !slices.Contains(w.notes, code) {
		w.notes = append(w.notes, code)
	}
}

// noteAttributes notes what was mended in one collection.
func (w *want) noteAttributes(a attributes) {
	for key, v := range a {
		_, bad := v.(mended)
		w.note("utf8:"+key, bad)
		original, repeated := strings.CutPrefix(key, "ot2otel.dup.")
		w.note("dup:"+original, repeated)
		w.note("key.empty", key == "ot2otel.empty_key")
	}
}

// residue adds what OTLP has no field for (mapping P-5).
func (w *want) residue() {
	w.note("name.empty", w.name == "")
	w.note("unshared", w.unshared)
	w.note("kind.unknown", has(w.tags, "span.kind"))
	w.noteAttributes(w.attributes)
	for _, end := range w.ends {
		w.attributes[end.key] = end.value
	}
	switch {
	case w.debug && w.zipkin != nil:
		w.attributes["ot2otel.zipkin.debug"] = true
	case w.debug:
		w.attributes["ot2otel.jaeger.flags"] = int64(3)
	}
	if w.unshared {
		w.attributes["ot2otel.zipkin.id"] = w.id.String()
		if !isZero(w.parent) {
			w.attributes["ot2otel.zipkin.parent_id"] = w.parent.String()
		}
		w.attributes["ot2otel.zipkin.shared"] = true
	}
	if w.name == "" {
		w.name = "unknown" // rule J-4
	}
}
