package ingest

import (
	"encoding/binary"
	"hash/maphash"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/ot2otel/ot2otel/translate"
)

// Some Jaeger clients say of themselves what never got here (mapping J-15):
// they number their batches, so gaps are batches lost on the way, and they
// count the spans that they had to drop.

const (
	maxClients  = 4096      // how many are known at a time
	maxServices = 256       // how many get metrics of their own
	clientIdle  = time.Hour // when a client that is silent counts as gone; Jaeger's agent waited as long
)

// otherServices is the label of all services beyond maxServices.
const otherServices = "other"

// Why a client dropped spans, in the order of clientTotals.
var clientCauses = [...]string{"full_queue", "too_large", "failed_to_emit"}

// clientTotals is how many spans a client has dropped since it started.
type clientTotals [len(clientCauses)]int64

// A clientLedger knows the clients and counts what they lost. It holds no more
// than so many of them, and no text of theirs but service names.
type clientLedger struct {
	seed          maphash.Seed
	dropped, lost *prometheus.CounterVec

	mu       sync.Mutex
	clients  *simplelru.LRU[uint64, *client] // the one heard of last comes first
	services map[string]*clientCounters
}

// clientCounters are the metrics of one service.
type clientCounters struct {
	dropped [len(clientCauses)]prometheus.Counter
	lost    prometheus.Counter
}

// A client is one that was heard of.
type client struct {
	heard   time.Time
	batches sequence
	totals  clientTotals
	count   *clientCounters
}

func newClientLedger(dropped, lost *prometheus.CounterVec) *clientLedger {
	g := &clientLedger{seed: maphash.MakeSeed(), dropped: dropped, lost: lost, services: make(map[string]*clientCounters)}
	var err error
	g.clients, err = simplelru.NewLRU(maxClients, g.forget)
	if err != nil {
		panic(err) // only for a size of 0
	}
	return g
}

// connected returns how many clients were heard of lately.
func (g *clientLedger) connected() float64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.expire(time.Now())
	return float64(g.clients.Len())
}

// note takes down what c says of itself, and returns how many batches and
// spans that shows to be lost. peer stands in for a client without an id.
func (g *clientLedger) note(c *translate.Client, peer netip.AddrPort) (batches, spans int64) {
	if c.SeqNo <= 0 && !c.HasStats || c.UUID == "" && !peer.IsValid() {
		return 0, 0
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	g.expire(now)
	known, first := g.client(c, peer)
	known.heard = now
	order := inOrder
	if c.SeqNo > 0 {
		order, batches = known.batches.add(c.SeqNo)
		known.count.lost.Add(float64(batches))
	}
	if !c.HasStats || order == outOfOrder {
		return batches, 0
	}
	totals := clientTotals{max(c.FullQueue, 0), max(c.TooLarge, 0), max(c.SendFail, 0)}
	switch {
	case first && c.SeqNo != 1: // it started long before us, and so did its losses
		known.totals = totals
	case order == restarted:
		known.totals = clientTotals{}
	}
	return batches, known.drop(totals)
}

// drop counts what was dropped since the totals before. Totals that went down
// are those of a client that started anew.
func (c *client) drop(totals clientTotals) (spans int64) {
	for i := range totals {
		if totals[i] < c.totals[i] {
			c.totals = clientTotals{}
		}
	}
	for i := range totals {
		n := totals[i] - c.totals[i]
		c.count.dropped[i].Add(float64(n))
		spans += n
	}
	c.totals = totals
	return spans
}

// client returns the client that c is of, and whether it is new.
func (g *clientLedger) client(c *translate.Client, peer netip.AddrPort) (_ *client, first bool) {
	key := g.key(c, peer)
	if known, ok := g.clients.Get(key); ok {
		return known, false
	}
	fresh := &client{count: g.service(c.Service)}
	g.clients.Add(key, fresh)
	return fresh, true
}

// key is the same for batches of the same client.
func (g *clientLedger) key(c *translate.Client, peer netip.AddrPort) uint64 {
	var h maphash.Hash
	h.SetSeed(g.seed)
	h.WriteString(c.Service)
	h.WriteByte(0)
	h.WriteString(c.UUID)
	if c.UUID == "" {
		ip := peer.Addr().As16()
		h.Write(ip[:])
		var port [2]byte
		binary.BigEndian.PutUint16(port[:], peer.Port())
		h.Write(port[:])
	}
	return h.Sum64()
}

// service returns the metrics of a service. They are there from the moment a
// client of it is heard of: a rate wants to see the zero first.
func (g *clientLedger) service(name string) *clientCounters {
	if known, ok := g.services[name]; ok {
		return known
	}
	label := serviceLabel(name)
	if len(g.services) >= maxServices {
		label = otherServices
	}
	if known, ok := g.services[label]; ok {
		return known
	}
	c := &clientCounters{lost: g.lost.WithLabelValues(label)}
	for i, cause := range clientCauses {
		c.dropped[i] = g.dropped.WithLabelValues(label, cause)
	}
	g.services[label] = c
	return c
}

// serviceLabel makes of a name something that is fit for a label: UTF-8, not
// empty, of no great length, and a copy.
func serviceLabel(name string) string {
	const longest = 100
	if name == "" {
		return "unknown_service"
	}
	return strings.Clone(strings.ToValidUTF8(name[:min(len(name), longest)], "\uFFFD"))
}

// expire forgets clients that have been silent for too long.
func (g *clientLedger) expire(now time.Time) {
	for {
		_, oldest, ok := g.clients.GetOldest()
		if !ok || now.Sub(oldest.heard) <= clientIdle {
			return
		}
		g.clients.RemoveOldest()
	}
}

// forget is called with every client that is removed.
func (g *clientLedger) forget(_ uint64, c *client) {
	c.count.lost.Add(float64(c.batches.missing()))
}
