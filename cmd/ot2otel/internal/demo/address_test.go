package demo

import (
	"net"
	"testing"
)

func TestAddress(t *testing.T) {
	udp, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	sockets := map[string]net.Addr{"udp": udp.LocalAddr(), "tcp": tcp.Addr()}
	for network, taken := range sockets {
		if got := Address(network, taken.String()); got != "127.0.0.1:0" {
			t.Errorf("%s, taken: %s, want any port", network, got)
		}
	}
	udp.Close()
	tcp.Close()
	for network, free := range sockets {
		if got := Address(network, free.String()); got != free.String() {
			t.Errorf("%s, free: %s, want %s", network, got, free)
		}
	}
}
