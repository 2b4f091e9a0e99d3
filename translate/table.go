package translate

import "hash/maphash"

// A table numbers byte strings in the order in which they first come.
type table struct {
	text  []byte // the strings, one after the other
	ends  []int  // where in text each of them ends
	last  int    // what number returned last: spans come in runs
	index index  // used from maxScan strings on
}

// reset empties t, keeping its space.
func (t *table) reset() {
	t.text, t.ends, t.last = t.text[:0], t.ends[:0], 0
	t.index.reset()
}

func (t *table) at(n int) []byte {
	from := 0
	if n > 0 {
		from = t.ends[n-1]
	}
	return t.text[from:t.ends[n]]
}

// number returns the number of s, and whether it comes for the first time.
func (t *table) number(s []byte) (n int, first bool) {
	if t.last < len(t.ends) && string(t.at(t.last)) == string(s) {
		return t.last, false
	}
	t.last, first = t.find(s), false
	if t.last < 0 {
		t.last, first = len(t.ends), true
		t.text = append(t.text, s...)
		t.ends = append(t.ends, len(t.text))
	}
	return t.last, first
}

// find returns the number of s, -1 if it is new.
func (t *table) find(s []byte) int {
	if len(t.ends) > maxScan {
		return t.search(s)
	}
	for n := range t.ends {
		if string(t.at(n)) == string(s) {
			return n
		}
	}
	return -1
}

// search is find for many strings.
func (t *table) search(s []byte) int {
	for n := t.index.used; n < len(t.ends); n++ {
		t.index.add(maphash.Bytes(seed, t.at(n)), n)
	}
	for slot := range t.index.at(maphash.Bytes(seed, s)) {
		if string(t.at(int(slot.pos))) == string(s) {
			return int(slot.pos)
		}
	}
	return -1
}
