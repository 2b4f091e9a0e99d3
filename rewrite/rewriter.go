package rewrite

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"sync"
)

// A Rewriter rewrites the trace headers of one app's requests. It may be used
// by several goroutines at once.
type Rewriter struct {
	config  Config
	names   *names
	in, out leg
	learned learned
	jobs    sync.Pool
}

// New returns a Rewriter that follows c.
func New(c Config) (*Rewriter, error) {
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("rewrite: %w", err)
	}
	names, err := newNames(c.Names)
	if err != nil {
		return nil, fmt.Errorf("rewrite: %w", err)
	}
	if c.Rand == nil {
		c.Rand = rand.Uint64
	}
	r := &Rewriter{config: c, names: names}
	r.in, r.out = c.legs()
	r.jobs.New = func() any { return newJob(r) }
	return r, nil
}

// Inbound rewrites the headers of a request to the app, which came from peer:
// the app sees its own format only. The zero Addr is a peer that is not known.
//
// A request is never failed: whatever goes wrong is in the Result, and the
// headers are then as they came.
func (r *Rewriter) Inbound(c Carrier, peer netip.Addr) (res Result) {
	j := r.jobs.Get().(*job)
	defer j.end(&res)
	if !j.start(c, &r.in) {
		return res
	}
	if r.config.Trust.Allows(peer) {
		j.inbound()
	} else {
		j.strip(ReasonUntrusted, peer.String())
	}
	j.w.apply(c)
	return j.res
}

// Outbound rewrites the headers of a request of the app to host, which may have
// a port: what the app's tracer wrote is believed first, and what was lost on
// the way through the app comes back from memory. An empty host is one that is
// not known; it is taken for one that may receive trace headers.
//
// A request is never failed: whatever goes wrong is in the Result, and the
// headers are then as they came.
func (r *Rewriter) Outbound(c Carrier, host string) (res Result) {
	j := r.jobs.Get().(*job)
	defer j.end(&res)
	if !j.start(c, &r.out) {
		return res
	}
	if r.config.Egress.Allows(host) {
		j.outbound()
	} else {
		j.strip(ReasonEgress, host)
	}
	j.w.apply(c)
	return j.res
}
