package ingest

import (
	"bytes"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ot2otel/ot2otel/translate"
)

// A udpRig is a rig with a UDP listener on a real socket and a client of it.
type udpRig struct {
	*rig
	conn   *net.UDPConn
	client *net.UDPConn
	done   chan struct{} // closed when Serve has returned
}

// serveUDP starts u, for which it fills in what is missing. One reader is the
// default, for packets to be taken in the order in which they were sent.
func serveUDP(t testing.TB, r *rig, u UDP) *udpRig {
	t.Helper()
	u.Intake = r.Intake
	if u.Listener == "" {
		u.Listener, u.Format = ListenerJaegerCompact, translate.JaegerCompact
	}
	if u.Readers == 0 {
		u.Readers = 1
	}
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	client, err := net.DialUDP("udp", nil, conn.LocalAddr().(*net.UDPAddr))
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		u.Serve(conn)
	}()
	t.Cleanup(func() {
		_ = client.Close()
		_ = conn.Close()
		<-done
	})
	return &udpRig{r, conn, client, done}
}

func (r *udpRig) send(t testing.TB, p []byte) {
	t.Helper()
	if _, err := r.client.Write(p); err != nil {
		t.Fatal(err)
	}
}

func TestUDPBadPacketsAreCountedAndTheNextGoodOneIsTaken(t *testing.T) {
	r := serveUDP(t, newRig(), UDP{MaxPacket: 1000})
	for range 3 {
		r.send(t, []byte("not a number"))
	}
	r.send(t, nil)
	r.send(t, bytes.Repeat([]byte("1"), 1001))
	r.send(t, bytes.Repeat([]byte("1"), 40_000))
	r.send(t, []byte("5 good"))
	if got := r.sink.next(t); got != "5 good" {
		t.Errorf("put %q", got)
	}
	eventually(t, "the good packet is counted", func() bool {
		return r.metrics(t)["accepted_payloads_total jaeger-compact"] == 1
	})
	r.wantMetrics(t, map[string]float64{
		"accepted_payloads_total jaeger-compact":          1,
		"accepted_spans_total jaeger-compact":             5,
		"received_bytes_total jaeger-compact":             3*12 + 6,
		"refused_payloads_total jaeger-compact malformed": 3,
		"refused_payloads_total jaeger-compact empty":     1,
		"refused_payloads_total jaeger-compact too_large": 2,
	})
	for reason, id := range map[string]string{"malformed": "OT2-I001", "empty": "OT2-I001", "too_large": "OT2-I002"} {
		want := fmt.Sprintf("id=%s reason=%s peer=%s", id, reason, r.client.LocalAddr())
		if n := strings.Count(r.log.String(), want); n != 1 {
			t.Errorf("%q is in the log %d times, want once:\n%s", want, n, r.log)
		}
	}
}

func TestUDPTakesTheLargestDatagram(t *testing.T) {
	r := serveUDP(t, newRig(), UDP{})
	packet := append([]byte("1 "), bytes.Repeat([]byte("x"), 65_505)...)
	if len(packet) != 65_507 {
		t.Fatal(len(packet))
	}
	r.send(t, packet)
	if got := r.sink.next(t); got != string(packet) {
		t.Errorf("put %d bytes, want the %d that were sent", len(got), len(packet))
	}
}

func TestUDPSurvivesPanics(t *testing.T) {
	r := newRig()
	appenders := 0
	r.newAppender = func() appender { appenders++; return fakeAppender{} }
	u := serveUDP(t, r, UDP{})
	u.send(t, []byte("panic"))
	u.send(t, []byte("1 after a panicking translator"))
	u.sink.next(t)
	u.sink.mu.Lock()
	u.sink.fail = func() error { u.sink.fail = nil; panic("boom") }
	u.sink.mu.Unlock()
	u.send(t, []byte("2 with a panicking sink"))
	u.send(t, []byte("3 after a panicking sink"))
	u.sink.next(t)
	eventually(t, "all are counted", func() bool {
		return r.metrics(t)["accepted_payloads_total jaeger-compact"] == 2
	})
	if got := r.metrics(t)["refused_payloads_total jaeger-compact panic"]; got != 2 {
		t.Errorf("%v payloads refused for panic, want 2", got)
	}
	if appenders != 3 {
		t.Errorf("%d translators made, want a new one after each panic", appenders)
	}
	if log := r.log.String(); !strings.Contains(log, "id=OT2-I003") || !strings.Contains(log, "boom") || !strings.Contains(log, "fakeAppender.Append") {
		t.Errorf("the log does not say what panicked and where:\n%s", log)
	}
}

// Every packet sent is accepted or counted as lost, by two readers at once.
func TestUDPAccountsForEveryPacket(t *testing.T) {
	r := newRig()
	var puts atomic.Int64
	r.sink.fail = func() error {
		if puts.Add(1)%3 == 0 {
			return errFull
		}
		return nil
	}
	u := serveUDP(t, r, UDP{Readers: 2})
	u.send(t, []byte("2 spans"))
	r.sink.next(t) // the buffer has grown: none will be lost there
	const packets = 300
	for i := range packets {
		switch i % 10 {
		case 0:
			u.send(t, []byte("garbage"))
		case 1:
			u.send(t, []byte("panic"))
		default:
			u.send(t, []byte("2 spans"))
		}
	}
	eventually(t, "every packet is accounted for", func() bool { return r.payloads(t) == 1+packets })
	r.wantMetrics(t, map[string]float64{
		"accepted_payloads_total jaeger-compact":          161,
		"accepted_spans_total jaeger-compact":             322,
		"udp_dropped_packets_total jaeger-compact queue":  80,
		"udp_dropped_spans_total jaeger-compact queue":    160,
		"refused_payloads_total jaeger-compact malformed": 30,
		"refused_payloads_total jaeger-compact panic":     30,
		"received_bytes_total jaeger-compact":             30*7 + 30*5 + 241*7,
	})
}

func TestUDPCountsWhatTheKernelDrops(t *testing.T) {
	r := newRig()
	held, release := make(chan struct{}), make(chan struct{})
	r.sink.fail = func() error {
		r.sink.fail = nil
		close(held)
		<-release
		return nil
	}
	u := serveUDP(t, r, UDP{ReceiveBuffer: 1}) // the least that the kernel allows
	if _, known := kernelDrops(u.conn); !known {
		t.Skip("this system does not tell how many packets it drops")
	}
	u.send(t, []byte("1"))
	<-held
	const packets = 1000
	for range packets {
		u.send(t, []byte("1"))
	}
	close(release)
	eventually(t, "every packet is accounted for", func() bool {
		dropped, _ := kernelDrops(u.conn)
		return r.metrics(t)["accepted_payloads_total jaeger-compact"]+float64(dropped) == 1+packets
	})
	if err := u.conn.SetReadDeadline(time.Now()); err != nil {
		t.Fatal(err)
	}
	<-u.done // the metric is exact from here on
	got := r.metrics(t)
	accepted, dropped := got["accepted_payloads_total jaeger-compact"], got["udp_kernel_dropped_packets_total jaeger-compact"]
	if accepted+dropped != 1+packets || dropped == 0 {
		t.Errorf("%v accepted, %v dropped by the kernel, of %d sent", accepted, dropped, 1+packets)
	}
	if !strings.Contains(r.log.String(), "id=OT2-I009") {
		t.Errorf("no warning in the log: %s", r.log)
	}
}

func TestUDPReadDeadlineTakesWhatIsThereAndEnds(t *testing.T) {
	r := serveUDP(t, newRig(), UDP{})
	r.send(t, []byte("1 last words"))
	if err := r.conn.SetReadDeadline(time.Now().Add(500 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	<-r.done
	if got := r.sink.next(t); got != "1 last words" {
		t.Errorf("put %q", got)
	}
}

// brokenConn fails so many times, then holds one packet, then is closed.
type brokenConn struct {
	failures int
	read     bool
}

func (c *brokenConn) ReadFromUDPAddrPort(b []byte) (int, netip.AddrPort, error) {
	switch {
	case c.failures > 0:
		c.failures--
		return 0, netip.AddrPort{}, &net.OpError{Op: "read", Net: "udp", Err: os.NewSyscallError("recvfrom", syscall.ENOBUFS)}
	case !c.read:
		c.read = true
		return copy(b, "1 at last"), netip.AddrPort{}, nil
	}
	return 0, netip.AddrPort{}, &net.OpError{Op: "read", Net: "udp", Err: net.ErrClosed}
}

func TestUDPReadErrorsAreSurvived(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig()
		u := UDP{Listener: ListenerJaegerBinary, Format: translate.JaegerBinary, Intake: r.Intake, Readers: 1}
		start := time.Now()
		u.serve(&brokenConn{failures: 50}, r.lane(u.Listener, packetReasons))
		if got := r.sink.next(t); got != "1 at last" {
			t.Errorf("put %q", got)
		}
		if took := time.Since(start); took < 10*time.Millisecond || took > 50*maxPause {
			t.Errorf("50 errors took %v, want pauses, none over %v", took, maxPause)
		}
		if got := r.metrics(t)["udp_read_errors_total jaeger-binary"]; got != 50 {
			t.Errorf("%v read errors counted, want 50", got)
		}
		if n := strings.Count(r.log.String(), "id=OT2-I008"); n != 1 {
			t.Errorf("warned %d times, want once:\n%s", n, r.log)
		}
	})
}

func TestUDPReceiveBuffer(t *testing.T) {
	for _, tt := range []struct {
		name  string
		ask   int
		warns bool
	}{
		{name: "granted", ask: 64 << 10},
		{name: "clamped", ask: 1 << 30, warns: true},
		{name: "not asked for", ask: -1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := serveUDP(t, newRig(), UDP{ReceiveBuffer: tt.ask})
			r.send(t, []byte("1"))
			r.sink.next(t) // Serve is past the buffer
			if _, known := receiveBuffer(r.conn); !known {
				t.Skip("this system does not tell the size of a receive buffer")
			}
			buffer := map[string]float64{}
			families, err := r.reg.Gather()
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range families {
				if f.GetName() != "ot2otel_udp_receive_buffer_bytes" {
					continue
				}
				for _, m := range f.Metric {
					buffer[m.Label[0].GetValue()] = m.GetGauge().GetValue()
				}
			}
			switch requested, granted := buffer["requested"], buffer["granted"]; {
			case tt.ask < 0:
				if len(buffer) > 0 {
					t.Errorf("buffer %v shown, want nothing", buffer)
				}
			case requested != float64(tt.ask), (granted < requested/2) != tt.warns:
				t.Errorf("requested %v, granted %v, want %d and as much: %v", requested, granted, tt.ask, !tt.warns)
			}
			if warned := strings.Contains(r.log.String(), "id=OT2-I007"); warned != tt.warns {
				t.Errorf("warned: %v, want %v: %s", warned, tt.warns, r.log)
			}
		})
	}
}
