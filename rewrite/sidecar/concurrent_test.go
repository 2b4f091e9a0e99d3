package sidecar_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/ot2otel/ot2otel/rewrite"
)

// TestConcurrentRequestsOfOneTrace: several requests of one trace are in the
// app at the same time, with different tracestates. zipkin-go names the span
// that it was given as the parent of its calls, so each call gets the
// tracestate of its own request. jaeger-client-go names its own server span,
// of which the sidecar knows nothing: each call then gets the tracestate of the
// latest request, whole. The trace is right in any case.
func TestConcurrentRequestsOfOneTrace(t *testing.T) {
	for name, c := range map[string]struct {
		configured
		want map[string]int
	}{
		"zipkin-go":        {configured{newZipkinApp(t), rewrite.Config{App: rewrite.B3Multi, B3Join: rewrite.Yes}}, map[string]int{"rojo=0": 1, "rojo=1": 1, "rojo=2": 1, "rojo=3": 1}},
		"jaeger-client-go": {configured{newJaegerApp(t, false), rewrite.Config{App: rewrite.Jaeger}}, map[string]int{"rojo=3": 4}},
	} {
		t.Run(name, func(t *testing.T) {
			var mu sync.Mutex
			got := make(map[string]int)
			end := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				mu.Lock()
				defer mu.Unlock()
				got[r.Header.Get("Tracestate")]++
				if !strings.HasPrefix(r.Header.Get("Traceparent"), "00-"+full+"-") {
					t.Errorf("traceparent %q", r.Header.Get("Traceparent"))
				}
			}))
			callAtOnce(t, c.configured, end, len(c.want)*c.want["rojo=3"])
			if fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("calls by tracestate: %v, want %v", got, c.want)
			}
		})
	}
}

// callAtOnce sends c's app n requests, which it answers when it has all of them,
// by a call to end each.
func callAtOnce(t *testing.T, c configured, end string, n int) {
	var proxy *http.Client
	in, all := make(chan struct{}, n), make(chan struct{})
	app := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		in <- struct{}{}
		<-all
		c.app.trace(r.Header, func(out http.Header) { post(t, proxy, order{URL: "http://" + end}, out) })
	}))
	s := newSide(t, c.config, app)
	proxy = client(t, "h1", s.out)
	caller := client(t, "h1", "")
	var done sync.WaitGroup
	for i := range n {
		h := http.Header{"Traceparent": {fmt.Sprintf("00-%s-%016x-01", full, i+1)}, "Tracestate": {fmt.Sprintf("rojo=%d", i)}}
		done.Go(func() { post(t, caller, order{URL: "http://" + s.in}, h) })
		within(t, "request in the app", in)
	}
	close(all)
	done.Wait()
}
