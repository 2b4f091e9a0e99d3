package ingest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ot2otel/ot2otel/translate"
)

// Whatever real clients sent is accepted, with the path and the headers that
// they sent it with.
func TestCapturedTrafficIsAccepted(t *testing.T) {
	for _, tt := range []struct {
		files, listener string
		send            func(t *testing.T, r *rig) func(file string) error
	}{
		{"*-udp-6831.bin", ListenerJaegerCompact, overUDP(ListenerJaegerCompact, translate.JaegerCompact)},
		{"*-udp-6831.bin", ListenerZipkinCompact, overUDP(ListenerZipkinCompact, translate.JaegerCompact)},
		{"*-udp-6832.bin", ListenerJaegerBinary, overUDP(ListenerJaegerBinary, translate.JaegerBinary)},
		{"*-http-14268.bin", ListenerJaegerHTTP, overHTTP(func(t *testing.T, r *rig) string { return serveJaeger(t, r, Limits{}) })},
		{"*-http-9411.bin", ListenerZipkin, overHTTP(func(t *testing.T, r *rig) string { return serveZipkin(t, r, Limits{}) })},
		{"*-http-4318.bin", ListenerOTLPHTTP, overHTTP(func(t *testing.T, r *rig) string { return serveOTLP(t, r, Limits{}, OTLP{Validate: true}) })},
		{"*-grpc-14250.bin", ListenerJaegerGRPC, overJaegerGRPC},
	} {
		t.Run(tt.listener, func(t *testing.T) {
			files, err := filepath.Glob("../testdata/corpus/*/" + tt.files)
			if err != nil || len(files) < 3 {
				t.Fatalf("%d captures, %v", len(files), err)
			}
			r := newRealRig()
			send := tt.send(t, r)
			want := float64(len(files))
			for _, file := range files {
				switch err := send(file); {
				case errors.Is(err, errNoSpans):
					want--
				case err != nil:
					t.Errorf("%s: %v", file, err)
				}
			}
			m := r.metrics(t)
			if got := m["accepted_payloads_total "+tt.listener]; got != want {
				t.Errorf("%v payloads accepted, want %v: %v", got, want, m)
			}
			if got := m["invalid_spans_total "+tt.listener]; got != 0 {
				t.Errorf("%v spans are invalid", got)
			}
		})
	}
}

func overUDP(listener string, f translate.Format) func(*testing.T, *rig) func(string) error {
	return func(t *testing.T, r *rig) func(string) error {
		u := serveUDP(t, r, UDP{Listener: listener, Format: f})
		sent := 0.0
		return func(file string) error {
			u.send(t, []byte(readFile(t, file)))
			sent++
			eventually(t, "the packet is counted", func() bool { return r.payloads(t) == sent })
			return nil
		}
	}
}

// A capture is what is known of a request.
type capture struct {
	Method, Path, Query string
	Headers             http.Header
}

func readCapture(t *testing.T, file string) (c capture) {
	t.Helper()
	if err := json.Unmarshal([]byte(readFile(t, strings.TrimSuffix(file, "bin")+"json")), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// errNoSpans is for a capture of something else.
var errNoSpans = errors.New("no spans")

// overHTTP sends captures as they were sent to the port that serve starts.
func overHTTP(serve func(*testing.T, *rig) string) func(*testing.T, *rig) func(string) error {
	return func(t *testing.T, r *rig) func(string) error {
		base := serve(t, r)
		return func(file string) error {
			c := readCapture(t, file)
			target := url.URL{Path: c.Path, RawQuery: c.Query}
			header := make(map[string]string)
			for name := range c.Headers {
				header[name] = c.Headers.Get(name)
			}
			resp, text := do(t, c.Method, base+target.String(), header, strings.NewReader(readFile(t, file)))
			if resp.StatusCode/100 != 2 {
				return fmt.Errorf("answer %d: %s", resp.StatusCode, text)
			}
			return nil
		}
	}
}

func overJaegerGRPC(t *testing.T, r *rig) func(string) error {
	c := dialGRPC(t, startGRPC(t, JaegerGRPC(r.Intake, Limits{})))
	return func(file string) error {
		if readCapture(t, file).Path != postSpans {
			return errNoSpans
		}
		_, err := call(t, c, postSpans, readFile(t, file))
		return err
	}
}
