package translate_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/ot2otel/ot2otel/translate"
)

// A count that the bytes cannot hold is refused before anything is made for it.
func TestZipkinHostileSizes(t *testing.T) {
	for name, test := range map[string]struct {
		format  translate.Format
		payload string
		want    string
	}{
		"a billion spans": {translate.ZipkinV1Thrift, "\x0c\x3b\x9a\xca\x00\x00",
			"zipkin-v1-thrift: thrift: at byte 0: list of 1000000000 structs in 1 bytes left"},
		"two billion annotations": {translate.ZipkinV1Thrift, "\x0c\x00\x00\x00\x01\x0f\x00\x06\x0c\x7f\xff\xff\xff\x00\x00",
			"zipkin-v1-thrift: span 1: thrift: at byte 8: list of 2147483647 structs in 2 bytes left"},
		"less than no spans": {translate.ZipkinV1Thrift, "\x0c\xff\xff\xff\xff",
			"zipkin-v1-thrift: thrift: at byte 1: list of -1 elements"},
		"a span of a gigabyte": {translate.ZipkinV2Proto, "\n\x80\x80\x80\x80\x04\n",
			"zipkin-v2-proto: span 1: protobuf: at byte 1: 1073741824 bytes in 1 bytes left"},
		"lists 100,000 deep": {translate.ZipkinV2JSON, strings.Repeat("[", 100_000),
			"zipkin-v2-json: json: at byte 10000: exceeded max depth"},
		"objects 100,000 deep": {translate.ZipkinV1JSON, `[{"tags":` + strings.Repeat(`{"a":`, 100_000),
			"zipkin-v1-json: json: at byte 49999: exceeded max depth"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := wantRefused(t, translate.New(defaults), test.format, []byte(test.payload)); got != test.want {
				t.Errorf("error %q, want %q", got, test.want)
			}
		})
	}
}

// Large payloads made to be slow take time in proportion to their size, which
// a quadratic search would not. There is no clock here: at the size given they
// would not end within a test's patience.
func TestZipkinHostileShapes(t *testing.T) {
	const n = 30_000
	many := func(format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return strings.TrimSuffix(b.String(), ",")
	}
	for name, payload := range map[string]string{
		"tags":           `[{"id":"1","tags":{` + many(`"k%d":"v",`) + `}}]`,
		"the same tag":   `[{"id":"1","tags":{` + many(`"k":"%d",`) + `}}]`,
		"hosts":          `[{"id":"1","annotations":[` + many(`{"value":"x","endpoint":{"serviceName":"s%d"}},`) + `]}]`,
		"addresses":      `[{"id":"1","binaryAnnotations":[` + many(`{"key":"sa","value":true,"endpoint":{"serviceName":"s%d"}},`) + `]}]`,
		"one id":         `[` + many(`{"traceId":"1","id":"1","name":"n%d"},`) + `]`,
		"pieces":         `[` + many(`{"traceId":"1","id":"1","tags":{"a":"%d"}},`) + `]`,
		"shared":         `[` + many(`{"traceId":"1","id":"1%x","shared":true},`) + `]`,
		"retries":        `[` + many(`{"traceId":"1","id":"1","name":"n%d","shared":true},`) + `]`,
		"services":       `[` + many(`{"traceId":"1","id":"1","localEndpoint":{"serviceName":"s%d"}},`) + `]`,
		"links":          `[{"id":"1","tags":{` + many(`"otlp.link.%d":"1|1||{}|0",`) + `}}]`,
		"bad ids":        `[` + many(`{"traceId":"x%d","id":"y"},`) + `]`,
		"odd members":    `[{"id":"1",` + many(`"tags":[%d],`) + `}]`,
		"braces in text": `[{"id":"1","annotations":[` + many(`{"value":"a%d: {{{{{{{{"},`) + `]}]`,
	} {
		t.Run(name, func(t *testing.T) { translated(t, defaults, translate.ZipkinV1JSON, []byte(payload)) })
	}
}

// Input that is taken for something else must not be taken at all.
func TestZipkinNotSpans(t *testing.T) {
	for _, f := range zipkinFormats {
		for _, payload := range []string{`{"resourceSpans":[]}`, `"x"`, `[1]`, `["a"]`, "<html>", "\x1f\x8b\x08\x00\x00\x00"} {
			wantRefused(t, translate.New(defaults), f, []byte(payload))
		}
	}
	if out, report, err := translate.New(defaults).Append(nil, translate.ZipkinV2JSON, []byte(" []\n"), received); err != nil ||
		len(bytes.TrimSpace(out)) > 0 || report.Spans > 0 {
		t.Errorf("an empty list: %d bytes, %v", len(out), err)
	}
}
