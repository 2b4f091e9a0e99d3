package ingest

import "math/bits"

// A sequence finds the gaps in numbers that count from 1. Packets overtake one
// another, on the way and between our own readers, so a number is missing only
// when those after it have come in some number.
type sequence struct {
	last int64  // the highest number; 0 before the first
	seen uint16 // which of the last numbers came: bit i stands for last-i
	far  int64  // a number from further back, which may be that of a new count
}

// sequenceSpan is how many numbers seen has room for.
const sequenceSpan = 16

// maxGap is the largest gap that is believed: whoever skips more has not lost
// packets but begun elsewhere.
const maxGap = 100_000

// An order says how a number stands to those before it.
type order uint8

const (
	inOrder    order = iota // the highest so far
	outOfOrder              // overtaken, or sent twice
	restarted               // of a new count
)

// add takes the next number and returns how many are now known to be missing.
func (s *sequence) add(n int64) (order, int64) {
	d := n - s.last
	switch {
	case s.last == 0:
		s.begin(n)
		return inOrder, 0
	case d > maxGap, d <= -sequenceSpan && n == s.far+1:
		lost := s.missing()
		s.begin(n)
		return restarted, lost
	case d <= -sequenceSpan:
		s.far = n // one such number may be a straggler, two in a row are not
		return outOfOrder, 0
	case d <= 0:
		s.seen |= 1 << -d
		return outOfOrder, 0
	}
	return inOrder, s.advance(n, d)
}

// begin starts a count at n, before which nothing is missing.
func (s *sequence) begin(n int64) { *s = sequence{last: n, seen: 1<<sequenceSpan - 1} }

// advance goes d numbers on to n and returns how many were missing among those left behind.
func (s *sequence) advance(n, d int64) (lost int64) {
	s.last, s.far = n, 0
	if d >= sequenceSpan {
		lost = s.missing() + d - sequenceSpan
		s.seen = 1
		return lost
	}
	left := s.seen >> (sequenceSpan - d)
	s.seen = s.seen<<d | 1
	return d - int64(bits.OnesCount16(left))
}

// missing returns how many of the last numbers did not come.
func (s *sequence) missing() int64 {
	if s.last == 0 {
		return 0
	}
	return sequenceSpan - int64(bits.OnesCount16(s.seen))
}
