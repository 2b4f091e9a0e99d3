package sidecar_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

const upgradeRequest = "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
	"Sec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==\r\ntraceparent: 00-" + full + "-" + span + "-01\r\n\r\n"

// upgrade switches to a protocol in which the server sends the uber-trace-id it
// got, and then all that the client sends.
func upgrade(w http.ResponseWriter, r *http.Request) {
	c, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	defer c.Close()
	fmt.Fprintf(c, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: %s\r\nSec-WebSocket-Accept: x\r\n\r\n%s\n",
		r.Header.Get("Upgrade"), r.Header.Get("Uber-Trace-Id"))
	_, _ = io.Copy(c, buffered)
}

// TestUpgrade: a WebSocket, or anything else that begins with 101, works, and
// the headers of the request that begins it are rewritten.
func TestUpgrade(t *testing.T) {
	s := newSide(t, jaeger, serve(t, http.HandlerFunc(upgrade)))
	c, r := raw(t, s.in, upgradeRequest)
	res, err := http.ReadResponse(r, nil)
	if err != nil || res.StatusCode != http.StatusSwitchingProtocols || res.Header.Get("Upgrade") != "websocket" {
		t.Fatal(res, err)
	}
	if line, _ := r.ReadString('\n'); line != low+":"+span+":0:1\n" {
		t.Errorf("the app got uber-trace-id %q", line)
	}
	for _, text := range []string{"\x81\x05hello", "\x00\xff\n"} {
		fmt.Fprint(c, text)
		got := make([]byte, len(text))
		if _, err := io.ReadFull(r, got); string(got) != text {
			t.Errorf("got %q, %v; want the echo of %q", got, err, text)
		}
	}
}

// TestUpgradeRefused: an app that does not want to upgrade just answers.
func TestUpgradeRefused(t *testing.T) {
	s := newSide(t, jaeger, serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "no") })))
	_, r := raw(t, s.in, upgradeRequest)
	if res, err := http.ReadResponse(r, nil); err != nil || res.StatusCode != http.StatusOK {
		t.Error(res, err)
	}
}

// TestUpgradeToH2CIsNotOffered: the requests after it could not be rewritten.
// Java's HttpClient makes this offer by itself.
func TestUpgradeToH2CIsNotOffered(t *testing.T) {
	var app recorder
	s := newSide(t, jaeger, serve(t, &app))
	_, r := raw(t, s.in, strings.Replace(upgradeRequest, "Upgrade: websocket", "Upgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA", 1))
	if res, err := http.ReadResponse(r, nil); err != nil || res.StatusCode != http.StatusOK {
		t.Fatal(res, err)
	}
	if h := app.header(); h.Get("Upgrade") != "" || h.Get("Uber-Trace-Id") == "" {
		t.Errorf("the app got %v", h)
	}
}
