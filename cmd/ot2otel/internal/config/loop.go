package config

import (
	"cmp"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/fault"
	"github.com/ot2otel/ot2otel/export"
)

// GivesWay reports whether an OTLP listener at address does without it if
// something else is there: nobody has chosen the address, and on many machines
// it is the backend's.
func (c *Config) GivesWay(address string) bool {
	return address == otlpGRPCAddress || address == otlpHTTPAddress
}

// DestinationAt returns the name of a destination whose endpoint is what a
// listener at address would answer.
func (c *Config) DestinationAt(address string) (name string, ok bool) {
	for _, d := range c.Destinations {
		if at, _, known := Target(d); known && meets(c.Bind(address), at) {
			return d.Name, true
		}
	}
	return "", false
}

// loops finds destinations that are OTLP listeners of ours. One that gives way is not there.
func (c *Config) loops() (errs []error) {
	for _, l := range []struct {
		key string
		HTTP
	}{{"otlp.grpc.address", c.OTLP.GRPC}, {"otlp.http.address", c.OTLP.HTTP}} {
		if name, ok := c.DestinationAt(l.Address); ok && l.Enabled && !c.GivesWay(l.Address) {
			errs = append(errs, fault.Errorf(problemLoop, "%s: %s is where destination %s sends to", l.key, c.Bind(l.Address), name))
		}
	}
	return errs
}

// meets reports whether a connection to the address to ends at a listener
// bound to at. Names are not looked up, but for localhost.
func meets(at, to string) bool {
	ours, port, err := net.SplitHostPort(at)
	theirs, toPort, toErr := net.SplitHostPort(to)
	if err != nil || toErr != nil || port != toPort || port == "0" {
		return false
	}
	host, target := hostAddr(ours), hostAddr(theirs)
	switch {
	case !host.IsValid() || !target.IsValid():
		return strings.EqualFold(ours, theirs)
	case host.IsUnspecified():
		return (host.Is6() || target.Is4()) && isHere(target) // :: takes both
	}
	return host == target
}

// isHere reports whether a is an address of this machine.
func isHere(a netip.Addr) bool {
	own, err := net.InterfaceAddrs()
	return a.IsLoopback() || a.IsUnspecified() || err == nil && slices.ContainsFunc(own, func(n net.Addr) bool {
		prefix, err := netip.ParsePrefix(n.String())
		return err == nil && prefix.Addr() == a
	})
}

// hostAddr is the address that a host is for sure; others are not valid.
func hostAddr(host string) netip.Addr {
	switch strings.ToLower(host) {
	case "":
		return netip.IPv4Unspecified()
	case "localhost":
		host = "127.0.0.1"
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Addr{}
	}
	return addr.Unmap()
}

// Target is the host and port behind the endpoint of a destination, and
// whether TLS is spoken there. It is not known for endpoints that gRPC resolves
// in ways of its own.
func Target(c export.Config) (address string, usesTLS, known bool) {
	endpoint := cmp.Or(c.TracesEndpoint, c.Endpoint)
	u, err := url.Parse(endpoint)
	switch {
	case err == nil && (u.Scheme == "http" || u.Scheme == "https"):
		port := cmp.Or(u.Port(), u.Scheme) // a name that net.Dial knows
		return net.JoinHostPort(u.Hostname(), port), u.Scheme == "https", true
	case strings.Contains(endpoint, "://"), strings.HasPrefix(endpoint, "unix:"), strings.HasPrefix(endpoint, "dns:"):
		return "", false, false
	case !strings.Contains(endpoint, ":"):
		endpoint += otlpGRPCAddress
	}
	return endpoint, !c.Insecure, true
}
