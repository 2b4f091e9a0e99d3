package proxy

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/config"
	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/fault"
	"github.com/ot2otel/ot2otel/rewrite"
	"github.com/ot2otel/ot2otel/rewrite/extproc"
	"github.com/ot2otel/ot2otel/rewrite/sidecar"
)

// Names of the sidecar's listeners.
const (
	sidecarInbound  = "sidecar-inbound"
	sidecarOutbound = "sidecar-outbound"
	sidecarUpstream = "sidecar-upstream"
	sidecarExtProc  = "sidecar-ext-proc"
)

// A bridge is what rewrites the headers of one app. Its memory is also what
// completes the trace ids of the spans that the app reports.
type bridge struct {
	memory   *rewrite.Memory
	rewriter *rewrite.Rewriter
	recorder *sidecar.Recorder // nil: the sidecar makes no spans
	servers  []server          // in the order of sidecarPlans
}

// sidecarPlans are the sidecar's ports. They start last and stop first: the
// spans of the last requests are still to come.
func sidecarPlans(c *config.Config) (all []plan) {
	add := func(name, key, host string) {
		all = append(all, plan{Address{Name: name, Key: key, Network: "tcp", Host: host}, serveSidecar(len(all))})
	}
	for _, in := range c.Sidecar.Inbound {
		add(sidecarInbound, "sidecar.inbound", c.Bind(in.Address))
	}
	for _, address := range c.Sidecar.Outbound {
		add(sidecarOutbound, "sidecar.outbound", config.BindLocal(address))
	}
	for _, u := range c.Sidecar.Upstreams {
		if u.Address != "" {
			add(sidecarUpstream, "sidecar.upstreams", config.BindLocal(u.Address))
		}
	}
	if address := c.Sidecar.ExtProc; address != "" {
		add(sidecarExtProc, "sidecar.ext_proc", config.BindLocal(address))
	}
	return all
}

// serveSidecar serves the requests that pass port i of sidecarPlans.
func serveSidecar(i int) func(*Proxy, socket) stop {
	return func(p *Proxy, s socket) stop {
		end := p.serveServer(p.bridge.servers[i], s)
		return func(ctx context.Context) error {
			ctx, cancel := halfOf(ctx)
			defer cancel()
			err := end(ctx)
			if errors.Is(err, context.DeadlineExceeded) {
				p.log.Info("requests under way were cut off", "listener", s.Name)
				return nil
			}
			return err
		}
	}
}

// halfOf ends when half of the time that ctx has left is over: long requests
// must not take the time that the queues need to drain.
func halfOf(ctx context.Context) (context.Context, context.CancelFunc) {
	end, ok := ctx.Deadline()
	if !ok {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, time.Until(end)/2)
}

// newBridge makes what the configuration asks for, but serves nothing yet; nil
// if that is nothing.
func (p *Proxy) newBridge() (*bridge, error) {
	c := &p.config.Sidecar
	if !c.Enabled() {
		return nil, nil
	}
	b := &bridge{memory: rewrite.NewMemory(c.Memory)}
	roots, err := readRoots(c.UpstreamCA)
	if err == nil {
		b.rewriter, err = c.Headers.Rewriter(b.memory)
	}
	if err != nil {
		return nil, fault.Errorf(problemSidecar, "sidecar: %w", err)
	}
	o := sidecar.Options{Rewriter: b.rewriter, Metrics: sidecar.NewMetrics(p.registry, b.memory), Log: p.log}
	if c.Headers.Spans != rewrite.SpansNone {
		b.recorder = sidecar.NewRecorder(p.fanout, c.Service, o.Metrics)
		o.Recorder = b.recorder
	}
	if b.servers, err = sidecarServers(c, roots, o); err != nil {
		b.close()
		return nil, fault.Errorf(problemSidecar, "sidecar: %w", err)
	}
	return b, nil
}

// close ends what newBridge has started. It does nothing without a bridge.
func (b *bridge) close() {
	if b != nil && b.recorder != nil {
		b.recorder.Close()
	}
}

// sidecarServers returns one server for each of sidecarPlans.
func sidecarServers(c *config.Sidecar, roots *x509.CertPool, o sidecar.Options) (all []server, err error) {
	var errs []error
	add := func(p *sidecar.Proxy, err error) {
		all, errs = append(all, p), append(errs, err)
	}
	var named, own []sidecar.Upstream
	for _, u := range c.Upstreams {
		up := sidecar.Upstream{Name: u.Name, URL: u.URL, TLS: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
		if u.Address == "" {
			named = append(named, up)
		} else {
			own = append(own, up)
		}
	}
	for _, in := range c.Inbound {
		add(sidecar.NewInbound(in.App, o))
	}
	for range c.Outbound {
		add(sidecar.NewOutbound(named, o))
	}
	for _, u := range own {
		add(sidecar.NewUpstream(u, o))
	}
	if c.ExtProc != "" {
		all = append(all, extproc.New(o.Rewriter, o.Metrics.Count))
	}
	return all, errors.Join(errs...)
}

// readRoots reads who may sign certificates; nil, which is those of the
// system, for no name.
func readRoots(name string) (*x509.CertPool, error) {
	if name == "" {
		return nil, nil
	}
	content, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(content) {
		return nil, errors.New("sidecar.upstream_ca_file: " + name + " has no certificates in PEM")
	}
	return roots, nil
}

// bindWithBridge makes the bridge and binds all addresses, or does nothing.
func (p *Proxy) bindWithBridge() (bound sockets, err error) {
	if p.bridge, err = p.newBridge(); err != nil {
		return nil, err
	}
	if bound, err = p.bind(); err != nil {
		p.bridge.close()
		return nil, err
	}
	if b := p.bridge; b != nil {
		p.intake.Translate.Memory = b.memory
		p.intake.Sink = newLearner(p.fanout, b.rewriter, p.config.Mapping.Prefix)
	}
	return bound, nil
}

// startBridge reads the memory's file. What it adds to the stops comes after
// the sidecar's ports are closed, and before the queues drain.
func (p *Proxy) startBridge() {
	if p.bridge == nil {
		return
	}
	p.loadMemory()
	p.stops = append(p.stops, func(context.Context) error {
		p.bridge.close()
		p.saveMemory()
		return nil
	})
}

// loadMemory takes in the trace ids of an earlier run. A request is worth more
// than what it is remembered by: no file stops the proxy.
func (p *Proxy) loadMemory() {
	name := p.config.Sidecar.MemoryFile
	if name == "" {
		return
	}
	f, err := os.Open(name)
	if err == nil {
		err = p.bridge.memory.Import(f)
		f.Close()
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		p.warnMemory("read", err)
	}
}

// saveMemory leaves the file whole or as it was.
func (p *Proxy) saveMemory() {
	name := p.config.Sidecar.MemoryFile
	if name == "" {
		return
	}
	if err := p.bridge.save(name); err != nil {
		p.warnMemory("written", err)
	}
}

func (b *bridge) save(name string) error {
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	err = errors.Join(b.memory.Export(f), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		err = errors.Join(err, os.Remove(f.Name()))
	}
	return err
}

func (p *Proxy) warnMemory(done string, err error) {
	p.log.Warn("sidecar.memory.file cannot be "+done, "id", problemMemory.ID, "error", err)
}
