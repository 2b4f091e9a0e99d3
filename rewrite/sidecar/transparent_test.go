package sidecar_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A rawServer answers each connection's first request with answer and passes
// on the request byte by byte, up to the end of what it says its length is.
func rawServer(t *testing.T, answer string) (address string, requests <-chan string) {
	t.Helper()
	ln := listen(t)
	got := make(chan string, 16)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			got <- readRequest(c)
			_, _ = io.WriteString(c, answer)
			c.Close()
		}
	}()
	t.Cleanup(func() {
		ln.Close()
		<-done
	})
	return ln.Addr().String(), got
}

func readRequest(c net.Conn) string {
	var text bytes.Buffer
	r, err := http.ReadRequest(bufio.NewReader(io.TeeReader(c, &text)))
	if err != nil {
		return "cannot be read: " + err.Error()
	}
	_, _ = io.Copy(io.Discard, r.Body)
	return text.String()
}

// message splits a message into its first line, its sorted header lines and its body.
func message(text string) (lines []string) {
	head, body, _ := strings.Cut(text, "\r\n\r\n")
	lines = strings.Split(head, "\r\n")
	sort.Strings(lines[1:])
	return append(lines, "", body)
}

// transparent are requests as clients write them. %s is the server's address.
var transparent = map[string]string{
	"plain":                "GET / HTTP/1.1\r\nHost: %s\r\nUser-Agent: curl/8\r\nAccept: */*\r\n\r\n",
	"no user agent":        "GET /a HTTP/1.1\r\nHost: %s\r\n\r\n",
	"other host":           "GET /a HTTP/1.1\r\nHost: shop.example:81\r\n\r\n",
	"path":                 "GET /a//b/../c/%2e%2E/%41;x=1,2/$&'()*+=:@~! HTTP/1.1\r\nHost: %s\r\n\r\n",
	"path not escaped":     "GET /a|b/{c}/\"d\"/^`<>\\ HTTP/1.1\r\nHost: %s\r\n\r\n",
	"two slashes":          "GET //a/b HTTP/1.1\r\nHost: %s\r\n\r\n",
	"query":                "GET /a?b=1;c=2&d=%zz&&=&e=a+b%20c|{}\"?f#g HTTP/1.1\r\nHost: %s\r\n\r\n",
	"empty query":          "GET /a? HTTP/1.1\r\nHost: %s\r\n\r\n",
	"asterisk":             "OPTIONS * HTTP/1.1\r\nHost: %s\r\n\r\n",
	"odd method":           "FROB /a HTTP/1.1\r\nHost: %s\r\n\r\n",
	"forwarded":            "GET / HTTP/1.1\r\nHost: %s\r\nX-Forwarded-For: 1.2.3.4\r\nX-Forwarded-For: 5.6.7.8, 9.9.9.9\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: a, b\r\nForwarded: for=1.2.3.4;proto=https\r\nVia: 1.0 fred\r\n\r\n",
	"forwarded, nominated": "GET / HTTP/1.1\r\nHost: %s\r\nX-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Proto: https\r\n\r\n",
	"header twice":         "GET / HTTP/1.1\r\nHost: %s\r\nX-A: 1\r\nX-A: 2, 3\r\nX-B: \r\nCookie: a=1\r\nCookie: b=2\r\nAccept-Encoding: gzip\r\n\r\n",
	"bytes above ASCII":    "GET /\xc3\xa9 HTTP/1.1\r\nHost: %s\r\nX-A: \xe9\xff\r\n\r\n",
	"length":               "POST /a HTTP/1.1\r\nHost: %s\r\nContent-Length: 5\r\nContent-Type: x/y\r\n\r\na\x00\r\n\xff",
	"length 0":             "POST /a HTTP/1.1\r\nHost: %s\r\nContent-Length: 0\r\n\r\n",
	"chunked":              "POST /a HTTP/1.1\r\nHost: %s\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
	"chunked GET":          "GET /a HTTP/1.1\r\nHost: %s\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
	"large":                "GET /a HTTP/1.1\r\nHost: %s\r\nX-Large: " + strings.Repeat("x", 200_000) + "\r\n\r\n",
	"credentials":          "GET /a HTTP/1.1\r\nHost: %s\r\nAuthorization: Basic YTpi\r\nRange: bytes=0-1\r\nIf-None-Match: \"x\"\r\n\r\n",
}

// TestRequestIsAsItCame compares what the app gets through the inbound leg
// with what the client wrote.
func TestRequestIsAsItCame(t *testing.T) {
	app, got := rawServer(t, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
	s := newSide(t, jaeger, app)
	for name, request := range transparent {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(request, "%s", app, 1)
			if name == "forwarded, nominated" {
				text = strings.Replace(text, "\r\n\r\n", "\r\nConnection: X-Forwarded-For, x-forwarded-proto\r\n\r\n", 1)
			}
			_, r := raw(t, s.in, text)
			if _, err := http.ReadResponse(r, nil); err != nil {
				t.Fatal(err)
			}
			text = strings.Replace(request, "%s", app, 1)
			if diff := cmp.Diff(message(text), message(within(t, "request", got))); diff != "" {
				t.Errorf("request (-sent +got):\n%s", diff)
			}
		})
	}
}

// TestForwardedRequestIsAsItCame is the same for requests in absolute form on
// the outbound leg: apart from that form they arrive as they were sent.
func TestForwardedRequestIsAsItCame(t *testing.T) {
	server, got := rawServer(t, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
	s := newSide(t, jaeger, "")
	for name, request := range transparent {
		if name == "asterisk" || name == "two slashes" || name == "other host" {
			continue // not so in absolute form
		}
		t.Run(name, func(t *testing.T) {
			direct := strings.Replace(request, "%s", server, 1)
			absolute := strings.Replace(direct, " /", " http://"+server+"/", 1)
			_, r := raw(t, s.out, absolute)
			if _, err := http.ReadResponse(r, nil); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(message(direct), message(within(t, "request", got))); diff != "" {
				t.Errorf("request (-sent +got):\n%s", diff)
			}
		})
	}
}

// TestAnswerIsAsItCame compares what the client gets with what the app wrote.
func TestAnswerIsAsItCame(t *testing.T) {
	for name, answer := range map[string]string{
		"no date, no type": "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n<html",
		"headers":          "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nServer: x\r\nSet-Cookie: a\r\nSet-Cookie: b\r\nX-Forwarded-For: 1\r\n\r\n",
		"redirect":         "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: http://127.0.0.1:1/x\r\n\r\n",
		"no content":       "HTTP/1.1 204 No Content\r\nEtag: \"a\"\r\n\r\n",
		"server error":     "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\nRetry-After: 1\r\n\r\nbusy",
		"compressed":       "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x00",
		"trailers":         "HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 9\r\n\r\n",
		"early hints":      "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
	} {
		t.Run(name, func(t *testing.T) {
			app, _ := rawServer(t, answer)
			s := newSide(t, jaeger, app)
			_, r := raw(t, s.in, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
			got, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			text := strings.Replace(string(got), "Connection: close\r\n", "", 1)
			if diff := cmp.Diff(message(answer), message(text)); diff != "" {
				t.Errorf("answer (-sent +got):\n%s", diff)
			}
		})
	}
}

// TestRequestTrailers: trailers of a request arrive, in both protocols.
func TestRequestTrailers(t *testing.T) {
	for _, protocol := range []string{"h1", "h2c"} {
		t.Run(protocol, func(t *testing.T) {
			got := make(chan http.Header, 1)
			app := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				got <- r.Trailer
			}))
			s := newSide(t, jaeger, app)
			req, _ := http.NewRequest(http.MethodPost, "http://"+s.in, io.MultiReader(strings.NewReader("body")))
			req.Trailer = http.Header{"X-Sum": {"9"}}
			res, err := client(t, protocol, "").Do(req)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if diff := cmp.Diff(req.Trailer, within(t, "trailers", got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestProtocolIsKept: HTTP/1.1 stays HTTP/1.1 and h2c stays h2c, on both legs.
func TestProtocolIsKept(t *testing.T) {
	app := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Proto, " ", r.Host) }))
	s := newSide(t, jaeger, app)
	for protocol, want := range map[string]string{"h1": "HTTP/1.1", "h2c": "HTTP/2.0"} {
		if _, got := get(t, client(t, protocol, ""), "http://"+s.in); got != want+" "+s.in {
			t.Errorf("inbound: the app saw %q, want %q and the client's Host", got, want)
		}
	}
	if _, got := get(t, client(t, "h1", s.out), "http://"+app); got != "HTTP/1.1 "+app {
		t.Errorf("outbound: the server saw %q", got)
	}
}

// TestNominatedTraceHeaders: a client cannot make the proxy strip the headers
// that it writes itself (Connection: traceparent); it only loses its own.
func TestNominatedTraceHeaders(t *testing.T) {
	var app recorder
	s := newSide(t, jaeger, serve(t, &app))
	c := client(t, "h1", "")
	get(t, c, "http://"+s.in, "Connection: uber-trace-id, uberctx-user", "traceparent: "+traceparent(full, span), "baggage: user=x")
	h := app.header()
	if h.Get("Uber-Trace-Id") != low+":"+span+":0:1" || h.Get("Uberctx-User") != "x" {
		t.Errorf("the app got %v", h)
	}
	get(t, c, "http://"+s.in, "Connection: traceparent", "traceparent: "+traceparent(full, span))
	if h := app.header(); h.Get("Uber-Trace-Id") != "" || h.Get("Traceparent") != "" {
		t.Errorf("the app got %v, want no trace headers", h)
	}
}

// TestOptionsAsterisk also proves that the server's own answer to it is off.
func TestOptionsAsterisk(t *testing.T) {
	app, _ := rawServer(t, "HTTP/1.1 207 Mine\r\nContent-Length: 0\r\n\r\n")
	s := newSide(t, jaeger, app)
	_, r := raw(t, s.in, "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")
	if res, err := http.ReadResponse(r, nil); err != nil || res.StatusCode != 207 {
		t.Errorf("got %v, %v; want the app's own answer", res, err)
	}
}
