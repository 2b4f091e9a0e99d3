package thrift

import (
	"bytes"
	"errors"
	"io"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The same message in both protocols:
//
//	emitBatch(1: i64 a = -1, 2: bool b = true, 3: list<bool> c = [true, false],
//	  4: double d = 1.5, 20: string e = "hi", 21: map<i32, string> f = {7: "x"},
//	  22: struct g = {1: bool = false}, 23: i16 h = -2, 24: byte i = -3, 25: map j = {})
var (
	compactMessage = []byte{
		0x82, 0x81, 0x05, // compact, Oneway and version 1, sequence number 5
		0x09, 'e', 'm', 'i', 't', 'B', 'a', 't', 'c', 'h', // name
		0x16, 0x01, // 1: i64 -1
		0x11,                   // 2: true
		0x19, 0x21, 0x01, 0x02, // 3: list of 2 bools: true, false
		0x17, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f, // 4: double 1.5
		0x08, 0x28, 0x02, 'h', 'i', // 20: string "hi"; the id in full
		0x1b, 0x01, 0x58, 0x0e, 0x01, 'x', // 21: map of 1 i32 to string: 7, "x"
		0x1c, 0x12, 0x00, // 22: struct: 1: false; stop
		0x14, 0x03, // 23: i16 -2
		0x13, 0xfd, // 24: byte -3
		0x1b, 0x00, // 25: map, empty
		0x00, // stop
	}
	binaryMessage = []byte{
		0x80, 0x01, 0x00, 0x04, // strict, version 1, Oneway
		0, 0, 0, 9, 'e', 'm', 'i', 't', 'B', 'a', 't', 'c', 'h', // name
		0, 0, 0, 5, // sequence number
		10, 0, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, // 1: i64 -1
		2, 0, 2, 1, // 2: bool true
		15, 0, 3, 2, 0, 0, 0, 2, 1, 0, // 3: list of bools, 2: true, false
		4, 0, 4, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0, // 4: double 1.5
		11, 0, 20, 0, 0, 0, 2, 'h', 'i', // 20: string "hi"
		13, 0, 21, 8, 11, 0, 0, 0, 1, 0, 0, 0, 7, 0, 0, 0, 1, 'x', // 21: map i32 to string, 1: 7, "x"
		12, 0, 22, 2, 0, 1, 0, 0, // 22: struct: 1: bool false; stop
		6, 0, 23, 0xff, 0xfe, // 23: i16 -2
		3, 0, 24, 0xfd, // 24: byte -3
		13, 0, 25, 8, 11, 0, 0, 0, 0, // 25: map i32 to string, empty
		0, // stop
	}
	message = map[bool][]byte{false: compactMessage, true: binaryMessage}
)

// An args is what the message above holds.
type args struct {
	Name string
	Type MessageType
	Seq  int32

	A    int64
	B    bool
	C    []bool
	D    float64
	E    string
	F    map[int32]string
	G    []bool
	H    int16
	I    int8
	Rest []int16
}

var wantArgs = args{
	Name: "emitBatch", Type: Oneway, Seq: 5,
	A: -1, B: true, C: []bool{true, false}, D: 1.5, E: "hi",
	F: map[int32]string{7: "x"}, G: []bool{false}, H: -2, I: -3, Rest: []int16{25},
}

func readArgs(r *Reader) (a args) {
	a.Name, a.Type, a.Seq = r.Message()
	for id, t := range r.Fields() {
		switch {
		case id == 1 && t == I64:
			a.A = r.I64()
		case id == 2 && t == Bool:
			a.B = r.Bool()
		case id == 3 && t == List:
			for range r.Each(Bool) {
				a.C = append(a.C, r.Bool())
			}
		case id == 4 && t == Double:
			a.D = r.Double()
		case id == 20 && t == String:
			a.E = r.String()
		case id == 21 && t == Map:
			a.F = readMap(r)
		case id == 22 && t == Struct:
			for range r.Fields() {
				a.G = append(a.G, r.Bool())
			}
		case id == 23 && t == I16:
			a.H = r.I16()
		case id == 24 && t == Byte:
			a.I = r.Byte()
		default:
			a.Rest = append(a.Rest, id)
			r.Skip(t)
		}
	}
	return a
}

func readMap(r *Reader) map[int32]string {
	m := map[int32]string{}
	_, _, n := r.Map()
	for range n {
		m[r.I32()] = r.String()
	}
	return m
}

func TestMessage(t *testing.T) {
	eachProtocol(t, func(t *testing.T, binary bool) {
		r := newReader(binary, message[binary])
		if d := cmp.Diff(wantArgs, readArgs(&r)); d != "" || r.Err() != nil || r.Left() != 0 {
			t.Errorf("%v, %d bytes left (-want +got):\n%s", r.Err(), r.Left(), d)
		}
	})
}

func TestMessageNotStrict(t *testing.T) {
	r := NewBinary([]byte{
		0, 0, 0, 2, 'h', 'i', // name
		1,                // Call
		0x80, 0, 0, 0xff, // sequence number
	})
	name, mt, seq := r.Message()
	if name != "hi" || mt != Call || seq != math.MinInt32+255 || r.Err() != nil || r.Left() != 0 {
		t.Errorf("Message() = %q, %d, %d; %v", name, mt, seq, r.Err())
	}
}

func TestEveryPrefixOfMessage(t *testing.T) {
	eachProtocol(t, func(t *testing.T, binary bool) {
		for n := range message[binary] {
			r := newReader(binary, message[binary][:n])
			readArgs(&r)
			if !errors.Is(r.Err(), io.ErrUnexpectedEOF) {
				t.Errorf("cut to %d bytes: %v", n, r.Err())
			}
			if e, ok := errors.AsType[*Error](r.Err()); !ok || e.Offset > n {
				t.Errorf("cut to %d bytes: %v", n, r.Err())
			}
		}
	})
}

// Real packets end exactly where their struct does, and each of their prefixes
// is told as cut.
func TestPacketsOfRealClients(t *testing.T) {
	eachProtocol(t, func(t *testing.T, binary bool) {
		b := packet(t, binary)
		for n := range len(b) + 1 {
			r := newReader(binary, b[:n])
			name, _, _ := r.Message()
			r.Skip(Struct)
			if n < len(b) && !errors.Is(r.Err(), io.ErrUnexpectedEOF) {
				t.Fatalf("cut to %d bytes: %v", n, r.Err())
			}
			if n == len(b) && (name != "emitBatch" || r.Err() != nil || r.Left() != 0) {
				t.Errorf("%q: %v, %d bytes left", name, r.Err(), r.Left())
			}
		}
		checkAnyMessage(t, binary, b)
	})
}

func TestBoundaryIntegers(t *testing.T) {
	values := map[Type][]int64{
		Byte: {0, 1, -1, math.MaxInt8, math.MinInt8},
		I16:  {0, 1, -1, 63, 64, -64, -65, math.MaxInt16, math.MinInt16},
		I32:  {0, 1, -1, 1<<27 - 1, 1 << 27, math.MaxInt32, math.MinInt32},
		I64:  {0, 1, -1, 1<<53 + 1, 1<<62 - 1, 1 << 62, math.MaxInt64, math.MinInt64},
	}
	eachProtocol(t, func(t *testing.T, binary bool) {
		for typ, nums := range values {
			for _, n := range nums {
				want := tree{Type: typ, Num: n}
				b, err := encode(binary, want)
				r := newReader(binary, b)
				if got := readTree(&r, typ, 0); got.Num != n || r.Err() != nil || err != nil || r.Left() != 0 {
					t.Errorf("%v %d as % x reads as %d: %v", typ, n, b, got.Num, r.Err())
				}
			}
		}
	})
}

// A dynamic language's port 50000 in a signed i16 keeps its lower 16 bits.
func TestCompactI16OutOfRange(t *testing.T) {
	r := NewCompact([]byte{0xa0, 0x8d, 0x06}) // zigzag 50000
	if got := uint16(r.I16()); got != 50000 || r.Err() != nil {
		t.Errorf("I16() = %d, %v", got, r.Err())
	}
}

func TestDoubleKeepsBits(t *testing.T) {
	const bits = 0x7ff8_dead_beef_0001 // a NaN with a payload
	eachProtocol(t, func(t *testing.T, binary bool) {
		b, err := encode(binary, tree{Type: Double, Num: bits})
		r := newReader(binary, b)
		if got := math.Float64bits(r.Double()); got != bits || err != nil {
			t.Errorf("Double() has bits %#x, want %#x", got, bits)
		}
	})
}

func TestStringsAliasInput(t *testing.T) {
	in := []byte{3, 'a', 'b', 'c', 1, 'd'}
	r := NewCompact(in)
	s, b := r.String(), r.Bytes()
	copy(in, "\x03xyz\x01w")
	if s != "xyz" || string(b) != "w" {
		t.Errorf("after the input changed: %q, %q", s, b)
	}
	if r = NewCompact([]byte{1, 'a', 'b'}); cap(r.Bytes()) != 1 {
		t.Error("bytes can be appended to, into the input")
	}
}

// A list of another type than wanted is read over; what follows stays readable.
func TestEachSkipsOtherTypes(t *testing.T) {
	r := NewCompact([]byte{
		0x28, 1, 'a', 1, 'b', // list of 2 strings
		0x0e, // i32 7
	})
	for range r.Each(Struct) {
		t.Error("a string was taken for a struct")
	}
	if got := r.I32(); got != 7 || r.Err() != nil {
		t.Errorf("after the list: %d, %v", got, r.Err())
	}
}

// A bool that the loop did not read does not turn up in a later list.
func TestBoolOfFieldIsForgotten(t *testing.T) {
	r := NewCompact([]byte{
		0x12,             // 1: false
		0x19, 0x11, 0x01, // 2: list of 1 bool: true
		0x00, // stop
	})
	for id := range r.Fields() {
		if id == 2 {
			for range r.Each(Bool) {
				if !r.Bool() {
					t.Error("the list's element is the field's value")
				}
			}
		}
	}
}

func TestErrorSticks(t *testing.T) {
	eachProtocol(t, func(t *testing.T, binary bool) {
		r := newReader(binary, bytes.Repeat([]byte{0x6f}, 64))
		r.Skip(Type(103))
		first := r.Err().Error()
		var zero args
		if d := cmp.Diff(zero, readArgs(&r)); d != "" {
			t.Errorf("read after an error (-want +got):\n%s", d)
		}
		for range r.Each(Struct) {
			t.Error("an element after an error")
		}
		if got := r.Err().Error(); got != first {
			t.Errorf("error became %q", got)
		}
	})
}

func TestTypeString(t *testing.T) {
	for typ, want := range map[Type]string{Bool: "bool", Struct: "struct", UUID: "uuid", 1: "type 1", 103: "type 103"} {
		if got := typ.String(); got != want {
			t.Errorf("type %d is called %q, want %q", uint8(typ), got, want)
		}
	}
}
