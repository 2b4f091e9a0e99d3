package translate

import "strings"

// zipkinStatus decides the status (Z-40 to Z-43): otel.status_code, then
// error, then the HTTP status, then what OpenCensus wrote.
func (t *Translator) zipkinStatus() {
	s := &t.span
	tagged := s.attrs.has.has(keyOTelStatusCode) || s.attrs.has.has(keyError)
	s.because(fieldStatus, RuleNoStatus, keyOther)
	decided := t.otelStatus()
	is, text := s.zipkinError()
	if is && !decided {
		s.statusCode = statusError
		s.because(fieldStatus, RuleZipkinError, keyError)
	}
	if !tagged {
		t.statusFromHTTP()
		text = t.censusStatus()
	}
	if s.statusCode == statusError {
		s.dropZipkinError()
		t.statusMessage(text)
		t.errorType()
	}
}

// zipkinError reads the tag error, which in Zipkin is there if there was an
// error and tells of it, but for those who set it to false (Z-41).
func (s *span) zipkinError() (is bool, text string) {
	x := s.attrs.get(keyError)
	switch {
	case x == nil:
		return false, ""
	case x.kind != kindString:
		is, known := truth(x.value)
		return is && known, ""
	case strings.EqualFold(x.str, "false"):
		return false, ""
	case strings.EqualFold(x.str, "true"):
		return true, ""
	}
	return true, x.str
}

// dropZipkinError removes the tag error from a span whose status is ERROR, if
// it says no more than that.
func (s *span) dropZipkinError() {
	if x := s.attrs.get(keyError); x != nil && (x.value == boolValue(true) || x.value == stringValue("true")) {
		s.attrs.remove(keyError)
	}
}

// censusStatus reads the status that OpenCensus wrote, if nothing else has
// decided (Z-43). It returns its text.
func (t *Translator) censusStatus() (text string) {
	s := &t.span
	x := s.attrs.get(keyCensusStatusCode)
	if x == nil || s.statusCode != statusUnset {
		return ""
	}
	code, ok := x.integer()
	switch {
	case ok && code == 0:
		s.statusCode = statusOK
	case ok:
		s.statusCode = statusError
	default:
		return ""
	}
	s.because(fieldStatus, RuleCensus, keyCensusStatusCode)
	for _, key := range [...]string{"census.status_description", "opencensus.status_description"} {
		if v := s.other(key); v.kind == kindString && v.str != "" {
			return v.str
		}
	}
	return ""
}

// other returns the value of the tag with a key that no rule table knows.
func (s *span) other(key string) value {
	if i := s.attrs.find(key, len(s.attrs.list)); i >= 0 && !s.attrs.list[i].gone {
		return s.attrs.list[i].value
	}
	return value{}
}
