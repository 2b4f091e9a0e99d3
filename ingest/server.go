package ingest

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"

	"golang.org/x/net/netutil"
)

// A Server serves one HTTP handler within Limits, all but Age.
type Server struct {
	http        http.Server
	connections int
}

// NewServer returns a Server for h. What clients do wrong below HTTP goes to log at level debug.
func NewServer(h http.Handler, limits Limits, log *slog.Logger) *Server {
	limits = limits.withDefaults()
	return &Server{
		connections: limits.Connections,
		http: http.Server{
			Handler:           h,
			MaxHeaderBytes:    limits.HeaderBytes,
			ReadHeaderTimeout: limits.Header,
			ReadTimeout:       limits.Read,
			WriteTimeout:      limits.Write,
			IdleTimeout:       limits.Idle,
			ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
		},
	}
}

// NewH2CServer is NewServer for a handler that serves gRPC, too: its Server also
// speaks HTTP/2 without TLS.
func NewH2CServer(h http.Handler, limits Limits, log *slog.Logger) *Server {
	s := NewServer(h, limits, log)
	s.http.Protocols = new(http.Protocols)
	s.http.Protocols.SetHTTP1(true)
	s.http.Protocols.SetUnencryptedHTTP2(true)
	s.http.HTTP2 = &http.HTTP2Config{
		MaxConcurrentStreams: int(limits.withDefaults().Streams),
		SendPingTimeout:      probeEvery,
		PingTimeout:          probeAnswered,
	}
	return s
}

// Serve answers requests on ln, which it closes in the end. It returns nil after
// Shutdown, and otherwise what made it stop.
func (s *Server) Serve(ln net.Listener) error {
	err := s.http.Serve(netutil.LimitListener(ln, s.connections))
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// Shutdown takes no more requests and waits for those under way. When ctx ends
// it cuts them off and returns the context's error.
func (s *Server) Shutdown(ctx context.Context) error {
	err := s.http.Shutdown(ctx)
	if err != nil {
		s.http.Close()
	}
	return err
}
