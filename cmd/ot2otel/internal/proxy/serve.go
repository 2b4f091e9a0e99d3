package proxy

import (
	"context"
	"net/http"
	"time"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/admin"
	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/config"
	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/fault"
	"github.com/ot2otel/ot2otel/ingest"
	"github.com/ot2otel/ot2otel/translate"
)

// lastPackets is how long a UDP listener that is to stop still reads: what the
// kernel held when its clients were told to stop.
const lastPackets = 100 * time.Millisecond

// serveUDP serves packets of one format.
func serveUDP(f translate.Format, u config.UDP) func(*Proxy, socket) stop {
	return func(p *Proxy, s socket) stop {
		listener := &ingest.UDP{
			Listener: s.Name, Format: f, Intake: &p.intake,
			Readers: u.Readers, MaxPacket: u.MaxPacketBytes, ReceiveBuffer: orNegative(u.ReceiveBuffer),
		}
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			listener.Serve(s.packet)
		}()
		return func(context.Context) error {
			if err := s.packet.SetReadDeadline(time.Now().Add(lastPackets)); err != nil {
				return err
			}
			<-ended
			return s.packet.Close()
		}
	}
}

// serveJaegerHTTP serves batches that are posted.
func serveJaegerHTTP(p *Proxy, s socket) stop {
	c := p.config.Jaeger.HTTP
	in := p.intake
	in.Wait = orNegative(c.Wait)
	return p.serveHTTP(ingest.JaegerHTTP(&in, c.Limits), c.Limits, s)
}

// serveAdmin serves health and metrics.
func serveAdmin(p *Proxy, s socket) stop {
	return p.serveHTTP(admin.Handler(p.registry, p.status), ingest.Limits{Connections: 64}, s)
}

func (p *Proxy) serveHTTP(h http.Handler, limits ingest.Limits, s socket) stop {
	server := ingest.NewServer(h, limits, p.log)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := server.Serve(s.stream); err != nil {
			p.fail(fault.Errorf(problemServe, "%s at %s: %w", s.Name, s.addr(), err))
		}
	}()
	return func(ctx context.Context) error {
		err := server.Shutdown(ctx)
		<-ended
		return err
	}
}

// orNegative turns a zero that means none into what package ingest takes for
// that; its own zeros mean a default.
func orNegative[T int | time.Duration](v T) T {
	if v == 0 {
		return -1
	}
	return v
}
