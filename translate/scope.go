package translate

// scope takes the instrumentation scope from tags (J-40): from otel.scope.*,
// else from otel.library.*, which the Jaeger exporters of OpenTelemetry wrote.
func (s *span) scope() {
	s.scopeName = s.takeEither(keyOTelScopeName, keyOTelLibraryName, fieldScopeName)
	s.scopeVersion = s.takeEither(keyOTelScopeVersion, keyOTelLibraryVersion, fieldScopeVersion)
}

// takeEither moves the text of one of two tags to field f. Where they disagree
// the newer tag wins and the older one stays an attribute.
func (s *span) takeEither(newer, older keyID, f field) string {
	text, from := "", newer
	for _, id := range [...]keyID{newer, older} {
		this, _ := s.attrs.text(id)
		if text == "" {
			text, from = this, id
		}
		if this != "" && this == text {
			s.attrs.remove(id)
		}
	}
	if text != "" {
		s.because(f, RuleScope, from)
	}
	return text
}

// scopeFromComponent names the scope after the tag component, which stays (J-41).
func (s *span) scopeFromComponent() {
	if name, ok := s.attrs.text(keyComponent); ok && name != "" {
		s.scopeName = name
		s.because(fieldScopeName, RuleScopeComponent, keyComponent)
	}
}
