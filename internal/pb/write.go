package pb

import (
	"encoding/binary"
	"math"
	"math/bits"

	"github.com/ot2otel/ot2otel/internal/varint"
)

// AppendTag appends the tag of field num with wire type t.
func AppendTag(b []byte, num int, t Type) []byte {
	return appendUvarint(b, uint64(num)<<3|uint64(t))
}

// AppendVarint appends field num of type uint32, uint64, int32, int64 or an
// enum. An int32 below zero is given as uint64(int64(v)), as protobuf wants it.
func AppendVarint(b []byte, num int, v uint64) []byte {
	return appendUvarint(AppendTag(b, num, Varint), v)
}

// AppendBool appends field num of type bool.
func AppendBool(b []byte, num int, v bool) []byte {
	if v {
		return append(AppendTag(b, num, Varint), 1)
	}
	return append(AppendTag(b, num, Varint), 0)
}

// AppendFixed64 appends field num of type fixed64 or sfixed64.
func AppendFixed64(b []byte, num int, v uint64) []byte {
	return binary.LittleEndian.AppendUint64(AppendTag(b, num, Fixed64), v)
}

// AppendFixed32 appends field num of type fixed32 or sfixed32.
func AppendFixed32(b []byte, num int, v uint32) []byte {
	return binary.LittleEndian.AppendUint32(AppendTag(b, num, Fixed32), v)
}

// AppendDouble appends field num of type double.
func AppendDouble(b []byte, num int, v float64) []byte {
	return AppendFixed64(b, num, math.Float64bits(v))
}

// AppendBytes appends field num of type bytes, or a message that is encoded already.
func AppendBytes(b []byte, num int, v []byte) []byte {
	b = appendUvarint(AppendTag(b, num, Bytes), uint64(len(v)))
	return append(b, v...)
}

// AppendString appends field num of type string. That v is UTF-8 is the
// caller's business.
func AppendString(b []byte, num int, v string) []byte {
	b = appendUvarint(AppendTag(b, num, Bytes), uint64(len(v)))
	return append(b, v...)
}

// Begin opens field num of message type. What is appended from here on is in
// the message, until [End] closes it with the mark that Begin returned:
//
//	b, status := pb.Begin(b, 15)
//	b = pb.AppendVarint(b, 3, code)
//	b = pb.End(b, status)
//
// Messages nest; they are closed in the reverse order.
func Begin(b []byte, num int) (body []byte, mark int) {
	b = append(AppendTag(b, num, Bytes), 0)
	return b, len(b)
}

// End closes the message that was opened with mark. Its length takes as few
// bytes as possible: Begin left room for one, and when it takes more, which is
// from 128 bytes on, the message is moved.
func End(b []byte, mark int) []byte {
	n := len(b) - mark
	if n >= 0x80 {
		return endLong(b, mark)
	}
	b[mark-1] = byte(n)
	return b
}

func endLong(b []byte, mark int) []byte {
	var room [varint.MaxLen]byte
	n := len(b) - mark
	size := sizeUvarint(uint64(n))
	b = append(b, room[:size-1]...)
	copy(b[mark+size-1:], b[mark:mark+n])
	binary.PutUvarint(b[mark-1:], uint64(n))
	return b
}

// sizeUvarint returns how many bytes v takes as a varint: one for every seven
// bits up to its highest, and one for 0.
func sizeUvarint(v uint64) int { return (bits.Len64(v|1) + 6) / 7 }

// appendUvarint appends v; small enough to be inlined for the varints of one byte.
func appendUvarint(b []byte, v uint64) []byte {
	if v < 0x80 {
		return append(b, byte(v))
	}
	return binary.AppendUvarint(b, v)
}
