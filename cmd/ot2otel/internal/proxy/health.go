package proxy

import (
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/admin"
)

// highWater is how full the queue may be for the proxy to be ready: beyond it
// a burst may find no room. A backend that is down fills the queue sooner or
// later; until then it is none of readiness's business, or an outage of one
// backend would take all proxies out of service.
const highWater = 0.9

// health is since when the proxy takes spans.
type health struct{ since atomic.Pointer[time.Time] }

func (h *health) up(now time.Time) { h.since.Store(&now) }
func (h *health) down()            { h.since.Store(nil) }

// status is what the admin ports answer by.
func (p *Proxy) status() (s admin.Status) {
	if since := p.health.since.Load(); since != nil {
		s.UpSince = *since
	}
	if fill := p.fanout.Fill(); fill >= highWater {
		s.Busy = fmt.Sprintf("the queue is %.0f%% full", 100*fill)
	}
	return s
}

// unwell says why the proxy takes no spans, to those who ask a Zipkin server.
func (p *Proxy) unwell() error {
	switch s := p.status(); {
	case s.UpSince.IsZero():
		return errors.New("not up")
	case s.Busy != "":
		return errors.New(s.Busy)
	}
	return nil
}
