package sharedspans_test

import (
	"encoding/binary"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/ot2otel/ot2otel/internal/sharedspans"
	"github.com/ot2otel/ot2otel/translate"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var _ translate.SharedSpans = (*sharedspans.Memory)(nil)

// key returns the key of span n, in a shard that n decides, too.
func key(n int) (k [32]byte) {
	binary.BigEndian.PutUint64(k[8:], uint64(n))
	binary.BigEndian.PutUint64(k[16:], uint64(n))
	return k
}

func TestKnowsForTheTTL(t *testing.T) {
	const start, ttl = uint64(1_795_219_200_000_000_000), uint64(time.Minute)
	m := sharedspans.New(100, time.Minute)
	if m.Knows(key(1), start) {
		t.Error("knows a key that was never remembered")
	}
	m.Remember(key(1), start)
	for _, test := range []struct {
		name string
		key  int
		now  uint64
		want bool
	}{
		{"at once", 1, start, true},
		{"at the end", 1, start + ttl, true},
		{"by a clock that is behind", 1, start - ttl, true},
		{"another", 2, start, false},
		{"too late", 1, start + ttl + 1, false},
		{"once forgotten, for good", 1, start, false},
	} {
		if got := m.Knows(key(test.key), test.now); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

func TestRememberingAgainRenews(t *testing.T) {
	m := sharedspans.New(100, time.Second)
	m.Remember(key(1), 0)
	m.Remember(key(1), uint64(time.Second))
	if !m.Knows(key(1), uint64(2*time.Second)) || m.Len() != 1 {
		t.Errorf("forgotten a second after it was remembered last; %d keys", m.Len())
	}
}

// However many keys come, the memory is bounded, and knows the latest of each shard.
func TestBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		entries := rapid.IntRange(-1, 200).Draw(t, "entries")
		m := sharedspans.New(entries, time.Minute)
		for n := range 1000 {
			m.Remember(key(n), 1)
			if !m.Knows(key(n), 1) {
				t.Fatalf("key %d is forgotten at once", n)
			}
		}
		if n := m.Len(); n > max(entries, 16) {
			t.Errorf("%d keys, want at most %d", n, max(entries, 16))
		}
	})
}

func TestManyGoroutines(t *testing.T) {
	m := sharedspans.New(64, time.Minute)
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for n := range 2000 {
				m.Remember(key(g*2000+n), 1)
				if !m.Knows(key(1<<20), 1) && n%500 == 0 {
					m.Len()
				}
			}
		})
	}
	wg.Wait()
	if n := m.Len(); n > 64 {
		t.Errorf("%d keys, want at most 64", n)
	}
}

func BenchmarkKnows(b *testing.B) {
	m := sharedspans.New(sharedspans.DefaultEntries, time.Minute)
	b.Run("empty", func(b *testing.B) {
		for b.Loop() {
			m.Knows(key(1), 1)
		}
	})
	for n := range sharedspans.DefaultEntries {
		m.Remember(key(n), 1)
	}
	b.Run("full", func(b *testing.B) {
		n := 0
		for b.Loop() {
			m.Knows(key(n), 1)
			n = (n + 7) % (2 * sharedspans.DefaultEntries)
		}
	})
}
