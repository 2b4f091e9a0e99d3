package translate

import (
	"bytes"
	"strings"

	"github.com/ot2otel/ot2otel/internal/pb"
)

// DetectZipkin tells which of Zipkin's four formats body is in. It goes by the
// content, because senders post either version on either path and label it at
// will; contentType, the value of that header, decides where the content does
// not: an empty body. What is none of the four is called ZipkinV2JSON, for
// Append to say what is wrong (mapping 2.7).
func DetectZipkin(body []byte, contentType string) Format {
	text := bytes.TrimLeft(body, " \t\r\n")
	switch {
	case isListOfSpans(body):
		return ZipkinV2Proto
	case len(text) == 0:
		return typedFormat(contentType)
	case text[0] == '[' || text[0] == '{':
		return jsonVersion(text)
	case body[0] == '\n':
		return ZipkinV2Proto
	case body[0] < ' ': // the type of a list's elements
		return ZipkinV1Thrift
	}
	return ZipkinV2JSON
}

// isListOfSpans reports whether b consists of protobuf fields, the first of
// which is a span: its tag is also a line break, which may stand before JSON.
func isListOfSpans(b []byte) bool {
	if len(b) == 0 || b[0] != '\n' {
		return false
	}
	r := pb.NewReader(b)
	for _, typ := range r.Fields() {
		r.Skip(typ)
	}
	return r.Err() == nil
}

// jsonVersion tells v2 from v1 by what only v2 has.
func jsonVersion(text []byte) Format {
	if bytes.Contains(text, []byte(`Endpoint"`)) || bytes.Contains(text, []byte(`"tags"`)) {
		return ZipkinV2JSON
	}
	return ZipkinV1JSON
}

// typedFormat returns the format that has a content type.
func typedFormat(contentType string) Format {
	mediaType, _, _ := strings.Cut(contentType, ";")
	switch strings.ToLower(strings.TrimSpace(mediaType)) {
	case "application/x-protobuf":
		return ZipkinV2Proto
	case "application/x-thrift":
		return ZipkinV1Thrift
	}
	return ZipkinV2JSON
}
