package translate

// keyOf returns the id of key, keyOther if no rule knows it. Every tag and log
// field of every span is looked up, so it is worth beating a map: this takes
// half of a map's time (BenchmarkKeyOf).
func keyOf(key string) keyID {
	for slot := keySlot(key); ; slot = (slot + 1) % numKeySlots {
		id := keySlots[slot]
		if id == keyOther || keyNames[id] == key {
			return id
		}
	}
}

// numKeySlots leaves most slots empty, so that most unknown keys meet one at once.
const (
	keySlotBits = 11
	numKeySlots = 1 << keySlotBits
)

// keySlots is keyNames as a hash table: a key is in its slot or, if that was
// taken, in one of the next up to an empty one. It is never changed.
var keySlots = func() (slots [numKeySlots]keyID) {
	for id := keyOther + 1; id < numKeys; id++ {
		slot := keySlot(keyNames[id])
		for slots[slot] != keyOther {
			slot = (slot + 1) % numKeySlots
		}
		slots[slot] = id
	}
	return slots
}()

// keySlot hashes the length of key and four of its bytes: enough to tell the
// known keys apart, as a test proves. The multiplier is 2^32 divided by the
// golden ratio.
func keySlot(key string) uint32 {
	n := len(key)
	if n == 0 {
		return 0
	}
	h := uint32(key[0]) | uint32(key[n/2])<<8 | uint32(key[n-1])<<16 | uint32(key[n*3/4])<<24
	h = (h ^ uint32(n)<<3) * 0x9e3779b1
	return h >> (32 - keySlotBits)
}
