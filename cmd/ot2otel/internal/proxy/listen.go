package proxy

import (
	"errors"
	"net"
	"syscall"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/config"
	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/fault"
	"github.com/ot2otel/ot2otel/ingest"
	"github.com/ot2otel/ot2otel/internal/problem"
	"github.com/ot2otel/ot2otel/translate"
)

// An Address is one that the configuration asks for.
type Address struct {
	Name    string // "jaeger-compact", "admin"
	Key     string // what sets it in a file
	Network string // "udp" or "tcp"
	Host    string // with its port
}

// Addresses returns those that c asks for.
func Addresses(c *config.Config) (all []Address) {
	for _, p := range plans(c) {
		all = append(all, p.Address)
	}
	return all
}

// Free returns an error that has an id if a is not free to be bound.
func (a Address) Free() error {
	s, err := plan{Address: a}.bind()
	if err != nil {
		return err
	}
	return s.close()
}

// A plan is a listener that the configuration asks for.
type plan struct {
	Address
	// serve starts serving a socket that was bound for the plan.
	serve func(*Proxy, socket) stop
}

// plans returns what c asks for in the order of starting, which is the
// reverse of that of stopping: UDP has to stop last.
func plans(c *config.Config) (all []plan) {
	for _, address := range c.Admin.Addresses {
		all = append(all, plan{Address{adminName, "admin.addresses", "tcp", c.Bind(address)}, serveAdmin})
	}
	udp := func(name, key string, f translate.Format, u config.UDP) {
		if u.Enabled {
			all = append(all, plan{Address{name, key, "udp", c.Bind(u.Address)}, serveUDP(f, u)})
		}
	}
	udp(ingest.ListenerJaegerCompact, "jaeger.compact.address", translate.JaegerCompact, c.Jaeger.Compact)
	udp(ingest.ListenerJaegerBinary, "jaeger.binary.address", translate.JaegerBinary, c.Jaeger.Binary)
	if h := c.Jaeger.HTTP; h.Enabled {
		address := Address{ingest.ListenerJaegerHTTP, "jaeger.http.address", "tcp", c.Bind(h.Address)}
		all = append(all, plan{address, serveJaegerHTTP})
	}
	return all
}

const adminName = "admin"

// A socket is a plan whose address is bound.
type socket struct {
	plan
	packet *net.UDPConn // for udp
	stream net.Listener // for tcp
}

func (s socket) addr() net.Addr {
	if s.packet != nil {
		return s.packet.LocalAddr()
	}
	return s.stream.Addr()
}

func (s socket) close() error {
	if s.packet != nil {
		return s.packet.Close()
	}
	return s.stream.Close()
}

type sockets []socket

// split separates the admin ports from the rest.
func (all sockets) split() (admins, rest []socket) {
	for _, s := range all {
		if s.Name == adminName {
			admins = append(admins, s)
		} else {
			rest = append(rest, s)
		}
	}
	return admins, rest
}

// bind binds all plans, or none.
func bind(plans []plan) (sockets, error) {
	var all sockets
	var errs []error
	for _, p := range plans {
		s, err := p.bind()
		if err != nil {
			errs = append(errs, err)
			continue
		}
		all = append(all, s)
	}
	if errs == nil {
		return all, nil
	}
	for _, s := range all {
		errs = append(errs, s.close())
	}
	return nil, errors.Join(errs...)
}

func (p plan) bind() (s socket, err error) {
	s.plan = p
	if p.Network == "tcp" {
		s.stream, err = net.Listen(p.Network, p.Host)
	} else {
		var conn net.PacketConn
		conn, err = net.ListenPacket(p.Network, p.Host)
		s.packet, _ = conn.(*net.UDPConn)
	}
	if err != nil {
		err = fault.Errorf(bindProblem(err), "%s: %w", p.Key, err)
	}
	return s, err
}

func bindProblem(err error) problem.Problem {
	if errors.Is(err, syscall.EADDRINUSE) {
		return problemPort
	}
	return problemBind
}
