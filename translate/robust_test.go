package translate_test

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jaegertracing/jaeger-idl/thrift-gen/jaeger"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/ot2otel/ot2otel/translate"
)

// TestBad compares the errors for payloads that cannot be read with the texts
// beside them, and checks that such a payload leaves nothing behind.
func TestBad(t *testing.T) {
	for _, f := range formats {
		files, err := filepath.Glob(filepath.Join("../testdata", f.String(), "bad", "*.bin"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no bad payloads of format %v: %v", f, err)
		}
		for _, file := range files {
			t.Run(file, func(t *testing.T) {
				message := wantRefused(t, translate.New(translate.Config{}), f, readFile(t, file))
				compareFile(t, strings.TrimSuffix(file, ".bin")+".err", []byte(message+"\n"))
			})
		}
	}
}

// wantRefused checks that a payload is refused and nothing of it is appended.
// It returns the error's text.
func wantRefused(t *testing.T, tr *translate.Translator, f translate.Format, payload []byte) string {
	t.Helper()
	dst := []byte("what was there before")
	out, report, err := tr.Append(dst, f, payload, received)
	if err == nil {
		t.Fatalf("%d bytes are read without an error", len(payload))
	}
	if string(out) != string(dst) || report != (translate.Report{}) {
		t.Errorf("after an error %d bytes and %+v are left", len(out)-len(dst), report)
	}
	return err.Error()
}

func TestEveryPrefixIsRefused(t *testing.T) {
	for _, g := range goldens(t, formats...) {
		t.Run(g.name, func(t *testing.T) {
			tr := translate.New(translate.Config{})
			for n := range g.payload {
				if !isWhole(g.format, g.payload[:n]) {
					wantRefused(t, tr, g.format, g.payload[:n])
				}
			}
		})
	}
}

// isWhole reports whether a prefix is a payload, too: protobuf messages may end
// after any field.
func isWhole(f translate.Format, prefix []byte) bool {
	return (f == translate.ZipkinV2Proto || f == translate.JaegerProto) && proto.Unmarshal(prefix, new(emptypb.Empty)) == nil
}

func TestTrailingBytesAreIgnored(t *testing.T) {
	for _, g := range goldens(t, append(thriftFormats, translate.ZipkinV1Thrift)...) {
		want := appended(t, g)
		g.payload = append(g.payload, "\x00trailing"...)
		if !bytes.Equal(want, appended(t, g)) {
			t.Errorf("%s: bytes after the end make a difference", g.name)
		}
	}
}

// appended returns what a new Translator makes of g.
func appended(t *testing.T, g golden) []byte {
	t.Helper()
	out, _, err := translate.New(translate.Config{}).Append(nil, g.format, g.payload, received)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestOutputKeepsNothingOfInput(t *testing.T) {
	for _, g := range goldens(t, formats...) {
		payload := bytes.Clone(g.payload)
		out, _, err := translate.New(translate.Config{}).Append(nil, g.format, payload, received)
		if err != nil {
			t.Fatal(err)
		}
		for i := range payload {
			payload[i] = 0xaa
		}
		if !bytes.Equal(out, appended(t, g)) {
			t.Errorf("%s: the output changed with the input", g.name)
		}
	}
}

// A Translator's past makes no difference to its output (P-3).
func TestSameInputSameOutput(t *testing.T) {
	used := translate.New(translate.Config{})
	for range 2 {
		for _, g := range goldens(t, formats...) {
			wantRefused(t, used, g.format, g.payload[:len(g.payload)/2])
			out, _, err := used.Append(nil, g.format, g.payload, received)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(out, appended(t, g)) {
				t.Errorf("%s: a used Translator gives another output", g.name)
			}
		}
	}
}

// Results one after the other are a request again.
func TestResultsConcatenate(t *testing.T) {
	tr := translate.New(translate.Config{})
	var all []byte
	spans := 0
	for _, g := range goldens(t, formats...) {
		var report translate.Report
		var err error
		if all, report, err = tr.Append(all, g.format, g.payload, received); err != nil {
			t.Fatal(err)
		}
		spans += report.Spans
	}
	if got := len(result{request: validOTLP(t, all)}.spans()); got != spans {
		t.Errorf("%d spans, reported %d", got, spans)
	}
}

func TestSteadyStateDoesNotAllocate(t *testing.T) {
	for _, mode := range []translate.Semconv{translate.SemconvDup, translate.SemconvRename, translate.SemconvRaw} {
		tr := translate.New(translate.Config{Semconv: mode})
		for _, g := range goldens(t, formats...) {
			var out []byte
			translateOne := func() { out, _, _ = tr.Append(out[:0], g.format, g.payload, received) }
			if n := testing.AllocsPerRun(10, translateOne); n != 0 {
				t.Errorf("mode %d: %s: %v allocations", mode, g.name, n)
			}
		}
	}
}

func TestErrMethod(t *testing.T) {
	payload := readFile(t, "../testdata/jaeger-compact/bad/other-method.bin")
	_, _, err := translate.New(translate.Config{}).Append(nil, translate.JaegerCompact, payload, received)
	if !errors.Is(err, translate.ErrMethod) {
		t.Errorf("error %v, want ErrMethod", err)
	}
}

func TestUnknownFormat(t *testing.T) {
	for _, f := range []translate.Format{0, 99} {
		want := f.String() + ": not a format that can be read"
		if diff := cmp.Diff(want, wantRefused(t, translate.New(translate.Config{}), f, nil)); diff != "" {
			t.Error(diff)
		}
	}
}

// Repeats among many tags are found also where a rule has added a tag before.
func TestRepeatsAmongManyTags(t *testing.T) {
	var many []any
	for i := range 50 {
		many = append(many, fmt.Sprintf("k%d", i%40), i)
	}
	s := spanResult(t, translate.Config{}, func(s *jaeger.Span) { s.SpanId = 0 }, withTags(many...))
	wantAttrs(t, attrsOf(t, s.Attributes), attrMap{"k9": int64(49), "ot2otel.dup.k9": []any{int64(9)}, "k10": int64(10)})
}
