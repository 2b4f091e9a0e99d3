package translate_test

import (
	"testing"

	"github.com/ot2otel/ot2otel/translate"
)

func TestDetectZipkin(t *testing.T) {
	const (
		v1, v2        = translate.ZipkinV1JSON, translate.ZipkinV2JSON
		thrift, proto = translate.ZipkinV1Thrift, translate.ZipkinV2Proto
	)
	for _, test := range []struct {
		name, body, contentType string
		want                    translate.Format
	}{
		{"v1", `[{"traceId":"1","annotations":[{"endpoint":{}}]}]`, "application/json", v1},
		{"v2 by tags", `[{"traceId":"1","tags":{}}]`, "", v2},
		{"v2 by endpoint", `[{"localEndpoint":{}}]`, "application/json; charset=utf-8", v2},
		{"JSON labelled otherwise", `[{"tags":{}}]`, "application/x-protobuf", v2},
		{"object", `{"tags":{}}`, "", v2},
		{"white space first", " \r\n\t[{\"tags\":{}}]", "", v2},
		{"line break first", "\n[{\"tags\":{}}]", "application/json", v2},
		{"empty list", "[]", "", v1},
		{"protobuf", "\n\x03\n\x011", "application/json", proto},
		{"protobuf, cut", "\n\x13\n\x011", "", proto},
		{"protobuf, an empty span", "\n\x00", "", proto},
		{"list of structs", "\x0c\x00\x00\x00\x01\x00", "application/json", thrift},
		{"empty list of structs", "\x0c\x00\x00\x00\x00", "", thrift},
		{"empty list of strings", "\x0b\x00\x00\x00\x00", "", thrift},
		{"nothing, JSON", "", "application/json", v2},
		{"nothing, Thrift", "", "application/x-thrift", thrift},
		{"nothing, protobuf", " ", "Application/X-Protobuf; v=1", proto},
		{"nothing at all", "", "", v2},
		{"something else", "hello", "application/x-thrift", v2},
		{"gzip", "\x1f\x8b\x08", "", thrift},
	} {
		if got := translate.DetectZipkin([]byte(test.body), test.contentType); got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
	for _, g := range goldens(t, zipkinFormats...) {
		if got := translate.DetectZipkin(g.payload, "text/plain"); got != g.format {
			t.Errorf("%s: %v, want %v", g.name, got, g.format)
		}
	}
}
