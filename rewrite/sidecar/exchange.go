package sidecar

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"time"

	"github.com/ot2otel/ot2otel/rewrite"
)

// An exchange is one request on its way, and the answer to it.
type exchange struct {
	p      *Proxy
	to     target
	proxy  httputil.ReverseProxy
	result rewrite.Result

	// Only where there is a span of ours:
	start   time.Time
	status  int    // 0: there were no headers to send
	failure string // why the answer is ours
}

func (x *exchange) serve(w http.ResponseWriter, r *http.Request) {
	// An app may answer while its request still comes in. HTTP/2 can that anyway.
	_ = http.NewResponseController(w).EnableFullDuplex()
	x.proxy = httputil.ReverseProxy{
		Rewrite:        x.rewrite,
		Transport:      x.to.pool.like(r),
		ModifyResponse: x.answer,
		ErrorHandler:   x.fail,
		FlushInterval:  flushInterval,
		BufferPool:     buffers{},
		ErrorLog:       x.p.server.ErrorLog,
	}
	defer x.record(r)
	x.proxy.ServeHTTP(plainWriter{w}, r)
}

// rewrite addresses the request to its target, undoes what ReverseProxy does
// to more than trace headers, and rewrites those.
func (x *exchange) rewrite(pr *httputil.ProxyRequest) {
	x.to.address(pr.Out)
	restore(pr.Out, pr.In)
	x.result = x.p.leg.rewrite(x.p.Rewriter, pr.Out.Header, pr.In.RemoteAddr, x.to.host)
	x.p.Metrics.count(x.p.leg, &x.result)
	if x.result.Span != 0 {
		x.start = time.Now()
	}
	x.log(pr.In)
}

// log tells what was done to the headers: every time at level debug, and when
// that went wrong.
func (x *exchange) log(r *http.Request) {
	log, ctx := x.p.Log, r.Context()
	if err := x.result.Err; err != nil && x.p.warnings.allow() {
		log.ErrorContext(ctx, problemRewrite.Summary, "id", problemRewrite.ID, "leg", x.p.leg, "error", err)
	}
	if log.Enabled(ctx, slog.LevelDebug) {
		log.DebugContext(ctx, "trace headers", "leg", x.p.leg, "peer", r.RemoteAddr, "method", r.Method,
			"host", x.to.host, "path", r.URL.Path, "reasons", x.result.Reasons())
	}
}

// flushInterval is how long a part of an answer of known length may wait for
// more of it, which spares most of them a system call or two. Answers of unknown
// length, and so all streams, are flushed at once: ReverseProxy sees to it.
const flushInterval = time.Millisecond

// answer meets the answer's headers. One without a body must not be flushed: in
// HTTP/2 the end of the stream would come apart from the headers, which to a
// gRPC client is a call without a status.
func (x *exchange) answer(res *http.Response) error {
	x.status = res.StatusCode
	if res.ContentLength == 0 {
		x.proxy.FlushInterval = 0
	}
	return nil
}

// fail answers a request that got no answer.
func (x *exchange) fail(w http.ResponseWriter, r *http.Request, err error) {
	why := failUpstream
	switch {
	case errors.Is(err, context.Canceled) && r.Context().Err() != nil:
		why = failCanceled
	case errors.Is(err, errLoop):
		why = failLoop
	}
	x.p.refuse(w, r, why, err)
	x.status, x.failure = failures[why].status, failures[why].name
}
