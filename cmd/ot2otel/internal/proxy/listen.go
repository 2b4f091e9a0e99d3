package proxy

import (
	"errors"
	"net"
	"syscall"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/config"
	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/fault"
	"github.com/ot2otel/ot2otel/internal/problem"
)

// An Address is one that the configuration asks for.
type Address struct {
	Name    string // "jaeger-compact", "admin"
	Key     string // what sets it in a file
	Network string // "udp" or "tcp"
	Host    string // with its port
	// Optional says that the proxy does without the listener where the address is in use.
	Optional bool
}

// Addresses returns those that c asks for, and says which listeners it goes without.
func Addresses(c *config.Config) (all []Address, notes []error) {
	plans, notes := plans(c)
	for _, p := range plans {
		all = append(all, p.Address)
	}
	return all, notes
}

// Free returns an error that has an id if a is not free to be bound.
func (a Address) Free() error {
	s, err := plan{Address: a}.bind()
	if err != nil {
		return err
	}
	return s.close()
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

// bind binds all plans, or none, and says which optional ones it could not.
func bind(plans []plan) (all sockets, notes []error, err error) {
	var errs []error
	for _, p := range plans {
		s, err := p.bind()
		switch {
		case err == nil:
			all = append(all, s)
		case p.Optional && errors.Is(err, syscall.EADDRINUSE):
			notes = append(notes, err)
		default:
			errs = append(errs, err)
		}
	}
	if errs == nil {
		return all, notes, nil
	}
	for _, s := range all {
		errs = append(errs, s.close())
	}
	return nil, nil, errors.Join(errs...)
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
		err = fault.Errorf(p.problem(err), "%s: %w", p.Key, err)
	}
	return s, err
}

// problem is what it means that the address could not be bound.
func (a Address) problem(err error) problem.Problem {
	switch {
	case !errors.Is(err, syscall.EADDRINUSE):
		return problemBind
	case a.Optional:
		return problemGivesWay
	}
	return problemPort
}
