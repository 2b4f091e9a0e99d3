package sidecar_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// smuggled are requests that disagree with themselves about where they end. A
// proxy that reads them otherwise than the server behind it lets a second
// request through. %s is the request to be hidden.
var smuggled = map[string]string{
	"length and chunks":       "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n%s",
	"chunks and length":       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 100\r\n\r\n0\r\n\r\n%s",
	"two lengths":             "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 100\r\n\r\n%s",
	"lengths in a list":       "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0, 100\r\n\r\n%s",
	"negative length":         "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n%s",
	"length with a sign":      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +0\r\n\r\n%s",
	"space before colon":      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n%s",
	"chunked, not quite":      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n%s",
	"chunked twice":           "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n%s",
	"chunked, identity":       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n%s",
	"folded encoding":         "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n%s",
	"vertical tab":            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \x0bchunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n%s",
	"bare LF":                 "POST / HTTP/1.1\nHost: a\nContent-Length: 0\n\n%s",
	"bare CR in a value":      "GET / HTTP/1.1\r\nHost: a\r\nX-A: b\rTransfer-Encoding: chunked\r\n\r\n%s",
	"NUL in a value":          "GET / HTTP/1.1\r\nHost: a\r\nX-A: b\x00c\r\n\r\n%s",
	"chunk extension with LF": "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2;x\nxx\r\n0\r\n\r\n%s",
	"chunk size too large":    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n%s",
	"chunk size 0x":           "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n%s",
	"no CR after chunk":       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nZ\n0\r\n\r\n%s",
	"two hosts":               "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n%s",
	"body of a GET":           "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc%s",
	"trailer with a length":   "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: Content-Length\r\n\r\n0\r\nContent-Length: 100\r\n\r\n%s",
	"length nominated":        "POST / HTTP/1.1\r\nHost: a\r\nConnection: content-length\r\nContent-Length: 5\r\n\r\nhello%s",
	"encoding nominated":      "POST / HTTP/1.1\r\nHost: a\r\nConnection: transfer-encoding\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n%s",
	"value with line break":   "GET / HTTP/1.1\r\nHost: a\r\nbaggage: k=a%%0d%%0aX-Evil:1\r\n\r\n%s",
}

// TestSmuggling: the server behind the proxy sees the requests that a strict
// reader of the client's bytes would see: the hidden one only if it really
// stands behind the end of the first, and then as a request of its own, with
// its trace headers rewritten. Nothing gets past the rewriting.
func TestSmuggling(t *testing.T) {
	for name, text := range smuggled {
		t.Run(name, func(t *testing.T) {
			server := newStrictServer(t)
			s := newSide(t, jaeger, server.address)
			hidden := "GET /hidden HTTP/1.1\r\nHost: a\r\ntraceparent: " + traceparent(full, span) + "\r\nConnection: close\r\n\r\n"
			c, r := raw(t, s.in, fmt.Sprintf(text, hidden))
			_ = c.(*net.TCPConn).CloseWrite()
			_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
			_, _ = io.Copy(io.Discard, r)
			for _, q := range server.requests() {
				if q.path != "/" && q.path != "/hidden" {
					t.Errorf("the server saw %+v", q)
				}
				if q.header.Get("Traceparent") != "" || q.header.Get("X-Evil") != "" {
					t.Errorf("%s arrived with headers %v", q.path, q.header)
				}
			}
		})
	}
}

// TestUnreadBody: what an app leaves unread of a request is not taken for the next one.
func TestUnreadBody(t *testing.T) {
	server := newStrictServer(t)
	s := newSide(t, jaeger, server.address)
	for _, size := range []int{0, 10, 4096, 1 << 20} {
		hidden := "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n"
		body := strings.Repeat("x", size) + hidden
		text := fmt.Sprintf("POST /unread HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
		c, err := net.Dial("tcp", s.in)
		if err != nil {
			t.Fatal(err)
		}
		_ = c.SetDeadline(time.Now().Add(5 * time.Second))
		_, _ = io.WriteString(c, text+"GET /next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
		_, _ = io.Copy(io.Discard, c)
		c.Close()
	}
	for _, q := range server.requests() {
		if q.path == "/hidden" {
			t.Error("the body of a request was taken for a request")
		}
	}
}

type seen struct {
	path   string
	header http.Header
}

// A strictServer takes down what it can read, and closes connections on which
// it cannot.
type strictServer struct {
	address string
	mu      sync.Mutex
	list    []seen
}

func newStrictServer(t *testing.T) *strictServer {
	ln := listen(t)
	s := &strictServer{address: ln.Addr().String()}
	var open sync.WaitGroup
	open.Go(func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			open.Go(func() { s.serve(c) })
		}
	})
	t.Cleanup(func() {
		ln.Close()
		open.Wait()
	})
	return s
}

func (s *strictServer) serve(c net.Conn) {
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(5 * time.Second))
	for r := bufio.NewReader(c); ; {
		q, err := http.ReadRequest(r)
		if err != nil {
			return
		}
		s.mu.Lock()
		s.list = append(s.list, seen{q.URL.Path, q.Header})
		s.mu.Unlock()
		if q.URL.Path == "/unread" {
			_, _ = io.WriteString(c, "HTTP/1.1 413 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
			return
		}
		if _, err := io.Copy(io.Discard, q.Body); err != nil {
			return
		}
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
	}
}

func (s *strictServer) requests() []seen {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.list
}
