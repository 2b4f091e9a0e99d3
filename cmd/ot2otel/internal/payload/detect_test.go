package payload

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ot2otel/ot2otel/translate"
)

const testdata = "../../../../testdata"

// The folders of the golden payloads are named after their formats.
func TestDetectGolden(t *testing.T) {
	for _, name := range Names() {
		files, err := filepath.Glob(filepath.Join(testdata, name, "*.bin"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			expect(t, file, name)
		}
	}
}

// What clients sent to the other ports is recognised before it can be read.
func TestDetectCorpus(t *testing.T) {
	for glob, want := range map[string]string{
		"jaeger-agent-grpc-rich/*.bin":            "jaeger-proto",
		"zipkin-go-native-proto-rpc-shared/*.bin": "zipkin-v2-proto",
		"zipkin-go-ot-proto-rich-128/*.bin":       "zipkin-v2-proto",
		"zipkin-node-v1-rich-64/*.bin":            "zipkin-v1-json",
		"zipkin-node-v2-*/*.bin":                  "zipkin-v2-json",
		"py-zipkin-v1thrift-rich/*.bin":           "zipkin-v1-thrift",
	} {
		files, err := filepath.Glob(filepath.Join(testdata, "corpus", glob))
		if err != nil || len(files) == 0 {
			t.Errorf("no files for %s: %v", glob, err)
		}
		for _, file := range files {
			expect(t, file, want)
		}
	}
}

func expect(t *testing.T, file, want string) {
	t.Helper()
	p, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := Detect(p); got.String() != want {
		t.Errorf("%s is taken for %s, not %s", file, got, want)
	}
}

func TestDetectOldBinary(t *testing.T) {
	old := append([]byte{0, 0, 0, 9}, "emitBatch\x04\x00\x00\x00\x00\x0c"...)
	if f, ok := Detect(old); !ok || f != translate.JaegerBinary {
		t.Errorf("a message of old Thrift is taken for %s", f)
	}
}

func TestDetectNothing(t *testing.T) {
	otlp, err := os.ReadFile(filepath.Join(testdata, "corpus/otlp-native-go-rich/001-http-4318.bin"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range [][]byte{nil, {0}, []byte("hello"), []byte("{}"), {0x82}, {0x0a}, {0x0a, 0xff, 0xff}, otlp} {
		if f, ok := Detect(p); ok {
			t.Errorf("%q is taken for %s", p[:min(len(p), 20)], f)
		}
	}
}

func TestNamed(t *testing.T) {
	for _, name := range Names() {
		if f, err := Named(name); err != nil || f.String() != name {
			t.Errorf("%s: %s, %v", name, f, err)
		}
	}
	if _, err := Named("jaeger-compct"); err == nil || !strings.Contains(err.Error(), `did you mean "jaeger-compact"?`) {
		t.Error(err)
	}
}

func FuzzDetect(f *testing.F) {
	f.Add([]byte(`[{"binaryAnnotations":[]}]`))
	f.Add([]byte{0x0a, 0x02, 0x0a, 0x10})
	f.Fuzz(func(_ *testing.T, p []byte) { Detect(p) })
}
