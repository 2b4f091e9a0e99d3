package translate

import "github.com/ot2otel/ot2otel/internal/json"

// readZipkinJSON reads a list of spans, of version 1 or 2. Senders put either
// where the other is expected, so there is one reader for both.
func (t *Translator) readZipkinJSON(src []byte) error {
	r := &t.zipkin.json
	r.Reset(src)
	for n := range r.Array() {
		t.reading = n + 1
		if r.Kind() == json.Null {
			r.Null()
			t.report.Blank++
			continue
		}
		t.readJSONSpan(r)
	}
	if err := r.Err(); err != nil {
		return err
	}
	t.finishZipkin()
	return nil
}

// readJSONSpan reads a span.
//
//	v1 and v2  traceId id parentId name timestamp duration debug annotations: [{timestamp value}]
//	v1         annotations: [{… endpoint}] binaryAnnotations: [{key value type endpoint}]
//	v2         kind shared localEndpoint remoteEndpoint tags: {key: value}
//	endpoint   serviceName ipv4 ipv6 port
func (t *Translator) readJSONSpan(r *json.Reader) {
	s := t.beginZipkinSpan()
	for name := range r.Object() {
		switch name {
		case "traceId":
			s.badTraceID = !t.hexID(s.traceID[:], jsonText(r), "orig_trace_id")
		case "id":
			s.badID = !t.hexID(s.id[:], jsonText(r), "orig_span_id")
		case "parentId":
			t.hexID(s.parent[:], jsonText(r), "zipkin.parent_id")
		case "name":
			s.name = jsonText(r)
		case "kind":
			t.readJSONKind(r, s)
		case "timestamp":
			s.timestamp = t.jsonTime(r, startKey)
		case "duration":
			s.duration = t.jsonTime(r, "duration_us")
		case "debug":
			s.debug = jsonBool(r)
		case "shared":
			s.shared = jsonBool(r)
		default:
			t.readJSONPart(r, s, name)
		}
	}
	if r.Err() == nil {
		t.endZipkinSpan()
	}
}

// readJSONPart reads a member that is an object or a list. One of another kind
// is kept in words.
func (t *Translator) readJSONPart(r *json.Reader, s *v1Span, name string) {
	kind := r.Kind()
	switch {
	case name == "localEndpoint" && kind == json.Object:
		s.local = readJSONEndpoint(r)
	case name == "remoteEndpoint" && kind == json.Object:
		s.remote = readJSONEndpoint(r)
	case name == "annotations" && kind == json.Array:
		readJSONAnnotations(r, s)
	case name == "binaryAnnotations" && kind == json.Array:
		t.readJSONBinary(r, s)
	case name == "tags" && kind == json.Object:
		t.readJSONTags(r)
	case kind != json.Null && isJSONPart(name):
		t.keepOdd(t.zipkin.text.concat("zipkin.", name), stringValue(r.Raw()), RuleNonString)
	default:
		r.Skip()
	}
}

func isJSONPart(name string) bool {
	switch name {
	case "localEndpoint", "remoteEndpoint", "annotations", "binaryAnnotations", "tags":
		return true
	}
	return false
}

// readJSONKind reads the kind, of which there are four and null (Z-5).
func (t *Translator) readJSONKind(r *json.Reader, s *v1Span) {
	text := jsonText(r)
	s.kind = kindOf(stringValue(text))
	if s.kind == kindUnspecified && text != "" {
		t.keepKind(text)
	}
}

// keepKind keeps a kind that there is not.
func (t *Translator) keepKind(text string) {
	t.keepOdd("zipkin.kind", stringValue(text), RuleZipkinKind)
	t.zipkin.reading.notes.add(NoteKindUnknown)
}

// readJSONAnnotations reads a list of annotations.
func readJSONAnnotations(r *json.Reader, s *v1Span) {
	for range r.Array() {
		switch r.Kind() {
		case json.Object:
			s.events = append(s.events, readJSONAnnotation(r, s))
		case json.Null:
			r.Null()
		default:
			s.events = append(s.events, annotation{value: jsonText(r)})
		}
	}
}

// readJSONAnnotation reads an annotation.
func readJSONAnnotation(r *json.Reader, s *v1Span) (x annotation) {
	for name := range r.Object() {
		switch name {
		case "timestamp":
			x.micros, x.odd = jsonWhole(r)
		case "value":
			x.value = jsonText(r)
		case "endpoint":
			x.host = readJSONHost(r, s)
		default:
			r.Skip()
		}
	}
	return x
}

// readJSONHost reads where something was made, and returns its number.
func readJSONHost(r *json.Reader, s *v1Span) int {
	if r.Kind() != json.Object {
		r.Skip()
		return 0
	}
	return s.addHost(readJSONEndpoint(r))
}

// readJSONEndpoint reads an endpoint.
func readJSONEndpoint(r *json.Reader) (e zipkinEndpoint) {
	for name := range r.Object() {
		switch name {
		case "serviceName":
			e.service = jsonText(r)
		case "ipv4":
			e.ipv4 = jsonText(r)
		case "ipv6":
			e.ipv6 = jsonText(r)
		case "port":
			e.port, e.oddPort = jsonWhole(r)
		default:
			r.Skip()
		}
	}
	return e
}
