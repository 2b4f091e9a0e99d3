// Package pb writes and reads the protobuf wire format by hand: fields of
// messages, without schema, reflection or allocation.
//
// A message is its fields in any order; a field is a tag and a value. Integers
// are varints, seven bits a byte and the lowest first; fixed ones have the
// lowest byte first:
//
//	tag      num<<3|type : varint
//	0 Varint    value:varint              int32 int64 uint32 uint64 bool enum
//	1 Fixed64   8 bytes                   fixed64 sfixed64 double
//	2 Bytes     length:varint  bytes      string bytes, embedded messages, packed lists
//	5 Fixed32   4 bytes                   fixed32 sfixed32 float
//
// The types 3 and 4, groups, do not exist in proto3 and are refused.
//
// Writing appends whole fields to a slice, whatever their value: to leave out
// a field that has its default is for the caller to decide.
//
// Source: "Encoding" in the Protocol Buffers documentation.
package pb

import "strconv"

// Type is a wire type: how a value is laid out, not what it means.
type Type uint8

// The wire types.
const (
	Varint  Type = 0
	Fixed64 Type = 1
	Bytes   Type = 2
	Fixed32 Type = 5
)

// String returns the name of t as above, or "type 3" for one that is refused.
func (t Type) String() string {
	switch t {
	case Varint:
		return "varint"
	case Fixed64:
		return "fixed64"
	case Bytes:
		return "bytes"
	case Fixed32:
		return "fixed32"
	}
	return "type " + strconv.Itoa(int(t))
}

// MaxNum is the highest field number there is. The lowest is 1.
const MaxNum = 1<<29 - 1
