package ingest

import (
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"github.com/ot2otel/ot2otel/translate"
)

// Names of the listeners, as metrics and logs call them.
const (
	ListenerJaegerCompact = "jaeger-compact" // UDP 6831
	ListenerJaegerBinary  = "jaeger-binary"  // UDP 6832
	ListenerZipkinCompact = "zipkin-compact" // UDP 5775
	ListenerJaegerHTTP    = "jaeger-http"    // HTTP 14268
	ListenerJaegerGRPC    = "jaeger-grpc"    // gRPC 14250
	ListenerZipkin        = "zipkin"         // HTTP and gRPC 9411
	ListenerOTLPGRPC      = "otlp-grpc"      // gRPC 4317
	ListenerOTLPHTTP      = "otlp-http"      // HTTP 4318
)

// A Sink takes what was translated.
type Sink interface {
	// Put takes data, ResourceSpans as fields of an OTLP
	// ExportTraceServiceRequest that hold so many spans. An error means that
	// data was not taken now and may be offered again. Put may be called from
	// many goroutines, and does not keep data after it returns.
	Put(data []byte, spans int) error
}

// An appender turns payloads into OTLP, as a [translate.Translator] does.
type appender interface {
	Append(dst []byte, f translate.Format, src []byte, received uint64) ([]byte, translate.Report, error)
}

// An Intake is what all listeners share: how payloads are translated and where
// the outcome goes. It is not changed once a listener uses it.
type Intake struct {
	Translate translate.Config
	Sink      Sink
	Metrics   *Metrics
	Log       *slog.Logger

	// Wait is how long a request is held for a Sink that takes nothing before
	// the sender is refused: Jaeger's HTTP senders never try again. 0 means
	// 2 s, less than 0 not at all.
	Wait time.Duration

	newAppender func() appender // nil: a Translator
}

// A lane is the way of one listener's payloads through an Intake.
type lane struct {
	sink        Sink
	wait        time.Duration
	count       *counters
	clients     *clientLedger
	report      *reporter
	newAppender func() appender
	spare       sync.Pool // of *worker
}

func (in *Intake) lane(listener string, why reasons) *lane {
	l := &lane{
		sink:        in.Sink,
		wait:        in.Wait,
		count:       in.Metrics.counters(listener, why),
		clients:     in.Metrics.clients,
		report:      newReporter(in.Log, listener),
		newAppender: in.newAppender,
	}
	if l.wait == 0 {
		l.wait = defaultWait
	}
	if l.newAppender == nil {
		l.newAppender = func() appender { return translate.New(in.Translate) }
	}
	return l
}

const defaultWait = 2 * time.Second

// A worker is what one goroutine needs to translate, kept from payload to payload.
type worker struct {
	appender appender
	out      []byte
	peer     netip.AddrPort // of the payload at hand, where that tells one client from another
}

func (l *lane) newWorker() worker { return worker{appender: l.newAppender()} }

// maxSpare is the largest buffer worth keeping. What a rare huge payload made
// grow is left to the garbage collector.
const maxSpare = 4 << 20

// takeRequest is take for those that have no worker of their own and can wait.
func (l *lane) takeRequest(f translate.Format, payload []byte) *refusal {
	w, ok := l.spare.Get().(*worker)
	if !ok {
		fresh := l.newWorker()
		w = &fresh
	}
	no := l.take(w, f, payload, l.wait)
	if cap(w.out) <= maxSpare {
		l.spare.Put(w)
	}
	return no
}

// take translates one payload, puts the outcome into the Sink, and tries that
// again for as long as wait if the Sink does not take it. It counts what it
// accepts and returns nil; a refusal is the caller's to turn away. Nothing of
// payload is kept.
func (l *lane) take(w *worker, f translate.Format, payload []byte, wait time.Duration) *refusal {
	no := l.guard(payload, func() *refusal {
		out, report, err := w.appender.Append(w.out[:0], f, payload, uint64(time.Now().UnixNano()))
		if err != nil {
			return unreadable(err)
		}
		w.out = out
		l.heed(&report.Client, w.peer)
		return l.deliver(out, &report, wait)
	})
	if no != nil && no.reason == reasonPanic {
		*w = l.newWorker() // the old one may be in any state
	}
	return no
}

// guard counts the bytes of a payload that was received whole and tries to take
// it. A panic costs that payload alone.
func (l *lane) guard(payload []byte, try func() *refusal) (no *refusal) {
	defer func() {
		if p := recover(); p != nil {
			no = panicked(p)
		}
	}()
	l.count.receivedBytes.Add(float64(len(payload)))
	return try()
}

// heed counts what the client at peer says it lost.
func (l *lane) heed(c *translate.Client, peer netip.AddrPort) {
	batches, spans := l.clients.note(c, peer)
	if batches+spans > 0 && l.report.due("client loss") {
		l.report.warn(problemClientLoss, "service", c.Service, "peer", peer, "batches", batches, "spans", spans)
	}
}

// deliver puts what a payload means into the Sink and counts it.
func (l *lane) deliver(data []byte, report *translate.Report, wait time.Duration) *refusal {
	if err := l.put(data, report.Spans, wait); err != nil {
		return &refusal{reason: reasonQueue, spans: report.Spans, err: err}
	}
	l.count.accept(report)
	return nil
}

// How long put pauses between two tries: twice as long each time, within these.
const (
	minPause = 5 * time.Millisecond
	maxPause = 100 * time.Millisecond
)

// put offers data to the Sink until it is taken or wait is over.
func (l *lane) put(data []byte, spans int, wait time.Duration) error {
	if spans == 0 {
		return nil
	}
	err := l.sink.Put(data, spans)
	if err == nil || wait <= 0 {
		return err
	}
	deadline := time.Now().Add(wait)
	for pause := minPause; err != nil; pause = min(2*pause, maxPause) {
		left := time.Until(deadline)
		if left <= 0 {
			return err
		}
		time.Sleep(min(pause, left))
		err = l.sink.Put(data, spans)
	}
	return nil
}

// turnAway counts a refusal and reports it, with the peer it concerns.
func (l *lane) turnAway(no *refusal, peer any) {
	l.count.turnAway(no)
	l.report.refusal(no, peer)
}
