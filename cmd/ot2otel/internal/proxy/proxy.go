// Package proxy puts the parts together and in order: admin ports,
// destinations, listeners, ready; and takes them down in reverse.
package proxy

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/config"
	"github.com/ot2otel/ot2otel/export"
	"github.com/ot2otel/ot2otel/ingest"
	"github.com/ot2otel/ot2otel/internal/sharedspans"
	"github.com/ot2otel/ot2otel/translate"
)

// Options are what a Proxy needs beside its configuration.
type Options struct {
	// Build says which program this is, in metrics and in the User-Agent.
	Build Build
	// Log has warnings; it must not be nil.
	Log *slog.Logger
	// Console is where traces are drawn when no destination is configured.
	Console io.Writer
	Style   export.Style
	// Client takes the place of all destinations, if it is not nil.
	Client export.Client
}

// A Listener is an address where the proxy takes something.
type Listener struct {
	Name string   // "jaeger-compact", "admin"
	Key  string   // what sets its address in a file
	Addr net.Addr // as bound
}

// A Proxy runs from Start to Shutdown.
type Proxy struct {
	config    config.Config
	log       *slog.Logger
	registry  *prometheus.Registry
	fanout    export.Fanout
	intake    ingest.Intake
	bridge    *bridge // nil: there is no sidecar
	listeners []Listener
	notes     []error
	build     Build
	stops     []stop // in the order of starting
	failed    chan error
	health    health
}

// A stop ends one part of the proxy. It returns when that has ended, which is
// soon after ctx ends at the latest.
type stop func(ctx context.Context) error

// Start starts everything, or nothing and returns an error. It binds all
// addresses before it serves any, so that the error has all those that are in use.
func Start(c config.Config, o Options) (*Proxy, error) {
	p := &Proxy{config: c, log: o.Log, build: o.Build, registry: newRegistry(o.Build), failed: make(chan error, 1)}
	if err := p.destinations(o); err != nil {
		return nil, err
	}
	p.intake = ingest.Intake{Translate: remembering(c.Mapping), Sink: p.fanout, Metrics: ingest.NewMetrics(p.registry), Log: o.Log}
	bound, err := p.bindWithBridge()
	if err != nil {
		return nil, errors.Join(err, p.fanout.Drain(context.Background()))
	}
	admins, listeners := bound.split()
	p.serve(admins)
	p.send()
	p.startBridge()
	p.serve(listeners)
	p.health.up(time.Now())
	return p, nil
}

// remembering gives all translators one memory of the spans that have got ids
// of their own: parent and child may come through different listeners.
func remembering(c translate.Config) translate.Config {
	if !c.KeepSharedIDs {
		c.Shared = sharedspans.New(sharedspans.DefaultEntries, sharedspans.DefaultTTL)
	}
	return c
}

// bind binds all addresses that the configuration asks for, or none.
func (p *Proxy) bind() (sockets, error) {
	plans, given := plans(&p.config)
	bound, taken, err := bind(plans)
	p.notes = append(given, taken...)
	return bound, err
}

// serve starts listeners.
func (p *Proxy) serve(sockets []socket) {
	for _, s := range sockets {
		p.listeners = append(p.listeners, Listener{s.Name, s.Key, s.addr()})
		p.stops = append(p.stops, s.serve(p, s))
	}
}

// send starts the destinations.
func (p *Proxy) send() {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		p.fanout.Run(context.Background())
	}()
	p.stops = append(p.stops, func(ctx context.Context) error {
		err := p.fanout.Drain(ctx)
		<-ended
		return err
	})
}

// Listeners returns what the proxy listens at, admin ports first.
func (p *Proxy) Listeners() []Listener { return p.listeners }

// Notes are about listeners that the proxy does without.
func (p *Proxy) Notes() []error { return p.notes }

// Destinations returns the names of what it sends to.
func (p *Proxy) Destinations() (names []string) {
	for _, d := range p.fanout {
		names = append(names, d.Name())
	}
	return names
}

// Failed yields an error if a listener ends by itself.
func (p *Proxy) Failed() <-chan error { return p.failed }

// fail notes that a listener has ended by itself. Only the first counts.
func (p *Proxy) fail(err error) {
	select {
	case p.failed <- err:
	default:
	}
}

// Shutdown stops in the reverse order of starting: HTTP, UDP, then the queues
// are drained; the admin ports answer until the end. When ctx ends, what still
// waits is dropped, and the error says how much that was.
func (p *Proxy) Shutdown(ctx context.Context) error {
	p.health.down()
	var errs []error
	for i := len(p.stops) - 1; i >= 0; i-- {
		errs = append(errs, p.stops[i](ctx))
	}
	return errors.Join(errs...)
}
