package ingest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// dial opens a connection that fails the test if it is not answered or closed in good time.
func dial(t testing.TB, url string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSlowSendersAreCutOff(t *testing.T) {
	for _, tt := range []struct {
		name   string
		sends  string
		answer string // the status line; "" if there is none
		reason string
	}{
		{name: "nothing"},
		{name: "half a header", sends: "POST /api/traces HTTP/1.1\r\nHost: x\r\n"},
		{
			name:   "half a body",
			sends:  "POST /api/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-thrift\r\nContent-Length: 10\r\n\r\n1",
			answer: "HTTP/1.1 408 Request Timeout\r\n",
			reason: reasonTimeout,
		},
		{
			name:   "half a chunk",
			sends:  "POST /api/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-thrift\r\nTransfer-Encoding: chunked\r\n\r\na\r\n1",
			answer: "HTTP/1.1 408 Request Timeout\r\n",
			reason: reasonTimeout,
		},
		{
			name:   "a request, then nothing",
			sends:  "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
			answer: "HTTP/1.1 404 Not Found\r\n",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig()
			short := 50 * time.Millisecond
			url := serveJaeger(t, r, Limits{Header: short, Read: 2 * short, Idle: short})
			c := dial(t, url)
			if _, err := io.WriteString(c, tt.sends); err != nil {
				t.Fatal(err)
			}
			if resp, _ := do(t, "POST", url+"/api/traces", thriftHeader, strings.NewReader("1")); resp.StatusCode != 202 {
				t.Errorf("a good sender beside it was answered %d", resp.StatusCode)
			}
			answer, err := io.ReadAll(c) // up to where the server closes
			if err != nil {
				t.Fatalf("not cut off: %v", err)
			}
			line, _, _ := strings.Cut(string(answer), "\n")
			if tt.answer != "" && line+"\n" != tt.answer || tt.answer == "" && len(answer) > 0 {
				t.Errorf("answer %q, want %q", answer, tt.answer)
			}
			if tt.reason != "" && r.metrics(t)["refused_payloads_total jaeger-http "+tt.reason] != 1 {
				t.Errorf("not counted as %s: %v", tt.reason, r.metrics(t))
			}
		})
	}
}

func TestSenderThatHangsUpIsCounted(t *testing.T) {
	r := newRig()
	c := dial(t, serveJaeger(t, r, Limits{}))
	fmt.Fprint(c, "POST /api/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-thrift\r\nContent-Length: 10\r\n\r\n1")
	c.Close()
	eventually(t, "the request is counted", func() bool {
		return r.metrics(t)["refused_payloads_total jaeger-http read"] == 1
	})
}

func TestHugeHeaderIsRefused(t *testing.T) {
	r := newRig()
	c := dial(t, serveJaeger(t, r, Limits{HeaderBytes: 1000}))
	go fmt.Fprintf(c, "POST /api/traces HTTP/1.1\r\nHost: x\r\nX: %s\r\n\r\n", strings.Repeat("x", 1<<20)) // fails when cut off
	line, err := bufio.NewReader(c).ReadString('\n')
	if want := "HTTP/1.1 431 Request Header Fields Too Large\r\n"; err != nil || line != want {
		t.Errorf("answer %q, %v, want %q", line, err, want)
	}
}

func TestConnectionsOverTheCapWait(t *testing.T) {
	r := newRig()
	url := serveJaeger(t, r, Limits{Connections: 1})
	first, second := dial(t, url), dial(t, url)
	const request = "GET /nope HTTP/1.1\r\nHost: x\r\n\r\n"
	fmt.Fprint(first, request)
	if _, err := http.ReadResponse(bufio.NewReader(first), nil); err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(second, request)
	if err := second.SetReadDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if n, err := second.Read(make([]byte, 1)); err == nil {
		t.Fatalf("second connection was answered %d bytes while the first was open", n)
	}
	first.Close()
	if err := second.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(second), nil)
	if err != nil || resp.StatusCode != 404 {
		t.Errorf("second connection after the first was closed: %v, %v", resp, err)
	}
}

// startRequest starts a server whose one request waits until release is called.
func startRequest(t *testing.T) (s *Server, served chan error, answer chan int, release func()) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	entered, leave := make(chan struct{}), make(chan struct{})
	s = NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(entered)
		<-leave
		w.WriteHeader(http.StatusAccepted)
	}), Limits{}, newRig().Log)
	served, answer = make(chan error, 1), make(chan int, 1)
	go func() { served <- s.Serve(ln) }()
	go func() {
		defer http.DefaultClient.CloseIdleConnections()
		resp, err := http.Get("http://" + ln.Addr().String())
		if err != nil {
			answer <- 0
			return
		}
		resp.Body.Close()
		answer <- resp.StatusCode
	}()
	<-entered
	return s, served, answer, func() { close(leave) }
}

func TestShutdownWaitsForRequestsUnderWay(t *testing.T) {
	s, served, answer, release := startRequest(t)
	stopped := make(chan error, 1)
	go func() { stopped <- s.Shutdown(context.Background()) }()
	if err := <-served; err != nil {
		t.Errorf("Serve: %v", err)
	}
	select {
	case err := <-stopped:
		t.Fatalf("Shutdown returned %v while a request was under way", err)
	default:
	}
	release()
	if err := <-stopped; err != nil {
		t.Errorf("Shutdown: %v", err)
	}
	if got := <-answer; got != http.StatusAccepted {
		t.Errorf("the request was answered %d, want 202", got)
	}
}

func TestShutdownCutsOffAfterItsTime(t *testing.T) {
	s, served, answer, release := startRequest(t)
	defer release()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.Shutdown(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Shutdown: %v, want %v", err, context.Canceled)
	}
	if got := <-answer; got != 0 {
		t.Errorf("the request was answered %d, want to be cut off", got)
	}
	if err := <-served; err != nil {
		t.Errorf("Serve: %v", err)
	}
}
