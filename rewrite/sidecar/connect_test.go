package sidecar_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/ot2otel/ot2otel/rewrite"
	"github.com/ot2otel/ot2otel/rewrite/sidecar"
)

// dialThrough returns a dial function that asks proxy for a tunnel.
func dialThrough(proxy string) func(context.Context, string) (net.Conn, error) {
	return func(ctx context.Context, address string) (net.Conn, error) {
		c, err := new(net.Dialer).DialContext(ctx, "tcp", proxy)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(c, "CONNECT %s HTTP/1.1\r\nHost: %s\r\n\r\n", address, address)
		r := bufio.NewReader(c)
		res, err := http.ReadResponse(r, nil)
		if err == nil && (res.StatusCode != http.StatusOK || r.Buffered() != 0) {
			err = fmt.Errorf("CONNECT: %s, and %d bytes more", res.Status, r.Buffered())
		}
		if err != nil {
			c.Close()
			return nil, err
		}
		return c, nil
	}
}

// tunnelled returns a client of one protocol that makes its connections through proxy.
func tunnelled(t *testing.T, protocol, proxy string) *http.Client {
	c := client(t, protocol, "")
	c.Transport.(*http.Transport).DialContext = func(ctx context.Context, _, address string) (net.Conn, error) {
		return dialThrough(proxy)(ctx, address)
	}
	return c
}

// TestConnectPlain: requests inside CONNECT are rewritten, in both protocols,
// all those of one connection, and Host is the one inside.
func TestConnectPlain(t *testing.T) {
	for _, protocol := range bothProtocols {
		t.Run(protocol, func(t *testing.T) {
			app := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				fmt.Fprint(w, r.Proto, " ", r.Host, " ", r.Header.Get("Traceparent"))
			}))
			s := newSide(t, jaeger, "")
			c := tunnelled(t, protocol, s.out)
			for _, id := range []string{span, child} {
				_, got := get(t, c, "http://"+app+"/x", "uber-trace-id: "+full+":"+id+":0:1")
				want := map[string]string{"h1": "HTTP/1.1", "h2c": "HTTP/2.0"}[protocol] + " " + app + " " + traceparent(full, id)
				if got != want {
					t.Errorf("the server got %q, want %q", got, want)
				}
			}
			if got := s.metrics(t)["sidecar_tunnels_total http"]; got != 1 {
				t.Errorf("%v tunnels counted, want 1", got)
			}
		})
	}
}

// TestConnectTLS: what the app encrypts itself passes through and is counted.
func TestConnectTLS(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.Header.Get("Uber-Trace-Id"), r.Header.Get("Traceparent"))
	}))
	defer server.Close()
	s := newSide(t, jaeger, "")
	tr := server.Client().Transport.(*http.Transport)
	tr.Proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: s.out})
	defer tr.CloseIdleConnections()
	if status, got := get(t, server.Client(), server.URL, "uber-trace-id: 1:2:0:1"); status != 200 || got != "1:2:0:1" {
		t.Errorf("got %d %q", status, got)
	}
	if got := s.metrics(t)["sidecar_tunnels_total tls"]; got != 1 {
		t.Errorf("%v tunnels counted, want 1", got)
	}
}

// TestConnectOther: protocols other than HTTP work inside CONNECT, whoever
// speaks first, and one end can close before the other.
func TestConnectOther(t *testing.T) {
	for kind, words := range map[string][2]string{"silent": {"220 hello\n", ""}, "other": {"", "PING\r\nPING\r\nPING\r\n"}} {
		t.Run(kind, func(t *testing.T) {
			ln := listen(t)
			defer ln.Close()
			go func() {
				c, err := ln.Accept()
				if err != nil {
					return
				}
				defer c.Close()
				fmt.Fprint(c, words[0])
				_, _ = io.Copy(c, c) // until the client has closed its side
				fmt.Fprint(c, "bye")
			}()
			s := newSide(t, jaeger, "", func(o *sidecar.Options) { o.Limits.Silence = 20 * time.Millisecond })
			c, err := dialThrough(s.out)(context.Background(), ln.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			fmt.Fprint(c, words[1])
			if kind == "silent" {
				greeting := make([]byte, len(words[0]))
				if _, err := io.ReadFull(c, greeting); err != nil {
					t.Fatal(err)
				}
				fmt.Fprint(c, "QUIT")
			}
			_ = c.(*net.TCPConn).CloseWrite()
			got, err := io.ReadAll(c)
			if want := map[string]string{"silent": "QUITbye", "other": words[1] + "bye"}[kind]; string(got) != want || err != nil {
				t.Errorf("got %q, %v; want %q", got, err, want)
			}
			if got := s.metrics(t)["sidecar_tunnels_total "+kind]; got != 1 {
				t.Errorf("%v tunnels counted, want 1", got)
			}
		})
	}
}

// TestConnectServerEndsFirst: the client learns that the server has no more to
// say, and can go on.
func TestConnectServerEndsFirst(t *testing.T) {
	ln := listen(t)
	defer ln.Close()
	got := make(chan string, 1)
	go func() {
		c, err := ln.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		_ = c.(*net.TCPConn).CloseWrite()
		text, _ := io.ReadAll(c)
		got <- string(text)
	}()
	s := newSide(t, jaeger, "", func(o *sidecar.Options) { o.Limits.Silence = time.Millisecond })
	c, err := dialThrough(s.out)(context.Background(), ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(5 * time.Second))
	if text, err := io.ReadAll(c); len(text) != 0 || err != nil {
		t.Errorf("read %q, %v", text, err)
	}
	fmt.Fprint(c, "bye")
	_ = c.(*net.TCPConn).CloseWrite()
	if text := within(t, "text", got); text != "bye" {
		t.Errorf("the server got %q", text)
	}
}

// TestShutdownEndsTunnels: a tunnel that does not end by itself is cut off.
func TestShutdownEndsTunnels(t *testing.T) {
	ln := listen(t)
	defer ln.Close()
	s := prepareSide(t, jaeger, func(o *sidecar.Options) { o.Limits.Silence = time.Millisecond })
	p, err := sidecar.NewOutbound(nil, s.options)
	if err != nil {
		t.Fatal(err)
	}
	proxy := listen(t)
	served := make(chan error, 1)
	go func() { served <- p.Serve(proxy) }()
	c, err := dialThrough(proxy.Addr().String())(context.Background(), ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	server, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := p.Shutdown(ctx); err == nil {
		t.Error("Shutdown says nothing of the tunnel")
	}
	if _, err := server.Read(make([]byte, 1)); err == nil {
		t.Error("the tunnel is still open")
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
}

// TestUpstreams: the app speaks plaintext and the sidecar encrypts, by the
// upstream's name and on a port of its own, in both protocols.
func TestUpstreams(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.Proto, " ", r.TLS != nil, " ", r.Host, " ", r.RequestURI, " ", r.Header.Get("Traceparent"))
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	u, _ := url.Parse(server.URL)
	s := prepareSide(t, jaeger)
	up := sidecar.Upstream{Name: "Payments", URL: u, TLS: &tls.Config{RootCAs: server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs}}
	p, err := sidecar.NewOutbound([]sidecar.Upstream{up}, s.options)
	forward := start(t, p, err)
	p, err = sidecar.NewUpstream(up, s.options)
	own := start(t, p, err)
	for protocol, version := range map[string]string{"h1": "HTTP/1.1", "h2c": "HTTP/2.0"} {
		want := version + " true " + u.Host + " /a?b " + traceparent(full, span)
		uber := "uber-trace-id: " + full + ":" + span + ":0:1"
		if _, got := get(t, client(t, protocol, ""), "http://"+own+"/a?b", uber); got != want {
			t.Errorf("%s, own port: got %q, want %q", protocol, got, want)
		}
		if _, got := get(t, tunnelled(t, protocol, forward), "http://payments:80/a?b", uber); got != want {
			t.Errorf("%s, by name in a tunnel: got %q, want %q", protocol, got, want)
		}
	}
	_, got := get(t, client(t, "h1", forward), "http://payments/a?b", "uber-trace-id: "+full+":"+span+":0:1")
	if want := "HTTP/1.1 true " + u.Host + " /a?b " + traceparent(full, span); got != want {
		t.Errorf("by name: got %q, want %q", got, want)
	}
}

// TestUpstreamConfig: what cannot be is refused with its name.
func TestUpstreamConfig(t *testing.T) {
	s := prepareSide(t, jaeger)
	for text, want := range map[string]string{
		"ftp://a":        `upstream ftp://a: scheme "ftp": want http or https`,
		"https:":         `upstream https:: no host`,
		"https://a/path": `upstream https://a/path: want a scheme and a host only`,
		"http://u:p@a":   `upstream http://u:xxxxx@a: want a scheme and a host only`,
	} {
		u, err := url.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := sidecar.NewUpstream(sidecar.Upstream{URL: u}, s.options); err == nil || err.Error() != want {
			t.Errorf("%s: got error %v, want %s", text, err, want)
		}
	}
	if _, err := sidecar.NewInbound("3000", s.options); err == nil || err.Error() != `app "3000": want host:port` {
		t.Errorf("got %v", err)
	}
}

// TestEgress: hosts outside the list get no trace headers, however they are asked for.
func TestEgress(t *testing.T) {
	var server recorder
	address := serve(t, &server)
	egress, err := rewrite.ParseEgress([]string{"only.example"})
	if err != nil {
		t.Fatal(err)
	}
	s := newSide(t, rewrite.Config{App: rewrite.Jaeger, Egress: egress}, "")
	for name, c := range map[string]*http.Client{"absolute": client(t, "h1", s.out), "h1": tunnelled(t, "h1", s.out), "h2c": tunnelled(t, "h2c", s.out)} {
		get(t, c, "http://"+address, "uber-trace-id: 1:2:0:1", "uberctx-user: x", "x-other: y")
		h := server.header()
		if h.Get("Uber-Trace-Id")+h.Get("Uberctx-User")+h.Get("Traceparent")+h.Get("Baggage") != "" || h.Get("X-Other") != "y" {
			t.Errorf("%s: the server got %v", name, h)
		}
	}
}
