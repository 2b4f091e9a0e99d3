package ingest

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/sdk/trace"
)

// otelWith makes three spans with the OTel SDK, which it shuts down.
func otelWith(t *testing.T, exporter trace.SpanExporter) {
	t.Helper()
	provider := trace.NewTracerProvider(trace.WithBatcher(exporter),
		trace.WithResource(resource.NewSchemaless(attribute.String("service.name", "shop"))))
	tracer := provider.Tracer("test")
	ctx, root := tracer.Start(t.Context(), "checkout")
	for _, name := range []string{"reserve", "pay"} {
		_, child := tracer.Start(ctx, name)
		child.AddEvent("done")
		child.End()
	}
	root.End()
	if err := provider.Shutdown(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func TestRealOTLPExporters(t *testing.T) {
	for _, validate := range []bool{false, true} {
		o := OTLP{Validate: validate}
		overHTTP := func(options ...otlptracehttp.Option) func(*testing.T, *rig) (trace.SpanExporter, error) {
			return func(t *testing.T, r *rig) (trace.SpanExporter, error) {
				url := serveOTLP(t, r, Limits{}, o)
				return otlptracehttp.New(t.Context(), append(options, otlptracehttp.WithEndpointURL(url+"/v1/traces"))...)
			}
		}
		overGRPC := func(options ...otlptracegrpc.Option) func(*testing.T, *rig) (trace.SpanExporter, error) {
			return func(t *testing.T, r *rig) (trace.SpanExporter, error) {
				addr := startGRPC(t, OTLPGRPC(r.Intake, Limits{}, o))
				return otlptracegrpc.New(t.Context(), append(options, otlptracegrpc.WithInsecure(), otlptracegrpc.WithEndpoint(addr))...)
			}
		}
		for name, exporter := range map[string]func(*testing.T, *rig) (trace.SpanExporter, error){
			"HTTP":       overHTTP(),
			"HTTP, gzip": overHTTP(otlptracehttp.WithCompression(otlptracehttp.GzipCompression)),
			"gRPC":       overGRPC(),
			"gRPC, gzip": overGRPC(otlptracegrpc.WithCompressor("gzip")),
		} {
			t.Run(name, func(t *testing.T) {
				r := newRealRig()
				e, err := exporter(t, r)
				if err != nil {
					t.Fatal(err)
				}
				otelWith(t, e)
				if diff := cmp.Diff(tracedSpans, spansOf(t, r.sink.next(t))); diff != "" {
					t.Errorf("spans (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// An exporter that is told to try again does, and nothing is lost or doubled.
func TestRealOTLPExportersRetry(t *testing.T) {
	for _, name := range []string{"HTTP", "gRPC"} {
		t.Run(name, func(t *testing.T) {
			r := newRealRig()
			r.Wait = -1
			refusals := 1
			r.sink.fail = func() error {
				if refusals > 0 {
					refusals--
					return errFull
				}
				return nil
			}
			var e trace.SpanExporter
			var err error
			soon := otlptracehttp.RetryConfig{Enabled: true, InitialInterval: time.Millisecond, MaxInterval: time.Millisecond, MaxElapsedTime: time.Minute}
			if name == "HTTP" {
				e, err = otlptracehttp.New(t.Context(), otlptracehttp.WithRetry(soon),
					otlptracehttp.WithEndpointURL(serveOTLP(t, r, Limits{}, OTLP{})+"/v1/traces"))
			} else {
				e, err = otlptracegrpc.New(t.Context(), otlptracegrpc.WithRetry(otlptracegrpc.RetryConfig(soon)),
					otlptracegrpc.WithInsecure(), otlptracegrpc.WithEndpoint(startGRPC(t, OTLPGRPC(r.Intake, Limits{}, OTLP{}))))
			}
			if err != nil {
				t.Fatal(err)
			}
			otelWith(t, e)
			if diff := cmp.Diff(tracedSpans, spansOf(t, r.sink.next(t))); diff != "" {
				t.Errorf("spans (-want +got):\n%s", diff)
			}
			if len(r.sink.puts) > 0 {
				t.Error("taken twice")
			}
			listener := "otlp-" + strings.ToLower(name)
			m := r.metrics(t)
			if m["refused_payloads_total "+listener+" queue"] != 1 || m["accepted_payloads_total "+listener] != 1 {
				t.Errorf("metrics %v", m)
			}
		})
	}
}
