package ingest

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/ot2otel/ot2otel/internal/json"
	"github.com/ot2otel/ot2otel/internal/pb"
)

// appendOTLPJSON appends to b, in protobuf, the ExportTraceServiceRequest that
// src is in OTLP/JSON. It goes from field to field without an object model,
// which would take 60 to 90 bytes of memory for a byte of a hostile request.
//
// OTLP/JSON is protobuf's JSON, but with ids in hexadecimal and enums as
// numbers. What has no place in OTLP is left out; strings that are not UTF-8
// are mended.
func appendOTLPJSON(b []byte, r *json.Reader, src []byte) ([]byte, error) {
	r.Reset(src)
	c := jsonConversion{Reader: r, out: b}
	c.message(jsonRequest)
	if err := r.Err(); err != nil {
		return b, err
	}
	return c.out, c.fault
}

// A jsonConversion is one request on its way.
type jsonConversion struct {
	*json.Reader
	out   []byte
	depth int
	name  string // of the field at hand
	fault error
}

func (c *jsonConversion) failf(format string, args ...any) {
	if c.fault == nil {
		c.fault = fmt.Errorf("json: %s: "+format, append([]any{c.name}, args...)...)
	}
}

// message converts the fields of a message. As deep as that may nest in
// protobuf it may here.
func (c *jsonConversion) message(m jsonMessage) {
	if c.depth == pb.MaxDepth {
		c.failf("messages nested deeper than %d", pb.MaxDepth)
		c.Skip()
		return
	}
	c.depth++
	for name := range c.Object() {
		if f, known := m.field(name); known {
			c.name = name
			c.field(f)
		} else {
			c.Skip()
		}
	}
	c.depth--
}

// field converts a field, or every value of one that is a list.
func (c *jsonConversion) field(f jsonField) {
	switch c.Kind() {
	case json.Null:
		c.Null()
	case json.Array:
		for range c.Array() {
			c.value(f)
		}
	default:
		c.value(f)
	}
}

func (c *jsonConversion) value(f jsonField) {
	switch f.kind {
	case jsonNested:
		out, mark := pb.Begin(c.out, f.num)
		c.out = out
		c.message(f.message)
		c.out = pb.End(c.out, mark)
	case jsonString:
		c.out = pb.AppendString(c.out, f.num, strings.ToValidUTF8(c.String(), "\uFFFD"))
	case jsonID, jsonBytes:
		c.out = pb.AppendBytes(c.out, f.num, c.bytes(f.kind))
	case jsonBool:
		c.out = pb.AppendBool(c.out, f.num, c.Bool())
	case jsonDouble:
		c.out = pb.AppendDouble(c.out, f.num, c.double())
	case jsonInt:
		c.out = pb.AppendVarint(c.out, f.num, c.integer())
	case jsonFixed64:
		c.out = pb.AppendFixed64(c.out, f.num, c.integer())
	case jsonFixed32:
		c.out = pb.AppendFixed32(c.out, f.num, uint32(c.integer()))
	}
}

// bytes reads an id, or bytes in any of the ways of writing base64.
func (c *jsonConversion) bytes(kind jsonKind) (b []byte) {
	s := c.String()
	var err error
	if kind == jsonID {
		b, err = hex.DecodeString(s)
	} else {
		b, err = base64.RawStdEncoding.DecodeString(standardBase64.Replace(s))
	}
	if err != nil {
		c.failf("%.100q is not %s: %w", s, kind, err)
	}
	return b
}

var standardBase64 = strings.NewReplacer("-", "+", "_", "/", "=", "")

// number reads a number, or a string of one.
func (c *jsonConversion) number() string {
	if c.Kind() == json.String {
		return c.String()
	}
	return c.Number()
}

func (c *jsonConversion) double() float64 {
	s := c.number()
	v, err := strconv.ParseFloat(s, 64) // knows NaN and Infinity as protobuf writes them
	if err != nil {
		c.failf("%.100q is not a number", s)
	}
	return v
}

// integer reads an integer of any size and sign, or the name of an enum's value.
func (c *jsonConversion) integer() uint64 {
	s := c.number()
	if v, err := strconv.ParseInt(s, 10, 64); err == nil {
		return uint64(v)
	}
	if v, err := strconv.ParseUint(s, 10, 64); err == nil {
		return v
	}
	if v, known := otlpEnums[s]; known {
		return v
	}
	if v, err := strconv.ParseFloat(s, 64); err == nil && v == math.Trunc(v) && math.Abs(v) < 1<<63 {
		return uint64(int64(v))
	}
	c.failf("%.100q is not an integer", s)
	return 0
}
