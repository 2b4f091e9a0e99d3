package translate

import "slices"

// normalise makes the attributes of one collection, whose keys are mended,
// valid OTLP: keys that do not repeat and strings that are UTF-8 (N-1, N-3).
// What it has to change stays readable in attributes of the residue.
func (t *Translator) normalise(a *attrs) {
	if !a.odd {
		return
	}
	t.resolveRepeats(a)
	t.mendStrings(a)
	t.keepRawKeys(a)
}

// A rawKey is the key that list[pos] had before it was repaired.
type rawKey struct {
	pos int
	key string
}

// mendKeys gives keys that are empty or not UTF-8 a valid form (N-1, N-4),
// before anything else is done with a. A key that some rule knows is valid.
func (t *Translator) mendKeys(a *attrs) {
	if !a.odd {
		return
	}
	t.rawKeys = t.rawKeys[:0]
	for i := range a.list {
		if x := &a.list[i]; !x.gone {
			t.mendKey(x, i)
		}
	}
	a.forget()
}

// mendKey mends the key of x, which is at pos in its list.
func (t *Translator) mendKey(x *attr, pos int) {
	rule := x.rule
	switch {
	case x.id != keyOther:
	case x.key == "":
		x.key, x.rule = t.text.concat(t.prefix, "empty_key"), RuleEmptyKey
		t.note(NoteKeyEmpty, "")
	case !isText(x.key):
		t.rawKeys = append(t.rawKeys, rawKey{pos, x.key})
		x.key, x.rule = t.text.repaired(x.key), RuleUTF8
		t.note(NoteUTF8, x.key)
	}
	switch rule {
	case RuleUnknownType:
		t.note(NoteTagUnknownType, x.key)
	case RuleNonString:
		t.note(NoteTagNonString, x.key)
	}
}

// resolveRepeats leaves one attribute for each key, the last: OpenTracing's
// SetTag overwrites (J-22, N-3).
func (t *Translator) resolveRepeats(a *attrs) {
	a.forget() // what find has seen of the list: it is to look back from each
	n := len(a.list)
	for i := range n {
		x := &a.list[i]
		if x.id != keyOther {
			continue
		}
		if earlier := a.find(x.key, i); earlier >= 0 {
			a.list[earlier].gone = true
			x.before = uint32(earlier + 1)
		}
	}
	for i := range n {
		if x := &a.list[i]; x.before != 0 && !x.gone {
			t.keepRepeats(a, x.key, int(x.before)-1, x.value)
		}
	}
}

// keepRepeats keeps the value of list[last] and those it has replaced, under
// a key of the residue, in the order in which the payload had them. kept is
// the value that replaces them all. Neighbours that are equal count as one.
func (t *Translator) keepRepeats(a *attrs, key string, last int, kept value) {
	t.values = t.values[:0]
	for i := last; i >= 0; i = int(a.list[i].before) - 1 {
		if v := a.list[i].value; v != kept {
			kept = v
			t.values = append(t.values, t.element(v, key))
		}
	}
	if len(t.values) == 0 {
		return
	}
	slices.Reverse(t.values)
	t.residue(a, "dup.", key, t.array(t.values...), RuleDuplicate)
	t.note(NoteDup, key)
}

// element returns v as an element of an array: bytes if it is a string that
// is not UTF-8.
func (t *Translator) element(v value, key string) value {
	if v.kind == kindString && !isText(v.str) {
		t.note(NoteUTF8, key)
		v.kind = kindBytes
	}
	return v
}

// mendStrings repairs strings that are not UTF-8 (N-1). Clients make many:
// Jaeger's for Go cuts strings at 256 bytes, wherever in a rune that is.
func (t *Translator) mendStrings(a *attrs) {
	n := len(a.list)
	for i := range n {
		x := &a.list[i]
		if x.kind != kindString || x.gone || isText(x.str) {
			continue
		}
		t.note(NoteUTF8, x.key)
		x.rule = RuleUTF8
		if t.config.UTF8Bytes {
			x.kind = kindBytes
			continue
		}
		raw := x.str
		x.str = t.text.repaired(raw)
		t.residue(a, "raw.", x.key, bytesValue(raw), RuleUTF8)
	}
}

func (t *Translator) keepRawKeys(a *attrs) {
	for _, raw := range t.rawKeys {
		t.residue(a, "raw.", a.list[raw.pos].key, bytesValue(raw.key), RuleUTF8)
	}
}

// residue adds an attribute for what OTLP has no place for (P-5), under the
// prefix, name and key. One that is there already is not overwritten: the
// prefix is put before the key once more.
func (t *Translator) residue(a *attrs, name, key string, v value, rule Rule) {
	key = t.text.concat(t.prefix, name, key)
	for a.has.has(keyOf(key)) || a.find(key, len(a.list)) >= 0 {
		key = t.text.concat(t.prefix, key)
	}
	a.list = append(a.list, attr{key: key, value: v, rule: rule})
}

// mendText returns s if it is UTF-8, else its repaired form; what it was is
// then kept among the attributes a as the raw form of name (N-1).
func (t *Translator) mendText(a *attrs, s, name string) string {
	if isText(s) {
		return s
	}
	t.note(NoteNameUTF8, "")
	t.residue(a, "raw.", name, bytesValue(s), RuleUTF8)
	return t.text.repaired(s)
}

// writeNotes adds the notes taken since the last time as one attribute (section 7.1).
func (t *Translator) writeNotes(a *attrs) {
	if len(t.notes) == 0 {
		return
	}
	t.values = t.values[:0]
	for _, n := range t.notes {
		t.values = append(t.values, stringValue(t.noteText(n)))
	}
	t.notes = t.notes[:0]
	t.residue(a, "notes", "", t.array(t.values...), RuleNotes)
}

func (t *Translator) noteText(n noted) string {
	if n.key == "" {
		return n.code.String()
	}
	return t.text.concat(n.code.String(), ":", n.key)
}
