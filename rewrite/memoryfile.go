package rewrite

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Export writes the trace ids of which both halves are known, one a line: the
// low half and the high half in hex, those used longest ago first. Tracestate
// and baggage belong to requests and do not outlive the process.
func (m *Memory) Export(w io.Writer) error {
	b := bufio.NewWriter(w)
	now := m.clock()
	for i := range m.shards {
		for _, id := range m.shards[i].ids(now) {
			fmt.Fprintf(b, "%016x %016x\n", id.Low, id.High)
		}
	}
	return b.Flush()
}

func (s *shard) ids(now int64) (ids []TraceID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, low := range s.lru.Keys() {
		if e, ok := s.lru.Peek(low); ok && e.high != 0 && e.expires > now {
			ids = append(ids, TraceID{High: e.high, Low: low})
		}
	}
	return ids
}

// Import takes in what Export wrote, as if it had just been learned. It stops
// at the first line that it cannot read; the error names the line.
func (m *Memory) Import(r io.Reader) error {
	lines := bufio.NewScanner(r)
	n := 0
	for lines.Scan() {
		n++
		low, high, _ := strings.Cut(lines.Text(), " ")
		id, ok := parseTraceID(high + low)
		if !ok || len(low) != 16 || len(high) != 16 {
			return fmt.Errorf("trace ids, line %d: %s: want two numbers of 16 hex digits", n, quote(lines.Text()))
		}
		m.LearnTrace(id)
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("trace ids, after line %d: %w", n, err)
	}
	return nil
}
