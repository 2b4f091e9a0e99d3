package ingest

import (
	"cmp"
	"net"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// growBuffer asks for the receive buffer and shows what was granted: kernels
// grant less without a word.
func (u *UDP) growBuffer(conn *net.UDPConn, report *reporter) {
	want := cmp.Or(u.ReceiveBuffer, defaultReceiveBuffer)
	if want < 0 {
		return
	}
	err := conn.SetReadBuffer(want)
	granted, known := receiveBuffer(conn)
	if !known {
		return
	}
	gauge := u.Intake.Metrics.receiveBuffer
	gauge.WithLabelValues(u.Listener, "requested").Set(float64(want))
	gauge.WithLabelValues(u.Listener, "granted").Set(float64(granted))
	if granted < want/2 {
		report.warn(problemBuffer, "requested", want, "granted", granted, "error", err)
	}
}

// A dropWatch counts the packets that the kernel drops before anyone reads them.
type dropWatch struct {
	conn   *net.UDPConn
	seen   uint32 // the kernel's count when it was last asked; it wraps around
	count  prometheus.Counter
	report *reporter
}

// watchDrops counts drops until stop is called. To be exact to the end, call
// it before conn is closed.
func (u *UDP) watchDrops(conn *net.UDPConn, report *reporter) (stop func()) {
	w := &dropWatch{conn: conn, count: u.Intake.Metrics.kernelDrops.WithLabelValues(u.Listener), report: report}
	done := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() { w.run(done) })
	return func() {
		close(done)
		watching.Wait()
	}
}

func (w *dropWatch) run(done <-chan struct{}) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			w.sample()
		case <-done:
			w.sample()
			return
		}
	}
}

func (w *dropWatch) sample() {
	drops, known := kernelDrops(w.conn)
	if !known || drops == w.seen {
		return
	}
	n := drops - w.seen
	w.seen = drops
	w.count.Add(float64(n))
	if w.report.due("overflow") {
		w.report.warn(problemOverflow, "packets", n)
	}
}
