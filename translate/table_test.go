package translate

import (
	"fmt"
	"testing"
)

func TestTable(t *testing.T) {
	const n = 20_000 // far past maxScan
	var numbers table
	for round := range 2 {
		for i := range 2 * n {
			want := i % n
			got, first := numbers.number([]byte(fmt.Sprint(want)))
			if got != want || first != (i < n) {
				t.Fatalf("round %d: %d got number %d, first %v", round, want, got, first)
			}
		}
		if got := string(numbers.at(n - 1)); got != fmt.Sprint(n-1) {
			t.Errorf("number %d is %q", n-1, got)
		}
		numbers.reset()
	}
}

// An index forgets at no cost, even when the count of its epochs goes round.
func TestIndexReset(t *testing.T) {
	var x index
	x.reset()
	x.add(7, 1)
	x.epoch = 1<<32 - 1
	x.slots[7&63].epoch = 1 // as if from an epoch long ago
	x.reset()
	for s := range x.at(7) {
		t.Errorf("position %d is still there", s.pos)
	}
}

// Positions of equal hashes are all found.
func TestIndexEqualHashes(t *testing.T) {
	var x index
	x.reset()
	for pos := range 100 {
		x.add(42, pos)
	}
	var sum uint32
	for s := range x.at(42) {
		sum += s.pos
	}
	if sum != 99*100/2 {
		t.Errorf("positions add up to %d", sum)
	}
}
