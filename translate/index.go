package translate

import (
	"hash/maphash"
	"iter"
)

// An index finds positions in a list by hash. Lists of a few entries do
// without: it is there so that a payload with very many stays linear.
//
// Emptying it costs nothing: slots of an earlier epoch count as empty.
type index struct {
	slots []slot // a power of two of them, more than a quarter empty
	epoch uint32
	used  int
}

type slot struct {
	epoch uint32
	pos   uint32
	hash  uint64
}

// seed makes hashes unpredictable for those who send payloads. No output
// depends on it: an index only tells where to look.
var seed = maphash.MakeSeed()

func hashString(s string) uint64 { return maphash.String(seed, s) }

// reset empties x, keeping its space.
func (x *index) reset() {
	x.used = 0
	x.epoch++
	if x.epoch == 0 { // went round: old epochs would come to life again
		clear(x.slots)
		x.epoch = 1
	}
}

// at iterates over the slots of the positions that were added with hash h.
func (x *index) at(h uint64) iter.Seq[*slot] {
	return func(yield func(*slot) bool) {
		if len(x.slots) == 0 {
			return
		}
		mask := uint64(len(x.slots) - 1)
		for i := h & mask; x.slots[i].epoch == x.epoch; i = (i + 1) & mask {
			if s := &x.slots[i]; s.hash == h && !yield(s) {
				return
			}
		}
	}
}

// add adds position pos with hash h.
func (x *index) add(h uint64, pos int) {
	if x.used >= len(x.slots)*3/4 {
		x.grow()
	}
	x.insert(slot{x.epoch, uint32(pos), h})
	x.used++
}

func (x *index) insert(s slot) {
	mask := uint64(len(x.slots) - 1)
	i := s.hash & mask
	for x.slots[i].epoch == x.epoch {
		i = (i + 1) & mask
	}
	x.slots[i] = s
}

func (x *index) grow() {
	old := x.slots
	x.slots = make([]slot, max(64, 2*len(old)))
	x.epoch = max(x.epoch, 1)
	for _, s := range old {
		if s.epoch == x.epoch {
			x.insert(s)
		}
	}
}
