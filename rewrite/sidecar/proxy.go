package sidecar

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"

	"github.com/ot2otel/ot2otel/rewrite"
)

// A Proxy passes requests on and rewrites their trace headers.
type Proxy struct {
	Options
	leg      leg
	route    func(*http.Request) (target, error)
	server   http.Server
	dialer   dialer
	pools    []*pool
	tunnels  *tunnels // nil: CONNECT is not taken
	warnings limiter

	ctx  context.Context // of all exchanges; ends when they are cut off
	cut  context.CancelFunc
	open sync.WaitGroup // exchanges, upgraded connections and tunnels
}

// NewInbound returns the reverse proxy in front of the app, which listens at
// address (host:port).
func NewInbound(address string, o Options) (*Proxy, error) {
	if err := checkAddress("app", address); err != nil {
		return nil, err
	}
	p := newProxy(inbound, o)
	p.route = fixed(target{scheme: "http", host: address, pool: p.newPool(nil)})
	return p, nil
}

// NewOutbound returns the forward proxy for the app's own requests. A request
// whose host is the name of one of upstreams goes there, any other to its host.
// A request in origin form goes where its Host says.
func NewOutbound(upstreams []Upstream, o Options) (*Proxy, error) {
	p := newProxy(outbound, o)
	p.tunnels = newTunnels()
	f := forward{plain: p.newPool(nil), named: make(map[string]target)}
	for _, u := range upstreams {
		if err := f.add(u, p.newPool(u.TLS)); err != nil {
			return nil, err
		}
	}
	p.route = f.route
	return p, nil
}

// NewUpstream returns a proxy that sends all of the app's requests to u.
func NewUpstream(u Upstream, o Options) (*Proxy, error) {
	if err := u.check(); err != nil {
		return nil, err
	}
	p := newProxy(outbound, o)
	p.route = fixed(u.target(p.newPool(u.TLS)))
	return p, nil
}

func newProxy(l leg, o Options) *Proxy {
	o.Limits = o.Limits.withDefaults()
	p := &Proxy{Options: o, leg: l}
	p.ctx, p.cut = context.WithCancel(context.Background())
	p.dialer.Timeout = o.Limits.Dial
	p.server = http.Server{
		Handler:                      p,
		DisableGeneralOptionsHandler: true,
		MaxHeaderBytes:               o.Limits.HeaderBytes,
		ReadHeaderTimeout:            o.Limits.Header,
		IdleTimeout:                  o.Limits.Idle,
		ErrorLog:                     slog.NewLogLogger(o.Log.Handler(), slog.LevelDebug),
		BaseContext:                  func(net.Listener) context.Context { return p.ctx },
		ConnContext:                  withDestination,
		Protocols:                    protocols((*http.Protocols).SetHTTP1, (*http.Protocols).SetUnencryptedHTTP2),
		HTTP2:                        &http.HTTP2Config{MaxConcurrentStreams: o.Limits.Streams},
	}
	return p
}

func (p *Proxy) newPool(tls *tlsConfig) *pool {
	pool := newPool(&p.dialer, tls, p.Limits)
	p.pools = append(p.pools, pool)
	return pool
}

// Serve answers requests on ln, which it closes in the end. It returns nil after
// Shutdown, and otherwise what made it stop. It may be called for several
// listeners.
func (p *Proxy) Serve(ln net.Listener) error {
	p.dialer.avoid(ln.Addr())
	if p.tunnels != nil {
		p.tunnels.once.Do(func() { go func() { _ = p.server.Serve(p.tunnels) }() })
	}
	if err := p.server.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Shutdown takes no more requests and waits for those under way, upgraded
// connections and tunnels too. When ctx ends it cuts them off and returns the
// context's error.
func (p *Proxy) Shutdown(ctx context.Context) error {
	defer p.cut()
	err := p.server.Shutdown(ctx)
	if p.tunnels != nil {
		_ = p.tunnels.Close()
	}
	done := make(chan struct{})
	go func() {
		p.open.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
		err = ctx.Err()
		p.cut()
		p.server.Close()
		<-done
	}
	for _, pool := range p.pools {
		pool.close()
	}
	return err
}

// ServeHTTP passes on one request, or a connection.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.open.Add(1)
	defer p.open.Done()
	if countValues(r.Header) > p.Limits.HeaderValues {
		p.refuse(w, r, failHeaders, errTooManyHeaders)
		return
	}
	if r.Method == http.MethodConnect {
		p.connect(w, r)
		return
	}
	to, err := p.route(r)
	if err != nil {
		p.refuse(w, r, failRoute, err)
		return
	}
	x := exchange{p: p, to: to}
	x.serve(w, r)
}

var errTooManyHeaders = errors.New("too many header fields")

func countValues(h http.Header) (n int) {
	for _, values := range h {
		n += len(values)
	}
	return n
}

// A leg is one of the two directions.
type leg uint8

const (
	inbound leg = iota
	outbound
)

func (l leg) String() string { return [...]string{"inbound", "outbound"}[l] }

// rewrite rewrites the headers of a request that came from peer and goes to host.
func (l leg) rewrite(r *rewrite.Rewriter, h http.Header, peer, host string) rewrite.Result {
	if l == inbound {
		return r.Inbound(rewrite.Header(h), address(peer))
	}
	return r.Outbound(rewrite.Header(h), host)
}
