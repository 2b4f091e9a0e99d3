package proxy

import (
	"context"
	"net"
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
	return p.serveHTTP(ingest.JaegerHTTP(p.waiting(c), c.Limits), c.Limits, s)
}

// serveJaegerGRPC serves batches of Jaeger's agent.
func serveJaegerGRPC(p *Proxy, s socket) stop {
	c := p.config.Jaeger.GRPC
	return p.serveServer(ingest.JaegerGRPC(p.waiting(c), c.Limits), s)
}

// serveZipkin serves what a Zipkin server takes, over HTTP and gRPC.
func serveZipkin(p *Proxy, s socket) stop {
	c := p.config.Zipkin.HTTP
	about := ingest.ZipkinAbout{Version: p.build.Version, Commit: p.build.Revision, Health: p.unwell}
	return p.serveServer(ingest.NewH2CServer(ingest.Zipkin(p.waiting(c), c.Limits, about), c.Limits, p.log), s)
}

// serveOTLPGRPC serves OTLP over gRPC.
func serveOTLPGRPC(p *Proxy, s socket) stop {
	c := p.config.OTLP.GRPC
	return p.serveServer(ingest.OTLPGRPC(p.waiting(c), c.Limits, p.otlp()), s)
}

// serveOTLPHTTP serves OTLP over HTTP.
func serveOTLPHTTP(p *Proxy, s socket) stop {
	c := p.config.OTLP.HTTP
	return p.serveHTTP(ingest.OTLPHTTP(p.waiting(c), c.Limits, p.otlp()), c.Limits, s)
}

func (p *Proxy) otlp() ingest.OTLP { return ingest.OTLP{Validate: p.config.OTLP.Validate} }

// waiting is the intake for requests that are held while the queue is full.
func (p *Proxy) waiting(c config.HTTP) *ingest.Intake {
	in := p.intake
	in.Wait = orNegative(c.Wait)
	return &in
}

// serveAdmin serves health and metrics.
func serveAdmin(p *Proxy, s socket) stop {
	return p.serveHTTP(admin.Handler(p.registry, p.status), ingest.Limits{Connections: 64}, s)
}

func (p *Proxy) serveHTTP(h http.Handler, limits ingest.Limits, s socket) stop {
	return p.serveServer(ingest.NewServer(h, limits, p.log), s)
}

// A server answers requests, of HTTP or gRPC.
type server interface {
	Serve(net.Listener) error
	Shutdown(context.Context) error
}

func (p *Proxy) serveServer(server server, s socket) stop {
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
