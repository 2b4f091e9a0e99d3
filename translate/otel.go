package translate

import "math"

// otelTags are the tags in which OpenTelemetry's exporters put what the legacy
// formats have no field for.
var otelTags = setOf(
	keyOTelScopeName, keyOTelScopeVersion, keyOTelLibraryName, keyOTelLibraryVersion, keyW3CTracestate,
	keyOTelDroppedAttributesCount, keyOTelDroppedEventsCount, keyOTelDroppedLinksCount,
)

// takeOTel moves such tags back to the fields. Most spans have none.
func (t *Translator) takeOTel() {
	s := &t.span
	if s.attrs.has.meets(&otelTags) {
		s.scope()
		t.traceState()
		s.droppedCounts()
	}
	if s.scopeName == "" && t.config.ScopeFromComponent {
		s.scopeFromComponent()
	}
}

// droppedCounts moves the tags otel.dropped_*_count to the span's counters (J-17).
func (s *span) droppedCounts() {
	s.attrs.takeCount(keyOTelDroppedAttributesCount, &s.droppedAttributes)
	s.attrs.takeCount(keyOTelDroppedEventsCount, &s.droppedEvents)
	s.attrs.takeCount(keyOTelDroppedLinksCount, &s.droppedLinks)
}

// takeCount adds the number in the attribute with a known key to count and
// removes the attribute. One that is no count stays.
func (a *attrs) takeCount(id keyID, count *uint32) {
	if a.addCount(id, count) {
		a.remove(id)
	}
}

// addCount adds the number in the attribute with a known key to count, and
// reports whether there is one.
func (a *attrs) addCount(id keyID, count *uint32) bool {
	x := a.get(id)
	if x == nil {
		return false
	}
	n, ok := x.integer()
	if !ok || n < 0 || n > int64(math.MaxUint32-*count) {
		return false
	}
	*count += uint32(n)
	return true
}
