package ingest

import (
	"fmt"
	"math"
	"net"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/uber/jaeger-client-go"
	"pgregory.net/rapid"

	"github.com/ot2otel/ot2otel/translate"
)

func TestSequenceFindsGaps(t *testing.T) {
	for _, tt := range []struct {
		name    string
		numbers []int64
		lost    int64 // known to be missing at the end
		open    int64 // missing so far, but may still come
	}{
		{name: "nothing"},
		{name: "none missing", numbers: []int64{1, 2, 3, 4, 5}},
		{name: "begins late", numbers: []int64{1000, 1001}},
		{name: "one missing", numbers: []int64{1, 3}, open: 1},
		{name: "overtaken", numbers: []int64{1, 3, 2, 4}},
		{name: "overtaken at the start", numbers: []int64{2, 1, 3}},
		{name: "sent twice", numbers: []int64{1, 2, 2, 3, 3}},
		{name: "missing for good", numbers: []int64{1, 3, 18}, lost: 1, open: 14},
		{name: "comes too late to help", numbers: []int64{1, 40, 2}, lost: 23, open: 15},
		{name: "a long gap", numbers: []int64{1, 101}, lost: 84, open: 15},
		{name: "two long gaps", numbers: []int64{1, 101, 201}, lost: 183, open: 15},
		{name: "a straggler from far back", numbers: []int64{500, 7, 501}},
		{name: "a new count", numbers: []int64{500, 1, 2, 3}},
		{name: "a new count of which the first are missing", numbers: []int64{500, 3, 4, 5}},
		{name: "a new count, while some were missing", numbers: []int64{500, 502, 1, 2}, lost: 1},
		{name: "begins elsewhere", numbers: []int64{1, 1 << 40, 1<<40 + 1}},
		{name: "ends of the range", numbers: []int64{math.MaxInt64 - 1, math.MaxInt64, 1, math.MaxInt64}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var s sequence
			var lost int64
			for _, n := range tt.numbers {
				_, more := s.add(n)
				lost += more
			}
			if lost != tt.lost || s.missing() != tt.open {
				t.Errorf("%d lost and %d missing, want %d and %d", lost, s.missing(), tt.lost, tt.open)
			}
		})
	}
}

// Whatever is lost, and however packets overtake one another within reason:
// in the end the count is exact.
func TestSequenceCountsExactly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := rapid.Int64Range(1, 1000).Draw(t, "first")
		came := rapid.SliceOfN(rapid.Bool(), 1, 200).Draw(t, "came")
		came[0], came[len(came)-1] = true, true
		var numbers []int64
		want := int64(0)
		for i, ok := range came {
			if ok {
				numbers = append(numbers, first+int64(i))
			} else {
				want++
			}
		}
		for i := range numbers[1:] { // the first says where the count begins
			if rapid.Bool().Draw(t, "overtaken") && i+2 < len(numbers) && numbers[i+2]-numbers[i+1] < sequenceSpan-1 {
				numbers[i+1], numbers[i+2] = numbers[i+2], numbers[i+1]
			}
		}
		var s sequence
		var lost int64
		for _, n := range numbers {
			_, more := s.add(n)
			if more < 0 {
				t.Fatalf("%d lost at number %d", more, n)
			}
			lost += more
		}
		if lost += s.missing(); lost != want {
			t.Fatalf("%d lost, want %d: %v", lost, want, numbers)
		}
	})
}

var somewhere = netip.MustParseAddrPort("10.1.2.3:4567")

func TestClientLossesAreCounted(t *testing.T) {
	type batch struct {
		translate.Client
		peer string // "": somewhere
	}
	numbered := func(service, uuid string, n int64, drops ...int64) batch {
		c := translate.Client{Service: service, UUID: uuid, SeqNo: n}
		if len(drops) > 0 {
			c.HasStats, c.FullQueue, c.TooLarge, c.SendFail = true, drops[0], drops[1], drops[2]
		}
		return batch{Client: c}
	}
	from := func(peer string, b batch) batch { b.peer = peer; return b }
	const dropped, lost = "client_dropped_spans_total ", "client_lost_batches_total "
	for _, tt := range []struct {
		name    string
		batches []batch
		want    map[string]float64
		clients float64
	}{
		{name: "says nothing of itself", batches: []batch{{Client: translate.Client{Service: "a", UUID: "x"}}}},
		{name: "no losses", batches: []batch{numbered("a", "x", 1, 0, 0, 0), numbered("a", "x", 2, 0, 0, 0)}, clients: 1},
		{
			name:    "totals are since the client started",
			batches: []batch{numbered("a", "x", 1, 1, 0, 0), numbered("a", "x", 2, 1, 2, 0), numbered("a", "x", 3, 5, 2, 7)},
			want:    map[string]float64{dropped + "full_queue a": 5, dropped + "too_large a": 2, dropped + "failed_to_emit a": 7},
			clients: 1,
		},
		{
			name:    "a client that ran before we did",
			batches: []batch{numbered("a", "x", 900, 1000, 1000, 1000), numbered("a", "x", 901, 1001, 1000, 1000)},
			want:    map[string]float64{dropped + "full_queue a": 1},
			clients: 1,
		},
		{
			name:    "totals of an overtaken batch are old",
			batches: []batch{numbered("a", "x", 1, 0, 0, 0), numbered("a", "x", 3, 7, 0, 0), numbered("a", "x", 2, 3, 0, 0), numbered("a", "x", 4, 8, 0, 0)},
			want:    map[string]float64{dropped + "full_queue a": 8},
			clients: 1,
		},
		{
			name: "a client that started anew",
			batches: []batch{
				from("", numbered("a", "", 1, 0, 0, 0)), numbered("a", "", 100, 50, 0, 0),
				numbered("a", "", 1, 0, 0, 0), numbered("a", "", 2, 3, 0, 0),
			},
			want:    map[string]float64{dropped + "full_queue a": 53, lost + "a": 83 + 15},
			clients: 1,
		},
		{
			name:    "totals that went down",
			batches: []batch{numbered("a", "x", 1, 9, 0, 0), numbered("a", "x", 2, 4, 0, 0)},
			want:    map[string]float64{dropped + "full_queue a": 13},
			clients: 1,
		},
		{
			name:    "two clients of one service",
			batches: []batch{numbered("a", "x", 1, 1, 0, 0), numbered("a", "y", 1, 2, 0, 0), numbered("a", "x", 2, 1, 0, 0)},
			want:    map[string]float64{dropped + "full_queue a": 3},
			clients: 2,
		},
		{
			name: "clients without an id, by address",
			batches: []batch{
				from("10.0.0.1:1", numbered("a", "", 1, 1, 0, 0)), from("10.0.0.1:2", numbered("a", "", 1, 1, 0, 0)),
				from("10.0.0.2:1", numbered("a", "", 1, 1, 0, 0)), from("10.0.0.1:1", numbered("a", "", 2, 1, 0, 0)),
			},
			want:    map[string]float64{dropped + "full_queue a": 3},
			clients: 3,
		},
		{
			name:    "clients with an id, whatever the address",
			batches: []batch{from("10.0.0.1:1", numbered("a", "x", 1, 1, 0, 0)), from("10.0.0.9:9", numbered("a", "x", 2, 1, 0, 0))},
			want:    map[string]float64{dropped + "full_queue a": 1},
			clients: 1,
		},
		{name: "nobody knows who", batches: []batch{from("none", numbered("a", "", 1, 1, 0, 0))}},
		{
			name:    "numbers and totals below zero",
			batches: []batch{numbered("a", "x", -5, -1, -1, -1), numbered("a", "x", math.MinInt64, math.MinInt64, 2, 0)},
			want:    map[string]float64{dropped + "too_large a": 2},
			clients: 1,
		},
		{
			name:    "no name, and one that is fit for nothing",
			batches: []batch{numbered("", "x", 1, 1, 0, 0), numbered("\xff"+strings.Repeat("x", 1000), "y", 1, 1, 0, 0)},
			want:    map[string]float64{dropped + "full_queue unknown_service": 1, dropped + "full_queue \uFFFD" + strings.Repeat("x", 99): 1},
			clients: 2,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig()
			for _, b := range tt.batches {
				peer := somewhere
				if b.peer != "" {
					peer, _ = netip.ParseAddrPort(b.peer)
				}
				r.Metrics.clients.note(&b.Client, peer)
			}
			if tt.want == nil {
				tt.want = map[string]float64{}
			}
			got := r.metrics(t)
			// metrics names labels in alphabetical order: cause, service.
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("metrics (-want +got):\n%s", diff)
			}
			if got := r.Metrics.clients.connected(); got != tt.clients {
				t.Errorf("%v clients, want %v", got, tt.clients)
			}
		})
	}
}

// What is still missing when a client is forgotten will not come any more.
func TestSilentClientsAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig()
		note := func(uuid string, n int64) {
			r.Metrics.clients.note(&translate.Client{Service: "a", UUID: uuid, SeqNo: n}, somewhere)
		}
		note("x", 1)
		note("x", 4)
		time.Sleep(clientIdle / 2)
		note("y", 1)
		time.Sleep(clientIdle/2 + time.Second)
		if got := r.Metrics.clients.connected(); got != 1 {
			t.Errorf("%v clients, want 1", got)
		}
		r.wantMetrics(t, map[string]float64{"client_lost_batches_total a": 2})
		note("x", 50) // as if it were new
		r.wantMetrics(t, map[string]float64{"client_lost_batches_total a": 2})
	})
}

func TestClientLedgerIsBounded(t *testing.T) {
	r := newRig()
	for i := range maxClients + 1000 {
		c := translate.Client{Service: fmt.Sprint("service ", i), UUID: "x", SeqNo: 1, HasStats: true, TooLarge: 1}
		r.Metrics.clients.note(&c, somewhere)
	}
	if got := r.Metrics.clients.connected(); got != maxClients {
		t.Errorf("%v clients, want %d", got, maxClients)
	}
	m := r.metrics(t)
	if len(m) != maxServices+1 {
		t.Errorf("%d services have metrics, want %d and one for all others", len(m), maxServices)
	}
	if got, want := m["client_dropped_spans_total too_large other"], float64(maxClients+1000-maxServices); got != want {
		t.Errorf("%v spans of other services, want %v", got, want)
	}
}

func TestClientNotesAllocateNothing(t *testing.T) {
	r := newRig()
	c := translate.Client{Service: "a", UUID: "x", HasStats: true}
	if n := testing.AllocsPerRun(100, func() {
		c.SeqNo++
		r.Metrics.clients.note(&c, somewhere)
	}); n != 0 {
		t.Errorf("%v allocations for a batch, want none", n)
	}
}

// A packetReporter sends every span in a packet of its own.
type packetReporter struct{ jaeger.Transport }

func (r packetReporter) Report(s *jaeger.Span) {
	_, _ = r.Append(s) // fails for a span that is too large
	_, _ = r.Flush()
}
func (r packetReporter) Close() { _ = r.Transport.Close() }

// jaeger-client-go drops a span that is too large and says so in its next
// batch; a packet that never arrives shows in the numbers of those that do.
func TestRealClientsLossesShowInMetrics(t *testing.T) {
	r := newRealRig()
	u := serveUDP(t, r, UDP{})
	network, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = network.Close() }()
	transport, err := jaeger.NewUDPTransport(network.LocalAddr().String(), 0)
	if err != nil {
		t.Fatal(err)
	}
	tracer, closer := jaeger.NewTracer("shop", jaeger.NewConstSampler(true), packetReporter{transport})
	defer closer.Close()
	packet := make([]byte, maxDatagram)
	for i := range 2 + sequenceSpan {
		span := tracer.StartSpan("span")
		if i == 1 {
			big := tracer.StartSpan("big")
			big.LogKV("payload", strings.Repeat("x", 70_000))
			big.Finish()
		}
		span.Finish()
		n, err := network.Read(packet)
		if err != nil {
			t.Fatal(err)
		}
		if i == 1 {
			continue // lost on the way
		}
		u.send(t, packet[:n])
		r.sink.next(t)
	}
	eventually(t, "both losses are counted", func() bool {
		m := r.metrics(t)
		return m["client_dropped_spans_total too_large shop"] == 1 && m["client_lost_batches_total shop"] == 1
	})
	if log := r.log.String(); !strings.Contains(log, "id=OT2-I010 service=shop") {
		t.Errorf("no warning in the log: %s", log)
	}
}

func BenchmarkClientNote(b *testing.B) {
	r := newRig()
	c := translate.Client{Service: "shop", UUID: "4cd5bd2e3f4f1f4e", HasStats: true}
	b.ReportAllocs()
	for b.Loop() {
		c.SeqNo++
		r.Metrics.clients.note(&c, somewhere)
	}
}
