package judge

import "slices"

// expectEvent says what the mapping makes of a log (rules E-1 to E-6, E-11).
func expectEvent(r record) event {
	e := event{record: r, name: "log"}
	fields := r.fields
	if v, ok := last(fields, "event"); ok && v != "" {
		e.name = text(v)
		fields = without(fields, "event")
	}
	if isErrorLog(r.fields) {
		e.name = "exception"
		fields = asException(r.fields)
	}
	e.attributes = collect(fields)
	return e
}

// isErrorLog is the condition of rule E-4.
func isErrorLog(fields []field) bool {
	v, named := last(fields, "event")
	says := func(key string) bool { return has(fields, key) }
	if named && v != "error" || !named && !says("error.kind") && !says("error.object") {
		return false
	}
	return slices.ContainsFunc([]string{"error.kind", "error.object", "message", "stack"}, says)
}

// asException gives the fields of an error log their names in OpenTelemetry.
// The event field stays, and so does error.object, whose text is the message
// where there is no other.
func asException(fields []field) []field {
	names := map[string]string{
		"error.kind": "exception.type", "message": "exception.message", "stack": "exception.stacktrace",
	}
	var renamed []field
	for _, f := range fields {
		if name, ok := names[f.key]; ok {
			f.key = name
		}
		renamed = append(renamed, f)
	}
	if object, ok := last(fields, "error.object"); ok && !has(fields, "message") {
		renamed = append(renamed, field{"exception.message", object})
	}
	return renamed
}
