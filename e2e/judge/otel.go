package judge

import "strings"

// otelHabits is what an OpenTelemetry SDK with a Jaeger exporter does to a
// span: it speaks OpenTracing's data model with an accent.
type otelHabits struct {
	scopeVersion string
	// error is the status that the tag error becomes; nil: the tag is lost.
	error func(v any) []field
	// resourceOnSpans says that the resource travels as tags of every span, the service name among them.
	resourceOnSpans bool
	// eventAlways says that a log without an event field gets one, "log".
	eventAlways bool
}

var (
	otelGo     = otelHabits{scopeVersion: "0.1", error: failed}
	otelBridge = otelHabits{scopeVersion: "0.1", error: func(any) []field { return nil }}
	otelNode   = otelHabits{scopeVersion: "0.1", error: failed, resourceOnSpans: true, eventAlways: true}
)

// failed is how the captures' programs state an error to the SDK, and what the exporters make of it.
func failed(v any) []field {
	return []field{
		{"error", true},
		{"otel.status_code", "ERROR"},
		{"otel.status_description", "failed: " + text(v)},
	}
}

func (h otelHabits) apply(s *sent) {
	s.scopeVersion = h.scopeVersion
	s.tags = h.tags(s.tags)
	if h.resourceOnSpans {
		s.tags = append(append(s.tags, field{"service.name", s.service}), s.process...)
		s.process = nil
	}
	if h.eventAlways {
		for i := range s.logs {
			s.logs[i].fields = withEvent(s.logs[i].fields)
		}
	}
	s.relate()
}

// tags keeps the last of repeated tags and none without a key, and states errors the SDK's way.
func (h otelHabits) tags(tags []field) []field {
	var kept, status []field
	for i, t := range tags {
		switch {
		case t.key == "error":
			status = h.error(t.value)
		case t.key == "span.kind":
			kept = append(kept, field{t.key, strings.ToLower(text(t.value))})
		case t.key != "" && !has(tags[i+1:], t.key):
			kept = append(kept, t)
		}
	}
	return append(kept, status...)
}

// relate turns references into the SDK's parent and links: the first one, if
// child_of, is the parent; the others go out as follows_from.
func (s *sent) relate() {
	refs := s.refs
	if len(refs) > 0 && refs[0].kind == "child_of" {
		s.parent = refs[0].id
		refs = refs[1:]
	}
	s.refs = nil
	for _, r := range refs {
		s.refs = append(s.refs, ref{"follows_from", r.trace, r.id})
	}
}

func withEvent(fields []field) []field {
	if has(fields, "event") {
		return fields
	}
	return append([]field{{"event", "log"}}, fields...)
}

func has(fields []field, key string) bool {
	_, ok := last(fields, key)
	return ok
}
