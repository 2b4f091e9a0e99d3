package sidecar

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// A tunnel is the connection of a client after its CONNECT.
type tunnel struct {
	net.Conn
	r  *bufio.Reader
	to string // host:port
}

// Read implements net.Conn.
func (t *tunnel) Read(b []byte) (int, error) { return t.r.Read(b) }

// connect takes a client's connection to some host. Plain HTTP in it is served
// as if the client had come with it; anything else passes through.
func (p *Proxy) connect(w http.ResponseWriter, r *http.Request) {
	if p.tunnels == nil || destination(r.Context()) != "" || r.ProtoMajor != 1 {
		p.refuse(w, r, failConnect, errors.New("CONNECT is not taken here"))
		return
	}
	t, err := accept(w, r.Host)
	if err != nil {
		p.Log.Debug("CONNECT not taken", "peer", r.RemoteAddr, "host", r.Host, "error", err)
		return
	}
	kind := t.listen(p.Limits.Silence)
	p.Metrics.tunnel(kind)
	if kind == tunnelHTTP {
		p.tunnels.offer(t)
		return
	}
	if kind == tunnelTLS && p.warnings.allow() {
		p.Log.Info(problemTunnel.Summary, "id", problemTunnel.ID, "host", t.to)
	}
	p.pass(t)
}

// accept answers a CONNECT and takes over the connection.
func accept(w http.ResponseWriter, host string) (*tunnel, error) {
	c, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return nil, err
	}
	if _, err = io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n"); err != nil {
		c.Close()
		return nil, err
	}
	head, _ := buffered.Peek(buffered.Reader.Buffered())
	r := io.MultiReader(bytes.NewReader(bytes.Clone(head)), c)
	return &tunnel{Conn: c, r: bufio.NewReader(r), to: host}, nil
}

// What a tunnel holds, by the names it has in metrics.
const (
	tunnelHTTP   = "http"
	tunnelTLS    = "tls"
	tunnelSilent = "silent" // the server speaks first
	tunnelOther  = "other"
)

// listen waits for what the client says first.
func (t *tunnel) listen(wait time.Duration) (kind string) {
	_ = t.SetReadDeadline(time.Now().Add(wait))
	head, _ := t.r.Peek(len("GET / HTTP/1.1\r\n"))
	_ = t.SetReadDeadline(time.Time{})
	switch {
	case len(head) == 0:
		return tunnelSilent
	case head[0] == 0x16: // the handshake record of TLS
		return tunnelTLS
	case isRequest(string(head)):
		return tunnelHTTP
	}
	return tunnelOther
}

// isRequest reports whether head looks like the beginning of a request of
// HTTP/1, or of the preface of HTTP/2, which was made to look like one.
func isRequest(head string) bool {
	method, rest, _ := strings.Cut(head, " ")
	if strings.Trim(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-") != "" || method == "" {
		return false
	}
	return strings.HasPrefix(rest, "/") || strings.HasPrefix(rest, "*") || strings.HasPrefix(rest, "http")
}

// pass copies both ways until both are done.
func (p *Proxy) pass(t *tunnel) {
	defer t.Close()
	server, err := p.dialer.DialContext(p.ctx, "tcp", t.to)
	if err != nil {
		p.Metrics.fail(p.leg, failUpstream)
		p.Log.Debug("CONNECT leads nowhere", "host", t.to, "error", err)
		return
	}
	defer server.Close()
	stop := context.AfterFunc(p.ctx, func() {
		t.Close()
		server.Close()
	})
	defer stop()
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = io.Copy(server, t.r)
		closeWrite(server)
	}()
	_, _ = io.Copy(t.Conn, server)
	closeWrite(t.Conn)
	<-done
}

// closeWrite tells the other end that nothing more comes.
func closeWrite(c net.Conn) {
	if half, ok := c.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
}
