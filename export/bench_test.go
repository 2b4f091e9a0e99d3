package export

import (
	"context"
	"fmt"
	"io"
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// traffic returns payloads of 20 spans with 9 attributes and 2 events each, unlike each other as real ones are.
func traffic(b *testing.B, n int) (all [][]byte) {
	b.Helper()
	for i := range n {
		td := ptrace.NewTraces()
		rs := td.ResourceSpans().AppendEmpty()
		rs.Resource().Attributes().PutStr("service.name", fmt.Sprintf("service-%d", i%10))
		rs.Resource().Attributes().PutStr("host.name", fmt.Sprintf("host-%d", i%40))
		spans := rs.ScopeSpans().AppendEmpty().Spans()
		for j := range 20 {
			s := spans.AppendEmpty()
			seed := uint64(i*20+j) * 0x9e3779b97f4a7c15
			s.SetTraceID(pcommon.TraceID{byte(seed), byte(seed >> 8), byte(seed >> 16), byte(seed >> 24), byte(seed >> 32), 15: byte(i)})
			s.SetSpanID(pcommon.SpanID{byte(seed >> 40), byte(seed >> 48), byte(seed >> 56), 7: byte(j)})
			s.SetName(fmt.Sprintf("GET /api/v1/items/%d", j))
			s.SetStartTimestamp(pcommon.Timestamp(1_780_000_000_000_000_000 + seed>>20))
			s.SetEndTimestamp(s.StartTimestamp() + pcommon.Timestamp(seed>>45))
			for k := range 9 {
				s.Attributes().PutStr(fmt.Sprintf("attribute.key.%d", k), fmt.Sprintf("value-%x", seed>>(k*6)))
			}
			for k := range 2 {
				e := s.Events().AppendEmpty()
				e.SetTimestamp(s.StartTimestamp() + pcommon.Timestamp(k))
				e.SetName("event")
				e.Attributes().PutStr("message", fmt.Sprintf("step %x done", seed>>k))
			}
		}
		data, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(td)
		if err != nil {
			b.Fatal(err)
		}
		all = append(all, data)
	}
	return all
}

// perSpan reports nanoseconds a span.
func perSpan(b *testing.B, spans int) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*spans), "ns/span")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkPutAndBatch is what waiting costs: into the queue and out again in batches.
func BenchmarkPutAndBatch(b *testing.B) {
	payloads := traffic(b, 100)
	q := NewQueue(64<<20, defaultBatchBytes, 0)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if err := q.Put(payloads[i%100], 20); err != nil {
			b.Fatal(err)
		}
		if i++; i%200 == 0 {
			batch, err := q.Next(context.Background())
			if err != nil {
				b.Fatal(err)
			}
			q.Done(batch)
		}
	}
	perSpan(b, 20)
}

// BenchmarkCompress is a request of 4,000 spans.
func BenchmarkCompress(b *testing.B) {
	var request []byte
	for _, p := range traffic(b, 200) {
		request = append(request, p...)
	}
	for _, name := range []Compression{Gzip, Zstd} {
		b.Run(string(name), func(b *testing.B) {
			z := newCompressor(name)
			var out countingWriter
			b.ReportAllocs()
			for b.Loop() {
				out = 0
				if err := z.Do(&out, request); err != nil {
					b.Fatal(err)
				}
			}
			perSpan(b, 4000)
			b.ReportMetric(float64(len(request))/float64(out), "ratio")
		})
	}
}

type countingWriter int

func (w *countingWriter) Write(p []byte) (int, error) {
	*w += countingWriter(len(p))
	return len(p), nil
}

var _ io.Writer = (*countingWriter)(nil)

// BenchmarkExport is a request of 4,000 spans over a socket to a backend in
// the same process, whose share is in the figure.
func BenchmarkExport(b *testing.B) {
	var request []byte
	for _, p := range traffic(b, 200) {
		request = append(request, p...)
	}
	address := grpcBackend(b, func(call) ([]byte, error) { return nil, nil })
	for _, compression := range compressions {
		b.Run("grpc/"+string(compression), func(b *testing.B) {
			client := newClient(b, Config{Endpoint: "http://" + address, Protocol: GRPC, Compression: compression, Timeout: time.Minute})
			b.ReportAllocs()
			for b.Loop() {
				if err := client.Export(context.Background(), request); err != nil {
					b.Fatal(err)
				}
			}
			perSpan(b, 4000)
		})
	}
}

// BenchmarkDivide is a batch of 4,000 spans halved once.
func BenchmarkDivide(b *testing.B) {
	var request []byte
	for _, p := range traffic(b, 200) {
		request = append(request, p...)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, _, ok := halve(request); !ok {
			b.Fatal("not halved")
		}
	}
	perSpan(b, 4000)
}
