package sidecar

import (
	"net/http"
	"time"

	"github.com/ot2otel/ot2otel/rewrite"
)

// A Sink takes the sidecar's own spans.
type Sink interface {
	// Put takes data, ResourceSpans as fields of an OTLP
	// ExportTraceServiceRequest that hold so many spans, and does not keep it. An
	// error means that it was not taken.
	Put(data []byte, spans int) error
}

// A Recorder turns exchanges into spans. No request waits for it: one that
// finds it busy goes without a span, and is counted.
type Recorder struct {
	sink    Sink
	service string
	metrics *Metrics
	spans   chan ownSpan
	stop    chan struct{}
	stopped chan struct{}
}

// NewRecorder returns a Recorder whose spans have service as their service.name.
// Close ends it.
func NewRecorder(sink Sink, service string, m *Metrics) *Recorder {
	r := &Recorder{
		sink: sink, service: service, metrics: m,
		spans: make(chan ownSpan, 1024), stop: make(chan struct{}), stopped: make(chan struct{}),
	}
	go r.run()
	return r
}

// Close hands the Sink what is left and returns. The proxies have to be shut down before.
func (r *Recorder) Close() {
	close(r.stop)
	<-r.stopped
}

func (r *Recorder) run() {
	defer close(r.stopped)
	var scratch []byte
	for {
		select {
		case s := <-r.spans:
			scratch = r.put(scratch[:0], &s)
		case <-r.stop:
			for len(r.spans) > 0 {
				s := <-r.spans
				scratch = r.put(scratch[:0], &s)
			}
			return
		}
	}
}

func (r *Recorder) put(scratch []byte, s *ownSpan) []byte {
	scratch = s.append(scratch, r.service)
	if r.sink.Put(scratch, 1) != nil {
		r.metrics.lostSpans.Inc()
	}
	return scratch
}

// record hands on the span of a sampled exchange that is over.
func (x *exchange) record(r *http.Request) {
	rec, c := x.p.Recorder, &x.result.Context
	if rec == nil || x.result.Span == 0 || !c.Sampling.Sampled() {
		return
	}
	s := ownSpan{
		leg: x.p.leg, context: *c, id: x.result.Span, start: x.start, end: time.Now(),
		method: r.Method, scheme: x.to.scheme, host: x.to.host, path: r.URL.Path,
		major: r.ProtoMajor, minor: r.ProtoMinor, status: x.status, failure: x.failure,
	}
	if c.Format == 0 { // the ids were made here: nobody reports the parent
		s.context.SpanID = 0
	}
	select {
	case rec.spans <- s:
	default:
		rec.metrics.lostSpans.Inc()
	}
}

// An ownSpan is an exchange as a span.
type ownSpan struct {
	leg                        leg
	context                    rewrite.Context // its SpanID is the parent
	id                         rewrite.SpanID
	start, end                 time.Time
	method, scheme, host, path string
	major, minor               int
	status                     int    // 0: the answer's headers never went out
	failure                    string // why the sidecar had to answer
}
