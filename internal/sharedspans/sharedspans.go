// Package sharedspans remembers for a while which spans have got an id of
// their own: the memory that translate asks for the parents of late children
// (mapping U-4).
//
// It is bounded twice, in entries and in age, and has no goroutine: what is
// too old is found out when it is asked for, or pushed out by what is newer.
package sharedspans

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// DefaultTTL is how long a memory remembers, as a rule: children are sent
// within a few seconds of their parent, or some minutes if they are long.
const DefaultTTL = time.Minute

// DefaultEntries is how many spans a memory remembers at most, as a rule: a
// thousand a second for as long as DefaultTTL, of about 200 bytes each.
const DefaultEntries = 60_000

// numShards is how many locks share the load. It is a power of two.
const numShards = 16

// A Memory is a set of keys that forgets. Any number of goroutines may use it
// at once.
type Memory struct {
	ttl    uint64 // nanoseconds
	used   atomic.Bool
	shards [numShards]shard
}

type shard struct {
	mu  sync.Mutex
	lru *simplelru.LRU[[32]byte, uint64] // when each key was remembered
}

// New returns a Memory of at least one and about entries keys, each of which
// it knows for ttl.
func New(entries int, ttl time.Duration) *Memory {
	m := &Memory{ttl: uint64(max(ttl, 0))}
	for i := range m.shards {
		m.shards[i].lru, _ = simplelru.NewLRU[[32]byte, uint64](max(entries/numShards, 1), nil) // fails for sizes below 1 only
	}
	return m
}

// Remember remembers key, as of now, in Unix nanoseconds.
func (m *Memory) Remember(key [32]byte, now uint64) {
	if !m.used.Load() {
		m.used.Store(true)
	}
	s := m.shard(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lru.Add(key, now)
}

// Knows reports whether key was remembered within the TTL before now. A key
// that was remembered after now is known, too: clocks of goroutines differ.
func (m *Memory) Knows(key [32]byte, now uint64) bool {
	if !m.used.Load() { // most fleets share no spans: they pay next to nothing
		return false
	}
	s := m.shard(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	since, ok := s.lru.Get(key)
	if ok && now > since && now-since > m.ttl {
		s.lru.Remove(key)
		return false
	}
	return ok
}

// Len returns how many keys there are, those included that are too old by now.
func (m *Memory) Len() (n int) {
	for i := range m.shards {
		s := &m.shards[i]
		s.mu.Lock()
		n += s.lru.Len()
		s.mu.Unlock()
	}
	return n
}

// shard returns the shard of key: by the last byte of the trace id, which is
// random and keeps a trace together.
func (m *Memory) shard(key [32]byte) *shard { return &m.shards[key[15]%numShards] }
