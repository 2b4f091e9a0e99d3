package backend

import (
	"bytes"
	"net/http"
	"testing"

	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.uber.org/goleak"
	"google.golang.org/protobuf/encoding/protowire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestTakesWhatAnSDKSends uses OpenTelemetry's own exporter as the reference.
func TestTakesWhatAnSDKSends(t *testing.T) {
	b := New(t)
	exporter, err := otlptracehttp.New(t.Context(), otlptracehttp.WithEndpoint(b.HTTP), otlptracehttp.WithInsecure(),
		otlptracehttp.WithCompression(otlptracehttp.GzipCompression), otlptracehttp.WithHeaders(map[string]string{"x-tenant": "blue"}))
	if err != nil {
		t.Fatal(err)
	}
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter))
	_, span := provider.Tracer("t").Start(t.Context(), "hello")
	span.End()
	if err := provider.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := b.Take(t.Context(), t, 1)
	if name := got.ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0).Name(); name != "hello" {
		t.Errorf("span %q came, want hello", name)
	}
	want := Request{Protocol: "http/protobuf", Compression: "gzip", Tenant: "blue", Spans: 1}
	if r := b.Requests(); len(r) != 1 || r[0] != want {
		t.Errorf("requests %+v, want %+v", r, want)
	}
}

// TestReadsJSONStrictly sends requests that are a little wrong.
func TestReadsJSONStrictly(t *testing.T) {
	tests := []struct {
		name, body string
		status     int
	}{
		{"right", `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"0102030405060708","name":"n"}]}]}]}`, 200},
		{"base64 id", `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"AQIDBAUGBwgJCgsMDQ4PEA=="}]}]}]}`, 400},
		{"unknown field", `{"resourceSpans":[{"surprise":1}]}`, 400},
		{"text for a number", `{"resourceSpans":[{"scopeSpans":[{"spans":[{"flags":"many"}]}]}]}`, 400},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if status := post(t, "application/json", []byte(tt.body)); status != tt.status {
				t.Errorf("status %d, want %d", status, tt.status)
			}
		})
	}
}

// TestReadsProtobufStrictly sends a string that is not UTF-8, and a field that
// OTLP does not have inside one that it has.
func TestReadsProtobufStrictly(t *testing.T) {
	schemaURL := protowire.AppendString(protowire.AppendTag(nil, 3, protowire.BytesType), "\xff")
	unknown := protowire.AppendVarint(protowire.AppendTag(nil, 99, protowire.VarintType), 1)
	for name, resourceSpans := range map[string][]byte{"not UTF-8": schemaURL, "unknown field": unknown} {
		request := protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), resourceSpans)
		if status := post(t, "application/x-protobuf", request); status != 400 {
			t.Errorf("%s: status %d, want 400", name, status)
		}
	}
}

func post(t *testing.T, contentType string, body []byte) int {
	t.Helper()
	resp, err := http.Post("http://"+New(t).HTTP+"/v1/traces", contentType, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}
