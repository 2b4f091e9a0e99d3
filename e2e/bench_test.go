//go:build linux

package e2e

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// BenchmarkStart tells how long it takes from the start of the process until
// all ports are open, and how much memory the idle proxy has: all that is
// resident, and without the program's own file, which the kernel can drop.
func BenchmarkStart(b *testing.B) {
	var ready time.Duration
	var resident, own float64
	for b.Loop() {
		began := time.Now()
		p := start(b, nil)
		ready += time.Since(began)
		resident += p.mebibytes(b, "VmRSS")
		own += p.mebibytes(b, "RssAnon")
		p.end(b)
	}
	n := float64(b.N)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(ready.Seconds()*1000/n, "ms/start")
	b.ReportMetric(resident/n, "MiB-idle")
	b.ReportMetric(own/n, "MiB-idle-own")
}

// BenchmarkUDP and BenchmarkHTTP send real payloads of six rich spans through
// the whole proxy, to a backend that only counts, and tell what the proxy's
// process spends on each span: reading, translating, queueing and sending.
func BenchmarkUDP(b *testing.B) {
	p := startDiscarding(b)
	packet := payload(b, load(b, "jaeger-go-udp-rich-64"))
	conn, err := net.Dial("udp", p.compact)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	p.measure(b, "jaeger-compact", 60_000, func() {
		for range 1000 { // ten thousand packets in a second
			for range 10 {
				if _, err := conn.Write(packet); err != nil {
					b.Fatal(err)
				}
			}
			time.Sleep(time.Millisecond)
		}
	})
}

func BenchmarkHTTP(b *testing.B) {
	p := startDiscarding(b)
	body := payload(b, load(b, "jaeger-go-http-rich-128"))
	url := "http://" + p.http + "/api/traces?format=jaeger.thrift"
	const clients = 8
	client := http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}}
	defer client.CloseIdleConnections()
	p.measure(b, "jaeger-http", 48_000, func() {
		var senders sync.WaitGroup
		for range clients {
			senders.Go(func() {
				for range 1000 {
					if err := post(&client, url, body); err != nil {
						b.Error(err)
						return
					}
				}
			})
		}
		senders.Wait()
	})
}

func post(client *http.Client, url string, body []byte) error {
	resp, err := client.Post(url, "application/x-thrift", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	if err == nil && resp.StatusCode != http.StatusAccepted {
		err = fmt.Errorf("answer %s", resp.Status)
	}
	return err
}

// startDiscarding starts a proxy that sends batches of the usual age to a
// backend that does not look at them.
func startDiscarding(b *testing.B) *proxy {
	sink := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
	}))
	b.Cleanup(sink.Close)
	return start(b, nil, "OTEL_EXPORTER_OTLP_ENDPOINT="+sink.URL, "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", "OT2OTEL_BATCH_MAX_AGE=200ms")
}

// measure reports what the proxy's process spends while load runs, which sends
// so many spans each time, and what part of them it did not get hold of.
func (p *proxy) measure(b *testing.B, listener string, sent int, load func()) {
	accepted := fmt.Sprintf(`ot2otel_accepted_spans_total{listener=%q}`, listener)
	before := p.cpu(b)
	began := time.Now()
	for b.Loop() {
		load()
	}
	elapsed := time.Since(began)
	spans := p.metrics(b)[accepted]
	used := p.cpu(b) - before
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(used.Nanoseconds())/spans, "cpu-ns/span")
	b.ReportMetric(spans/elapsed.Seconds(), "spans/s")
	b.ReportMetric(100*(1-spans/float64(sent*b.N)), "lost-%")
	b.ReportMetric(p.mebibytes(b, "VmRSS"), "MiB")
}

// cpu returns the processor time that the process has used, in ticks of 10 ms.
func (p *proxy) cpu(b *testing.B) time.Duration {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.process.Process.Pid))
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), ") ") // the name may hold spaces
	fields := strings.Fields(rest)
	var ticks int64
	for _, f := range fields[11:13] { // utime and stime
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			b.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

// mebibytes returns how much memory the process has, by a line of its status.
func (p *proxy) mebibytes(b *testing.B, line string) float64 {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.process.Process.Pid))
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), line+":")
	kibibytes, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	n, err := strconv.ParseFloat(kibibytes, 64)
	if err != nil {
		b.Fatalf("%s: %v", line, err)
	}
	return n / 1024
}
