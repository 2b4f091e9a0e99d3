package sidecar

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/ot2otel/ot2otel/internal/problem"
)

// A failure is a reason why a request got no answer from where it went.
type failure uint8

const (
	failUpstream failure = iota
	failLoop
	failRoute
	failConnect
	failHeaders
	failCanceled // the client went away: nobody reads the answer

	numFailures
)

var failures = [numFailures]struct {
	name    string
	status  int
	problem problem.Problem
}{
	failUpstream: {"upstream", http.StatusBadGateway, problemUpstream},
	failLoop:     {"loop", http.StatusLoopDetected, problemLoop},
	failRoute:    {"route", http.StatusBadRequest, problemRoute},
	failConnect:  {"connect", http.StatusNotImplemented, problemRoute},
	failHeaders:  {"headers", http.StatusRequestHeaderFieldsTooLarge, problemHeaders},
	failCanceled: {"canceled", http.StatusBadGateway, problemUpstream},
}

// refuse answers in place of the server that the request was meant for.
func (p *Proxy) refuse(w http.ResponseWriter, r *http.Request, f failure, err error) {
	p.Metrics.fail(p.leg, f)
	why := failures[f]
	log := p.Log.Debug
	if f != failCanceled && p.warnings.allow() {
		log = p.Log.Warn
	}
	log(why.problem.Summary, "id", why.problem.ID, "leg", p.leg, "host", r.URL.Host, "method", r.Method, "error", err)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(why.status)
	fmt.Fprintf(w, "ot2otel: %s: %s: %v\n", why.problem.ID, why.problem.Summary, err)
}

// A limiter keeps the log readable when every request fails.
type limiter struct{ next atomic.Int64 }

const warnEvery = 10 * time.Second

// allow reports whether warnEvery has passed since it last did.
func (l *limiter) allow() bool {
	now, next := time.Now().UnixNano(), l.next.Load()
	return now >= next && l.next.CompareAndSwap(next, now+int64(warnEvery))
}
