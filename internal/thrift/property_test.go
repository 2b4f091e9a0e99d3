package thrift

import (
	"bytes"
	"errors"
	"io"
	"math"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var scalars = []Type{Bool, Byte, Double, I16, I32, I64, String, UUID}
var allTypes = append([]Type{Struct, Map, Set, List}, scalars...)

// anyType draws a type of which values no deeper than depth exist.
func anyType(t *rapid.T, depth int) Type {
	if depth <= 1 {
		return rapid.SampledFrom(scalars).Draw(t, "type")
	}
	return rapid.SampledFrom(allTypes).Draw(t, "type")
}

func anyTree(t *rapid.T, typ Type, depth int) tree {
	v := tree{Type: typ}
	switch typ {
	case Bool:
		v.Num = int64(rapid.IntRange(0, 1).Draw(t, "bool"))
	case Byte:
		v.Num = int64(rapid.Int8().Draw(t, "byte"))
	case I16:
		v.Num = int64(rapid.Int16().Draw(t, "i16"))
	case I32:
		v.Num = int64(rapid.Int32().Draw(t, "i32"))
	case I64:
		v.Num = rapid.Int64().Draw(t, "i64")
	case Double:
		v.Num = int64(math.Float64bits(rapid.Float64().Draw(t, "double")))
	case String:
		v.Str = string(rapid.SliceOfN(rapid.Byte(), 0, 200).Draw(t, "string"))
	case UUID:
		v.Str = string(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "uuid"))
	case Struct:
		anyStruct(t, &v, depth)
	default:
		anyCollection(t, &v, depth)
	}
	return v
}

func anyStruct(t *rapid.T, v *tree, depth int) {
	for range rapid.IntRange(0, 5).Draw(t, "fields") {
		v.IDs = append(v.IDs, rapid.Int16().Draw(t, "id"))
		v.Elems = append(v.Elems, anyTree(t, anyType(t, depth-1), depth-1))
	}
}

func anyCollection(t *rapid.T, v *tree, depth int) {
	n := rapid.IntRange(0, 4).Draw(t, "size")
	if depth < 3 {
		n = rapid.IntRange(0, 20).Draw(t, "size") // past the 14 that fit a compact list's first byte
	}
	if n == 0 {
		return
	}
	v.Elem = anyType(t, depth-1)
	if v.Type == Map {
		v.Key = anyType(t, depth-1)
	}
	for range n {
		if v.Type == Map {
			v.Elems = append(v.Elems, anyTree(t, v.Key, depth-1))
		}
		v.Elems = append(v.Elems, anyTree(t, v.Elem, depth-1))
	}
}

func newReader(binary bool, b []byte) Reader {
	if binary {
		return NewBinary(b)
	}
	return NewCompact(b)
}

func name(binary bool) string {
	if binary {
		return "binary"
	}
	return "compact"
}

// eachProtocol runs a test for both protocols.
func eachProtocol(t *testing.T, f func(t *testing.T, binary bool)) {
	for _, binary := range []bool{false, true} {
		t.Run(name(binary), func(t *testing.T) { f(t, binary) })
	}
}

// Whatever Apache Thrift writes reads back equal, to its last byte, and Skip
// skips exactly as much.
func TestReadsWhatApacheThriftWrites(t *testing.T) {
	eachProtocol(t, func(t *testing.T, binary bool) {
		rapid.Check(t, func(t *rapid.T) {
			want := anyTree(t, Struct, 5)
			b, err := encode(binary, want)
			if err != nil {
				t.Fatal(err)
			}
			b = append(b, 0xff) // the next value

			r := newReader(binary, b)
			got := readTree(&r, Struct, 0)
			if r.Err() != nil || r.Left() != 1 {
				t.Fatalf("reading % x: %v, %d bytes left", b, r.Err(), r.Left())
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Fatalf("% x (-written +read):\n%s", b, d)
			}

			r = newReader(binary, b)
			r.Skip(Struct)
			if r.Err() != nil || r.Left() != 1 {
				t.Fatalf("skipping % x: %v, %d bytes left", b, r.Err(), r.Left())
			}
		})
	})
}

// Input that is cut anywhere is told from input that is wrong.
func TestEveryPrefixEndsUnexpectedly(t *testing.T) {
	eachProtocol(t, func(t *testing.T, binary bool) {
		rapid.Check(t, func(t *rapid.T) {
			b, err := encode(binary, anyTree(t, Struct, 4))
			if err != nil {
				t.Fatal(err)
			}
			for n := range b {
				read, skip := newReader(binary, b[:n]), newReader(binary, b[:n])
				readTree(&read, Struct, 0)
				skip.Skip(Struct)
				for _, err := range []error{read.Err(), skip.Err()} {
					if !errors.Is(err, io.ErrUnexpectedEOF) {
						t.Fatalf("% x cut to %d bytes: %v", b, n, err)
					}
				}
			}
		})
	})
}

// Whatever bytes come: no panic, reading and skipping agree, and what is read
// at all is what Apache Thrift reads.
func checkAnyInput(t *testing.T, binary bool, b []byte) {
	t.Helper()
	before := bytes.Clone(b)
	r := newReader(binary, b)
	got := readTree(&r, Struct, 0)
	s := newReader(binary, b)
	s.Skip(Struct)
	if !bytes.Equal(before, b) {
		t.Fatal("input was changed")
	}
	if Reason(s.Err()) == TooDeep {
		return // Skip counts collections, too; readTree has a bound of its own
	}
	if (r.Err() == nil) != (s.Err() == nil) || r.Left() != s.Left() {
		t.Fatalf("read: %v, %d left; skipped: %v, %d left", r.Err(), r.Left(), s.Err(), s.Left())
	}
	if r.Err() != nil {
		checkError(t, r.Err())
		return
	}
	p, m := newPeer(binary, b)
	want := p.read(Struct, 0)
	if p.err != nil {
		checkLenient(t, got, p.err)
		return
	}
	if !reflect.DeepEqual(want, got) || int(m.RemainingBytes()) != r.Left() { // faster than cmp.Diff
		t.Fatalf("(-apache +ours), %d and %d bytes left:\n%s", m.RemainingBytes(), r.Left(), cmp.Diff(want, got))
	}
}

func checkError(t *testing.T, err error) {
	t.Helper()
	switch Reason(err) {
	case Truncated, OversizedCount, BadType, BadLength, BadVarint, TooDeep:
	default:
		t.Errorf("error without a reason: %v", err)
	}
}

// checkLenient accepts what Apache Thrift refuses and we do not: an empty
// collection of a type that does not exist.
func checkLenient(t *testing.T, v tree, err error) {
	t.Helper()
	if !hasEmpty(v) {
		t.Fatalf("Apache Thrift refuses this: %v\n%v", err, v)
	}
}

func hasEmpty(v tree) bool {
	empty := len(v.Elems) == 0 && (v.Type == Map || v.Type == Set || v.Type == List)
	for _, e := range v.Elems {
		empty = empty || hasEmpty(e)
	}
	return empty
}

// The message header agrees with Apache Thrift's on any input that it and we read.
func checkAnyMessage(t *testing.T, binary bool, b []byte) {
	t.Helper()
	r := newReader(binary, b)
	name, mt, seq := r.Message()
	if r.Err() != nil {
		return
	}
	p, m := newPeer(binary, b)
	wantName, wantType, wantSeq, err := p.p.ReadMessageBegin(ctx)
	if err != nil || name != wantName || int32(mt) != int32(wantType) || seq != wantSeq {
		t.Fatalf("message %q %d %d; Apache Thrift: %q %d %d, %v", name, mt, seq, wantName, wantType, wantSeq, err)
	}
	if int(m.RemainingBytes()) != r.Left() {
		t.Fatalf("%d bytes left, by Apache Thrift %d", r.Left(), m.RemainingBytes())
	}
}
