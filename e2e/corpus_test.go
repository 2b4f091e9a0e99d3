package e2e

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ot2otel/ot2otel/e2e/backend"
	"github.com/ot2otel/ot2otel/e2e/corpus"
	"github.com/ot2otel/ot2otel/e2e/judge"
)

// TestJaegerCorpus sends what every Jaeger client in the corpus sent, and what
// Jaeger's agent made of it, through the binary's sockets and judges each span
// that a backend receives.
func TestJaegerCorpus(t *testing.T) {
	replayAll(t, slices.Concat(corpus.JaegerThrift, corpus.JaegerGRPC)...)
}

// TestZipkinCorpus does the same for every Zipkin client: both versions, JSON,
// Thrift and protobuf.
func TestZipkinCorpus(t *testing.T) { replayAll(t, corpus.Zipkin...) }

// replayAll replays the cases whose names match a pattern, in both modes of
// semantic conventions, the cases of each mode to one proxy.
func replayAll(t *testing.T, patterns ...string) {
	t.Helper()
	names, err := corpus.Names(root, patterns...)
	if err != nil || len(names) == 0 {
		t.Fatalf("%d cases, %v", len(names), err)
	}
	for _, mode := range []judge.Mode{judge.Dup, judge.Raw} {
		t.Run(string(mode), func(t *testing.T) {
			b := backend.New(t)
			p := start(t, b, "OT2OTEL_SEMCONV="+string(mode))
			for _, name := range names {
				t.Run(name, func(t *testing.T) { replay(t, name, mode, p, b) })
			}
		})
	}
}

// replay sends one case and judges what comes out.
func replay(t *testing.T, name string, mode judge.Mode, p *proxy, b *backend.Backend) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	m, err := corpus.Load(root, name)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Replay(ctx, p.ports()); err != nil {
		t.Error(err)
	}
	for _, complaint := range judge.Case(m, b.Take(ctx, t, m.OnWire.Spans), mode) {
		t.Error(complaint)
	}
}

// TestEveryExportProtocol sends one case over each protocol and compression of
// OTLP: the same spans come, and in the form that was asked for.
func TestEveryExportProtocol(t *testing.T) {
	tests := []struct {
		protocol, compression string
		address               func(*backend.Backend) string
	}{
		{"grpc", "none", grpcAddress},
		{"grpc", "gzip", grpcAddress},
		{"http/protobuf", "none", httpAddress},
		{"http/protobuf", "gzip", httpAddress},
		{"http/protobuf", "zstd", httpAddress},
		{"http/json", "none", httpAddress},
		{"http/json", "gzip", httpAddress},
	}
	for _, tt := range tests {
		t.Run(tt.protocol+" "+tt.compression, func(t *testing.T) {
			b := backend.New(t)
			variables := []string{
				"OTEL_EXPORTER_OTLP_ENDPOINT=http://" + tt.address(b),
				"OTEL_EXPORTER_OTLP_PROTOCOL=" + tt.protocol,
				"OT2OTEL_COMPRESSION=" + tt.compression, // zstd is beyond the standard variable
				"OTEL_EXPORTER_OTLP_HEADERS=x-tenant=blue",
			}
			p := start(t, b, variables...)
			replay(t, "jaeger-go-udp-edge", judge.Dup, p, b)
			want := backend.Request{Protocol: tt.protocol, Compression: tt.compression, Spans: 6, Tenant: "blue"}
			for _, r := range b.Requests() {
				if diff := cmp.Diff(want, r); diff != "" {
					t.Error("the request differs: (-want +got)\n" + diff)
				}
			}
		})
	}
}

func grpcAddress(b *backend.Backend) string { return b.GRPC }
func httpAddress(b *backend.Backend) string { return b.HTTP }
