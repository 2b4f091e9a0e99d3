package translate

import "strings"

// jaegerStatus decides the status from tags (J-70 to J-76). The first signal
// that decides wins: otel.status_code, then error, then the HTTP status, which
// counts only if neither of the two tags is there.
func (t *Translator) jaegerStatus() {
	s := &t.span
	tagged := s.attrs.has.has(keyOTelStatusCode) || s.attrs.has.has(keyError)
	text := ""
	s.because(fieldStatus, RuleNoStatus, keyOther)
	if !t.otelStatus() {
		text = t.errorTag()
	}
	if !tagged {
		t.statusFromHTTP()
	}
	if s.statusCode == statusError {
		t.dropErrorTrue()
		t.statusMessage(text)
		t.errorType()
	}
}

// otelStatus reads the tag otel.status_code (J-70) and reports whether it decides.
func (t *Translator) otelStatus() bool {
	s := &t.span
	x := s.attrs.get(keyOTelStatusCode)
	if x == nil {
		return false
	}
	code, ok := statusOf(x.value)
	if !ok {
		t.note(NoteStatusUnknown, "")
		return false
	}
	s.attrs.remove(keyOTelStatusCode)
	if code == statusUnset {
		return false
	}
	s.statusCode = code
	s.because(fieldStatus, RuleOTelStatus, keyOTelStatusCode)
	return true
}

// statusOf returns the status code that v is: its name in any case, with
// OTLP's prefix or without, or its number.
func statusOf(v value) (code statusCode, ok bool) {
	if v.kind == kindString {
		name := v.str
		const prefix = "STATUS_CODE_"
		if len(name) > len(prefix) && strings.EqualFold(name[:len(prefix)], prefix) {
			name = name[len(prefix):]
		}
		for i, known := range statusNames {
			if strings.EqualFold(name, known) {
				return statusCode(i), true
			}
		}
		return 0, false
	}
	n, ok := v.integer()
	return statusCode(n & 3), ok && n >= 0 && n <= int64(statusError)
}

var statusNames = [...]string{statusUnset: "UNSET", statusOK: "OK", statusError: "ERROR"}

// errorTag reads OpenTracing's tag error (J-71 to J-73). It returns the text of
// an error that is told in words.
func (t *Translator) errorTag() (text string) {
	s := &t.span
	x := s.attrs.get(keyError)
	if x == nil {
		return ""
	}
	switch is, known := truth(x.value); {
	case known && is:
		s.statusCode = statusError
		s.because(fieldStatus, RuleErrorTrue, keyError)
	case known && !t.config.ErrorFalseUnset:
		s.statusCode = statusOK
		s.because(fieldStatus, RuleErrorFalse, keyError)
	case !known && x.str != "" && (x.kind == kindString || x.rule == RuleUTF8):
		s.statusCode = statusError
		s.because(fieldStatus, RuleErrorText, keyError)
		return t.text.repaired(x.str) // it is bytes with Config.UTF8Bytes
	}
	return ""
}

// truth returns what v says as a bool, and whether it says anything. Of
// numbers only those that are not zero do: 0 decides nothing (J-71, J-73).
func truth(v value) (is, known bool) {
	switch v.kind {
	case kindBool:
		return v.bool(), true
	case kindInt:
		return true, v.int() != 0
	case kindDouble:
		return true, v.double() != 0
	case kindString:
		is = strings.EqualFold(v.str, "true")
		return is, is || strings.EqualFold(v.str, "false")
	}
	return false, false
}

// dropErrorTrue removes the tag error=true from a span whose status is ERROR:
// it says the same (J-71). Any other form of the tag is kept.
func (t *Translator) dropErrorTrue() {
	a := &t.span.attrs
	if x := a.get(keyError); x != nil && x.kind == kindBool && x.bool() {
		a.remove(keyError)
	}
}

// statusFromHTTP makes an error of a server's failure, and for the caller also
// of a refusal (J-74).
func (t *Translator) statusFromHTTP() {
	s := &t.span
	if t.config.NoHTTPStatus {
		return
	}
	if code, from := s.httpStatus(); isHTTPError(code, s.kind) {
		s.statusCode = statusError
		s.because(fieldStatus, RuleHTTPStatus, from)
		t.note(NoteStatusFromHTTP, "")
	}
}

// httpStatus returns the HTTP status that the span's tags hold, 0 if none, and
// the tag's key.
func (s *span) httpStatus() (code int, from keyID) {
	for _, id := range [...]keyID{keyHTTPStatusCode, keyHTTPResponseStatusCode} {
		if x := s.attrs.get(id); x != nil {
			if code, ok := httpStatus(x.value); ok {
				return code, id
			}
		}
	}
	return 0, keyOther
}

// httpStatus reads an HTTP status: an int, an integral double or digits, from
// 100 to 599 (mapping section 6.2).
func httpStatus(v value) (code int, ok bool) {
	n, ok := v.integer()
	if !ok || n < 100 || n > 599 {
		return 0, false
	}
	return int(n), true
}

func isHTTPError(code int, kind spanKind) bool {
	return code >= 500 || code >= 400 && kind == kindClient
}

// statusMessage sets the message of an ERROR (J-76). text is what the tag error said.
func (t *Translator) statusMessage(text string) {
	s := &t.span
	if message, ok := s.attrs.text(keyOTelStatusDescription); ok && message != "" {
		s.message(message, keyOTelStatusDescription)
		s.attrs.remove(keyOTelStatusDescription)
		return
	}
	if text != "" {
		s.message(text, keyError)
		return
	}
	for _, id := range [...]keyID{keyErrorMessage, keyHTTPStatusMessage} {
		if message, ok := s.attrs.text(id); ok && message != "" {
			s.message(message, id)
			return
		}
	}
}

func (s *span) message(text string, from keyID) {
	s.statusMessage = text
	s.because(fieldStatusMessage, RuleStatusMessage, from)
}

// errorType derives error.type for an ERROR: the HTTP status if that is an
// error, else what the last error log named (J-77).
func (t *Translator) errorType() {
	s := &t.span
	if t.config.NoErrorType || t.config.Semconv == SemconvRaw {
		return
	}
	if code, from := s.httpStatus(); isHTTPError(code, s.kind) {
		s.attrs.derive(keyErrorType, from, stringValue(t.text.decimal(int64(code))), RuleErrorType)
	} else if s.errorKind != "" {
		s.attrs.derive(keyErrorType, keyErrorKind, stringValue(s.errorKind), RuleErrorType)
	}
}
