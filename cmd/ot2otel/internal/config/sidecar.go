package config

import (
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/fault"
	"github.com/ot2otel/ot2otel/rewrite"
)

// Sidecar says how the trace headers of one app are rewritten, and where its
// requests come past.
type Sidecar struct {
	// Inbound are the ports in front of the app.
	Inbound []Inbound
	// Outbound are the addresses of the forward proxy for the app's own requests.
	Outbound []string
	// Upstreams are what the app reaches in plaintext as far as the sidecar.
	Upstreams []Upstream
	// ExtProc is the address of the external processor for Envoy; empty: none.
	ExtProc string
	// UpstreamCA names a PEM file of those who may sign the upstreams'
	// certificates; empty: the system's.
	UpstreamCA string
	Headers    Headers
	Memory     rewrite.MemoryConfig
	// MemoryFile keeps trace ids from one run to the next; empty: nothing does.
	MemoryFile string
	// Service is the service.name of the sidecar's own spans.
	Service string
}

// Enabled reports whether there is anything for a sidecar to listen at.
func (s *Sidecar) Enabled() bool { return len(s.Listeners()) > 0 }

// Listeners returns the addresses as they were written, those of the inbound leg first.
func (s *Sidecar) Listeners() (all []string) {
	for _, in := range s.Inbound {
		all = append(all, in.Address)
	}
	all = append(all, s.Outbound...)
	for _, u := range s.Upstreams {
		if u.Address != "" {
			all = append(all, u.Address)
		}
	}
	if s.ExtProc != "" {
		all = append(all, s.ExtProc)
	}
	return all
}

// BindLocal completes the address of a listener that is for the app alone: where
// it names no host, that is the loopback interface, whatever ListenHost says. A
// forward proxy that everyone can reach goes wherever everyone wants.
func BindLocal(address string) string { return join(loopback, address) }

const loopback = "127.0.0.1"

// An Inbound is a port in front of the app.
type Inbound struct {
	Address string // where requests come in
	App     string // host and port of the app
}

// inbounds is a list of address=app.
func inbounds(at *[]Inbound) Value {
	return listOf(at, parseInbound, func(in Inbound) string { return in.Address + "=" + in.App })
}

func parseInbound(s string) (Inbound, error) {
	address, app, ok := strings.Cut(s, "=")
	if !ok || checkAddress(address) != nil || checkAddress(app) != nil {
		return Inbound{}, fmt.Errorf("%q is not ADDRESS=APP such as :8080=127.0.0.1:3000", s)
	}
	return Inbound{address, join(loopback, app)}, nil
}

// An Upstream is a service that the sidecar speaks TLS with for the app.
type Upstream struct {
	// Name is the host that the app asks the outbound port for; empty if the
	// upstream has an Address of its own.
	Name    string
	Address string
	URL     *url.URL
}

// upstreams is a list of name=URL and address=URL.
func upstreams(at *[]Upstream) Value {
	return listOf(at, parseUpstream, func(u Upstream) string { return u.Name + u.Address + "=" + u.URL.String() })
}

func parseUpstream(s string) (u Upstream, err error) {
	place, target, ok := strings.Cut(s, "=")
	if u.URL, err = url.Parse(target); !ok || place == "" || err != nil || !isOrigin(u.URL) {
		return u, fmt.Errorf("%q is not NAME=URL such as payments=https://payments.example, or ADDRESS=URL such as :9001=https://payments.example", s)
	}
	if !strings.Contains(place, ":") {
		u.Name = place
		return u, nil
	}
	u.Address = place
	return u, checkAddress(place)
}

// isOrigin reports whether u is a scheme and a host and nothing else.
func isOrigin(u *url.URL) bool {
	return (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" &&
		strings.Trim(u.Path, "/") == "" && u.RawQuery == "" && u.User == nil
}

// check finds what is wrong with the sidecar as a whole.
func (s *Sidecar) check() (errs []error) {
	names := map[string]bool{}
	for _, u := range s.Upstreams {
		name := strings.ToLower(u.Name)
		switch {
		case name != "" && names[name]:
			errs = append(errs, fault.Errorf(problemSidecar, "sidecar.upstreams: %q stands twice", u.Name))
		case name != "" && len(s.Outbound) == 0:
			errs = append(errs, fault.Errorf(problemSidecar, "sidecar.upstreams: %q is a name to ask the outbound port for, and there is none: set sidecar.outbound, or give the upstream a port of its own", u.Name))
		}
		names[name] = true
	}
	if _, err := s.Headers.Rewriter(nil); err != nil {
		errs = append(errs, fault.Errorf(problemSidecar, "sidecar: %w", err))
	}
	if s.ExtProc != "" && s.Headers.Spans != rewrite.SpansNone {
		errs = append(errs, fault.Errorf(problemSidecar, "sidecar.spans: no spans are made of the requests that Envoy passes on: with sidecar.ext_proc it has to be none"))
	}
	return append(errs, s.sameApp()...)
}

// sameApp finds an app that is the sidecar's own port.
func (s *Sidecar) sameApp() (errs []error) {
	for _, in := range s.Inbound {
		_, port, _ := net.SplitHostPort(join(loopback, in.Address))
		host, app, _ := net.SplitHostPort(in.App)
		if port == app && port != "0" && (host == loopback || host == "localhost") {
			errs = append(errs, fault.Errorf(problemSidecar, "sidecar.inbound: the app of %s is at the port that the sidecar listens at", in.Address))
		}
	}
	return errs
}
