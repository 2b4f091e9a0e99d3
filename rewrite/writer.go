package rewrite

// A writer collects changes to headers, to be made all at once at the end: if
// anything goes wrong before, the carrier is as it was.
//
// The text of all new values is built in one buffer and becomes one string.
type writer struct {
	h       *headers
	buf     []byte
	sets    []setting
	removes []string
	settled slotSet // written
	left    slotSet // right already, or to stay as they are
	written int     // bytes of names and values set
}

// A setting is one header to set.
type setting struct {
	name, value text
}

// A text is either a string that exists or a piece of the writer's buffer.
type text struct {
	s        string
	from, to int
}

// in returns the text itself; built is the whole buffer.
func (t text) in(built string) string {
	if t.to > t.from {
		return built[t.from:t.to]
	}
	return t.s
}

func (s *setting) size() int {
	return len(s.name.s) + s.name.to - s.name.from + len(s.value.s) + s.value.to - s.value.from
}

func (w *writer) reset() {
	clear(w.sets)
	clear(w.removes)
	w.buf, w.sets, w.removes = w.buf[:0], w.sets[:0], w.removes[:0]
	w.settled, w.left, w.written = 0, 0, 0
}

// name returns how the carrier spells the header of a slot.
func (w *writer) name(s slot) string {
	if w.h.textMap {
		return w.h.names.text[s]
	}
	return w.h.names.http[s]
}

// begin starts the value of a header: what is appended to buf until end.
func (w *writer) begin(s slot) {
	w.sets = append(w.sets, setting{name: text{s: w.name(s)}, value: text{from: len(w.buf)}})
}

// end ends the value that begin started. A header that is there already as it
// should be is left alone.
func (w *writer) end(s slot) {
	last := &w.sets[len(w.sets)-1]
	last.value.to = len(w.buf)
	old, ok := w.h.sole(s)
	w.settle(s, ok && string(w.buf[last.value.from:]) == old)
}

// set sets a header to a value that exists as a string.
func (w *writer) set(s slot, value string) {
	w.sets = append(w.sets, setting{name: text{s: w.name(s)}, value: text{s: value}})
	old, ok := w.h.sole(s)
	w.settle(s, ok && value == old)
}

func (w *writer) spanID(s slot, id SpanID) {
	w.begin(s)
	w.buf = appendHex64(w.buf, uint64(id))
	w.end(s)
}

func (w *writer) settle(s slot, right bool) {
	if right {
		w.left |= 1 << s
		w.sets = w.sets[:len(w.sets)-1]
		return
	}
	w.settled |= 1 << s
	w.written += w.sets[len(w.sets)-1].size()
}

// beginItem starts the value of a baggage header of one item.
func (w *writer) beginItem(p prefix, key string) {
	from := len(w.buf)
	w.buf = append(append(w.buf, w.h.names.prefix[p]...), key...)
	if !w.h.textMap {
		canonicalize(w.buf[from:])
	}
	to := len(w.buf)
	w.sets = append(w.sets, setting{name: text{from: from, to: to}, value: text{from: to}})
}

// endItem ends the value that beginItem started.
func (w *writer) endItem() {
	last := &w.sets[len(w.sets)-1]
	last.value.to = len(w.buf)
	w.written += last.size()
}

// canonicalize brings a header name into the form that net/http uses.
func canonicalize(name []byte) {
	start := true
	for i, c := range name {
		switch {
		case start && 'a' <= c && c <= 'z':
			name[i] = c - 'a' + 'A'
		case !start:
			name[i] = lower(c)
		}
		start = c == '-'
	}
}

// remove notes that a header is to go; name is spelled as the carrier has it.
func (w *writer) remove(name string) { w.removes = append(w.removes, name) }

// apply makes the changes.
func (w *writer) apply(c Carrier) {
	for _, name := range w.removes {
		c.Del(name)
	}
	if len(w.sets) == 0 {
		return
	}
	built := string(w.buf)
	values := make([]string, len(w.sets))
	for i, set := range w.sets {
		values[i] = set.value.in(built)
		c.Set(set.name.in(built), values[i:i+1:i+1])
	}
}
