package translate

// errorDetails are the fields that tell about an error (E-4). The last is what
// opentracing-go's log.Error wrote before version 1.2.
var errorDetails = [...]keyID{keyErrorKind, keyErrorObject, keyMessage, keyStack, keyError}

// isErrorLog reports whether a log is an OpenTracing error log: its event is
// error, or it has no event but an error's kind or object (E-4).
func isErrorLog(a *attrs, named int) bool {
	if named >= 0 {
		return a.list[named].str == "error"
	}
	return !a.has.has(keyEvent) && (a.has.has(keyErrorKind) || a.has.has(keyErrorObject))
}

// hasErrorDetails reports whether an error log says anything about its error.
// One that does not stays an event named error (E-5).
func hasErrorDetails(a *attrs) bool {
	for _, id := range errorDetails {
		if _, ok := a.text(id); ok {
			return true
		}
	}
	return false
}

// mapErrorLog gives the fields of an error log the names that an exception
// event has for them (E-4).
func mapErrorLog(a *attrs) {
	a.renameText(keyErrorKind, keyExceptionType)
	a.renameText(keyMessage, keyExceptionMessage)
	a.renameText(keyStack, keyExceptionStacktrace)
	for _, id := range [...]keyID{keyErrorObject, keyError} {
		if text, ok := a.text(id); ok {
			a.derive(keyExceptionMessage, id, stringValue(text), RuleErrorLog)
		}
	}
}

// renameText renames an attribute if its value is a text.
func (a *attrs) renameText(from, to keyID) {
	if _, ok := a.text(from); !ok {
		return
	}
	if x, ok := a.rename(from, to); ok {
		x.rule = RuleErrorLog
	}
}

// noteErrorKind remembers what kind of error a log tells of, for error.type (J-77).
func (s *span) noteErrorKind(a *attrs) {
	if kind, ok := a.text(keyErrorKind); ok && kind != "" {
		s.errorKind = kind
	}
}
