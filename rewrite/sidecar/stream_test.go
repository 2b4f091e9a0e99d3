package sidecar_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ot2otel/ot2otel/rewrite/sidecar"
)

var bothProtocols = []string{"h1", "h2c"}

// TestStreams: what one end writes arrives before it writes more, both ways at
// the same time and through both legs.
func TestStreams(t *testing.T) {
	for _, protocol := range bothProtocols {
		t.Run(protocol, func(t *testing.T) {
			app := serve(t, http.HandlerFunc(echoLines))
			s := newSide(t, jaeger, app)
			up, upload := io.Pipe()
			req, _ := http.NewRequest(http.MethodPost, "http://"+s.in, up)
			answers := make(chan *http.Response, 1)
			go func() {
				res, err := client(t, protocol, "").Do(req)
				if err != nil {
					t.Error(err)
				}
				answers <- res
			}()
			fmt.Fprintln(upload, "first")
			res := within(t, "answer", answers)
			defer res.Body.Close()
			lines := bufio.NewReader(res.Body)
			for _, want := range []string{"first", "second", "third"} {
				if got, err := lines.ReadString('\n'); got != want+"\n" {
					t.Fatalf("read %q, %v; want %q", got, err, want)
				}
				switch want {
				case "first":
					fmt.Fprintln(upload, "second")
				case "second":
					fmt.Fprintln(upload, "third")
				}
			}
			_ = upload.Close()
			if rest, err := io.ReadAll(lines); len(rest) != 0 || err != nil {
				t.Errorf("then %q, %v", rest, err)
			}
		})
	}
}

// echoLines answers each line of the request as it comes.
func echoLines(w http.ResponseWriter, r *http.Request) {
	c := http.NewResponseController(w)
	_ = c.EnableFullDuplex()
	for lines := bufio.NewScanner(r.Body); lines.Scan(); {
		fmt.Fprintln(w, lines.Text())
		_ = c.Flush()
	}
}

// TestKnownLengthStreams: a slow answer is not held back until a buffer is full,
// though its length is known.
func TestKnownLengthStreams(t *testing.T) {
	more := make(chan struct{})
	app := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "2")
		fmt.Fprint(w, "a")
		_ = http.NewResponseController(w).Flush()
		<-more
		fmt.Fprint(w, "b")
	}))
	s := newSide(t, jaeger, app)
	res, err := client(t, "h1", "").Get("http://" + s.in)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if _, err := res.Body.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	close(more)
}

// TestClientGoesAway: the app learns that its client has gone.
func TestClientGoesAway(t *testing.T) {
	for _, protocol := range bothProtocols {
		t.Run(protocol, func(t *testing.T) {
			began, gone := make(chan struct{}), make(chan struct{})
			app := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				close(began)
				<-r.Context().Done()
				close(gone)
			}))
			s := newSide(t, jaeger, app)
			ctx, cancel := context.WithCancel(context.Background())
			req, _ := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.in, nil)
			go func() {
				<-began
				cancel()
			}()
			if _, err := client(t, protocol, "").Do(req); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
			within(t, "the app sees it", gone)
		})
	}
}

// TestBrokenAnswer: an answer that breaks off does not look complete to the client.
func TestBrokenAnswer(t *testing.T) {
	for _, protocol := range bothProtocols {
		t.Run(protocol, func(t *testing.T) {
			app := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				fmt.Fprint(w, "half")
				_ = http.NewResponseController(w).Flush()
				panic(http.ErrAbortHandler)
			}))
			s := newSide(t, jaeger, app)
			res, err := client(t, protocol, "").Get("http://" + s.in)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			if body, err := io.ReadAll(res.Body); err == nil {
				t.Errorf("read %q without an error", body)
			}
		})
	}
}

// TestAppRefusesUpload: an answer that comes before the request is complete arrives.
func TestAppRefusesUpload(t *testing.T) {
	app := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "too large", http.StatusRequestEntityTooLarge)
	}))
	s := newSide(t, jaeger, app)
	c, r := raw(t, s.in, "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1000000000\r\n\r\n")
	defer c.Close()
	if res, err := http.ReadResponse(r, nil); err != nil || res.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("got %v, %v", res, err)
	}
}

// TestAnswerBeforeRequestEnds: an answer is complete for the client although it
// goes on sending, as when a gRPC server ends a stream.
func TestAnswerBeforeRequestEnds(t *testing.T) {
	for _, protocol := range bothProtocols {
		t.Run(protocol, func(t *testing.T) {
			app := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_ = http.NewResponseController(w).EnableFullDuplex()
				_, _ = io.ReadFull(r.Body, make([]byte, 4))
				http.Error(w, "enough", http.StatusRequestEntityTooLarge)
			}))
			s := newSide(t, jaeger, app)
			up, upload := io.Pipe()
			go fmt.Fprint(upload, "some")
			defer func() { _ = upload.Close() }()
			req, _ := http.NewRequest(http.MethodPost, "http://"+s.in, up)
			bodies := make(chan string, 1)
			go func() {
				res, err := client(t, protocol, "").Do(req)
				if err != nil {
					t.Error(err)
					return
				}
				defer res.Body.Close()
				body, _ := io.ReadAll(res.Body)
				bodies <- string(body)
			}()
			if got := within(t, "answer", bodies); got != "enough\n" {
				t.Errorf("got %q", got)
			}
		})
	}
}

// TestExpectContinue: the app's go-ahead reaches the client.
func TestExpectContinue(t *testing.T) {
	app := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "got %s", body)
	}))
	s := newSide(t, jaeger, app)
	c, r := raw(t, s.in, "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
	if line, err := r.ReadString('\n'); !strings.HasPrefix(line, "HTTP/1.1 100 ") {
		t.Fatalf("got %q, %v", line, err)
	}
	_, _ = r.ReadString('\n')
	fmt.Fprint(c, "ok")
	res, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	if body, _ := io.ReadAll(res.Body); string(body) != "got ok" {
		t.Errorf("got %q", body)
	}
}

// TestTimeoutsDoNotCutStreams: with limits of milliseconds, an exchange that has
// begun goes on for as long as it takes.
func TestTimeoutsDoNotCutStreams(t *testing.T) {
	app := serve(t, http.HandlerFunc(echoLines))
	s := newSide(t, jaeger, app, func(o *sidecar.Options) {
		o.Limits = sidecar.Limits{Header: 50 * time.Millisecond, Idle: 50 * time.Millisecond, UpstreamIdle: 50 * time.Millisecond}
	})
	for _, protocol := range bothProtocols {
		up, upload := io.Pipe()
		go func() {
			fmt.Fprintln(upload, "a")
			time.Sleep(200 * time.Millisecond) // the limits have to have time to do harm
			fmt.Fprintln(upload, "b")
			_ = upload.Close()
		}()
		req, _ := http.NewRequest(http.MethodPost, "http://"+s.in, up)
		res, err := client(t, protocol, "").Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if body, err := io.ReadAll(res.Body); string(body) != "a\nb\n" || err != nil {
			t.Errorf("%s: got %q, %v", protocol, body, err)
		}
		res.Body.Close()
	}
}

// TestShutdownWaits: a request under way is answered, a new one is not taken.
func TestShutdownWaits(t *testing.T) {
	began, finish := make(chan struct{}), make(chan struct{})
	app := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(began)
		<-finish
		fmt.Fprint(w, "done")
	}))
	s := prepareSide(t, jaeger)
	p, err := sidecar.NewInbound(app, s.options)
	address := start(t, p, err)
	answer := make(chan string, 1)
	go func() {
		_, body := get(t, client(t, "h1", ""), "http://"+address)
		answer <- body
	}()
	<-began
	stopped := make(chan error, 1)
	go func() { stopped <- p.Shutdown(context.Background()) }()
	eventually(t, "no more connections", func() bool {
		c := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		res, err := c.Get("http://" + address)
		if err == nil {
			res.Body.Close()
		}
		return err != nil
	})
	close(finish)
	if got := within(t, "answer", answer); got != "done" {
		t.Errorf("got %q", got)
	}
	if err := within(t, "shutdown", stopped); err != nil {
		t.Error(err)
	}
}

// TestShutdownCutsOff: what does not end in time is cut off, a WebSocket too.
func TestShutdownCutsOff(t *testing.T) {
	app := httptest.NewServer(http.HandlerFunc(upgrade))
	defer app.Close()
	s := prepareSide(t, jaeger)
	p, err := sidecar.NewInbound(app.Listener.Addr().String(), s.options)
	if err != nil {
		t.Fatal(err)
	}
	ln := listen(t)
	served := make(chan error, 1)
	go func() { served <- p.Serve(ln) }()
	c, r := raw(t, ln.Addr().String(), upgradeRequest)
	if res, err := http.ReadResponse(r, nil); err != nil || res.StatusCode != http.StatusSwitchingProtocols {
		t.Fatal(res, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := p.Shutdown(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Shutdown: %v", err)
	}
	if n, err := c.Read(make([]byte, 1)); err == nil {
		t.Errorf("read %d bytes after the end", n)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
}
