package ingest

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"runtime"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/ot2otel/ot2otel/translate"
)

// A UDP listener takes one payload from each packet. It never answers: what is
// lost is counted.
//
// It has no queue of its own: few goroutines read, translate and put, and
// bursts wait in the kernel's buffer.
type UDP struct {
	Listener string // its name: one of the Listener constants
	Format   translate.Format
	Intake   *Intake

	// Readers is the number of goroutines; 0 means two, or one on a single processor.
	Readers int
	// MaxPacket is the size of the largest packet taken, in bytes; 0 means the
	// largest there can be. Clients of all languages send up to 65,000.
	MaxPacket int
	// ReceiveBuffer is how many bytes the kernel is asked to buffer; 0 means
	// 4 MiB, less than 0 not to ask.
	ReceiveBuffer int
}

const (
	maxDatagram          = 65535 // UDP's length field can say no more
	defaultReceiveBuffer = 4 << 20
)

// Serve takes packets from conn until it is closed, or until its read deadline
// passes: set one, to take what the kernel still holds and to count what it
// dropped, before closing.
func (u *UDP) Serve(conn *net.UDPConn) {
	l := u.Intake.lane(u.Listener, packetReasons)
	u.growBuffer(conn, l.report)
	stopWatch := u.watchDrops(conn, l.report)
	defer stopWatch()
	u.serve(conn, l)
}

// A packetConn is as much of a [net.UDPConn] as a reader needs.
type packetConn interface {
	ReadFromUDPAddrPort(b []byte) (int, netip.AddrPort, error)
}

func (u *UDP) serve(conn packetConn, l *lane) {
	limit := cmp.Or(u.MaxPacket, maxDatagram)
	var readers sync.WaitGroup
	for range cmp.Or(u.Readers, min(2, runtime.GOMAXPROCS(0))) {
		r := &packetReader{
			lane:     l,
			worker:   l.newWorker(),
			format:   u.Format,
			limit:    limit,
			buf:      make([]byte, limit+1), // one more, to tell a packet that is cut
			failures: u.Intake.Metrics.readErrors.WithLabelValues(u.Listener),
		}
		readers.Go(func() { r.run(conn) })
	}
	readers.Wait()
}

// A packetReader is one of the goroutines that serve a socket.
type packetReader struct {
	*lane
	worker   worker
	format   translate.Format
	limit    int
	buf      []byte
	failures prometheus.Counter // to read
	pause    time.Duration      // before reading again; 0 unless the last read failed
}

func (r *packetReader) run(conn packetConn) {
	for {
		n, peer, err := conn.ReadFromUDPAddrPort(r.buf)
		switch {
		case err == nil:
			r.pause = 0
			r.packet(r.buf[:n], peer)
		case errors.Is(err, net.ErrClosed), errors.Is(err, os.ErrDeadlineExceeded):
			return
		default:
			r.survive(err)
		}
	}
}

func (r *packetReader) packet(p []byte, peer netip.AddrPort) {
	r.worker.peer = netip.AddrPortFrom(peer.Addr().Unmap(), peer.Port())
	if no := r.try(p); no != nil {
		r.turnAway(no, r.worker.peer)
	}
}

func (r *packetReader) try(p []byte) *refusal {
	switch {
	case len(p) == 0:
		return &refusal{reason: reasonEmpty, err: errors.New("packet of no bytes")}
	case len(p) > r.limit:
		return &refusal{reason: reasonTooLarge, err: fmt.Errorf("packet of more than %d bytes", r.limit)}
	}
	return r.take(&r.worker, r.format, p, 0)
}

// survive waits after a read error: it may come again at once.
func (r *packetReader) survive(err error) {
	r.failures.Inc()
	if r.report.due("receive") {
		r.report.warn(problemReceive, "error", err)
	}
	r.pause = min(max(2*r.pause, minPause), maxPause)
	time.Sleep(r.pause)
}
