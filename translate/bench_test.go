//go:build unix

package translate_test

import (
	"fmt"
	"syscall"
	"testing"

	"github.com/jaegertracing/jaeger-idl/thrift-gen/jaeger"

	"github.com/ot2otel/ot2otel/translate"
)

// BenchmarkAppend/<format>/<shape>/<mode> measures the whole way from payload
// to OTLP. cpu-ns/span is CPU time by getrusage, garbage collection included:
// on a machine shared with others it says more than ns/op.
func BenchmarkAppend(b *testing.B) {
	modes := map[translate.Semconv]string{
		translate.SemconvRaw: "raw", translate.SemconvDup: "dup", translate.SemconvRename: "rename",
	}
	for _, f := range thriftFormats {
		for _, shape := range shapes() {
			payload := encode(b, f, shape.batch)
			for mode := range translate.Semconv(len(modes)) {
				b.Run(fmt.Sprintf("%v/%s/%s", f, shape.name, modes[mode]), func(b *testing.B) {
					benchmarkAppend(b, translate.Config{Semconv: mode}, f, payload, len(shape.batch.Spans))
				})
			}
		}
	}
}

func benchmarkAppend(b *testing.B, c translate.Config, f translate.Format, payload []byte, spans int) {
	t := translate.New(c)
	var out []byte
	b.SetBytes(int64(len(payload)))
	b.ReportAllocs()
	before := cpuTime(b)
	for b.Loop() {
		var err error
		if out, _, err = t.Append(out[:0], f, payload, received); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(cpuTime(b)-before)/float64(b.N*spans), "cpu-ns/span")
}

// cpuTime returns the CPU time that the process has used, in nanoseconds.
func cpuTime(b *testing.B) int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}

type shape struct {
	name  string
	batch *jaeger.Batch
}

// shapes are batches as they are met: a span alone with four tags, and one and
// twenty spans with 8 to 10 tags of all types, two logs of three fields and a
// reference.
func shapes() []shape {
	small := newBatch(newSpan(withTags("span.kind", "client", "http.method", "GET", "http.status_code", 200,
		"component", "net/http")))
	small.Process.Tags = processTags()
	return []shape{{"small1", small}, {"rich1", richBatch(1)}, {"rich20", richBatch(20)}}
}

func processTags() []*jaeger.Tag {
	return tags("jaeger.version", "Go-2.30.0", "hostname", "shop-7d9f8b6c5-x2x4z", "ip", "10.20.30.40",
		"client-uuid", "6042284c1d894a85", "deployment", "blue")
}

func richBatch(n int) *jaeger.Batch {
	b := newBatch()
	b.Process.Tags = processTags()
	for i := range n {
		b.Spans = append(b.Spans, richSpan(i))
	}
	return b
}

func richSpan(i int) *jaeger.Span {
	s := newSpan(
		withTags("span.kind", []string{"server", "client"}[i%2], "component", "net/http", "http.method", "POST",
			"http.url", "http://shop.example.com:8080/checkout/7?currency=EUR", "http.status_code", 200,
			"peer.service", "payments", "customer.id", "cu-77", "retry", false, "cache.ratio", 0.75, "queue.depth", 12),
		withLogs(log("event", "request-accepted", "bytes", 1822, "level", "info"),
			log("event", "cache", "message", "looked up the basket of the customer", "hit", true)),
		withRefs(ref(followsFrom, traceT, int64(i)+1000)), withParent(int64(i)+2000))
	s.Tags = s.Tags[:8+i%3]
	s.TraceIdLow = 0x265261041ebb546f
	s.SpanId = 0x3d273eaf61a65883 + int64(i)
	return s
}
