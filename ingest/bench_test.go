package ingest

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"google.golang.org/grpc"

	"github.com/ot2otel/ot2otel/translate"
)

// A nullSink takes everything.
type nullSink struct{}

func (nullSink) Put([]byte, int) error { return nil }

// packets are real payloads, by listener.
var packets = []struct {
	listener string
	format   translate.Format
	file     string
}{
	{ListenerJaegerCompact, translate.JaegerCompact, "../testdata/corpus/jaeger-go-udp-rich-64/001-udp-6831.bin"},
	{ListenerJaegerBinary, translate.JaegerBinary, "../testdata/corpus/jaeger-node-udp-rich-128/001-udp-6832.bin"},
}

func TestUDPPacketsAllocateNothing(t *testing.T) {
	for _, tt := range packets {
		t.Run(tt.listener, func(t *testing.T) {
			r := newRig()
			r.newAppender = nil
			r.Sink = nullSink{}
			l := r.lane(tt.listener, packetReasons)
			reader := &packetReader{lane: l, worker: l.newWorker(), format: tt.format, limit: maxDatagram}
			packet := []byte(readFile(t, tt.file))
			if n := testing.AllocsPerRun(100, func() { reader.packet(packet, netip.AddrPort{}) }); n != 0 {
				t.Errorf("%v allocations for a packet, want none", n)
			}
			if got := r.metrics(t)["accepted_payloads_total "+tt.listener]; got != 101 {
				t.Errorf("%v packets accepted, want 101", got)
			}
		})
	}
}

// A slotSink frees a slot for every payload.
type slotSink chan struct{}

func (s slotSink) Put([]byte, int) error {
	<-s
	return nil
}

// One real packet through a socket to a Sink. The sender runs in the same
// process and never more than the slots ahead, so nothing is lost.
func BenchmarkUDP(b *testing.B) {
	for _, bb := range packets {
		b.Run(bb.listener, func(b *testing.B) {
			r := newRig()
			r.newAppender = nil
			slots := make(slotSink, 64)
			r.Sink = slots
			u := serveUDP(b, r, UDP{Listener: bb.listener, Format: bb.format, Readers: 2})
			packet := []byte(readFile(b, bb.file))
			b.SetBytes(int64(len(packet)))
			b.ReportAllocs()
			for b.Loop() {
				slots <- struct{}{}
				u.send(b, packet)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "packets/s")
		})
	}
}

// One request after the other on one connection.
func BenchmarkJaegerHTTP(b *testing.B) {
	r := newRig()
	r.newAppender = nil
	r.Sink = nullSink{}
	url := serveJaeger(b, r, Limits{}) + "/api/traces"
	batch := readFile(b, "../testdata/corpus/jaeger-go-http-rich-128/001-http-14268.bin")
	b.SetBytes(int64(len(batch)))
	b.ReportAllocs()
	for b.Loop() {
		if resp, text := do(b, "POST", url, thriftHeader, strings.NewReader(batch)); resp.StatusCode != 202 {
			b.Fatal(resp.Status, text)
		}
	}
}

// requests are real ones, by listener: one after the other on one connection.
var requests = []struct {
	listener, file string
	serve          func(b *testing.B, r *rig) (send func(payload string) error)
}{
	{ListenerJaegerGRPC, "../testdata/corpus/jaeger-agent-grpc-rich/001-grpc-14250.bin", func(b *testing.B, r *rig) func(string) error {
		c := dialGRPC(b, startGRPC(b, JaegerGRPC(r.Intake, Limits{})))
		return func(p string) error { return invoke(c, postSpans, p) }
	}},
	{ListenerZipkin, "../testdata/corpus/zipkin-node-v2-rich-128/001-http-9411.bin", func(b *testing.B, r *rig) func(string) error {
		return posting(b, serveZipkin(b, r, Limits{})+"/api/v2/spans", jsonHeader)
	}},
	{ListenerZipkin + "-grpc", "../testdata/corpus/zipkin-go-ot-proto-rich-128/001-http-9411.bin", func(b *testing.B, r *rig) func(string) error {
		c := dialGRPC(b, strings.TrimPrefix(serveZipkin(b, r, Limits{}), "http://"))
		return func(p string) error { return invoke(c, report, p) }
	}},
	{ListenerOTLPGRPC, otlpCapture, func(b *testing.B, r *rig) func(string) error {
		c := dialGRPC(b, startGRPC(b, OTLPGRPC(r.Intake, Limits{}, OTLP{})))
		return func(p string) error { return invoke(c, otlpExport, p) }
	}},
	{ListenerOTLPHTTP, otlpCapture, func(b *testing.B, r *rig) func(string) error {
		return posting(b, serveOTLP(b, r, Limits{}, OTLP{})+"/v1/traces", protobufHeader)
	}},
}

func invoke(c *grpc.ClientConn, method, payload string) error {
	var response string
	return c.Invoke(context.Background(), method, payload, &response, grpc.ForceCodecV2(textCodec{}))
}

func posting(b *testing.B, url string, header map[string]string) func(string) error {
	return func(p string) error {
		if resp, text := do(b, "POST", url, header, strings.NewReader(p)); resp.StatusCode/100 != 2 {
			return fmt.Errorf("%s: %s", resp.Status, text)
		}
		return nil
	}
}

func BenchmarkRequests(b *testing.B) {
	for _, bb := range requests {
		b.Run(bb.listener, func(b *testing.B) {
			r := newRealRig()
			r.Sink = nullSink{}
			send := bb.serve(b, r)
			payload := readFile(b, bb.file)
			b.SetBytes(int64(len(payload)))
			b.ReportAllocs()
			for b.Loop() {
				if err := send(payload); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// What a request costs beside the socket, per span.
func BenchmarkOTLP(b *testing.B) {
	request := []byte(readFile(b, otlpCapture))
	inJSON := []byte(asOTLPJSON(b, string(request)))
	for _, bb := range []struct {
		name     string
		validate bool
		form     otlpForm
		body     []byte
	}{
		{"protobuf", false, otlpProtobuf, request},
		{"protobuf, validated", true, otlpProtobuf, request},
		{"JSON", false, otlpJSON, inJSON},
	} {
		b.Run(bb.name, func(b *testing.B) {
			r := newRig()
			r.Sink = nullSink{}
			l := r.otlpLane(ListenerOTLPHTTP, OTLP{Validate: bb.validate})
			spans, err := countSpans(request)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(bb.body)))
			b.ReportAllocs()
			for b.Loop() {
				if _, no := l.take(bb.body, bb.form); no != nil {
					b.Fatal(no.err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*spans), "ns/span")
		})
	}
}
