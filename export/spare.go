package export

import "time"

const (
	maxSpares     = 4        // batches kept for use again; a queue under load has about as many on their way
	maxLetGo      = 16 << 20 // bytes let go that make it worth to call the garbage collector
	releasePeriod = time.Minute
)

// A spare holds batches that are done, so that a steady flow allocates
// nothing, and sees to it that a backlog's memory does not stay for ever.
type spare struct {
	batches  []*Batch
	letGo    int // bytes not kept, since released
	released time.Time
}

// take returns an empty batch, with room in it if there is a spare one.
func (s *spare) take() *Batch {
	last := len(s.batches) - 1
	if last < 0 {
		return new(Batch)
	}
	b := s.batches[last]
	s.batches = s.batches[:last]
	return b
}

// keep takes back a batch unless there are enough or it was mostly empty, as
// the large ones of a busy hour are in a quiet one.
func (s *spare) keep(b *Batch) {
	if len(s.batches) == maxSpares || len(b.Data) < cap(b.Data)/4 {
		s.letGo += cap(b.Data)
		return
	}
	*b = Batch{Data: b.Data[:0]}
	s.batches = append(s.batches, b)
}

// worthReleasing reports whether memory should be given back to the system
// now. By itself the runtime waits for the heap to grow to twice what it was,
// or for minutes.
func (s *spare) worthReleasing() bool {
	if s.letGo < maxLetGo || time.Since(s.released) < releasePeriod {
		return false
	}
	s.letGo, s.released, s.batches = 0, time.Now(), nil
	return true
}
