package judge

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// eventsNamed are events that have a name and nothing else (rule Z-30).
func eventsNamed(r record, names ...string) (events []event) {
	for _, name := range names {
		if name == "" {
			name = "log"
		}
		events = append(events, event{record: r, name: name, attributes: attributes{}})
	}
	return events
}

// asText is for programs that wrote a log down as one text: "event=error message=…".
func asText(r record) []event {
	if r.text != "" || r.fields == nil {
		return eventsNamed(r, r.text)
	}
	return eventsNamed(r, joined(r.fields, " ", "=", func(s string) string { return s }))
}

// eachField is zipkin-go-opentracing: every field is an annotation, "key:value".
func eachField(r record) (events []event) {
	for _, f := range r.fields {
		events = append(events, eventsNamed(r, fmt.Sprintf("%s:%v", f.key, f.value))...)
	}
	return events
}

// logfmtOrJSON is zipkin-go-opentracing 0.3, which was set up to write a log as
// logfmt, but in the program "edge" as a JSON object, which is a log again.
func logfmtOrJSON(r record) []event {
	if r.json { // without empty fields
		fields := slices.DeleteFunc(slices.Clone(r.fields), func(f field) bool { return text(f.value) == "" })
		return []event{expectEvent(record{time: r.time, fields: fields})}
	}
	return eventsNamed(r, joined(r.fields, " ", "=", func(s string) string {
		if strings.ContainsAny(s, " =\"\n") {
			return strconv.Quote(s)
		}
		return s
	}))
}

func joined(fields []field, between, equals string, quote func(string) string) string {
	var parts []string
	for _, f := range fields {
		parts = append(parts, f.key+equals+quote(text(f.value)))
	}
	return strings.Join(parts, between)
}

// eventName is OpenTelemetry's exporter for Node: attributes of events are lost.
func eventName(r record) []event {
	if name, ok := last(r.fields, "event"); ok {
		return eventsNamed(r, text(name))
	}
	return eventsNamed(r, "log")
}

// nameAndJSON is OpenTelemetry's exporter for Go: "name: {json}" (rule Z-31).
func nameAndJSON(r record) []event {
	e := eventName(r)[0]
	e.attributes = collect(without(r.fields, "event"))
	return []event{e}
}

// objectObject is zipkin-javascript-opentracing: it prints JavaScript's word for an object.
func objectObject(r record) []event { return eventsNamed(r, "[object Object]") }
