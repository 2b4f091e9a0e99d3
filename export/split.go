package export

import (
	"google.golang.org/protobuf/encoding/protowire"
)

// The messages below, one inside the other, and the field in which each holds the next:
//
//	message ExportTraceServiceRequest { repeated ResourceSpans resource_spans = 1; }
//	message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; string schema_url = 3; }
//	message ScopeSpans { InstrumentationScope scope = 1; repeated Span spans = 2; string schema_url = 3; }
const (
	levelRequest = iota
	levelResource
	levelScope
	levelSpan
)

// children is the field number of the messages one level below.
var children = [levelSpan]protowire.Number{levelRequest: 1, levelResource: 2, levelScope: 2}

// halve divides a request into two that together hold the same spans: between
// ResourceSpans if there are several, else between spans, whose resource and
// scope then stand in both. It returns false for what cannot be divided: a
// single span, or bytes that are not a request.
func halve(request []byte) (left, right part, ok bool) {
	mid, total := middle(request)
	if mid == 0 {
		return part{}, part{}, false
	}
	return cut(request, 0, mid, total), cut(request, mid, total, total), true
}

// cut returns the spans from..to-1 of a request that has total.
func cut(request []byte, from, to, total int) part {
	room := make([]byte, 0, len(request)/total*(to-from)*9/8)
	return part{appendRange(room, request, levelRequest, from, to), to - from}
}

// A part is a request that was divided from a larger one.
type part struct {
	data  []byte
	spans int
}

// middle returns how many spans the left half takes, 0 if there are no halves,
// and how many there are.
func middle(request []byte) (mid, total int) {
	total, ok := countSpans(request, levelRequest)
	if !ok || total < 2 {
		return 0, total
	}
	before := 0
	for f := range fieldsOf(request) {
		if n, _ := f.spansBelow(levelRequest); n > 0 {
			if before > 0 && distance(before, total) <= distance(mid, total) {
				mid = before
			}
			before += n
		}
	}
	if mid == 0 {
		mid = total / 2
	}
	return mid, total
}

// distance is how far from the middle of total n is, doubled.
func distance(n, total int) int { return max(2*n-total, total-2*n) }

// appendRange appends the message m restricted to its spans from..to-1.
func appendRange(dst, m []byte, level, from, to int) []byte {
	seen := 0
	for f := range fieldsOf(m) {
		n, isChild := f.spansBelow(level)
		first, last := max(from-seen, 0), min(to-seen, n)
		seen += n
		switch {
		case !isChild:
			dst = append(dst, f.raw...)
		case first >= last:
			// none of its spans belong here
		case first == 0 && last == n:
			dst = append(dst, f.raw...)
		default:
			dst = protowire.AppendTag(dst, f.number, protowire.BytesType)
			dst = protowire.AppendBytes(dst, appendRange(nil, f.value, level+1, first, last))
		}
	}
	return dst
}

// countSpans counts the spans in a message of the given level; false if its bytes are not one.
func countSpans(m []byte, level int) (total int, ok bool) {
	if level == levelSpan {
		return 1, true
	}
	read := 0
	for f := range fieldsOf(m) {
		read += len(f.raw)
		n, isChild := 0, f.number == children[level] && f.value != nil
		if isChild {
			if n, ok = countSpans(f.value, level+1); !ok {
				return 0, false
			}
		}
		total += n
	}
	return total, read == len(m)
}

// A field is one field of a message, as it stands.
type field struct {
	number protowire.Number
	raw    []byte // with tag and length
	value  []byte // without; nil if the field is not of bytes type
}

// spansBelow returns the number of spans in f, which is a field of a message
// of the given level, and whether it is one that holds spans.
func (f field) spansBelow(level int) (n int, isChild bool) {
	if f.number != children[level] || f.value == nil {
		return 0, false
	}
	n, _ = countSpans(f.value, level+1)
	return n, true
}

// fieldsOf yields the fields of m and ends early where its bytes are no field.
func fieldsOf(m []byte) func(yield func(field) bool) {
	return func(yield func(field) bool) {
		for len(m) > 0 {
			number, kind, tag := protowire.ConsumeTag(m)
			if tag < 0 {
				return
			}
			n := protowire.ConsumeFieldValue(number, kind, m[tag:])
			if n < 0 {
				return
			}
			f := field{number: number, raw: m[:tag+n]}
			if kind == protowire.BytesType {
				f.value, _ = protowire.ConsumeBytes(m[tag:])
			}
			m = m[tag+n:]
			if !yield(f) {
				return
			}
		}
	}
}
