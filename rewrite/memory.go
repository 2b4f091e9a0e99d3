package rewrite

import (
	"math/bits"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// A Memory keeps what a legacy format cannot carry through an app: by the low
// 64 bits of a trace id, which every client passes on, the high bits, the
// random flag, and of the latest requests tracestate and baggage.
//
// One Memory serves both legs of a sidecar and the spans that the app reports.
// It is bounded in entries and in bytes, and all its methods may be called by
// several goroutines at once. Entries that are too old are dropped when they
// are met.
type Memory struct {
	shards []shard
	shift  int // of the 32-bit hash
	ttl    int64
	clock  func() int64 // nanoseconds since some moment
}

// MemoryConfig bounds a Memory. Zero values mean the defaults.
type MemoryConfig struct {
	Entries int              // traces; 65,536
	Bytes   int              // of all entries together; 32 MiB
	TTL     time.Duration    // since a trace was last seen inbound; 15 minutes
	Now     func() time.Time // the clock; time.Now
}

// A Request is what is remembered of one inbound request.
type Request struct {
	// Span is the span id that the app was given.
	Span SpanID
	// W3C says that the request had W3C headers, so that an empty State or
	// Baggage means that there was none.
	W3C      bool
	Sampling Sampling
	Firehose bool
	State    string // tracestate
	Baggage  string // the baggage header
}

// A Recall is what a Memory knows about the trace and request of an outbound request.
type Recall struct {
	High   uint64 // the high half of the trace id; 0: not known
	Random bool
	// Request is the inbound request whose span is the parent of the outbound
	// one, or the latest of the trace where none is: legacy headers do not tell
	// requests of one trace apart.
	Request
}

// maxRequests is how many requests of a trace are told apart.
const maxRequests = 4

// entrySize is about what an entry takes besides its strings.
const entrySize = 512

type entry struct {
	high    uint64
	expires int64 // by the clock
	random  bool
	n       int
	last    [maxRequests]Request // newest first
}

func (e *entry) size() int {
	n := entrySize
	for i := range e.last[:e.n] {
		n += len(e.last[i].State) + len(e.last[i].Baggage)
	}
	return n
}

type shard struct {
	mu       sync.Mutex
	lru      *simplelru.LRU[uint64, *entry]
	bytes    int
	maxBytes int
	stats    MemoryStats
}

// MemoryStats counts what a Memory did.
type MemoryStats struct {
	Entries, Bytes         int    // now
	Hits, Misses           uint64 // of outbound requests
	SpanHits, SpanMisses   uint64 // of TraceHigh
	Evictions, Expirations uint64
	Upgrades               uint64 // a high half became known later than the low one
	Collisions             uint64 // two high halves for one low one
}

// NewMemory returns an empty Memory.
func NewMemory(c MemoryConfig) *Memory {
	if c.Entries <= 0 {
		c.Entries = 1 << 16
	}
	if c.Bytes <= 0 {
		c.Bytes = 32 << 20
	}
	if c.TTL <= 0 {
		c.TTL = 15 * time.Minute
	}
	n := c.shardBits()
	m := &Memory{shards: make([]shard, 1<<n), shift: 32 - n, ttl: int64(c.TTL), clock: clockOf(c.Now)}
	for i := range m.shards {
		m.shards[i].init(max(c.Entries>>n, 1), c.Bytes>>n)
	}
	return m
}

// shardBits returns the number of shards as a power of two: up to 64, but each
// with room for 1,024 entries and 256 KiB, so that they fill up alike.
func (c *MemoryConfig) shardBits() int {
	return min(max(bits.Len(uint(min(c.Entries>>10, c.Bytes>>18)))-1, 0), 6)
}

// clockOf returns a clock that counts nanoseconds. The usual one asks for the
// monotonic time only, which takes half as long as time.Now.
func clockOf(now func() time.Time) func() int64 {
	if now != nil {
		return func() int64 { return now().UnixNano() }
	}
	start := time.Now()
	return func() int64 { return int64(time.Since(start)) }
}

func (s *shard) init(entries, maxBytes int) {
	s.maxBytes = maxBytes
	s.lru, _ = simplelru.NewLRU(entries, func(_ uint64, e *entry) { s.bytes -= e.size() })
}

// shard returns the shard of a trace id by its low 32 bits, so that an id of
// which only those are left can be found (corrupted).
func (m *Memory) shard(low uint64) *shard {
	return &m.shards[uint64(uint32(low)*0x9E3779B1)>>m.shift]
}

// Observe takes in an inbound request. A high half is never forgotten for the
// lack of one; between two different ones the later holds.
//
// The strings of q are kept.
func (m *Memory) Observe(trace TraceID, random bool, q Request) {
	s := m.shard(trace.Low)
	now := m.clock()
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.get(trace.Low, now)
	if e == nil && trace.High == 0 && !random && !q.Firehose && q.State == "" && q.Baggage == "" {
		return // an outbound request could not be told anything
	}
	e = s.open(trace.Low, e)
	s.raise(e, trace.High)
	e.random = e.random || random
	e.add(q)
	e.expires = now + m.ttl
	s.close(e)
}

// raise takes up a high half.
func (s *shard) raise(e *entry, high uint64) {
	switch {
	case high == 0 || high == e.high:
		return
	case e.high != 0:
		s.stats.Collisions++
		*e = entry{}
	case e.n > 0:
		s.stats.Upgrades++
	}
	e.high = high
}

// add puts a request in front. Seen again, it takes its old place's turn; and
// a legacy header, which says nothing of tracestate and baggage, does not
// overrule what W3C headers of the same request said.
func (e *entry) add(q Request) {
	at := min(e.n, maxRequests-1)
	for i := range e.last[:e.n] {
		if e.last[i].Span == q.Span {
			at = i
			if !q.W3C && e.last[i].W3C {
				q = e.last[i]
			}
		}
	}
	if at == e.n {
		e.n++
	}
	copy(e.last[1:at+1], e.last[:at])
	e.last[0] = q
}

// Lookup returns what is known about an outbound request: low is the low half
// of its trace id, parent the parent of its span where the headers say.
func (m *Memory) Lookup(low uint64, parent SpanID) (Recall, bool) {
	s := m.shard(low)
	now := m.clock()
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.get(low, now)
	if e == nil {
		s.stats.Misses++
		return Recall{}, false
	}
	s.stats.Hits++
	r := Recall{High: e.high, Random: e.random, Request: e.last[0]}
	for i := range e.last[:e.n] {
		if parent != 0 && e.last[i].Span == parent {
			r.Request = e.last[i]
		}
	}
	return r, true
}

// TraceHigh returns the high half of the trace id whose low half is low; ok is
// false if none is known. It is for spans that were reported with a low half
// only, and for their references; an id that has a high half must be left alone.
func (m *Memory) TraceHigh(low uint64) (high uint64, ok bool) {
	s := m.shard(low)
	now := m.clock()
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.get(low, now)
	if e == nil || e.high == 0 {
		s.stats.SpanMisses++
		return 0, false
	}
	s.stats.SpanHits++
	return e.high, true
}

// LearnTrace takes up a trace id with a high half that a span has: where many
// apps report to one proxy, one may know what another has lost. What headers
// said holds.
func (m *Memory) LearnTrace(trace TraceID) {
	if trace.High == 0 {
		return
	}
	s := m.shard(trace.Low)
	now := m.clock()
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.get(trace.Low, now)
	if e != nil && e.high != 0 {
		return
	}
	e = s.open(trace.Low, e)
	s.raise(e, trace.High)
	e.expires = now + m.ttl
	s.close(e)
}

// corrupted reports whether low looks like the low 32 bits of the trace id of
// an entry, all that jaeger-client-node before 3.16 leaves of an id of 128 bits.
func (m *Memory) corrupted(low uint64) bool {
	if low>>32 != 0 {
		return false
	}
	s := m.shard(low)
	now := m.clock()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, key := range s.lru.Keys() {
		if uint32(key) != uint32(low) {
			continue
		}
		if e, ok := s.lru.Peek(key); ok && e.high != 0 && e.expires > now {
			return true
		}
	}
	return false
}

// get returns an entry that is not too old, nil if there is none.
func (s *shard) get(low uint64, now int64) *entry {
	e, ok := s.lru.Get(low)
	if !ok {
		return nil
	}
	if e.expires <= now {
		s.lru.Remove(low)
		s.stats.Expirations++
		return nil
	}
	return e
}

// open takes an entry out of the account, to be changed; nil is a new one.
func (s *shard) open(low uint64, e *entry) *entry {
	if e != nil {
		s.bytes -= e.size()
		return e
	}
	e = &entry{}
	if s.lru.Add(low, e) {
		s.stats.Evictions++
	}
	return e
}

// close takes an entry into the account again, and evicts others for its room.
func (s *shard) close(e *entry) {
	s.bytes += e.size()
	for s.bytes > s.maxBytes {
		s.lru.RemoveOldest()
		s.stats.Evictions++
	}
}

// Stats returns the counts so far.
func (m *Memory) Stats() (sum MemoryStats) {
	for i := range m.shards {
		s := &m.shards[i]
		s.mu.Lock()
		sum.Entries += s.lru.Len()
		sum.Bytes += s.bytes
		sum.Hits += s.stats.Hits
		sum.Misses += s.stats.Misses
		sum.SpanHits += s.stats.SpanHits
		sum.SpanMisses += s.stats.SpanMisses
		sum.Evictions += s.stats.Evictions
		sum.Expirations += s.stats.Expirations
		sum.Upgrades += s.stats.Upgrades
		sum.Collisions += s.stats.Collisions
		s.mu.Unlock()
	}
	return sum
}
