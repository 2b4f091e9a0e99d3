package translate

import "testing"

func TestKeyOf(t *testing.T) {
	seen := make(map[string]bool)
	for id := keyOther + 1; id < numKeys; id++ {
		name := keyNames[id]
		if name == "" || seen[name] {
			t.Errorf("key %d is spelled %q: empty or the same as another", id, name)
		}
		seen[name] = true
		if got := keyOf(name); got != id {
			t.Errorf("keyOf(%q) = %d, want %d", name, got, id)
		}
		for _, other := range []string{name + "s", name[:len(name)-1], "x" + name} {
			if !seen[other] && keyOf(other) != keyOther && keyNames[keyOf(other)] != other {
				t.Errorf("keyOf(%q) = %d, which is %q", other, keyOf(other), keyNames[keyOf(other)])
			}
		}
	}
	if got := keyOf(""); got != keyOther {
		t.Errorf("keyOf(\"\") = %d, want keyOther", got)
	}
}

// A key must never be far from its slot: the hash has to tell the known keys apart.
func TestKeySlots(t *testing.T) {
	for id := keyOther + 1; id < numKeys; id++ {
		steps := 0
		for slot := keySlot(keyNames[id]); keySlots[slot] != id; slot = (slot + 1) % numKeySlots {
			steps++
		}
		if steps > 2 {
			t.Errorf("%q is %d slots from its own: change keySlot", keyNames[id], steps)
		}
	}
}

var spanKeys = []string{
	"span.kind", "component", "http.method", "http.url", "http.status_code", "peer.service", "peer.port", "error",
	"internal.span.format", "sampler.type", "request.id", "customer", "retry", "cache.hit", "event", "message",
}

func BenchmarkKeyOf(b *testing.B) {
	b.Run("slots", func(b *testing.B) {
		for b.Loop() {
			for _, key := range spanKeys {
				keyOf(key)
			}
		}
	})
	b.Run("map", func(b *testing.B) { // what it is measured against
		ids := make(map[string]keyID)
		for id := keyOther + 1; id < numKeys; id++ {
			ids[keyNames[id]] = id
		}
		var sum keyID
		for b.Loop() {
			for _, key := range spanKeys {
				sum += ids[key]
			}
		}
		_ = sum
	})
}
