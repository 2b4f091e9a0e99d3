package translate_test

import (
	"bytes"
	"testing"

	"github.com/apache/thrift/lib/go/thrift"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jaegertracing/jaeger-idl/thrift-gen/agent"
	"github.com/jaegertracing/jaeger-idl/thrift-gen/jaeger"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"pgregory.net/rapid"

	"github.com/ot2otel/ot2otel/translate"
)

// The tests in this file read payloads once more by Apache Thrift, map them to
// OTLP's object model in the most straightforward way, and compare. The rules
// are those of raw mode without un-sharing; the residue is left out, and so is
// the grouping by scope: only the order of spans within a scope counts.

func TestGoldensAgreeWithReference(t *testing.T) {
	for _, g := range goldens(t, thriftFormats...) {
		t.Run(g.name, func(t *testing.T) {
			wantReference(t, g.format, g.payload, decode(t, g.format, g.payload))
		})
	}
}

func TestRandomBatchesAgreeWithReference(t *testing.T) {
	for _, f := range thriftFormats {
		t.Run(f.String(), rapid.MakeCheck(func(rt *rapid.T) {
			b := randomBatch(rt)
			wantReference(rt, f, encode(t, f, b), b)
		}))
	}
}

// wantReference checks that payload, which holds b, becomes what the reference
// makes of b.
func wantReference(t rapid.TB, f translate.Format, payload []byte, b *jaeger.Batch) {
	t.Helper()
	c := translate.Config{Semconv: translate.SemconvRaw, KeepSharedIDs: true}
	out, _, err := translate.New(c).Append(nil, f, payload, received)
	if err != nil {
		t.Fatal(err)
	}
	got, err := new(ptrace.ProtoUnmarshaler).UnmarshalTraces(out)
	if err != nil {
		t.Fatal(err)
	}
	wantResource, wantSpans := flatten(reference(b))
	gotResource, gotSpans := flatten(got)
	options := cmp.Options{cmpopts.EquateNaNs(), cmpopts.EquateEmpty()}
	if diff := cmp.Diff(wantResource, gotResource, options); diff != "" {
		t.Fatalf("resource (-reference +got):\n%s", diff)
	}
	if diff := cmp.Diff(wantSpans, gotSpans, options); diff != "" {
		t.Fatalf("spans (-reference +got):\n%s", diff)
	}
}

// decode reads a payload by Apache Thrift.
func decode(t *testing.T, f translate.Format, payload []byte) *jaeger.Batch {
	t.Helper()
	buf := &thrift.TMemoryBuffer{Buffer: bytes.NewBuffer(payload)}
	if f == translate.JaegerBatch {
		b := jaeger.NewBatch()
		if err := b.Read(t.Context(), thrift.NewTBinaryProtocolConf(buf, nil)); err != nil {
			t.Fatal(err)
		}
		return b
	}
	var p thrift.TProtocol = thrift.NewTBinaryProtocolConf(buf, nil)
	if f == translate.JaegerCompact {
		p = thrift.NewTCompactProtocolConf(buf, nil)
	}
	if _, _, _, err := p.ReadMessageBegin(t.Context()); err != nil {
		t.Fatal(err)
	}
	args := agent.NewAgentEmitBatchArgs()
	if err := args.Read(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	return args.Batch
}
