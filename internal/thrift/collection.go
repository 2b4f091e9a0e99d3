package thrift

import "iter"

// List reads the header of a list: the type of its elements and how many
// follow. There are never more than the bytes left can hold. The element type
// of an empty list means nothing.
//
// Walkers that know what they want use [Reader.Each], which also ends at an error.
func (r *Reader) List() (elem Type, n int) { return r.sequence("list") }

// Set reads the header of a set: see [Reader.List].
func (r *Reader) Set() (elem Type, n int) { return r.sequence("set") }

// Each reads the header of a list and iterates over its elements by index, for
// the loop's body to read one each time. After an error the iteration ends. A
// list of anything but want is skipped as a whole.
func (r *Reader) Each(want Type) iter.Seq[int] {
	return func(yield func(int) bool) {
		elem, n := r.List()
		if elem != want {
			r.skipElements(elem, n)
			return
		}
		for i := 0; i < n && r.fail.Reason == ""; i++ {
			if !yield(i) {
				return
			}
		}
	}
}

func (r *Reader) sequence(what string) (elem Type, n int) {
	start := r.pos
	if r.binary {
		elem = Type(r.byte(what))
		n = r.size(what, "element")
		return r.bound(start, what, byte(elem), elem, n)
	}
	head := r.byte(what)
	n = int(head >> 4)
	if n == 15 {
		n = r.size(what, "element")
	}
	return r.bound(start, what, head&0x0f, compactTypes[head&0x0f], n)
}

// bound refuses a sequence of a type that does not exist, the number being
// what the wire called it, or with more elements than can follow.
func (r *Reader) bound(start int, what string, number byte, elem Type, n int) (Type, int) {
	least := r.minSize(elem)
	switch {
	case n == 0:
		return elem, 0
	case least == 0:
		r.badType(start, number, what)
		return 0, 0
	case n*least > r.Left():
		r.oversized(start, what, typeNames[elem], n)
		return 0, 0
	}
	return elem, n
}

func (r *Reader) oversized(start int, what, unit string, n int) {
	r.refuse(start, Error{Reason: OversizedCount, what: what, unit: unit, n: int64(n), left: r.Left()})
}

// Map reads the header of a map: the types of its keys and values, which
// alternate, and how many pairs follow. There are never more than the bytes
// left can hold. The types of an empty map mean nothing.
func (r *Reader) Map() (key, value Type, n int) {
	start := r.pos
	if r.binary {
		k, v := r.byte("map"), r.byte("map")
		return r.boundMap(start, [2]byte{k, v}, Type(k), Type(v), r.size("map", "pair"))
	}
	if n = r.size("map", "pair"); n == 0 {
		return 0, 0, 0
	}
	types := r.byte("map")
	k, v := types>>4, types&0x0f
	return r.boundMap(start, [2]byte{k, v}, compactTypes[k], compactTypes[v], n)
}

func (r *Reader) boundMap(start int, numbers [2]byte, key, value Type, n int) (Type, Type, int) {
	least := [2]int{r.minSize(key), r.minSize(value)}
	switch {
	case n == 0:
		return key, value, 0
	case least[0] == 0:
		r.badType(start, numbers[0], "map")
	case least[1] == 0:
		r.badType(start, numbers[1], "map")
	case n > r.Left()/(least[0]+least[1]):
		r.oversized(start, "map", "pair", n)
	default:
		return key, value, n
	}
	return 0, 0, 0
}

// Skip reads over a value of type t, whatever it holds.
func (r *Reader) Skip(t Type) {
	switch t {
	case Bool:
		r.Bool()
	case Byte:
		r.Byte()
	case Double:
		r.Double()
	case I16:
		r.I16()
	case I32:
		r.I32()
	case I64:
		r.I64()
	case String:
		r.Bytes()
	case UUID:
		r.next(16, "uuid")
	case Struct, Map, Set, List:
		r.skipNested(t)
	default:
		r.badType(r.pos, byte(t), "value")
	}
}

func (r *Reader) skipNested(t Type) {
	if t == Struct {
		for _, t := range r.Fields() {
			r.Skip(t)
		}
		return
	}
	if !r.enter(typeNames[t]) {
		return
	}
	if t == Map {
		r.skipPairs(r.Map())
	} else {
		r.skipElements(r.sequence(typeNames[t]))
	}
	r.depth--
}

func (r *Reader) skipElements(elem Type, n int) {
	for i := 0; i < n && r.fail.Reason == ""; i++ {
		r.Skip(elem)
	}
}

func (r *Reader) skipPairs(key, value Type, n int) {
	for i := 0; i < n && r.fail.Reason == ""; i++ {
		r.Skip(key)
		r.Skip(value)
	}
}
