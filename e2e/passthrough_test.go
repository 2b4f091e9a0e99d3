package e2e

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/ot2otel/ot2otel/e2e/backend"
	"github.com/ot2otel/ot2otel/e2e/corpus"
)

// TestOTLPCorpus sends what OpenTelemetry's exporters sent, over each way in
// that OTLP has. The backend receives the very same: mapping has no say in it.
func TestOTLPCorpus(t *testing.T) {
	names, err := corpus.Names(root, corpus.OTLP...)
	if err != nil || len(names) == 0 {
		t.Fatalf("%d cases, %v", len(names), err)
	}
	b := backend.New(t)
	p := start(t, b)
	ways := []struct {
		name string
		send func(t *testing.T, m *corpus.Manifest)
	}{
		{"as recorded", func(t *testing.T, m *corpus.Manifest) {
			if err := m.Replay(t.Context(), p.ports()); err != nil {
				t.Error(err)
			}
		}},
		{"gRPC", func(t *testing.T, m *corpus.Manifest) { exportGRPC(t, p.otlpGRPC, sentOTLP(t, m)) }},
		{"JSON, gzip", func(t *testing.T, m *corpus.Manifest) { exportJSON(t, p.otlpHTTP, sentOTLP(t, m)) }},
	}
	for _, name := range names {
		for _, way := range ways {
			t.Run(name+" "+way.name, func(t *testing.T) {
				m := load(t, name)
				way.send(t, m)
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				defer cancel()
				got := b.Take(ctx, t, m.OnWire.Spans)
				if diff := cmp.Diff(spansAsJSON(t, sentOTLP(t, m)), spansAsJSON(t, got)); diff != "" {
					t.Errorf("what came out is not what was sent (-sent +came):\n%s", diff)
				}
			})
		}
	}
}

// TestOTLPValidate has the proxy look at spans: a bad one is left out and the
// sender told, the others go on.
func TestOTLPValidate(t *testing.T) {
	b := backend.New(t)
	p := start(t, b, "OT2OTEL_OTLP_VALIDATE=true")
	traces := sentOTLP(t, load(t, "otlp-native-go-rich"))
	bad := traces.ResourceSpans().At(0).ScopeSpans().At(0).Spans().AppendEmpty()
	bad.SetName("without ids")
	answer := exportGRPC(t, p.otlpGRPC, traces)
	if n := answer.PartialSuccess().RejectedSpans(); n != 1 {
		t.Errorf("%d spans are said to be rejected, want 1: %s", n, answer.PartialSuccess().ErrorMessage())
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if got := b.Take(ctx, t, 6); got.SpanCount() != 6 {
		t.Errorf("%d spans came, want the 6 good ones", got.SpanCount())
	}
}

// sentOTLP is what the payloads of a case hold.
func sentOTLP(t *testing.T, m *corpus.Manifest) ptrace.Traces {
	t.Helper()
	all := ptrace.NewTraces()
	for _, c := range m.Captures {
		body, err := m.Payload(c)
		if err != nil {
			t.Fatal(err)
		}
		traces, err := (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(body)
		if err != nil {
			t.Fatal(err)
		}
		traces.ResourceSpans().MoveAndAppendTo(all.ResourceSpans())
	}
	return all
}

func exportGRPC(t *testing.T, addr string, traces ptrace.Traces) ptraceotlp.ExportResponse {
	t.Helper()
	conn, err := grpc.NewClient(addr, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	answer, err := ptraceotlp.NewGRPCClient(conn).Export(t.Context(), ptraceotlp.NewExportRequestFromTraces(traces))
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func exportJSON(t *testing.T, addr string, traces ptrace.Traces) {
	t.Helper()
	text, err := ptraceotlp.NewExportRequestFromTraces(traces).MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	var body bytes.Buffer
	w := gzip.NewWriter(&body)
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+addr+"/v1/traces", &body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Content-Encoding", "gzip")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("answer %s", resp.Status)
	}
}

// spansAsJSON tells every ResourceSpans in JSON, in an order that does not
// depend on which request came first.
func spansAsJSON(t *testing.T, traces ptrace.Traces) []string {
	t.Helper()
	var all []string
	for _, r := range traces.ResourceSpans().All() {
		one := ptrace.NewTraces()
		r.CopyTo(one.ResourceSpans().AppendEmpty())
		text, err := (&ptrace.JSONMarshaler{}).MarshalTraces(one)
		if err != nil {
			t.Fatal(err)
		}
		var indented bytes.Buffer
		if err := json.Indent(&indented, text, "", " "); err != nil {
			t.Fatal(err)
		}
		all = append(all, indented.String())
	}
	slices.Sort(all)
	return all
}
