package judge

import (
	"strconv"

	"go.opentelemetry.io/collector/pdata/ptrace"
)

// judgeStatus reads status and message off the tags and moves those that say
// nothing else (rules J-70 to J-76).
func (w *want) judgeStatus() {
	w.status, w.message = w.statusOf()
	if v, ok := last(w.tags, "error"); ok && (v == true || v == "true" && w.zipkin != nil) && w.status == ptrace.StatusCodeError {
		w.tags = without(w.tags, "error")
	}
	w.tags = without(w.tags, "otel.status_code")
	if w.status == ptrace.StatusCodeError {
		w.message = w.messageOf(w.message)
		w.tags = without(w.tags, "otel.status_description")
	}
}

// messageOf is rule J-76; words are those of the tag error.
func (w *want) messageOf(words string) string {
	if v, ok := last(w.tags, "otel.status_description"); ok {
		return text(v)
	}
	if words != "" {
		return words
	}
	for _, key := range []string{"error.message", "http.status_message"} {
		if v, ok := last(w.tags, key); ok {
			return text(v)
		}
	}
	return ""
}

// statusOf returns the status, and the words of the tag error if it has any.
func (w *want) statusOf() (ptrace.StatusCode, string) {
	switch v, _ := last(w.tags, "otel.status_code"); v {
	case "ERROR":
		return ptrace.StatusCodeError, w.described()
	case "OK":
		return ptrace.StatusCodeOk, ""
	}
	v, ok := last(w.tags, "error")
	switch {
	case !ok:
		return w.httpStatus(), ""
	case w.zipkin != nil:
		return zipkinStatus(text(v))
	case v == true || v == "true":
		return ptrace.StatusCodeError, ""
	case v == false || v == "false":
		return ptrace.StatusCodeOk, ""
	}
	return ptrace.StatusCodeError, text(v)
}

// described are the words of a status that stand in the tag error: those of
// OpenTelemetry's Zipkin exporters.
func (w *want) described() string {
	v, ok := last(w.tags, "error")
	if w.zipkin == nil || !ok {
		return ""
	}
	_, words := zipkinStatus(text(v))
	return words
}

// httpStatus is rule J-74.
func (w *want) httpStatus() ptrace.StatusCode {
	v, ok := last(w.tags, "http.status_code")
	code, err := strconv.ParseFloat(text(v), 64)
	if !ok || err != nil || code < 100 || code > 599 {
		return ptrace.StatusCodeUnset
	}
	if code >= 500 || code >= 400 && w.kind == ptrace.SpanKindClient {
		w.note("status.from_http", true)
		return ptrace.StatusCodeError
	}
	return ptrace.StatusCodeUnset
}
