package translate_test

import (
	"path/filepath"
	"testing"

	"github.com/jaegertracing/jaeger-idl/thrift-gen/zipkincore"

	"github.com/ot2otel/ot2otel/translate"
)

func FuzzJaegerCompact(f *testing.F) { fuzzAppend(f, translate.JaegerCompact) }
func FuzzJaegerBinary(f *testing.F)  { fuzzAppend(f, translate.JaegerBinary) }
func FuzzJaegerBatch(f *testing.F)   { fuzzAppend(f, translate.JaegerBatch) }

func FuzzZipkinV1JSON(f *testing.F)   { fuzzAppend(f, translate.ZipkinV1JSON) }
func FuzzZipkinV1Thrift(f *testing.F) { fuzzAppend(f, translate.ZipkinV1Thrift) }
func FuzzZipkinV2JSON(f *testing.F)   { fuzzAppend(f, translate.ZipkinV2JSON) }
func FuzzJaegerProto(f *testing.F)    { fuzzAppend(f, translate.JaegerProto) }
func FuzzZipkinV2Proto(f *testing.F)  { fuzzAppend(f, translate.ZipkinV2Proto) }

// FuzzEmitZipkinBatch is FuzzJaegerCompact from another seed.
func FuzzEmitZipkinBatch(f *testing.F) {
	host := &zipkincore.Endpoint{ServiceName: "s", Ipv4: 10<<24 | 1, Port: 80}
	f.Add(agentMessage(f, translate.JaegerCompact, &zipkincore.Span{TraceID: 1, ID: 2, Name: "n",
		Annotations:       []*zipkincore.Annotation{{Timestamp: 5, Value: "sr", Host: host}, {Timestamp: 9, Value: "cs", Host: host}},
		BinaryAnnotations: []*zipkincore.BinaryAnnotation{{Key: "sa", Value: []byte{1}, Host: host}},
	}), uint8(0))
	fuzzAppend(f, translate.JaegerCompact)
}

// maxGrowth and maxExtra bound the output: a span of three bytes can need new
// ids, and says of each what it was.
const (
	maxGrowth = 200
	maxExtra  = 1 << 10
)

// fuzzAppend checks that whatever comes is refused, or becomes valid OTLP of a
// bounded size.
func fuzzAppend(f *testing.F, format translate.Format) {
	for _, pattern := range []string{"*.bin", "bad/*.bin"} {
		files, err := filepath.Glob(filepath.Join("../testdata", format.String(), pattern))
		if err != nil || len(files) == 0 {
			f.Fatalf("no seeds of format %v: %v", format, err)
		}
		for _, file := range files {
			f.Add(readFile(f, file), uint8(0))
		}
	}
	f.Fuzz(func(t *testing.T, payload []byte, mode uint8) {
		c := translate.Config{
			Semconv: translate.Semconv(mode % 3), UTF8Bytes: mode&4 != 0, PromoteBaggage: mode&8 != 0,
			ParseStringTags: mode&16 != 0, OldEndpoints: mode&32 != 0, ZeroAbsentStart: mode&64 != 0, KeepSharedIDs: mode&128 != 0,
		}
		out, report, err := translate.New(c).Append(nil, format, payload, received)
		if err != nil {
			if len(out) > 0 {
				t.Errorf("%d bytes after error %v", len(out), err)
			}
			return
		}
		if len(out) > maxGrowth*len(payload)+maxExtra {
			t.Errorf("%d bytes became %d", len(payload), len(out))
		}
		if got := len(result{request: validOTLP(t, out)}.spans()); got != report.Spans {
			t.Errorf("%d spans, reported %d", got, report.Spans)
		}
	})
}
