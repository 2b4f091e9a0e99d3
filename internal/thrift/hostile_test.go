package thrift

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"testing"
)

// hostile is short input that promises much, or makes no sense, and what is
// said of it. All of it is read as type t.
var hostile = []struct {
	name   string
	binary bool
	t      Type
	in     []byte
	reason string
	text   string
}{
	{"huge list", false, List, []byte{0xfc, 0x80, 0xd2, 0x93, 0xad, 0x03, 0, 0, 0, 0}, // list of structs: size 900000000
		OversizedCount, "thrift: at byte 0: list of 900000000 structs in 4 bytes left"},
	{"huge list", true, List, []byte{12, 0x35, 0xa4, 0xe9, 0x00, 0, 0, 0, 0}, // list of structs: size 900000000
		OversizedCount, "thrift: at byte 0: list of 900000000 structs in 4 bytes left"},
	{"one element too many", true, List, []byte{8, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7}, // 2 i32 in 7 bytes
		OversizedCount, "thrift: at byte 0: list of 2 i32s in 7 bytes left"},
	{"set of doubles", false, Set, []byte{0x27, 1, 2, 3, 4, 5, 6, 7, 8}, // 2 doubles in 8 bytes
		OversizedCount, "thrift: at byte 0: set of 2 doubles in 8 bytes left"},
	{"list of uuids", false, List, []byte{0x1d, 0}, // 1 uuid in 1 byte
		OversizedCount, "thrift: at byte 0: list of 1 uuids in 1 bytes left"},
	{"map of bools", false, Map, []byte{0xff, 0xff, 0xff, 0xff, 0x07, 0x11}, // size 2^31-1, bool to bool
		OversizedCount, "thrift: at byte 0: map of 2147483647 pairs in 0 bytes left"},
	{"map of bools", true, Map, []byte{2, 2, 0x7f, 0xff, 0xff, 0xff, 1},
		OversizedCount, "thrift: at byte 0: map of 2147483647 pairs in 1 bytes left"},
	{"negative list", false, List, []byte{0xfc, 0xff, 0xff, 0xff, 0xff, 0x0f},
		BadLength, "thrift: at byte 1: list of -1 elements"},
	{"negative list", true, List, []byte{12, 0xff, 0xff, 0xff, 0xff},
		BadLength, "thrift: at byte 1: list of -1 elements"},
	{"negative map", true, Map, []byte{8, 8, 0x80, 0, 0, 0},
		BadLength, "thrift: at byte 2: map of -2147483648 pairs"},
	{"negative string", false, String, []byte{0x80, 0x80, 0x80, 0x80, 0x08},
		BadLength, "thrift: at byte 0: string of -2147483648 bytes"},
	{"negative string", true, String, []byte{0xff, 0xff, 0xff, 0xfb},
		BadLength, "thrift: at byte 0: string of -5 bytes"},
	{"huge string", false, String, []byte{0xff, 0xff, 0xff, 0xff, 0x07, 'a'},
		Truncated, "thrift: at byte 0: string of 2147483647 bytes in 1 bytes left"},
	{"huge string", true, String, []byte{0x7f, 0xff, 0xff, 0xff, 'a', 'b'},
		Truncated, "thrift: at byte 0: string of 2147483647 bytes in 2 bytes left"},
	{"i32 of six bytes", false, I32, []byte{0x80, 0x80, 0x80, 0x80, 0x80, 0x00},
		BadVarint, "thrift: at byte 0: i32 in a varint of more than 5 bytes"},
	{"i32 of six bytes, cut", false, I32, []byte{0x80, 0x80, 0x80, 0x80, 0x80},
		BadVarint, "thrift: at byte 0: i32 in a varint of more than 5 bytes"},
	{"i64 of eleven bytes", false, I64, append(bytes.Repeat([]byte{0x80}, 10), 0x00),
		BadVarint, "thrift: at byte 0: i64 in a varint of more than 10 bytes"},
	{"i64 cut", false, I64, bytes.Repeat([]byte{0x80}, 9),
		Truncated, "thrift: at byte 0: input ends inside i64"},
	{"type of field", true, Struct, []byte{8, 0, 1, 0, 0, 0, 7, 103, 0, 1},
		BadType, "thrift: at byte 7: unknown data type 103 in a field"},
	{"type of field", false, Struct, []byte{0x1e},
		BadType, "thrift: at byte 0: unknown data type 14 in a field"},
	{"type of elements", true, List, []byte{1, 0, 0, 0, 1, 0}, // void takes no bytes: no such element
		BadType, "thrift: at byte 0: unknown data type 1 in a list"},
	{"type of elements", false, Set, []byte{0x1f, 0},
		BadType, "thrift: at byte 0: unknown data type 15 in a set"},
	{"stops as elements", true, List, []byte{0, 0, 0, 0, 1, 0},
		BadType, "thrift: at byte 0: unknown data type 0 in a list"},
	{"type of keys", false, Map, []byte{0x01, 0xe1, 0, 0},
		BadType, "thrift: at byte 0: unknown data type 14 in a map"},
	{"type of values", true, Map, []byte{8, 5, 0, 0, 0, 1, 0, 0},
		BadType, "thrift: at byte 0: unknown data type 5 in a map"},
	{"field id cut", true, Struct, []byte{8, 0}, Truncated, "thrift: at byte 1: input ends inside field id"},
	{"field id cut", false, Struct, []byte{0x05}, Truncated, "thrift: at byte 1: input ends inside field id"},
	{"empty", false, Struct, nil, Truncated, "thrift: at byte 0: input ends inside field header"},
	{"empty", true, Struct, nil, Truncated, "thrift: at byte 0: input ends inside field header"},
	{"structs nested", false, Struct, bytes.Repeat([]byte{0x1c}, 1000),
		TooDeep, "thrift: at byte 32: structs nested deeper than 32"},
	{"structs nested", true, Struct, bytes.Repeat([]byte{12, 0, 1}, 1000),
		TooDeep, "thrift: at byte 96: structs nested deeper than 32"},
	{"lists nested", false, List, bytes.Repeat([]byte{0x19}, 1000),
		TooDeep, "thrift: at byte 32: lists nested deeper than 32"},
	{"lists nested", true, List, bytes.Repeat([]byte{15, 0, 0, 0, 1}, 1000),
		TooDeep, "thrift: at byte 160: lists nested deeper than 32"},
}

func TestHostileInput(t *testing.T) {
	for _, c := range hostile {
		t.Run(fmt.Sprintf("%s/%s", name(c.binary), c.name), func(t *testing.T) {
			r := newReader(c.binary, c.in)
			r.Skip(c.t)
			if got := r.Err(); got == nil || got.Error() != c.text || Reason(got) != c.reason {
				t.Errorf("% x:\n got %v (%s)\nwant %s (%s)", c.in, got, Reason(got), c.text, c.reason)
			}
		})
	}
}

// Refusing takes no memory: a count is not believed before it is checked.
func TestHostileInputDoesNotAllocate(t *testing.T) {
	for _, c := range hostile {
		n := testing.AllocsPerRun(100, func() {
			r := newReader(c.binary, c.in)
			r.Skip(c.t)
			if r.fail.Reason != c.reason {
				t.Error(r.Err())
			}
		})
		if n != 0 {
			t.Errorf("%s %s: %v allocations", name(c.binary), c.name, n)
		}
	}
}

func TestReadingDoesNotAllocate(t *testing.T) {
	eachProtocol(t, func(t *testing.T, binary bool) {
		b := packet(t, binary)
		n := testing.AllocsPerRun(100, func() {
			r := newReader(binary, b)
			r.Message()
			if walk(&r, Struct) == 0 || r.fail.Reason != "" {
				t.Error(r.Err())
			}
		})
		if n != 0 {
			t.Errorf("%v allocations", n)
		}
	})
}

func TestBadMessages(t *testing.T) {
	cases := []struct {
		name   string
		binary bool
		in     []byte
		reason string
		text   string
	}{
		{"text to compact", false, []byte("GET / HTTP/1.1"), BadMessage, "thrift: at byte 1: not a message: protocol id 0x47"},
		{"binary to compact", false, binaryMessage, BadMessage, "thrift: at byte 1: not a message: protocol id 0x80"},
		{"compact to binary", true, compactMessage, BadMessage, "thrift: at byte 4: not a message: version 0x8281"},
		{"text to binary", true, []byte("GET / HTTP/1.1"), Truncated, "thrift: at byte 0: string of 1195725856 bytes in 10 bytes left"},
		{"version", false, []byte{0x82, 0x22, 0, 0}, BadMessage, "thrift: at byte 2: not a message: version 0x2"},
		{"version", true, []byte{0x80, 0x02, 0, 1}, BadMessage, "thrift: at byte 4: not a message: version 0x8002"},
		{"type", false, []byte{0x82, 0xa1, 0, 0}, BadMessage, "thrift: at byte 2: not a message: message type 0x5"},
		{"type", true, []byte{0x80, 0x01, 0, 0}, BadMessage, "thrift: at byte 4: not a message: message type 0x0"},
		{"type, not strict", true, []byte{0, 0, 0, 1, 'a', 9, 0, 0, 0, 0}, BadMessage, "thrift: at byte 6: not a message: message type 0x9"},
		{"empty", false, nil, Truncated, "thrift: at byte 0: input ends inside message header"},
		{"empty", true, []byte{}, Truncated, "thrift: at byte 0: input ends inside message header"},
	}
	for _, c := range cases {
		r := newReader(c.binary, c.in)
		name, mt, seq := r.Message()
		if name != "" || mt != 0 || seq != 0 {
			t.Errorf("%s: Message() = %q, %d, %d", c.name, name, mt, seq)
		}
		if got := r.Err(); got == nil || got.Error() != c.text || Reason(got) != c.reason {
			t.Errorf("%s:\n got %v (%s)\nwant %s (%s)", c.name, got, Reason(got), c.text, c.reason)
		}
	}
}

func TestReason(t *testing.T) {
	r := NewCompact([]byte{0xff})
	r.I32()
	if got := Reason(fmt.Errorf("packet: %w", r.Err())); got != Truncated {
		t.Errorf("reason of a wrapped error: %q", got)
	}
	if got := Reason(io.EOF); got != "" {
		t.Errorf("reason of another error: %q", got)
	}
	if got := Reason(nil); got != "" {
		t.Errorf("reason of no error: %q", got)
	}
	r = NewBinary([]byte{103, 0, 0})
	r.Skip(Struct)
	if errors.Is(r.Err(), io.ErrUnexpectedEOF) {
		t.Error("a bad type counts as missing bytes")
	}
}

// Structs may nest as deep as MaxDepth, and depth does not add up over neighbours.
func TestDepth(t *testing.T) {
	deep := append(bytes.Repeat([]byte{0x1c}, MaxDepth-1), make([]byte, MaxDepth)...)
	var in []byte
	for range 3 {
		in = append(in, deep...)
	}
	r := NewCompact(in)
	for range 3 {
		r.Skip(Struct)
	}
	if r.Err() != nil || r.Left() != 0 {
		t.Errorf("%v, %d bytes left", r.Err(), r.Left())
	}
}
