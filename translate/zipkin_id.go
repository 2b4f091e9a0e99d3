package translate

import "crypto/sha256"

// parseHex reads up to two digits for each byte of id, upper or lower case,
// and fills it from the right (Z-1, Z-2).
func parseHex(id []byte, text string) bool {
	if len(text) > 2*len(id) {
		return false
	}
	at := 2*len(id) - len(text)
	for i := range len(text) {
		digit, ok := hexDigit(text[i])
		if !ok {
			return false
		}
		id[(at+i)/2] = id[(at+i)/2]<<4 | digit
	}
	return true
}

func hexDigit(c byte) (digit byte, ok bool) {
	switch {
	case '0' <= c && c <= '9':
		return c - '0', true
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10, true
	}
	return 0, false
}

// hexID reads an id in hexadecimal digits into id, all of it zero if there is
// none. key is where in the residue one goes that cannot be read. It reports
// whether it could be.
func (t *Translator) hexID(id []byte, text, key string) (ok bool) {
	clear(id)
	if ok = parseHex(id, text); !ok {
		t.badID(id, text, text, key)
	}
	return ok
}

// byteID is hexID for an id of so many bytes as id has, or, for a trace, half
// of them (Z-1).
func (t *Translator) byteID(id, b []byte, key string) (ok bool) {
	clear(id)
	if len(b) == len(id) || len(b) == 0 || len(b) == 8 {
		copy(id[len(id)-len(b):], b)
		return true
	}
	t.badID(id, alias(b), t.zipkin.text.hex(b), key)
	return false
}

// badID puts in the place of an id that is none one that is made of what
// stands there: all spans that name it still name the same (N-2).
func (t *Translator) badID(id []byte, source, shown, key string) {
	mark := len(t.zipkin.text.buf)
	t.zipkin.text.buf = append(append(t.zipkin.text.buf, "ot2otel-id-v1"...), source...)
	sum := sha256.Sum256(t.zipkin.text.buf[mark:])
	copy(id, sum[:])
	t.zipkin.reading.notes.add(NoteIDInvalid)
	t.keepOdd(key, stringValue(shown), RuleZeroID)
}

// keepOdd keeps, as a tag of the span that is being read, what its model has no place for.
func (t *Translator) keepOdd(key string, v value, rule Rule) {
	key = t.zipkin.text.concat(t.prefix, key)
	t.zipkin.tags = append(t.zipkin.tags, attr{key: key, value: v, rule: rule})
}

// zipkinIDs makes sure that the ids are valid (Z-1, Z-2, N-2). It reports
// whether the span may go on.
func (t *Translator) zipkinIDs(z *zipkinSpan) bool {
	s := &t.span
	if t.config.RejectInvalidIDs && (z.badTraceID || z.badID) {
		t.report.Rejected++
		return false
	}
	if z.badTraceID {
		s.because(fieldTraceID, RuleZeroID, keyOther)
	}
	if z.badID {
		s.because(fieldSpanID, RuleZeroID, keyOther)
	}
	if s.parent == s.id && s.parent != [8]byte{} {
		t.residue(&s.attrs, "zipkin.parent_id", "", stringValue(t.text.hex(s.parent[:])), RuleParentSelf)
		t.note(NoteParentSelf, "")
		s.parent = [8]byte{}
	}
	return t.mendIDs()
}
