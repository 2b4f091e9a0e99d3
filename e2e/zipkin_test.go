package e2e

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/ot2otel/ot2otel/e2e/backend"
	"github.com/ot2otel/ot2otel/e2e/corpus"
	"github.com/ot2otel/ot2otel/e2e/judge"
)

// TestZipkinGRPC reports spans that were recorded over HTTP by a call of
// zipkin.proto3.SpanService, on the same port.
func TestZipkinGRPC(t *testing.T) {
	b := backend.New(t)
	p := start(t, b)
	for _, name := range []string{"zipkin-go-ot-proto-rich-128", "zipkin-go-native-proto-rpc-shared"} {
		m := load(t, name)
		for _, c := range m.Captures {
			message, err := m.Payload(c)
			if err != nil {
				t.Fatal(err)
			}
			if err := corpus.Call(t.Context(), p.zipkin, "/zipkin.proto3.SpanService/Report", message); err != nil {
				t.Error(err)
			}
		}
		for _, complaint := range judge.Case(m, takeSpans(t, b, m.OnWire.Spans), judge.Dup) {
			t.Error(complaint)
		}
	}
}

// TestSharedAcrossPayloads sends the server's half of a shared id, and its
// child in a payload of its own: all translators have one memory, so the child
// finds the parent that got another id (mapping U-4).
func TestSharedAcrossPayloads(t *testing.T) {
	const server = `[{"traceId":"a1","parentId":"1","id":"2","kind":"SERVER","shared":true,"timestamp":1000000,"duration":50,"localEndpoint":{"serviceName":"prices"}}]`
	const child = `[{"traceId":"a1","parentId":"2","id":"3","timestamp":1000010,"duration":5,"localEndpoint":{"serviceName":"prices"}}]`
	for _, tt := range []struct {
		unshare string
		adopted bool
	}{{"true", true}, {"false", false}} {
		b := backend.New(t)
		p := start(t, b, "OT2OTEL_MAPPING_UNSHARE="+tt.unshare)
		postZipkin(t, p, server)
		parent := onlySpan(t, takeSpans(t, b, 1))
		postZipkin(t, p, child)
		got := onlySpan(t, takeSpans(t, b, 1))
		if unshared := parent.SpanID() != [8]byte{7: 2}; unshared != tt.adopted {
			t.Errorf("unshare %s: the server's half has the id %s", tt.unshare, parent.SpanID())
		}
		if got.ParentSpanID() != parent.SpanID() {
			t.Errorf("unshare %s: the child's parent is %s, want %s", tt.unshare, got.ParentSpanID(), parent.SpanID())
		}
	}
}

func postZipkin(t *testing.T, p *proxy, spans string) {
	t.Helper()
	resp, err := http.Post("http://"+p.zipkin+"/api/v2/spans", "application/json", strings.NewReader(spans))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusAccepted {
		t.Fatalf("answer %s", resp.Status)
	}
}

func takeSpans(t *testing.T, b *backend.Backend, n int) ptrace.Traces {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	return b.Take(ctx, t, n)
}

func onlySpan(t *testing.T, traces ptrace.Traces) ptrace.Span {
	t.Helper()
	if n := traces.SpanCount(); n != 1 {
		t.Fatalf("%d spans came, want 1", n)
	}
	return traces.ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0)
}
