package pb

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/protowire"
)

// FuzzPB: any input is read, or refused, as protowire does, but for groups,
// which protowire reads.
func FuzzPB(f *testing.F) {
	f.Add(recordBytes)
	f.Add(otlp(f))
	for _, c := range hostile {
		f.Add(c.in)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r := NewReader(b)
		for num, typ := range r.Fields() {
			checkField(t, &r, num, typ, b)
		}
		if r.Err() == nil && r.Offset() != len(b) {
			t.Fatalf("ended at byte %d of %d", r.Offset(), len(b))
		}
		if r.Err() != nil {
			checkRefusal(t, r.Err(), b)
		}
		nestedToo := NewReader(b)
		readRecord(&nestedToo, nestedToo.Fields())
	})
}

// checkField reads one field and asks protowire for it.
func checkField(t *testing.T, r *Reader, num int, typ Type, b []byte) {
	t.Helper()
	value := b[r.Offset():]
	got := node{num: num, typ: typ}
	want := got
	n := 0
	switch typ {
	case Varint:
		got.v = r.Varint()
		want.v, n = protowire.ConsumeVarint(value)
	case Fixed64:
		got.v = math.Float64bits(r.Double())
		want.v, n = protowire.ConsumeFixed64(value)
	case Fixed32:
		got.v = uint64(r.Fixed32())
		var v uint32
		v, n = protowire.ConsumeFixed32(value)
		want.v = uint64(v)
	default:
		got.s = r.String()
		want.s, n = protowire.ConsumeString(value)
	}
	if n < 0 != (r.Err() != nil) {
		t.Fatalf("field %d %v: %v; protowire: %d", num, typ, r.Err(), n)
	}
	if n >= 0 && !cmp.Equal(want, got, cmp.AllowUnexported(node{})) {
		t.Fatalf("field %d %v: %+v; protowire: %+v", num, typ, got, want)
	}
}

// checkRefusal finds out whether protowire, too, refuses the field that err is
// about. Field numbers over the highest are for its callers to refuse.
func checkRefusal(t *testing.T, err error, b []byte) {
	t.Helper()
	for len(b) > 0 {
		num, typ, n := protowire.ConsumeField(b)
		if n < 0 || num > MaxNum || typ == protowire.StartGroupType {
			return
		}
		b = b[n:]
	}
	t.Fatalf("protowire reads what we refuse: %v", err)
}
