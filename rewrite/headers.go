package rewrite

import (
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"strings"
)

// Limits on what is read (the excess is dropped in whole headers).
const (
	maxHeader  = 8 << 10  // bytes of one header's values
	maxItems   = 64       // baggage headers of one item each
	maxKey     = 256      // bytes of a baggage key
	maxHeaders = 16 << 10 // bytes of all trace headers together, names included
)

// headers holds the trace headers of one request, sorted out by name. It
// borrows them from the carrier.
type headers struct {
	names   *names
	textMap bool
	found   slotSet // what the carrier has
	usable  slotSet // of these, what is not too long
	slot    [numSlots]header
	aliases []knownName // a header found again, spelled another way
	items   []item      // sorted by prefix and key
	size    int         // bytes of names and values in slot and items

	hasState  bool // tracestate has a member
	voidState bool // and a malformed one
}

type header struct {
	name   string // as the carrier spells it
	values []string
}

func (h *header) size() int {
	n := len(h.name)
	for _, v := range h.values {
		n += len(v)
	}
	return n
}

// An item is one baggage header of one item.
type item struct {
	prefix  prefix
	name    string // as the carrier spells it
	key     string // name without the prefix
	value   string
	tooLong bool // or one too many: neither read nor kept
	keep    bool // stays as it is
}

// see takes in one header if it is about traces; it is what a carrier's Range calls.
func (h *headers) see(name string, values []string) bool {
	if h.names.may(name) && len(values) > 0 {
		h.take(name, values)
	}
	return true
}

func (h *headers) take(name string, values []string) {
	if s, ok := h.names.slot(name); ok {
		h.put(s, name, values)
	} else if p, key := h.names.prefixOf(name); p != noPrefix {
		h.items = append(h.items, item{prefix: p, name: name, key: key, value: values[len(values)-1]})
	}
}

func (h *headers) put(s slot, name string, values []string) {
	if !h.found.has(s) {
		h.found |= 1 << s
		h.slot[s] = header{name, values}
		return
	}
	// The same header in another spelling. Carriers range in any order, so the
	// spelling decides which comes first.
	old := h.slot[s]
	first, second := old, header{name, values}
	if second.name < first.name {
		first, second = second, first
	}
	h.slot[s] = header{first.name, slices.Concat(first.values, second.values)}
	h.aliases = append(h.aliases, knownName{second.name, s})
}

// empty reports whether there was no trace header at all.
func (h *headers) empty() bool { return h.found == 0 && len(h.items) == 0 }

// limit measures the headers and sets aside what is too long or too many.
func (h *headers) limit() {
	h.usable = h.found
	room := maxHeaders
	for set := h.found; set != 0; set &= set - 1 {
		s := slot(bits.TrailingZeros32(uint32(set)))
		size := h.slot[s].size()
		h.size += size
		if size > room || size > maxHeader && s != slotBaggage { // that one is cut by its members
			h.usable &^= 1 << s
			continue
		}
		room -= size
	}
	if len(h.items) > 0 {
		h.limitItems(room)
	}
}

func (h *headers) limitItems(room int) {
	slices.SortFunc(h.items, func(a, b item) int {
		if a.prefix != b.prefix {
			return int(a.prefix) - int(b.prefix)
		}
		return strings.Compare(a.key, b.key)
	})
	for i := range h.items {
		it := &h.items[i]
		size := len(it.name) + len(it.value)
		h.size += size
		it.tooLong = i >= maxItems || len(it.key) > maxKey || len(it.value) > maxHeader || size > room
		if !it.tooLong {
			room -= size
		}
	}
}

// reset lets go of everything that was borrowed.
func (h *headers) reset() {
	for set := h.found; set != 0; set &= set - 1 {
		h.slot[bits.TrailingZeros32(uint32(set))] = header{}
	}
	clear(h.items)
	clear(h.aliases)
	h.items, h.aliases = h.items[:0], h.aliases[:0]
	h.found, h.usable, h.size = 0, 0, 0
	h.hasState, h.voidState = false, false
}

// values returns the header's values, nil if there are none to read.
func (h *headers) values(s slot) []string {
	if !h.usable.has(s) {
		return nil
	}
	return h.slot[s].values
}

// first returns the first of the header's values, empty if there is none. A
// comma separates values as a new header does.
func (h *headers) first(s slot) string {
	values := h.values(s)
	if len(values) == 0 {
		return ""
	}
	value, _, _ := cut(values[0], ',')
	return value
}

// only returns the header's value. If it was sent several times, all must be
// the same.
func (h *headers) only(s slot) (value string, ok bool) {
	values := h.values(s)
	if len(values) == 1 && strings.IndexByte(values[0], ',') < 0 {
		return trim(values[0]), true
	}
	for i, v := range values {
		for more := true; more; {
			var part string
			part, v, more = cut(v, ',')
			if i == 0 && value == "" {
				value = part
			}
			if part != value {
				return value, false
			}
		}
	}
	return value, true
}

// sole returns the header's value if it came once only.
func (h *headers) sole(s slot) (value string, ok bool) {
	if !h.found.has(s) || len(h.slot[s].values) != 1 {
		return "", false
	}
	return h.slot[s].values[0], true
}

// invalid returns the error for a header that cannot be read.
func (h *headers) invalid(s slot, value, problem string) error {
	return &headerError{header: h.names.text[s], value: value, problem: problem}
}

// A headerError says which header cannot be read, and why.
type headerError struct{ header, value, problem string }

func (e *headerError) Error() string {
	return fmt.Sprintf("%s: %s: %s", e.header, quote(e.value), e.problem)
}

// quote quotes the beginning of a value that anyone may have sent.
func quote(value string) string {
	const most = 80
	if len(value) <= most {
		return strconv.Quote(value)
	}
	return strconv.Quote(value[:most]) + "…"
}
