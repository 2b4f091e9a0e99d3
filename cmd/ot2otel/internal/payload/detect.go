// Package payload recognises captured payloads.
package payload

import (
	"bytes"
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/nearest"
	"github.com/ot2otel/ot2otel/translate"
)

// formats are all that have a name.
var formats = []translate.Format{
	translate.JaegerCompact, translate.JaegerBinary, translate.JaegerBatch, translate.JaegerProto,
	translate.ZipkinV1Thrift, translate.ZipkinV1JSON, translate.ZipkinV2JSON, translate.ZipkinV2Proto,
}

// Names returns the names of all formats.
func Names() (names []string) {
	for _, f := range formats {
		names = append(names, f.String())
	}
	return names
}

// Named returns the format of that name.
func Named(name string) (translate.Format, error) {
	for _, f := range formats {
		if f.String() == name {
			return f, nil
		}
	}
	return 0, fmt.Errorf("no format is called %q%s", name, nearest.Hint(name, Names()))
}

// Detect tells the format of a payload by its first bytes. It reports false
// where they fit none.
func Detect(p []byte) (translate.Format, bool) {
	switch {
	case isCompactMessage(p):
		return translate.JaegerCompact, true
	case isBinaryMessage(p):
		return translate.JaegerBinary, true
	case isBatch(p):
		return translate.JaegerBatch, true
	case isSpanList(p), isJSONArray(p), isListOfSpans(p):
		return translate.DetectZipkin(p, ""), true
	case isPostSpans(p):
		return translate.JaegerProto, true
	}
	return 0, false
}

// isCompactMessage: 0x82, then the message's type in the upper three bits and version 1.
func isCompactMessage(p []byte) bool {
	return len(p) > 2 && p[0] == 0x82 && p[1]&0x1f == 1
}

// isBinaryMessage: 0x8001 and two bytes for the type, or, before Thrift had
// versions, the length of the method's name and the name.
func isBinaryMessage(p []byte) bool {
	strict := len(p) > 4 && p[0] == 0x80 && p[1] == 0x01
	old := len(p) > 8 && bytes.HasPrefix(p, []byte{0, 0, 0}) && bytes.HasPrefix(p[4:], []byte("emit"))
	return strict || old
}

// isBatch: a struct's field 1, of type struct, or field 2, of type list.
//
//	struct Batch { 1: required Process process; 2: required list<Span> spans; … }
func isBatch(p []byte) bool {
	return bytes.HasPrefix(p, []byte{12, 0, 1}) || bytes.HasPrefix(p, []byte{15, 0, 2, 12})
}

// isSpanList: a list's element type, struct, and a count below 65,536.
func isSpanList(p []byte) bool { return len(p) >= 5 && bytes.HasPrefix(p, []byte{12, 0, 0}) }

func isJSONArray(p []byte) bool { return bytes.HasPrefix(bytes.TrimSpace(p), []byte("[")) }

// isListOfSpans: the first field of the first span is its trace id, of 8 or 16 bytes.
//
//	message ListOfSpans { repeated Span spans = 1; }
//	message Span { bytes trace_id = 1; … }
func isListOfSpans(p []byte) bool {
	span, ok := firstField(p)
	return ok && len(span) > 1 && span[0] == 0x0a && (span[1] == 8 || span[1] == 16)
}

// isPostSpans: the first field is the batch, and that begins with a span, whose
// trace id has 16 bytes, or with the process. (A batch of OTLP differs in the 16.)
//
//	message PostSpansRequest { Batch batch = 1; }
//	message Batch { repeated Span spans = 1; Process process = 2; }
//	message Span { bytes trace_id = 1; … }
func isPostSpans(p []byte) bool {
	batch, _ := firstField(p)
	span, _ := firstField(batch)
	return bytes.HasPrefix(span, []byte{0x0a, 16}) || bytes.HasPrefix(batch, []byte{0x12})
}

// firstField returns the bytes of a protobuf message's field 1, if it comes first.
func firstField(p []byte) ([]byte, bool) {
	num, kind, n := protowire.ConsumeTag(p)
	if n < 0 || num != 1 || kind != protowire.BytesType {
		return nil, false
	}
	field, m := protowire.ConsumeBytes(p[n:])
	return field, m >= 0
}
