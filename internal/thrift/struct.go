package thrift

import (
	"encoding/binary"
	"iter"
	"math"
)

// MaxDepth is how deep structs and skipped collections may nest.
const MaxDepth = 32

// Fields iterates over the fields of a struct: their ids and types. The body
// of the loop reads the value, or passes its type to [Reader.Skip]; it must do
// one of both, and must not leave the loop, or the Reader stands somewhere
// inside the struct:
//
//	for id, t := range r.Fields() {
//		switch {
//		case id == 1 && t == thrift.I64:
//			low = r.I64()
//		default:
//			r.Skip(t)
//		}
//	}
//
// After an error the iteration ends. Range over Fields where it is called:
// passed on as a value, it allocates.
func (r *Reader) Fields() iter.Seq2[int16, Type] {
	return func(yield func(int16, Type) bool) {
		if !r.enter("struct") {
			return
		}
		var id int16
		var t Type
		for {
			if id, t = r.field(id); t == Stop || !yield(id, t) {
				break
			}
		}
		r.depth--
	}
}

// enter goes one level deeper into the input. If it reports true, the level
// has to be left by r.depth--.
func (r *Reader) enter(what string) bool {
	if r.depth == MaxDepth {
		r.refuse(r.pos, Error{Reason: TooDeep, what: what})
		return false
	}
	r.depth++
	return true
}

// field reads the header of the field after the one with id last.
func (r *Reader) field(last int16) (int16, Type) {
	if r.binary {
		return r.binaryField()
	}
	i := r.pos
	if i >= len(r.buf) {
		r.truncated("field header")
		return 0, Stop
	}
	head := r.buf[i]
	r.pos = i + 1
	r.kind = head & 0x0f
	if t := usualFields[head]; t != Stop {
		return last + int16(head>>4), t
	}
	return r.oddField(head & 0x0f)
}

// usualFields has the types of the compact protocol's field headers that are
// one byte, by that byte; Stop for the other headers.
var usualFields = func() (types [256]Type) {
	for head := range types {
		if head>>4 != 0 {
			types[head] = compactTypes[head&0x0f]
		}
	}
	return types
}()

// oddField goes on with what follows the header of a field in full, or ends
// the struct.
func (r *Reader) oddField(kind byte) (int16, Type) {
	t := compactTypes[kind]
	switch {
	case kind == 0:
		return 0, Stop
	case t == Stop:
		r.badType(r.pos-1, kind, "field")
		return 0, Stop
	}
	id := int16(unzigzag(r.varint32("field id")))
	if r.fail.Reason != "" {
		return 0, Stop
	}
	return id, t
}

func (r *Reader) badType(start int, number byte, what string) {
	r.refuse(start, Error{Reason: BadType, what: what, n: int64(number)})
}

func (r *Reader) binaryField() (int16, Type) {
	start := r.pos
	t := Type(r.byte("field header"))
	if t == Stop {
		return 0, Stop
	}
	if r.minSize(t) == 0 {
		r.badType(start, byte(t), "field")
		return 0, Stop
	}
	b := r.next(2, "field id")
	if b == nil {
		return 0, Stop
	}
	return int16(binary.BigEndian.Uint16(b)), t
}

// Message reads the header of a message. The struct with the arguments
// follows. In the binary protocol both the strict and the older form are read.
// The name aliases the input.
func (r *Reader) Message() (name string, mt MessageType, seq int32) {
	if r.binary {
		return r.binaryMessage()
	}
	if id := r.byte("message header"); id != 0x82 {
		r.badMessage("protocol id", int(id))
	}
	head := r.byte("message header")
	if v := head & 0x1f; v != 1 {
		r.badMessage("version", int(v))
	}
	mt = r.messageType(head >> 5)
	seq = int32(r.varint32("message sequence number"))
	return r.checked(r.String(), mt, seq)
}

func (r *Reader) binaryMessage() (name string, mt MessageType, seq int32) {
	b := r.next(4, "message header")
	if b == nil {
		return "", 0, 0
	}
	head := binary.BigEndian.Uint32(b)
	if head <= math.MaxInt32 { // not strict: this was the length of the name
		r.pos -= len(b)
		name = r.String()
		mt = r.messageType(r.byte("message type"))
		return r.checked(name, mt, r.I32())
	}
	if v := head >> 16; v != 0x8001 {
		r.badMessage("version", int(v))
	}
	mt = r.messageType(byte(head))
	return r.checked(r.String(), mt, r.I32())
}

func (r *Reader) messageType(n byte) MessageType {
	if n < byte(Call) || n > byte(Oneway) {
		r.badMessage("message type", int(n))
	}
	return MessageType(n)
}

// badMessage refuses a part of the message header that was just read.
func (r *Reader) badMessage(what string, n int) {
	r.refuse(r.pos, Error{Reason: BadMessage, what: what, n: int64(n)})
}

// checked returns a message header, or zeros if it could not be read as a whole.
func (r *Reader) checked(name string, mt MessageType, seq int32) (string, MessageType, int32) {
	if r.fail.Reason != "" {
		return "", 0, 0
	}
	return name, mt, seq
}
