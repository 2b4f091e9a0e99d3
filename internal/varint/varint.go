// Package varint decodes the variable-length integers that Thrift's compact
// protocol and protobuf share:
//
//	1xxxxxxx 1xxxxxxx ... 0xxxxxxx    seven bits a byte, lowest first; the last byte is below 0x80
//
// Writing needs no package: [encoding/binary.AppendUvarint] does it.
package varint

import (
	"encoding/binary"
	"math/bits"
)

// MaxLen is how many bytes the longest varint takes: ten times seven bits hold 64.
const MaxLen = 10

// Bit patterns of eight bytes: the continuation bits, and the payloads of
// every second group of 7, 14 and 28 bits.
const (
	continues = 0x8080808080808080
	odd7      = 0x7f007f007f007f00
	even7     = 0x007f007f007f007f
	odd14     = 0x3fff00003fff0000
	even14    = 0x00003fff00003fff
	odd28     = 0x0fffffff00000000
	even28    = 0x000000000fffffff
)

// Decode returns the varint at the start of b and its length in bytes. The
// length is 0 if b ends inside the varint, and -1 if the varint does not end
// within [MaxLen] bytes. Of a tenth byte only the lowest bit has a place in 64
// bits; the others are cut off, and callers that mind look at b[9].
//
// It takes eight bytes at a time: two to three times as fast as a loop over
// bytes for ids and timestamps of nine or ten bytes. For one byte a loop is
// faster, so callers look at that themselves (BenchmarkDecode).
func Decode(b []byte) (v uint64, n int) {
	if len(b) < 8 {
		return decodeBytes(b)
	}
	x := binary.LittleEndian.Uint64(b)
	last := ^x & continues // the top bit of every byte that ends a varint
	if last == 0 {
		return decodeTail(gather(x), b)
	}
	x &= last ^ (last - 1) // the bytes up to and with the first that ends
	return gather(x), bits.TrailingZeros64(last)/8 + 1
}

// gather joins the lower seven bits of each byte of x to one number of 56 bits.
func gather(x uint64) uint64 {
	x = x&even7 | x&odd7>>1
	x = x&even14 | x&odd14>>2
	return x&even28 | x&odd28>>4
}

// decodeTail adds the ninth and tenth byte of b to v, which holds the first eight.
func decodeTail(v uint64, b []byte) (uint64, int) {
	for i := 8; i < MaxLen; i++ {
		if i == len(b) {
			return 0, 0
		}
		v |= uint64(b[i]&0x7f) << (7 * i)
		if b[i] < 0x80 {
			return v, i + 1
		}
	}
	return 0, -1
}

// decodeBytes is Decode for fewer than eight bytes, at the end of the input.
func decodeBytes(b []byte) (v uint64, n int) {
	for i, c := range b {
		v |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			return v, i + 1
		}
	}
	return 0, 0
}
