package sidecar

import (
	"cmp"
	"log/slog"
	"time"

	"github.com/ot2otel/ot2otel/rewrite"
)

// Options are what the proxies of one app share.
type Options struct {
	Rewriter *rewrite.Rewriter // must be set
	Metrics  *Metrics          // must be set
	Log      *slog.Logger      // must be set
	// Recorder takes the sidecar's own spans on the legs for which the Rewriter
	// makes them (rewrite.Config.Spans); nil: they are not exported.
	Recorder *Recorder
	Limits   Limits
}

// Limits bound what one peer can take. Zero values mean the defaults. None of
// them ends an exchange under way.
type Limits struct {
	HeaderBytes  int           // of all headers of a request; 1 MiB
	HeaderValues int           // of all headers of a request; 2,000
	Header       time.Duration // for the headers of a request to come in, once it has begun; 30 s
	// Idle is how long a client's connection may be idle; 11 minutes: load
	// balancers keep theirs for up to 10 and have to be the first to close.
	Idle time.Duration
	// UpstreamIdle is how long a connection to the app or to an upstream is kept
	// for the next request; 1.5 s: servers close idle ones after 2 s (gunicorn),
	// 5 s (Node.js) or more, and a request sent at that moment would be lost.
	UpstreamIdle time.Duration
	Dial         time.Duration // to connect to the app or to an upstream; 30 s
	// Silence is how long the client of a CONNECT may stay silent before the
	// proxy takes it for one of a protocol in which the server speaks first; 300 ms.
	Silence time.Duration
	Streams int // at once on one HTTP/2 connection; 10,000
}

func (l Limits) withDefaults() Limits {
	return Limits{
		HeaderBytes:  cmp.Or(l.HeaderBytes, 1<<20),
		HeaderValues: cmp.Or(l.HeaderValues, 2_000),
		Header:       cmp.Or(l.Header, 30*time.Second),
		Idle:         cmp.Or(l.Idle, 11*time.Minute),
		UpstreamIdle: cmp.Or(l.UpstreamIdle, 1500*time.Millisecond),
		Dial:         cmp.Or(l.Dial, 30*time.Second),
		Silence:      cmp.Or(l.Silence, 300*time.Millisecond),
		Streams:      cmp.Or(l.Streams, 10_000),
	}
}
