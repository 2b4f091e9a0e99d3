package translate

// Bits of OTLP's Span.flags (SpanFlags in trace.proto). The lower eight are
// those of W3C trace context, of which only the first is ever set (N-7).
const (
	flagSampled     = 0x001
	flagHasIsRemote = 0x100
	flagIsRemote    = 0x200
)

// Bits of jaeger.thrift's Span.flags. Jaeger's debug bit is W3C's random bit,
// so the flags cannot be copied as they are (J-11).
const (
	jaegerSampled = 1
	jaegerDebug   = 2
)

// jaegerFlags makes Span.flags of Jaeger's flags (J-10 to J-12), and keeps
// these if they say more or less than sampled.
func (t *Translator) jaegerFlags() {
	s := &t.span
	switch {
	case s.sourceFlags&jaegerSampled != 0:
		s.flags |= flagSampled
	case s.sourceFlags&jaegerDebug != 0:
		s.flags |= flagSampled
		s.because(fieldFlags, RuleDebug, keyOther)
	}
	if s.sourceFlags != jaegerSampled {
		t.residue(&s.attrs, "jaeger.flags", "", intValue(s.sourceFlags), RuleSourceFlags)
	}
}
