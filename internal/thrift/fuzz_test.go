package thrift

import (
	"os"
	"testing"
)

// Packets of real clients: jaeger-client-go 2.30.0 to port 6831, jaeger-client
// for Node 3.19.0 to port 6832.
const (
	compactPacket = "testdata/jaeger-go-compact.bin"
	binaryPacket  = "testdata/jaeger-node-binary.bin"
)

func packet(tb testing.TB, binary bool) []byte {
	tb.Helper()
	file := compactPacket
	if binary {
		file = binaryPacket
	}
	b, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func FuzzCompact(f *testing.F) { fuzz(f, false) }

func FuzzBinary(f *testing.F) { fuzz(f, true) }

// fuzz tries input as a message and as a struct, as which it also begins where
// the header of the seed ends.
func fuzz(f *testing.F, binary bool) {
	seed := packet(f, binary)
	r := newReader(binary, seed)
	r.Message()
	f.Add(seed)
	f.Add(seed[len(seed)-r.Left():])
	for _, c := range hostile {
		if c.binary == binary {
			f.Add(c.in)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		checkAnyMessage(t, binary, b)
		checkAnyInput(t, binary, b)
	})
}
