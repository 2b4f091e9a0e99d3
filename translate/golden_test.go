package translate_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/ot2otel/ot2otel/translate"
)

var update = flag.Bool("update", false, "write the golden files anew")

// received is when test payloads are received: 2026-11-21T00:00:00Z.
const received = 1795219200_000_000_000

// thriftFormats are the formats that can be read, named as their folders in testdata.
var thriftFormats = []translate.Format{translate.JaegerCompact, translate.JaegerBinary, translate.JaegerBatch}

// zipkinFormats are Zipkin's, and formats are all that have goldens.
var (
	zipkinFormats = []translate.Format{
		translate.ZipkinV1JSON, translate.ZipkinV1Thrift, translate.ZipkinV2JSON, translate.ZipkinV2Proto,
	}
	formats = slices.Concat(thriftFormats, []translate.Format{translate.JaegerProto}, zipkinFormats)
)

// A golden is a payload of testdata.
type golden struct {
	format  translate.Format
	name    string // file name without extension
	payload []byte
}

// goldens returns every payload of testdata in one of the formats; testdata/README.md says where each is from.
func goldens(t testing.TB, formats ...translate.Format) []golden {
	t.Helper()
	var all []golden
	for _, f := range formats {
		files, err := filepath.Glob(filepath.Join("../testdata", f.String(), "*.bin"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no payloads of format %v: %v", f, err)
		}
		for _, file := range files {
			all = append(all, golden{f, strings.TrimSuffix(file, ".bin"), readFile(t, file)})
		}
	}
	return all
}

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestGolden compares what real clients' payloads become with the OTLP JSON beside them.
func TestGolden(t *testing.T) {
	for _, g := range goldens(t, formats...) {
		t.Run(g.name, func(t *testing.T) {
			out, _, err := translate.New(translate.Config{}).Append(nil, g.format, g.payload, received)
			if err != nil {
				t.Fatal(err)
			}
			compareFile(t, g.name+".json", otlpJSON(t, out))
		})
	}
}

// compareFile compares got with a golden file, or writes it with -update.
func compareFile(t *testing.T, name string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(readFile(t, name)), string(got)); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", name, diff)
	}
}

// otlpJSON returns an OTLP request as indented OTLP JSON.
func otlpJSON(t testing.TB, request []byte) []byte {
	t.Helper()
	line, err := new(ptrace.JSONMarshaler).MarshalTraces(parse(t, request))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, line, "", "  "); err != nil {
		t.Fatal(err)
	}
	b.WriteByte('\n')
	return shortObjects.ReplaceAllFunc(b.Bytes(), func(object []byte) []byte {
		return spaces.ReplaceAll(object, []byte(" "))
	})
}

// shortObjects are attributes and elements of arrays with a single value:
// goldens have each on one line. spaces are breaks of lines within them.
var (
	shortObjects = regexp.MustCompile(`\{\s+("key": "([^"\\]|\\.)*",\s+"value": \{\s+)?` +
		`"[a-z]+Value": ("([^"\\]|\\.)*"|[^\s"{\[]+)\s+\}(\s+\})?`)
	spaces = regexp.MustCompile(`\n\s*`)
)

// parse reads an OTLP request.
func parse(t testing.TB, request []byte) ptrace.Traces {
	t.Helper()
	traces, err := new(ptrace.ProtoUnmarshaler).UnmarshalTraces(request)
	if err != nil {
		t.Fatalf("not OTLP: %v", err)
	}
	return traces
}
