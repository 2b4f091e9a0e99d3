package ingest

import (
	"log"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/openzipkin/zipkin-go"
	"github.com/openzipkin/zipkin-go/model"
	"github.com/openzipkin/zipkin-go/proto/zipkin_proto3"
	zipkinreporter "github.com/openzipkin/zipkin-go/reporter"
	zipkinhttp "github.com/openzipkin/zipkin-go/reporter/http"
	otelzipkin "go.opentelemetry.io/otel/exporters/zipkin"
)

// zipkinWith makes three spans with a real tracer.
func zipkinWith(t *testing.T, r zipkinreporter.Reporter) {
	t.Helper()
	endpoint, err := zipkin.NewEndpoint("shop", "10.0.0.1:8080")
	if err != nil {
		t.Fatal(err)
	}
	tracer, err := zipkin.NewTracer(r, zipkin.WithLocalEndpoint(endpoint))
	if err != nil {
		t.Fatal(err)
	}
	root := tracer.StartSpan("checkout", zipkin.Kind(model.Server), zipkin.Tags(map[string]string{"http.method": "POST"}))
	for _, name := range []string{"reserve", "pay"} {
		child := tracer.StartSpan(name, zipkin.Parent(root.Context()), zipkin.Kind(model.Client))
		child.Finish()
	}
	root.Finish()
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestRealZipkinClients(t *testing.T) {
	quiet := zipkinhttp.Logger(log.New(t.Output(), "", 0))
	for name, options := range map[string][]zipkinhttp.ReporterOption{
		"JSON":     {quiet},
		"protobuf": {quiet, zipkinhttp.Serializer(zipkin_proto3.SpanSerializer{})},
	} {
		for _, path := range []string{"/api/v2/spans", "/api/v1/spans"} {
			t.Run(name+path, func(t *testing.T) {
				r := newRealRig()
				zipkinWith(t, zipkinhttp.NewReporter(serveZipkin(t, r, Limits{})+path, options...))
				if diff := cmp.Diff(tracedSpans, spansOf(t, r.sink.next(t))); diff != "" {
					t.Errorf("spans (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// A listReporter keeps what is reported.
type listReporter struct{ spans []*model.SpanModel }

func (r *listReporter) Send(s model.SpanModel) { r.spans = append(r.spans, &s) }
func (r *listReporter) Close() error           { return nil }

// zipkin-go's protobuf over the Zipkin server's gRPC method.
func TestRealZipkinSpansOverGRPC(t *testing.T) {
	r := newRealRig()
	var made listReporter
	zipkinWith(t, &made)
	list, err := zipkin_proto3.SpanSerializer{}.Serialize(made.spans)
	if err != nil {
		t.Fatal(err)
	}
	addr := serveZipkin(t, r, Limits{})[len("http://"):]
	if response, err := call(t, dialGRPC(t, addr), report, string(list)); err != nil || response != "" {
		t.Fatal(response, err)
	}
	if diff := cmp.Diff(tracedSpans, spansOf(t, r.sink.next(t))); diff != "" {
		t.Errorf("spans (-want +got):\n%s", diff)
	}
}

func TestRealOTelZipkinExporter(t *testing.T) {
	r := newRealRig()
	exporter, err := otelzipkin.New(serveZipkin(t, r, Limits{}) + "/api/v2/spans")
	if err != nil {
		t.Fatal(err)
	}
	otelWith(t, exporter)
	if diff := cmp.Diff(tracedSpans, slices.Sorted(slices.Values(spansOf(t, r.sink.next(t))))); diff != "" {
		t.Errorf("spans (-want +got):\n%s", diff)
	}
}
