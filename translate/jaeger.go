package translate

// finishJaeger gives the Jaeger span that was read its meaning and appends it.
// The rules run in this order because later ones read what earlier ones leave:
// keys before repeats, repeats before values, events before the status.
func (t *Translator) finishJaeger() {
	s := &t.span
	a := &s.attrs
	if s.isBlank() {
		t.report.Blank++
		return
	}
	t.recallJaeger()
	t.keepProcessID()
	t.keepWarnings()
	a.settle()
	t.mendKeys(a)
	if !t.mendIDs() {
		return
	}
	t.kind()
	t.unpackIP(a, keyPeerIPv4)
	t.redactURLs(a)
	t.normalise(a)
	t.mendName()
	t.jaegerTimes()
	t.references()
	t.jaegerFlags()
	t.takeOTel()
	t.addEvents()
	t.jaegerStatus()
	t.applySemconv(a, s.kind)
	t.writeNotes(a)
	t.finishSpan()
}

// beginSpan makes room for the next span.
func (t *Translator) beginSpan() {
	t.text.reset()
	t.notes = t.notes[:0]
	t.span.reset()
}

// isBlank reports whether the payload says nothing about the span (J-2).
func (s *span) isBlank() bool {
	return s.id == [8]byte{} && s.core == core{noStart: s.noStart} && len(s.attrs.list)+len(s.refs)+len(s.events)+len(s.warnings) == 0
}

// mendName makes sure that the span has a name, which is UTF-8 (J-4, N-1).
func (t *Translator) mendName() {
	s := &t.span
	if s.name == "" {
		s.name = "unknown"
		s.because(fieldName, RuleName, keyOther)
		t.note(NoteNameEmpty, "")
	}
	s.name = t.mendText(&s.attrs, s.name, "name")
}

// finishSpan appends the span, whose rules are done.
func (t *Translator) finishSpan() {
	t.explainSpan()
	t.groups.add(&t.span, t.events, &t.source)
	t.report.Spans++
}

// keepProcessID keeps the id by which the sender told processes apart (J-14).
func (t *Translator) keepProcessID() {
	if id := t.span.processID; id != "" {
		key := t.text.concat(t.prefix, "jaeger.process_id")
		t.span.attrs.list = append(t.span.attrs.list, attr{key: key, value: stringValue(id), rule: RuleProcessID})
	}
}

// keepWarnings keeps what Jaeger itself found wrong with the span, under the
// key under which Jaeger keeps it (J-13).
func (t *Translator) keepWarnings() {
	const key = "@jaeger@warnings"
	if len(t.span.warnings) == 0 {
		return
	}
	t.values = t.values[:0]
	for _, w := range t.span.warnings {
		t.values = append(t.values, t.element(stringValue(w), key))
	}
	t.span.attrs.list = append(t.span.attrs.list, attr{key: key, value: t.array(t.values...), rule: RuleWarnings})
}
