package sidecar

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"sync"
)

// A dialer connects to anything but the proxy's own listeners. It compares
// addresses of connections, not names, so no alias leads around it.
type dialer struct {
	net.Dialer
	mu   sync.Mutex
	ours []netip.AddrPort
}

var errLoop = errors.New("the connection leads back to this proxy")

// avoid takes note of a listener of ours.
func (d *dialer) avoid(a net.Addr) {
	if tcp, ok := a.(*net.TCPAddr); ok {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.ours = append(d.ours, unmapped(tcp))
	}
}

// DialContext is that of net.Dialer, or fails with errLoop.
func (d *dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := d.Dialer.DialContext(ctx, network, address)
	if err == nil && d.leadsBack(c) {
		c.Close()
		return nil, errLoop
	}
	return c, err
}

// leadsBack reports whether c ends at one of our listeners. One that listens
// everywhere is met at any address of this host, where both ends are the same.
func (d *dialer) leadsBack(c net.Conn) bool {
	remote, ok := c.RemoteAddr().(*net.TCPAddr)
	local, ok2 := c.LocalAddr().(*net.TCPAddr)
	if !ok || !ok2 {
		return false
	}
	there, here := unmapped(remote), unmapped(local)
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, our := range d.ours {
		if our == there || our.Port() == there.Port() && our.Addr().IsUnspecified() && here.Addr() == there.Addr() {
			return true
		}
	}
	return false
}

func unmapped(a *net.TCPAddr) netip.AddrPort {
	p := a.AddrPort()
	return netip.AddrPortFrom(p.Addr().Unmap(), p.Port())
}
