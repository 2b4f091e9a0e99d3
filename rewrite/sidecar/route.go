package sidecar

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// A target is where a request goes.
type target struct {
	scheme string
	host   string // with a port where one was given
	rename bool   // Host becomes host
	pool   *pool
}

// fixed sends everything to t.
func fixed(t target) func(*http.Request) (target, error) {
	return func(*http.Request) (target, error) { return t, nil }
}

// A forward sends requests where they say.
type forward struct {
	plain *pool
	named map[string]target // by host name
}

func (f *forward) add(u Upstream, p *pool) error {
	if err := u.check(); err != nil {
		return err
	}
	name := strings.ToLower(u.Name)
	if name == "" {
		return fmt.Errorf("upstream %s: no name", u.URL)
	}
	if _, twice := f.named[name]; twice {
		return fmt.Errorf("upstream %q: named twice", u.Name)
	}
	f.named[name] = u.target(p)
	return nil
}

// route goes by the destination of the CONNECT around the request, by its
// absolute form, or by Host.
func (f *forward) route(r *http.Request) (target, error) {
	t := target{scheme: "http", host: destination(r.Context()), pool: f.plain}
	switch {
	case t.host != "":
	case r.URL.Host != "":
		t.scheme, t.host = r.URL.Scheme, r.URL.Host
	default:
		t.host = r.Host
	}
	if len(f.named) > 0 {
		if u, ok := f.named[hostname(t.host)]; ok {
			return u, nil
		}
	}
	if t.host == "" {
		return t, errors.New("the request names no host")
	}
	if t.scheme != "http" && t.scheme != "https" {
		return t, fmt.Errorf("scheme %q: want http or https", t.scheme)
	}
	return t, nil
}

// address makes out go to t.
func (t *target) address(out *http.Request) {
	out.URL.Scheme, out.URL.Host = t.scheme, t.host
	if t.rename {
		out.Host = t.host
	}
}

// hostname returns a host in lower case without its port.
func hostname(host string) string {
	u := url.URL{Host: host}
	return strings.ToLower(u.Hostname())
}

// address returns the address part of "address:port", the zero Addr if there is none.
func address(hostport string) netip.Addr {
	a, _ := netip.ParseAddrPort(hostport)
	return a.Addr()
}

func checkAddress(what, address string) error {
	if host, port, err := net.SplitHostPort(address); err != nil || host == "" || port == "" {
		return fmt.Errorf("%s %q: want host:port", what, address)
	}
	return nil
}
