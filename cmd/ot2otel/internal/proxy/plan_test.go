package proxy

import (
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/config"
	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/fault"
	"github.com/ot2otel/ot2otel/export"
	"github.com/ot2otel/ot2otel/ingest"
)

// lonely is a loopback address at which nobody listens but this package's tests.
const lonely = "127.77.0.1"

// standardOTLP is anyPorts, but with OTLP listeners at the addresses that
// nobody has chosen, of a host that has them free.
func standardOTLP(t *testing.T) config.Config {
	t.Helper()
	c := anyPorts(t)
	c.ListenHost = lonely
	c.OTLP.GRPC.Address, c.OTLP.HTTP.Address = ":4317", ":4318"
	for _, a := range []string{":4317", ":4318"} {
		if err := (Address{Network: "tcp", Host: lonely + a}).Free(); err != nil {
			t.Skipf("this machine has no free %s%s: %v", lonely, a, err)
		}
	}
	return c
}

// A taken port that nobody has chosen costs one listener; a chosen one is an error.
func TestOTLPGivesWayToAPortInUse(t *testing.T) {
	c := standardOTLP(t)
	taken, err := net.Listen("tcp", lonely+":4317")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	p := start(t, c, &counter{})
	expectGivesWay(t, p, "otlp.grpc.address: listen tcp "+lonely+":4317", ingest.ListenerOTLPGRPC, ingest.ListenerOTLPHTTP)
	if err := p.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}

	c.OTLP.GRPC.Address = taken.Addr().String()
	_, err = Start(c, Options{Log: slog.New(slog.DiscardHandler), Console: io.Discard})
	if strings.Join(fault.IDs(err), " ") != problemPort.ID {
		t.Errorf("a port that was chosen and is taken: %v", err)
	}
}

// Where a destination is, the proxy does not listen, even if the destination is
// down: it would send to itself.
func TestOTLPGivesWayToADestination(t *testing.T) {
	c := standardOTLP(t)
	c.Destinations = []export.Config{{Name: "backend", Endpoint: "http://" + lonely + ":4318"}}
	p := start(t, c, nil)
	expectGivesWay(t, p, "otlp.http.address: "+lonely+":4318 is where destination backend sends to", ingest.ListenerOTLPHTTP, ingest.ListenerOTLPGRPC)
	if err := p.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func expectGivesWay(t *testing.T, p *Proxy, note, absent, present string) {
	t.Helper()
	if notes := p.Notes(); len(notes) != 1 || fault.IDs(notes[0])[0] != problemGivesWay.ID || !strings.Contains(notes[0].Error(), note) {
		t.Errorf("notes are %v, want one that says %q", notes, note)
	}
	names := map[string]bool{}
	for _, l := range p.Listeners() {
		names[l.Name] = true
	}
	if names[absent] || !names[present] {
		t.Errorf("listeners are %v, without %s", names, absent)
	}
}
