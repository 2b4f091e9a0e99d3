package pb

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
	"pgregory.net/rapid"
)

func TestAppend(t *testing.T) {
	cases := []struct {
		name string
		got  []byte
		want []byte
	}{
		{"tag", AppendTag(nil, 1, Varint), []byte{0x08}},
		{"tag of two bytes", AppendTag(nil, 16, Bytes), []byte{0x82, 0x01}},
		{"highest tag", AppendTag(nil, MaxNum, Fixed32), []byte{0xfd, 0xff, 0xff, 0xff, 0x0f}},
		{"varint 0", AppendVarint(nil, 3, 0), []byte{0x18, 0x00}},
		{"varint 150", AppendVarint(nil, 1, 150), []byte{0x08, 0x96, 0x01}},
		{"varint -1", AppendVarint(nil, 1, math.MaxUint64), []byte{0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01}},
		{"bool true", AppendBool(nil, 2, true), []byte{0x10, 0x01}},
		{"bool false", AppendBool(nil, 2, false), []byte{0x10, 0x00}},
		{"fixed64", AppendFixed64(nil, 7, 1), []byte{0x39, 1, 0, 0, 0, 0, 0, 0, 0}},
		{"fixed32", AppendFixed32(nil, 16, 0x0301), []byte{0x85, 0x01, 1, 3, 0, 0}},
		{"double", AppendDouble(nil, 4, 1.5), []byte{0x21, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f}},
		{"bytes", AppendBytes(nil, 1, []byte{7}), []byte{0x0a, 0x01, 0x07}},
		{"empty bytes", AppendBytes(nil, 1, nil), []byte{0x0a, 0x00}},
		{"string", AppendString(nil, 2, "testing"), []byte{0x12, 0x07, 't', 'e', 's', 't', 'i', 'n', 'g'}},
		{"after others", AppendString([]byte{0xff}, 2, "a"), []byte{0xff, 0x12, 0x01, 'a'}},
	}
	for _, c := range cases {
		if !bytes.Equal(c.got, c.want) {
			t.Errorf("%s: % x, want % x", c.name, c.got, c.want)
		}
	}
}

// The length of a message takes as few bytes as it can, on both sides of every boundary.
func TestEndLengthIsMinimal(t *testing.T) {
	for _, n := range []int{0, 1, 127, 128, 129, 16383, 16384, 1<<21 - 1, 1 << 21} {
		body := []byte(strings.Repeat("x", n))
		want := protowire.AppendBytes([]byte{0xaa, 0x0a}, body)
		b, m := Begin([]byte{0xaa}, 1)
		if b = End(append(b, body...), m); !bytes.Equal(b, want) {
			t.Errorf("message of %d bytes: got %d bytes, want %d", n, len(b), len(want))
		}
	}
}

func TestEndWithoutRoom(t *testing.T) {
	b, m := Begin(make([]byte, 0, 130), 1)
	b = append(b, bytes.Repeat([]byte{'x'}, 128)...) // full: moving it has to grow it
	want := protowire.AppendBytes([]byte{0x0a}, bytes.Repeat([]byte{'x'}, 128))
	if b = End(b, m); !bytes.Equal(b, want) {
		t.Errorf("% x, want % x", b, want)
	}
}

// A node is a message: leaves of every kind, and messages.
type node struct {
	num  int
	typ  Type
	v    uint64
	s    string
	msgs []node // if not nil, this is the message in typ Bytes
}

func anyNode(t *rapid.T, depth int) node {
	n := node{
		num: rapid.IntRange(1, MaxNum).Draw(t, "num"),
		typ: rapid.SampledFrom([]Type{Varint, Fixed64, Fixed32, Bytes}).Draw(t, "type"),
	}
	switch {
	case n.typ == Fixed32:
		n.v = uint64(rapid.Uint32().Draw(t, "fixed32"))
	case n.typ != Bytes:
		n.v = rapid.Uint64().Draw(t, "v")
	case depth > 0 && rapid.Bool().Draw(t, "message"):
		n.msgs = anyNodes(t, depth-1)
	default:
		n.s = string(rapid.SliceOfN(rapid.Byte(), 0, 150).Draw(t, "bytes"))
	}
	return n
}

func anyNodes(t *rapid.T, depth int) []node {
	nodes := []node{}
	for range rapid.IntRange(0, 6).Draw(t, "fields") {
		nodes = append(nodes, anyNode(t, depth))
	}
	return nodes
}

func appendNodes(b []byte, nodes []node) []byte {
	for _, n := range nodes {
		switch {
		case n.typ == Varint:
			b = AppendVarint(b, n.num, n.v)
		case n.typ == Fixed64:
			b = AppendFixed64(b, n.num, n.v)
		case n.typ == Fixed32:
			b = AppendFixed32(b, n.num, uint32(n.v))
		case n.msgs != nil:
			var m int
			b, m = Begin(b, n.num)
			b = End(appendNodes(b, n.msgs), m)
		default:
			b = AppendString(b, n.num, n.s)
		}
	}
	return b
}

func protowireNodes(b []byte, nodes []node) []byte {
	for _, n := range nodes {
		b = protowire.AppendTag(b, protowire.Number(n.num), protowire.Type(n.typ))
		switch {
		case n.typ == Varint:
			b = protowire.AppendVarint(b, n.v)
		case n.typ == Fixed64:
			b = protowire.AppendFixed64(b, n.v)
		case n.typ == Fixed32:
			b = protowire.AppendFixed32(b, uint32(n.v))
		case n.msgs != nil:
			b = protowire.AppendBytes(b, protowireNodes(nil, n.msgs))
		default:
			b = protowire.AppendString(b, n.s)
		}
	}
	return b
}

// Whatever is written is, byte for byte, what protowire writes.
func TestWritesWhatProtowireWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nodes := anyNodes(t, 4)
		got, want := appendNodes(nil, nodes), protowireNodes(nil, nodes)
		if !bytes.Equal(got, want) {
			t.Fatalf("\n got % x\nwant % x", got, want)
		}
	})
}

func TestWritingDoesNotAllocate(t *testing.T) {
	b := make([]byte, 0, 1024)
	if n := testing.AllocsPerRun(100, func() { b = appendSample(b[:0]) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// appendSample writes what an OTLP span with attributes looks like.
func appendSample(b []byte) []byte {
	b, span := Begin(b, 2)
	b = AppendFixed64(b, 7, 1234567890123456789)
	for range 8 {
		var attr, value int
		b, attr = Begin(b, 9)
		b = AppendString(b, 1, "http.request.method")
		b, value = Begin(b, 2)
		b = AppendString(b, 1, "GET")
		b = End(End(b, value), attr)
	}
	return End(b, span)
}

func BenchmarkAppend(b *testing.B) {
	buf := make([]byte, 0, 1024)
	b.ReportAllocs()
	for b.Loop() {
		buf = appendSample(buf[:0])
	}
}

// Closing a message of 600 bytes, the size of a span, with the move that takes.
func BenchmarkEnd(b *testing.B) {
	buf := make([]byte, 0, 1024)
	body := make([]byte, 600)
	b.Run("600bytes", func(b *testing.B) {
		for b.Loop() {
			d, m := Begin(buf, 2)
			End(append(d, body...), m)
		}
	})
	b.Run("600bytes/length-known", func(b *testing.B) {
		for b.Loop() {
			AppendBytes(buf, 2, body)
		}
	})
}
