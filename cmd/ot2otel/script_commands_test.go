package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
)

type scriptCommand = func(ts *testscript.TestScript, neg bool, args []string)

// scriptCommands are what scripts can do beside running programs.
//
//	exits CODE PROGRAM ARG...    run a program that ends with this exit code
//	ports NAME...                set variables to ports that are free
//	occupy ADDRESS               listen at a TCP address until the script ends
//	ready URL                    wait until a URL answers 200
//	not-ready URL                wait until it does not
//	signal TERM|INT              send a signal to the programs in the background
//	send-udp ADDRESS FILE...     send each file as a packet
//	post URL FILE                POST a Jaeger batch, which must be answered 202
//	get URL                      print what a URL answers
//	otlp-sink                    set SINK to the URL of an OTLP backend
//	expect-spans N NAME...       wait until the backend has N spans, these names among them
var scriptCommands = map[string]scriptCommand{
	"exits":        exits,
	"ports":        ports,
	"occupy":       occupy,
	"ready":        ready,
	"not-ready":    notReady,
	"signal":       signalAll,
	"send-udp":     sendUDP,
	"post":         post,
	"get":          getURL,
	"otlp-sink":    otlpSink,
	"expect-spans": expectSpans,
}

// patience is how long scripts wait for what has to happen.
const patience = 10 * time.Second

func exits(ts *testscript.TestScript, _ bool, args []string) {
	code := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Check(err)
		}
		code = exit.ExitCode()
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d, want %s\n%s", code, args[0], ts.ReadFile("stderr"))
	}
}

func ports(ts *testscript.TestScript, _ bool, names []string) {
	for _, name := range names {
		for {
			udp, err := net.ListenPacket("udp", "127.0.0.1:0")
			ts.Check(err)
			address := udp.LocalAddr().String()
			tcp, err := net.Listen("tcp", address) // free for both
			udp.Close()
			if err == nil {
				tcp.Close()
				_, port, _ := net.SplitHostPort(address)
				ts.Setenv(name, port)
				break
			}
		}
	}
}

func occupy(ts *testscript.TestScript, _ bool, args []string) {
	ln, err := net.Listen("tcp", args[0])
	ts.Check(err)
	ts.Defer(func() { ln.Close() })
}

// until calls try until it succeeds.
func until(ts *testscript.TestScript, try func() error) {
	deadline := time.Now().Add(patience)
	for {
		err := try()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("after %s: %v", patience, err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func ready(ts *testscript.TestScript, _ bool, args []string) {
	until(ts, func() error { return ask(args[0]) })
}

func notReady(ts *testscript.TestScript, _ bool, args []string) {
	until(ts, func() error {
		if ask(args[0]) == nil {
			return errors.New("still ready")
		}
		return nil
	})
}

func ask(url string) error {
	answer, err := http.Get(url)
	if err != nil {
		return err
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return errors.New(answer.Status)
	}
	return nil
}

func signalAll(ts *testscript.TestScript, _ bool, args []string) {
	signals := map[string]os.Signal{"TERM": syscall.SIGTERM, "INT": os.Interrupt}
	for _, c := range ts.BackgroundCmds() {
		ts.Check(c.Process.Signal(signals[args[0]]))
	}
}

func sendUDP(ts *testscript.TestScript, _ bool, args []string) {
	conn, err := net.Dial("udp", args[0])
	ts.Check(err)
	defer conn.Close()
	for _, file := range args[1:] {
		_, err := conn.Write([]byte(ts.ReadFile(file)))
		ts.Check(err)
	}
}

func post(ts *testscript.TestScript, _ bool, args []string) {
	answer, err := http.Post(args[0], "application/x-thrift", strings.NewReader(ts.ReadFile(args[1])))
	ts.Check(err)
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusAccepted {
		body, _ := io.ReadAll(answer.Body)
		ts.Fatalf("POST %s: %s %s", args[0], answer.Status, body)
	}
}

func getURL(ts *testscript.TestScript, _ bool, args []string) {
	answer, err := http.Get(args[0])
	ts.Check(err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	ts.Check(err)
	_, err = ts.Stdout().Write(body)
	ts.Check(err)
}

// A sink is an OTLP backend for HTTP that keeps the names of spans.
type sink struct {
	mu    sync.Mutex
	names []string
}

func (s *sink) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	request := ptraceotlp.NewExportRequest()
	if err == nil {
		err = request.UnmarshalProto(body)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.names = append(s.names, names(request.Traces())...)
	w.Header().Set("Content-Type", "application/x-protobuf")
}

func names(traces ptrace.Traces) (all []string) {
	for _, rs := range traces.ResourceSpans().All() {
		for _, ss := range rs.ScopeSpans().All() {
			for _, span := range ss.Spans().All() {
				all = append(all, span.Name())
			}
		}
	}
	return all
}

// sinks are the backends of the scripts that run, by their URL.
var sinks sync.Map

func otlpSink(ts *testscript.TestScript, _ bool, _ []string) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	s := &sink{}
	server := &http.Server{Handler: s}
	go func() { _ = server.Serve(ln) }()
	url := "http://" + ln.Addr().String()
	sinks.Store(url, s)
	ts.Defer(func() { _ = server.Shutdown(context.Background()) })
	ts.Setenv("SINK", url)
}

func expectSpans(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	found, _ := sinks.Load(ts.Getenv("SINK"))
	until(ts, func() error { return found.(*sink).has(want, args[1:]) })
}

func (s *sink) has(n int, names []string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	have := strings.Join(s.names, ", ")
	if len(s.names) != n {
		return errors.New("the backend has " + strconv.Itoa(len(s.names)) + " spans: " + have)
	}
	for _, name := range names {
		if !strings.Contains(have, name) {
			return errors.New("no span " + name + " among " + have)
		}
	}
	return nil
}
