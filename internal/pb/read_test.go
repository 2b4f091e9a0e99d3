package pb

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// A record is a message of every wire type:
//
//	message Record {
//	  sint64 or int64 a = 1; string b = 2; Record c = 3; fixed64 d = 4;
//	  double e = 5; fixed32 f = 6; bool g = 7; bytes h = 8;
//	}
type record struct {
	A    int64
	B    string
	C    *record
	D    uint64
	E    float64
	F    uint32
	G    bool
	H    []byte
	Rest []int
}

var recordBytes = []byte{
	0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, // 1: varint -1
	0x12, 0x02, 'h', 'i', // 2: "hi"
	0x1a, 0x05, // 3: message of 5 bytes
	/* */ 0x38, 0x01, // 7: true
	/* */ 0x12, 0x01, 'x', // 2: "x"
	0x21, 1, 0, 0, 0, 0, 0, 0, 0x80, // 4: fixed64
	0x29, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f, // 5: double 1.5
	0x35, 4, 3, 2, 1, // 6: fixed32
	0x38, 0x00, // 7: false
	0x42, 0x00, // 8: no bytes
	0x82, 0x01, 0x01, 0x00, // 16: bytes, unknown
	0x0a, 0x01, 0x00, // 1 with another wire type
}

func readRecord(r *Reader, fields func(func(int, Type) bool)) *record {
	v := &record{}
	for num, t := range fields {
		switch {
		case num == 1 && t == Varint:
			v.A = int64(r.Varint())
		case num == 2 && t == Bytes:
			v.B = r.String()
		case num == 3 && t == Bytes:
			v.C = readRecord(r, r.Message())
		case num == 4 && t == Fixed64:
			v.D = r.Fixed64()
		case num == 5 && t == Fixed64:
			v.E = r.Double()
		case num == 6 && t == Fixed32:
			v.F = r.Fixed32()
		case num == 7 && t == Varint:
			v.G = r.Bool()
		case num == 8 && t == Bytes:
			v.H = r.Bytes()
		default:
			v.Rest = append(v.Rest, num)
			r.Skip(t)
		}
	}
	return v
}

func TestRead(t *testing.T) {
	want := &record{
		A: -1, B: "hi", C: &record{B: "x", G: true}, D: 1<<63 + 1, E: 1.5, F: 0x01020304,
		H: []byte{}, Rest: []int{16, 1},
	}
	r := NewReader(recordBytes)
	got := readRecord(&r, r.Fields())
	if d := cmp.Diff(want, got); d != "" || r.Err() != nil || r.Offset() != len(recordBytes) {
		t.Errorf("%v at byte %d (-want +got):\n%s", r.Err(), r.Offset(), d)
	}
}

// A cut is seen unless it falls between two fields of the outermost message:
// nothing then says that there should be more.
func TestEveryPrefix(t *testing.T) {
	between := map[int]bool{len(recordBytes): true}
	r := NewReader(recordBytes)
	between[0] = true
	for _, typ := range r.Fields() {
		r.Skip(typ)
		between[r.Offset()] = true
	}
	if len(between) != 11 {
		t.Fatalf("fields end at %v", between)
	}
	for n := range recordBytes {
		r := NewReader(recordBytes[:n])
		readRecord(&r, r.Fields())
		if between[n] != (r.Err() == nil) || !between[n] && !errors.Is(r.Err(), io.ErrUnexpectedEOF) {
			t.Errorf("cut to %d bytes: %v", n, r.Err())
		}
	}
}

// A value must not reach out of the message it is in, even where bytes follow.
func TestMessageBoundsItsFields(t *testing.T) {
	r := NewReader([]byte{
		0x1a, 0x03, // 3: message of 3 bytes
		0x12, 0x02, 'a', // 2: string of 2 bytes, of which 1 is inside
		'b',
	})
	readRecord(&r, r.Fields())
	if got := fmt.Sprint(r.Err()); got != "protobuf: at byte 3: 2 bytes in 1 bytes left" {
		t.Error(got)
	}
}

func TestMessageLeftEarly(t *testing.T) {
	r := NewReader([]byte{
		0x1a, 0x04, 0x08, 0x01, 0x08, 0x02, // 3: message: 1: 1, 1: 2
		0x08, 0x07, // 1: 7
	})
	var got []uint64
	for num := range r.Fields() {
		if num == 1 {
			got = append(got, r.Varint())
			continue
		}
		for range r.Message() {
			got = append(got, r.Varint())
			break
		}
	}
	if d := cmp.Diff([]uint64{1, 7}, got); d != "" || r.Err() != nil {
		t.Errorf("%v (-want +got):\n%s", r.Err(), d)
	}
}

var hostile = []struct {
	name   string
	in     []byte
	reason string
	text   string
}{
	{"huge length", []byte{0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 'a'},
		Truncated, "protobuf: at byte 1: 18446744073709551615 bytes in 1 bytes left"},
	{"length one too many", []byte{0x0a, 0x02, 'a'}, Truncated, "protobuf: at byte 1: 2 bytes in 1 bytes left"},
	{"length of 2^31", []byte{0x0a, 0x80, 0x80, 0x80, 0x80, 0x08}, Truncated, "protobuf: at byte 1: 2147483648 bytes in 0 bytes left"},
	{"varint of 65 bits", append([]byte{0x08}, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02),
		BadVarint, "protobuf: at byte 1: varint of more than 64 bits"},
	{"varint of eleven bytes", append([]byte{0x08}, bytes.Repeat([]byte{0x80}, 11)...),
		BadVarint, "protobuf: at byte 1: varint of more than 64 bits"},
	{"varint cut", []byte{0x08, 0x80}, Truncated, "protobuf: at byte 1: input ends inside varint"},
	{"tag cut", []byte{0x88}, Truncated, "protobuf: at byte 0: input ends inside tag"},
	{"fixed64 cut", []byte{0x09, 1, 2, 3, 4, 5, 6, 7}, Truncated, "protobuf: at byte 1: input ends inside fixed64"},
	{"fixed32 cut", []byte{0x0d, 1, 2, 3}, Truncated, "protobuf: at byte 1: input ends inside fixed32"},
	{"start of a group", []byte{0x0b, 0x0c}, BadType, "protobuf: at byte 0: wire type 3"},
	{"end of a group", []byte{0x08, 0x01, 0x0c}, BadType, "protobuf: at byte 2: wire type 4"},
	{"wire type", []byte{0x0e, 0}, BadType, "protobuf: at byte 0: wire type 6"},
	{"wire type", []byte{0x0f, 0}, BadType, "protobuf: at byte 0: wire type 7"},
	{"field 0", []byte{0x00, 0x01}, BadField, "protobuf: at byte 0: field number 0"},
	{"field over the highest", []byte{0x80, 0x80, 0x80, 0x80, 0x10, 0x01}, BadField, "protobuf: at byte 0: field number 536870912"},
	{"inside a message", []byte{0x1a, 0x02, 0x1a, 0x05, 0x08, 0x01, 0x08, 0x01, 0x08, 0x01},
		Truncated, "protobuf: at byte 3: 5 bytes in 0 bytes left"},
	{"nested", nested(MaxDepth + 1), TooDeep, "protobuf: at byte 238: messages nested deeper than 100"},
}

// nested is a message in a message, n times.
func nested(n int) []byte {
	var b []byte
	for range n {
		b = AppendBytes(nil, 3, b)
	}
	return b
}

func TestHostileInput(t *testing.T) {
	for _, c := range hostile {
		r := NewReader(c.in)
		readRecord(&r, r.Fields())
		if got := r.Err(); got == nil || got.Error() != c.text || Reason(got) != c.reason {
			t.Errorf("%s, % x:\n got %v (%s)\nwant %s (%s)", c.name, c.in, got, Reason(got), c.text, c.reason)
		}
	}
}

func TestDepth(t *testing.T) {
	r := NewReader(bytes.Repeat(nested(MaxDepth), 3))
	readRecord(&r, r.Fields())
	if r.Err() != nil {
		t.Error(r.Err())
	}
}

func TestReadingDoesNotAllocate(t *testing.T) {
	inputs := [][]byte{recordBytes}
	for _, c := range hostile {
		inputs = append(inputs, c.in)
	}
	for _, in := range inputs {
		n := testing.AllocsPerRun(100, func() {
			r := NewReader(in)
			for num, t := range r.Fields() {
				drain(&r, num, t)
			}
		})
		if n != 0 {
			t.Errorf("% x: %v allocations", in, n)
		}
	}
}

// drain reads a field, with field 3 as a message.
func drain(r *Reader, num int, t Type) {
	if num != 3 || t != Bytes {
		r.Skip(t)
		return
	}
	for num, t := range r.Message() {
		drain(r, num, t)
	}
}

func TestErrorSticks(t *testing.T) {
	r := NewReader([]byte{0x0b, 0x08, 0x01})
	r.Skip(4)
	first := fmt.Sprint(r.Err())
	readRecord(&r, r.Message())
	if v := readRecord(&r, r.Fields()); !cmp.Equal(v, &record{}) {
		t.Errorf("read after an error: %+v", v)
	}
	if r.Varint() != 0 || r.Bool() || r.Fixed64() != 0 || r.Fixed32() != 0 || r.Bytes() != nil || r.String() != "" {
		t.Error("a value after an error")
	}
	if got := fmt.Sprint(r.Err()); got != first || first != "protobuf: at byte 0: wire type 4" {
		t.Errorf("error %q became %q", first, got)
	}
}

func TestReason(t *testing.T) {
	r := NewReader([]byte{0x88})
	r.Varint()
	if got := Reason(fmt.Errorf("request: %w", r.Err())); got != Truncated {
		t.Errorf("reason of a wrapped error: %q", got)
	}
	if Reason(io.EOF) != "" || Reason(nil) != "" {
		t.Error("a reason for what is not ours")
	}
	r = NewReader([]byte{0x0b})
	if r.Skip(3); errors.Is(r.Err(), io.ErrUnexpectedEOF) {
		t.Error("a group counts as missing bytes")
	}
}

func TestTypeString(t *testing.T) {
	for typ, want := range map[Type]string{Varint: "varint", Fixed64: "fixed64", Bytes: "bytes", Fixed32: "fixed32", 3: "type 3"} {
		if got := typ.String(); got != want {
			t.Errorf("type %d is called %q, want %q", uint8(typ), got, want)
		}
	}
}

func TestStringsAliasInput(t *testing.T) {
	in := []byte{0x01, 'a', 0x01, 'b', 'c'}
	r := NewReader(in)
	s, b := r.String(), r.Bytes()
	in[1], in[3] = 'x', 'y'
	if s != "x" || string(b) != "y" || cap(b) != 1 {
		t.Errorf("after the input changed: %q, %q with space for %d", s, b, cap(b))
	}
}

// ExportTraceServiceRequest { repeated ResourceSpans resource_spans = 1; }
func TestTopLevelFieldsOfRequest(t *testing.T) {
	in := append(AppendBytes(nil, 1, otlp(t)[:0]), otlp(t)...)
	var joined []byte
	r := NewReader(in)
	for num, typ := range r.Fields() {
		if num != 1 || typ != Bytes {
			t.Fatalf("field %d %v", num, typ)
		}
		joined = AppendBytes(joined, num, r.Bytes())
	}
	if r.Err() != nil || !bytes.Equal(joined, in) {
		t.Errorf("%v; %d bytes joined again, want %d", r.Err(), len(joined), len(in))
	}
}

// otlp is a request of an OpenTelemetry SDK for Go.
func otlp(tb testing.TB) []byte {
	tb.Helper()
	b, err := os.ReadFile("testdata/otlp-go.bin")
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// readNodes reads the message that want describes.
func readNodes(r *Reader, fields func(func(int, Type) bool), want []node) []node {
	got := []node{}
	for num, t := range fields {
		n := node{num: num, typ: t}
		switch {
		case t == Varint:
			n.v = r.Varint()
		case t == Fixed64:
			n.v = r.Fixed64()
		case t == Fixed32:
			n.v = uint64(r.Fixed32())
		case len(got) < len(want) && want[len(got)].msgs != nil:
			n.msgs = readNodes(r, r.Message(), want[len(got)].msgs)
		default:
			n.s = r.String()
		}
		got = append(got, n)
	}
	return got
}

func TestReadsWhatProtowireWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyNodes(t, 4)
		r := NewReader(protowireNodes(nil, want))
		got := readNodes(&r, r.Fields(), want)
		if d := cmp.Diff(want, got, cmp.AllowUnexported(node{})); d != "" || r.Err() != nil {
			t.Fatalf("%v (-want +got):\n%s", r.Err(), d)
		}
	})
}
