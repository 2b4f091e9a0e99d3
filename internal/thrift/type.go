package thrift

import "strconv"

// Type is a Thrift type, with the number the binary protocol gives it.
type Type uint8

// The types. What a writer calls binary or an enum is here String and I32: the
// wire does not tell them apart.
const (
	Stop   Type = 0 // ends a struct; Fields ends at it and never yields it
	Bool   Type = 2
	Byte   Type = 3
	Double Type = 4
	I16    Type = 6
	I32    Type = 8
	I64    Type = 10
	String Type = 11
	Struct Type = 12
	Map    Type = 13
	Set    Type = 14
	List   Type = 15
	UUID   Type = 16
)

// numTypes bounds the tables below.
const numTypes = 17

var typeNames = [numTypes]string{
	Stop: "stop", Bool: "bool", Byte: "byte", Double: "double", I16: "i16", I32: "i32", I64: "i64",
	String: "string", Struct: "struct", Map: "map", Set: "set", List: "list", UUID: "uuid",
}

// String returns the name the IDL has for t, or "type 103" for an unknown one.
func (t Type) String() string {
	if t < numTypes && typeNames[t] != "" {
		return typeNames[t]
	}
	return "type " + strconv.Itoa(int(t))
}

// compactTypes has the types in the order of the compact protocol's numbers,
// which has two for bool. Stop stands for those that do not exist.
var compactTypes = [16]Type{Stop, Bool, Bool, Byte, I16, I32, I64, Double, String, List, Set, Map, Struct, UUID}

// The least that a value of each type takes: what bounds the count of a
// collection by the bytes left. No value takes nothing; 0 marks the types that
// do not exist.
var (
	compactMin = [numTypes]uint8{
		Bool: 1, Byte: 1, Double: 8, I16: 1, I32: 1, I64: 1,
		String: 1, Struct: 1, Map: 1, Set: 1, List: 1, UUID: 16,
	}
	binaryMin = [numTypes]uint8{
		Bool: 1, Byte: 1, Double: 8, I16: 2, I32: 4, I64: 8,
		String: 4, Struct: 1, Map: 6, Set: 5, List: 5, UUID: 16,
	}
)

// minSize returns the least number of bytes a value of type t takes, 0 for a
// type that does not exist.
func (r *Reader) minSize(t Type) int {
	if t >= numTypes {
		return 0
	}
	if r.binary {
		return int(binaryMin[t])
	}
	return int(compactMin[t])
}

// MessageType says what a message is for.
type MessageType uint8

// The message types. Jaeger's clients send emitBatch as either Call or Oneway.
const (
	Call      MessageType = 1
	Reply     MessageType = 2
	Exception MessageType = 3
	Oneway    MessageType = 4
)
