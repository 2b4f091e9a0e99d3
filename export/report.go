package export

import (
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ot2otel/ot2otel/internal/problem"
)

// A reporter logs what goes wrong at one destination: of each problem the
// first time, then at most once a minute what came since.
type reporter struct {
	log *slog.Logger

	mu       sync.Mutex
	episodes map[string]*episode // by problem id
}

// An episode is a problem that goes on, or comes and goes.
type episode struct {
	problem problem.Problem
	since   time.Time // when it came, or came back
	logged  time.Time // when there was a line about it
	open    bool      // the last line said that there is a problem
	times   int       // not logged yet
	spans   int       // not logged yet
	last    error
}

// summaryInterval is the least time between two lines about one problem.
const summaryInterval = time.Minute

func newReporter(log *slog.Logger) *reporter {
	return &reporter{log: log, episodes: map[string]*episode{}}
}

// warn reports a problem with a number of spans. cause may be nil.
func (r *reporter) warn(p problem.Problem, spans int, cause error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := r.episodes[p.ID]
	if e == nil {
		e = &episode{problem: p}
		r.episodes[p.ID] = e
	}
	if e.times == 0 && !e.open {
		e.since = time.Now()
	}
	e.times++
	e.spans += spans
	e.last = cause
	if time.Since(e.logged) >= summaryInterval {
		r.write(e)
	}
}

func (r *reporter) write(e *episode) {
	attrs := []any{"id", e.problem.ID, "spans", e.spans}
	if e.last != nil {
		attrs = append(attrs, "error", e.last.Error())
	}
	if e.times > 1 {
		attrs = append(attrs, "times", e.times, "since", e.since.UTC().Truncate(time.Second))
	}
	r.log.Warn(e.problem.Summary, attrs...)
	e.logged, e.open, e.times, e.spans = time.Now(), true, 0, 0
}

// outage reports whether a problem is over once a request is taken.
func outage(id string) bool {
	return id == problemUnreachable.ID || id == problemBusy.ID || id == problemUnauthorized.ID || id == problemNoService.ID
}

// recovered reports the end of outages that there was a line about.
func (r *reporter) recovered() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for id, e := range r.episodes {
		if outage(id) && e.open {
			e.open = false
			r.log.Info("backend takes spans again", "id", id, "after", time.Since(e.since).Round(time.Millisecond).String())
		}
	}
}

// flush logs what has not been logged yet.
func (r *reporter) flush() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range r.sorted() {
		if e.times > 0 {
			r.write(e)
		}
	}
}

func (r *reporter) sorted() []*episode {
	var all []*episode
	for _, e := range r.episodes {
		all = append(all, e)
	}
	slices.SortFunc(all, func(a, b *episode) int { return strings.Compare(a.problem.ID, b.problem.ID) })
	return all
}

// problem returns the documented problem behind f.
func (f *Failure) problem() problem.Problem {
	switch {
	case f.Verdict == TooLarge:
		return problemTooLarge
	case f.Verdict == Refused:
		return problemRefused
	case f.Verdict == Held && slices.Contains([]string{"404", "UNIMPLEMENTED"}, f.Status):
		return problemNoService
	case f.Verdict == Held:
		return problemUnauthorized
	case f.Asked == 0 && slices.Contains([]string{noAnswer, "UNAVAILABLE", "DEADLINE_EXCEEDED"}, f.Status):
		return problemUnreachable
	}
	return problemBusy
}
