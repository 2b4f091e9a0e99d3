package ingest

import (
	"log/slog"
	"sync"
	"time"

	"github.com/ot2otel/ot2otel/internal/problem"
)

// A reporter warns of what goes wrong at one listener, of each kind of thing
// at most once in reportEvery: a flood of bad packets must not become a flood
// of log lines. The metrics have the numbers.
type reporter struct {
	log *slog.Logger

	mu   sync.Mutex
	next map[string]time.Time // when a kind may be reported again
}

const reportEvery = time.Minute

func newReporter(log *slog.Logger, listener string) *reporter {
	return &reporter{log: log.With("listener", listener), next: make(map[string]time.Time)}
}

// refusal reports a payload that peer sent in vain. The kinds are the reasons.
func (r *reporter) refusal(no *refusal, peer any) {
	if !r.due(no.reason) {
		return
	}
	args := []any{"reason", no.reason, "peer", peer, "error", no.err}
	if no.stack != "" {
		args = append(args, "stack", no.stack)
	}
	r.warn(problemOf(no.reason), args...)
}

func (r *reporter) warn(p problem.Problem, args ...any) {
	r.log.With("id", p.ID).Warn(p.Summary, args...)
}

// due reports whether a kind may be reported now, and notes that it was. The
// kinds are few and fixed.
func (r *reporter) due(kind string) bool {
	now := time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	if now.Before(r.next[kind]) {
		return false
	}
	r.next[kind] = now.Add(reportEvery)
	return true
}
