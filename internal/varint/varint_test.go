package varint

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Every length of varint, at every distance from the end of the input.
func TestDecodeAllLengths(t *testing.T) {
	for bits := range 65 {
		for _, v := range []uint64{1<<bits - 1, 1 << bits} {
			enc := binary.AppendUvarint(nil, v)
			for tail := range 12 {
				b := append(bytes.Clone(enc), bytes.Repeat([]byte{0xff}, tail)...)
				if got, n := Decode(b); got != v || n != len(enc) {
					t.Errorf("Decode(% x) = %d, %d; want %d, %d", b, got, n, v, len(enc))
				}
			}
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	for length := range 15 {
		want := 0
		if length >= MaxLen {
			want = -1
		}
		if v, n := Decode(bytes.Repeat([]byte{0x80}, length)); n != want || v != 0 {
			t.Errorf("Decode of %d bytes without end = %d, %d; want length %d", length, v, n, want)
		}
	}
}

func TestDecodeCutsOffBitsOver64(t *testing.T) {
	b := append(bytes.Repeat([]byte{0xff}, 9), 0x7f)
	if v, n := Decode(b); v != math.MaxUint64 || n != MaxLen {
		t.Errorf("Decode(% x) = %#x, %d", b, v, n)
	}
}

// Padded varints, which no writer makes, mean what they would byte by byte.
func TestDecodeAgreesWithBinary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.SliceOfN(rapid.Byte(), 0, 14).Draw(t, "input")
		want, wantN := binary.Uvarint(b)
		got, n := Decode(b)
		if wantN > 0 && (got != want || n != wantN) || wantN == 0 && n != 0 {
			t.Fatalf("Decode(% x) = %d, %d; want %d, %d", b, got, n, want, wantN)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	for _, size := range []int{1, 2, 3, 5, 9, 10} {
		in := append(binary.AppendUvarint(nil, 1<<(7*size-7)), make([]byte, 8)...)
		b.Run(fmt.Sprintf("%dbytes", size), func(b *testing.B) {
			for b.Loop() {
				Decode(in)
			}
		})
		b.Run(fmt.Sprintf("%dbytes/encoding-binary", size), func(b *testing.B) {
			for b.Loop() {
				binary.Uvarint(in)
			}
		})
	}
}
