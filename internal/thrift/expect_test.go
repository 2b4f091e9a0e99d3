package thrift

import (
	"errors"
	"strings"
	"testing"

	apache "github.com/apache/thrift/lib/go/thrift"
)

// Field 1 (i64 -1), field 2 (bool true), field 18 (string "k"): the last is
// too far from the one before for the compact protocol's short header.
var expected = map[bool][]byte{
	false: {0x16, 0x01, 0x11, 0x08, 0x24, 0x01, 'k', 0x00},
	true: {
		10, 0, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		2, 0, 2, 1,
		11, 0, 18, 0, 0, 0, 1, 'k', 0,
	},
}

func TestExpect(t *testing.T) {
	for binary, in := range expected {
		t.Run(name(binary), func(t *testing.T) {
			r := newReader(binary, in)
			for _, wrong := range []struct {
				id int16
				t  Type
			}{{1, String}, {2, I64}, {257, I64}, {1, Stop}} {
				if r.Expect(0, wrong.id, wrong.t) || r.Mark() != 0 {
					t.Fatalf("expected field %d of type %v", wrong.id, wrong.t)
				}
			}
			if !r.Expect(0, 1, I64) || r.I64() != -1 {
				t.Error("field 1 was not as expected")
			}
			if r.ExpectStop() {
				t.Error("the struct ended after field 1")
			}
			if !r.Expect(1, 2, Bool) || !r.Bool() {
				t.Error("field 2 was not as expected")
			}
			if err := r.Err(); err != nil {
				t.Error(err)
			}
		})
	}
}

// What is not there is no error: whoever expected it goes on with Fields,
// which says what is wrong.
func TestExpectAtTheEnd(t *testing.T) {
	header := map[bool]int{false: 1, true: 3}
	for binary, in := range expected {
		for n := range header[binary] + 1 {
			r := newReader(binary, in[:n])
			if got := r.Expect(0, 1, I64); got != (n == header[binary]) {
				t.Errorf("%s: of %d bytes expected: %v", name(binary), n, got)
			}
			if r.ExpectStop() || r.Err() != nil {
				t.Errorf("%s: of %d bytes: error %v", name(binary), n, r.Err())
			}
		}
	}
}

// ExpectString and ExpectI32 read what Apache Thrift writes, short or long, and
// nothing of another field.
func TestExpectValues(t *testing.T) {
	for _, binary := range []bool{false, true} {
		for _, n := range []int{0, 1, 127, 128, 255, 256, 70_000} {
			want := strings.Repeat("x", n)
			in := written(t, binary, func(p apache.TProtocol) error {
				return errors.Join(p.WriteFieldBegin(ctx, "", apache.STRING, 3), p.WriteString(ctx, want),
					p.WriteFieldBegin(ctx, "", apache.I32, 4), p.WriteI32(ctx, int32(-n)), p.WriteFieldStop(ctx))
			})
			r := newReader(binary, in)
			if _, ok := r.ExpectString(0, 2); ok || r.Mark() != 0 {
				t.Errorf("%s: read field 3 as 2", name(binary))
			}
			if _, ok := r.ExpectI32(0, 3); ok || r.Mark() != 0 {
				t.Errorf("%s: read a string as i32", name(binary))
			}
			got, ok := r.ExpectString(0, 3)
			end := r.Mark()
			number, ok2 := r.ExpectI32(3, 4)
			if got != want || number != int32(-n) || !ok || !ok2 || !r.ExpectStop() || r.Left() != 0 {
				t.Errorf("%s: read %d bytes and %d, want %d, -%d", name(binary), len(got), number, n, n)
			}
			cut := newReader(binary, in[:end-1])
			if s, _ := cut.ExpectString(0, 3); len(s) > 0 {
				t.Errorf("%s: read %d bytes of a string that is cut", name(binary), len(s))
			}
		}
	}
}

func written(t *testing.T, binary bool, write func(apache.TProtocol) error) []byte {
	t.Helper()
	buf := apache.NewTMemoryBuffer()
	var p apache.TProtocol = apache.NewTCompactProtocolConf(buf, nil)
	if binary {
		p = apache.NewTBinaryProtocolConf(buf, nil)
	}
	if err := errors.Join(p.WriteStructBegin(ctx, ""), write(p), p.WriteStructEnd(ctx)); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestExpectRaw(t *testing.T) {
	r := NewCompact([]byte{1, 2, 3, 4})
	if r.ExpectRaw([]byte{2}) || r.ExpectRaw([]byte{1, 2, 3, 4, 5}) || r.Mark() != 0 {
		t.Error("read what is not there")
	}
	start := r.Mark()
	if !r.ExpectRaw([]byte{1, 2}) || r.Byte() != 3 {
		t.Error("did not read what is there")
	}
	if got := r.Since(start); string(got) != "\x01\x02\x03" {
		t.Errorf("read %x since", got)
	}
	r.Double()
	if got := r.Since(start); len(got) > 0 || r.Err() == nil {
		t.Errorf("read %x in spite of error %v", got, r.Err())
	}
}

func TestRewind(t *testing.T) {
	for binary, in := range expected {
		r := newReader(binary, in)
		start := r.Mark()
		if !r.Expect(0, 1, I64) {
			t.Fatal("field 1 was not as expected")
		}
		r.I64()
		r.Rewind(start)
		n := 0
		for _, typ := range r.Fields() {
			r.Skip(typ)
			n++
		}
		if n != 3 || r.Err() != nil {
			t.Errorf("read %d fields again: %v", n, r.Err())
		}
	}
}

func TestRewindKeepsError(t *testing.T) {
	r := NewCompact([]byte{0x01})
	start := r.Mark()
	r.Double()
	r.Rewind(start)
	if r.Byte(); r.Left() != 0 || Reason(r.Err()) != Truncated {
		t.Errorf("read on after %v", r.Err())
	}
}

// BenchmarkExpect reads a struct of four fields, which are as expected.
func BenchmarkExpect(b *testing.B) {
	in := []byte{0x18, 0x03, 'k', 'e', 'y', 0x15, 0x00, 0x18, 0x05, 'v', 'a', 'l', 'u', 'e', 0x00}
	b.Run("Fields", func(b *testing.B) {
		for b.Loop() {
			r := NewCompact(in)
			for id, t := range r.Fields() {
				switch {
				case id == 1 && t == String, id == 3 && t == String:
					_ = r.String()
				case id == 2 && t == I32:
					r.I32()
				default:
					r.Skip(t)
				}
			}
		}
	})
	b.Run("Expect", func(b *testing.B) {
		for b.Loop() {
			r := NewCompact(in)
			if r.Expect(0, 1, String) {
				_ = r.String()
			}
			if r.Expect(1, 2, I32) {
				r.I32()
			}
			if r.Expect(2, 3, String) {
				_ = r.String()
			}
			r.ExpectStop()
		}
	})
}
