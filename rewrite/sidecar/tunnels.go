package sidecar

import (
	"context"
	"net"
	"sync"
)

// tunnels is a net.Listener of tunnels that hold HTTP.
type tunnels struct {
	once  sync.Once // the server listens
	conns chan net.Conn
	done  chan struct{}
	close sync.Once
}

func newTunnels() *tunnels {
	return &tunnels{conns: make(chan net.Conn), done: make(chan struct{})}
}

func (l *tunnels) offer(t *tunnel) {
	select {
	case l.conns <- t:
	case <-l.done:
		t.Close()
	}
}

// Accept implements net.Listener.
func (l *tunnels) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (l *tunnels) Close() error {
	l.close.Do(func() { close(l.done) })
	return nil
}

// Addr implements net.Listener.
func (l *tunnels) Addr() net.Addr { return &net.TCPAddr{} }

type destinationKey struct{}

// withDestination is the http.Server's ConnContext: requests in a tunnel know where it leads.
func withDestination(ctx context.Context, c net.Conn) context.Context {
	if t, ok := c.(*tunnel); ok {
		return context.WithValue(ctx, destinationKey{}, t.to)
	}
	return ctx
}

// destination returns where the tunnel leads that a request is in; empty: it is in none.
func destination(ctx context.Context) string {
	to, _ := ctx.Value(destinationKey{}).(string)
	return to
}
