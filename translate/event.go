package translate

// addEvents gives the span's logs their meaning (section 4) and appends them
// to t.events, encoded.
func (t *Translator) addEvents() {
	t.events = t.events[:0]
	t.promoted = t.promoted[:0]
	s := &t.span
	for i := range s.events {
		t.addEvent(i)
	}
	t.promoteBaggage()
}

// addEvent gives log n its meaning.
func (t *Translator) addEvent(n int) {
	s, a := &t.span, &t.event
	e := &s.events[n]
	a.reset()
	a.list = append(a.list, s.fields[e.first:e.last]...)
	t.addLog(n, e, a)
}

// addLog makes event n of a log with the fields a. Its name has to be known
// before repeated fields are resolved, because a second field event is an
// attribute (E-1).
func (t *Translator) addLog(n int, e *event, a *attrs) {
	s := &t.span
	a.settle()
	t.mendKeys(a)
	named := nameField(a)
	isError := isErrorLog(a, named)
	detailed := isError && hasErrorDetails(a)
	name, why := "", reason{rule: RuleEventName}
	switch {
	case detailed:
		name, why = "exception", reason{RuleErrorLog, keyEvent} // and event=error stays
	case named >= 0:
		name, why = a.list[named].str, reason{RuleEvent, keyEvent}
		a.take(named)
	case a.has.has(keyEvent):
		name, why.from = t.text.format(a.get(keyEvent).value), keyEvent
	}
	t.normalise(a)
	if isError {
		s.noteErrorKind(a)
	}
	if detailed {
		mapErrorLog(a)
	}
	dropped := t.finishEvent(e, a, name)
	t.explainEvent(n, a, why, dropped)
}

// finishEvent writes an event of which name and attributes are known. It
// returns how many attributes the event says it has lost (E-9).
func (t *Translator) finishEvent(e *event, a *attrs, name string) (dropped uint32) {
	s := &t.span
	if name == "" {
		name = "log" // E-2
	}
	name = t.mendText(a, name, "name")
	a.takeCount(keyOTelEventDroppedAttributesCount, &dropped)
	a.takeCount(keyOTelDroppedAttributesCount, &dropped)
	if a.addCount(keyDroppedLogCount, &s.droppedEvents) { // E-10
		s.because(fieldDroppedEvents, RuleDroppedLogs, keyDroppedLogCount)
	}
	if name == "baggage" {
		t.collectBaggage(a)
	}
	if e.badTime {
		e.time = s.start
		t.residue(a, "timestamp_us", "", intValue(e.micros), RuleStart)
		t.note(NoteTimeBadEvent, "")
	}
	t.events = appendEvent(t.events, e.time, name, a, dropped)
	return dropped
}

// nameField returns where the first field event with a text stands, which
// names the event (E-1); -1 if there is none.
func nameField(a *attrs) int {
	first := -1
	if !a.has.has(keyEvent) {
		return first
	}
	for i := int(a.at[keyEvent]); i >= 0; i = int(a.list[i].before) - 1 {
		if x := &a.list[i]; x.kind == kindString && x.str != "" {
			first = i
		}
	}
	return first
}
