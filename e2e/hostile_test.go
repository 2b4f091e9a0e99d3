package e2e

import (
	"net"
	"slices"
	"strings"
	"testing"

	"github.com/ot2otel/ot2otel/e2e/backend"
	"github.com/ot2otel/ot2otel/e2e/corpus"
	"github.com/ot2otel/ot2otel/e2e/judge"
)

// A packet that cannot be read, and the reason under which it has to be counted.
type hostile struct {
	what, reason string
	packet       []byte
}

// hostilePackets are wrong on either UDP port: good is a packet that is right
// on the port they go to, other one that is right on the other. The beginning
// of a text is the length of a name in the old binary protocol.
func hostilePackets(good, other []byte, text string) []hostile {
	return []hostile{
		{"no bytes at all", "empty", nil},
		{"one byte", "truncated", good[:1]},
		{"cut in the middle", "truncated", good[:len(good)/2]},
		{"cut before the last byte", "truncated", good[:len(good)-1]},
		{"of the other port", "bad_message", other},
		{"text", text, []byte("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")},
		{"nothing but ones", "bad_message", slices.Repeat([]byte{0xff}, 65000)},
	}
}

// compactPackets are wrong in ways of their own in the compact protocol.
func compactPackets() []hostile {
	const message = "\x82\x21\x01\x09emitBatch" // version 1, CALL, sequence 1
	const args = message + "\x1c"               // field 1, a struct: the Batch
	return []hostile{
		{"a thousand million spans", "oversized_count", []byte(args + "\x29\xfc\x80\x94\xeb\xdc\x03")},
		{"string of 2^31-1 bytes", "truncated", []byte(args + "\x1c\x18\xff\xff\xff\xff\x07")},
		{"varint without an end", "bad_varint", []byte(args + "\x1c\x18" + strings.Repeat("\xff", 12))},
		{"field of type 14", "bad_type", []byte(args + "\x1e")},
		{"structs in structs in structs", "too_deep", []byte(args + strings.Repeat("\x9c", 60000))},
	}
}

// TestHostilePackets sends packets that nobody can read between good ones: the
// good ones arrive, and the others are counted by reason.
func TestHostilePackets(t *testing.T) {
	b := backend.New(t)
	p := start(t, b)
	compact, binary := load(t, "jaeger-go-udp-rich-64"), load(t, "jaeger-node-udp-rich-128")
	ports := []struct {
		listener, addr string
		good           *corpus.Manifest
		bad            []hostile
	}{
		{"jaeger-compact", p.compact, compact, append(hostilePackets(payload(t, compact), payload(t, binary), "bad_message"), compactPackets()...)},
		{"zipkin-compact", p.old, compact, append(hostilePackets(payload(t, compact), payload(t, binary), "bad_message"), compactPackets()...)},
		{"jaeger-binary", p.binary, binary, hostilePackets(payload(t, binary), payload(t, compact), "truncated")},
	}
	for _, port := range ports {
		t.Run(port.listener, func(t *testing.T) {
			counts := map[string]float64{}
			for _, bad := range port.bad {
				t.Run(bad.what, func(t *testing.T) {
					counts[bad.reason]++
					send(t, port.addr, bad.packet)
					p.awaitMetric(t, `ot2otel_refused_payloads_total{listener="`+port.listener+`",reason="`+bad.reason+`"}`, counts[bad.reason])
				})
				if replay(t, port.good.Case, judge.Dup, p, b); t.Failed() {
					t.FailNow() // the others would fail as slowly
				}
			}
		})
	}
}

func load(t testing.TB, name string) *corpus.Manifest {
	t.Helper()
	m, err := corpus.Load(root, name)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// payload returns the first payload of a case.
func payload(t testing.TB, m *corpus.Manifest) []byte {
	t.Helper()
	b, err := m.Payload(m.Captures[0])
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func send(t *testing.T, addr string, packet []byte) {
	t.Helper()
	conn, err := net.Dial("udp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Write(packet); err != nil {
		t.Fatal(err)
	}
}
