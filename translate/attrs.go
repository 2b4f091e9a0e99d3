package translate

// An attr is one tag, log field or attribute: they are the same thing before
// and after the rules.
type attr struct {
	key string
	value
	id   keyID // which of the keys that some rule knows; keyOther for all others
	from keyID // the known key that rule made it from; keyOther: it stood in the payload, or was made from no one key
	rule Rule  // what put the attribute there
	gone bool  // moved elsewhere or replaced: not written
	// before is one more than where in the list the attribute with the same
	// key that this one replaces stands; 0 if it replaces none.
	before uint32
}

// attrs is one collection of attributes: those of a span, an event or a
// resource. It knows where each known key stands, so that rules find it
// without a search.
type attrs struct {
	list []attr
	// has is the set of known keys with a live attribute, in the order of keyID.
	has keySet
	// at[id] is where in list the live attribute with that known key stands.
	// It means something only while has holds the id, so that reset is cheap.
	at [numKeys]uint32

	// odd says that something in the list has to be mended: a key that is
	// empty, not UTF-8 or there twice, a string that is not UTF-8, a tag of
	// unknown type. Most lists are not odd.
	odd bool

	// others finds the attributes with other keys in long lists; list[:indexed] is in it.
	others  index
	indexed int
}

// reset empties a, keeping its space.
func (a *attrs) reset() {
	a.list = a.list[:0]
	a.has = keySet{}
	a.odd = false
	a.forget()
}

// forget makes find look at keys anew.
func (a *attrs) forget() {
	a.indexed = 0
	a.others.reset()
}

// settle goes through the list that a reader has filled: it finds out where
// known keys stand, and whether there is anything to mend. Of attributes with
// the same known key the last replaces the others.
func (a *attrs) settle() {
	var seen uint64 // the keyBits so far: most keys are new without a search
	for i := range a.list {
		x := &a.list[i]
		if x.id != keyOther {
			a.place(x, i)
		} else {
			bit := keyBit(x.key)
			repeats := seen&bit != 0 && a.find(x.key, i) >= 0
			a.odd = a.odd || repeats || x.key == "" || !isText(x.key)
			seen |= bit
		}
		a.odd = a.odd || x.rule != RuleTag || x.kind == kindString && !isText(x.str)
	}
}

// keyBit returns one of 64 bits: equal keys have the same, others mostly not.
func keyBit(key string) uint64 {
	n := len(key)
	if n == 0 {
		return 1
	}
	return 1 << ((uint(key[0]) ^ uint(key[n-1])<<1 ^ uint(n)<<3) % 64)
}

// place makes x, which is list[i], the live attribute with its known key.
func (a *attrs) place(x *attr, i int) {
	if a.has.has(x.id) {
		x.before = a.at[x.id] + 1
		a.list[a.at[x.id]].gone = true
		a.odd = true
	}
	a.at[x.id] = uint32(i)
	a.has.add(x.id)
}

// put adds x, whose key is known, at the end. It replaces one with the same key.
func (a *attrs) put(x attr) {
	a.list = append(a.list, x)
	a.place(&a.list[len(a.list)-1], len(a.list)-1)
}

// get returns the live attribute with a known key, nil if there is none. It
// is valid until the next attribute is added.
func (a *attrs) get(id keyID) *attr {
	if !a.has.has(id) {
		return nil
	}
	return &a.list[a.at[id]]
}

// text returns the content of the live attribute with a known key if that is
// a string.
func (a *attrs) text(id keyID) (s string, ok bool) {
	x := a.get(id)
	if x == nil || x.kind != kindString {
		return "", false
	}
	return x.str, true
}

// derive adds an attribute that a rule made, from the attribute with the known
// key from (keyOther if from no one key). An attribute that is there already is
// never overwritten (P-5): derive then does nothing and reports false.
func (a *attrs) derive(id, from keyID, v value, rule Rule) bool {
	if a.has.has(id) {
		return false
	}
	a.put(attr{key: keyNames[id], value: v, id: id, from: from, rule: rule})
	return true
}

// remove takes out the live attribute with a known key: it has been moved elsewhere.
func (a *attrs) remove(id keyID) {
	if x := a.get(id); x != nil {
		x.gone = true
		a.has.remove(id)
	}
}

// rename gives the live attribute with a known key another known key, unless
// that is there already, and returns it.
func (a *attrs) rename(from, to keyID) (x *attr, ok bool) {
	x = a.get(from)
	if x == nil || a.has.has(to) {
		return nil, false
	}
	x.key, x.id, x.from = keyNames[to], to, from
	a.at[to] = a.at[from]
	a.has.remove(from)
	a.has.add(to)
	return x, true
}

// find returns where in list[:end] the latest attribute with a key that no
// rule knows stands, -1 if there is none.
func (a *attrs) find(key string, end int) int {
	if end > maxScan {
		return a.search(key, end)
	}
	for i := end - 1; i >= 0; i-- {
		if x := &a.list[i]; x.id == keyOther && x.key == key {
			return i
		}
	}
	return -1
}

// search is find for a long list: it keeps the index up to date with the list.
// Each key is in the index once, with its latest place.
func (a *attrs) search(key string, end int) int {
	for ; a.indexed < end; a.indexed++ {
		x := &a.list[a.indexed]
		if x.id != keyOther {
			continue
		}
		h := hashString(x.key)
		if s := a.slot(h, x.key); s != nil {
			s.pos = uint32(a.indexed)
		} else {
			a.others.add(h, a.indexed)
		}
	}
	if s := a.slot(hashString(key), key); s != nil {
		return int(s.pos)
	}
	return -1
}

func (a *attrs) slot(h uint64, key string) *slot {
	for s := range a.others.at(h) {
		if a.list[s.pos].key == key {
			return s
		}
	}
	return nil
}

// take takes list[pos], whose key is known, out of the attributes with its
// key, as if the payload had not had it. It may be a replaced one.
func (a *attrs) take(pos int) {
	x := &a.list[pos]
	x.gone = true
	last := &a.list[a.at[x.id]]
	switch {
	case x != last:
		for int(last.before) != pos+1 {
			last = &a.list[last.before-1]
		}
		last.before = x.before
	case x.before == 0:
		a.has.remove(x.id)
	default:
		a.at[x.id] = x.before - 1
		a.list[x.before-1].gone = false
	}
}
