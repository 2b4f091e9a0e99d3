package sidecar_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/ext"
	"github.com/openzipkin/zipkin-go"
	"github.com/openzipkin/zipkin-go/model"
	"github.com/openzipkin/zipkin-go/propagation/b3"
	zipkinrecorder "github.com/openzipkin/zipkin-go/reporter/recorder"
	jaegerclient "github.com/uber/jaeger-client-go"
	"go.opentelemetry.io/otel/baggage"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
)

// An app is a service with a tracer as its authors would use it: it continues
// the trace of in, and gives each call the headers of a span of its own.
type app interface {
	trace(in http.Header, calls ...func(out http.Header))
	// spans returns what it has reported, its server span first; id and parent
	// in 16 hex digits, the trace id as wide as the tracer has it.
	spans() []reported
}

type reported struct{ trace, id, parent string }

// A jaegerApp uses jaeger-client-go as it comes.
type jaegerApp struct {
	tracer   opentracing.Tracer
	reporter *jaegerclient.InMemoryReporter
	baggage  atomic.Pointer[string] // of the caller, as the app's code saw it
}

func newJaegerApp(t testing.TB, wide bool) *jaegerApp {
	r := jaegerclient.NewInMemoryReporter()
	tracer, closer := jaegerclient.NewTracer("app", jaegerclient.NewConstSampler(true), r, jaegerclient.TracerOptions.Gen128Bit(wide))
	t.Cleanup(func() { closer.Close() })
	return &jaegerApp{tracer: tracer, reporter: r}
}

func (a *jaegerApp) trace(in http.Header, calls ...func(http.Header)) {
	parent, _ := a.tracer.Extract(opentracing.HTTPHeaders, opentracing.HTTPHeadersCarrier(in))
	server := a.tracer.StartSpan("server", ext.RPCServerOption(parent))
	item := server.BaggageItem("userid")
	a.baggage.Store(&item)
	for _, call := range calls {
		span := a.tracer.StartSpan("client", opentracing.ChildOf(server.Context()), ext.SpanKindRPCClient)
		out := http.Header{}
		if err := a.tracer.Inject(span.Context(), opentracing.HTTPHeaders, opentracing.HTTPHeadersCarrier(out)); err != nil {
			panic(err)
		}
		call(out)
		span.Finish()
	}
	server.Finish()
}

func (a *jaegerApp) spans() (list []reported) {
	for _, s := range a.reporter.GetSpans() {
		c := s.Context().(jaegerclient.SpanContext)
		list = append([]reported{{c.TraceID().String(), fmt.Sprintf("%016x", uint64(c.SpanID())), fmt.Sprintf("%016x", uint64(c.ParentID()))}}, list...)
	}
	return list
}

// A zipkinApp uses zipkin-go, which takes the caller's span id for its own span.
type zipkinApp struct {
	tracer   *zipkin.Tracer
	reporter *zipkinrecorder.ReporterRecorder
	inject   []b3.InjectOption
}

func newZipkinApp(t testing.TB, inject ...b3.InjectOption) *zipkinApp {
	r := zipkinrecorder.NewReporter()
	tracer, err := zipkin.NewTracer(r, zipkin.WithTraceID128Bit(true))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	return &zipkinApp{tracer: tracer, reporter: r, inject: inject}
}

func (a *zipkinApp) trace(in http.Header, calls ...func(http.Header)) {
	parent := a.tracer.Extract(b3.ExtractHTTP(&http.Request{Header: in}))
	server := a.tracer.StartSpan("server", zipkin.Kind(model.Server), zipkin.Parent(parent))
	for _, call := range calls {
		span := a.tracer.StartSpan("client", zipkin.Kind(model.Client), zipkin.Parent(server.Context()))
		out := &http.Request{Header: http.Header{}}
		if err := b3.InjectHTTP(out, a.inject...)(span.Context()); err != nil {
			panic(err)
		}
		call(out.Header)
		span.Finish()
	}
	server.Finish()
}

func (a *zipkinApp) spans() (list []reported) {
	for _, s := range a.reporter.Flush() {
		parent := "0000000000000000"
		if s.ParentID != nil {
			parent = s.ParentID.String()
		}
		list = append([]reported{{s.TraceID.String(), s.ID.String(), parent}}, list...)
	}
	return list
}

// An otelApp uses the OpenTelemetry SDK, with W3C headers only.
type otelApp struct {
	provider *sdktrace.TracerProvider
	exporter *tracetest.InMemoryExporter
	baggage  atomic.Pointer[string]
}

func newOtelApp(t testing.TB) *otelApp {
	e := tracetest.NewInMemoryExporter()
	p := sdktrace.NewTracerProvider(sdktrace.WithSyncer(e), sdktrace.WithSampler(sdktrace.ParentBased(sdktrace.AlwaysSample())))
	t.Cleanup(func() { _ = p.Shutdown(context.Background()) })
	return &otelApp{provider: p, exporter: e}
}

func (a *otelApp) trace(in http.Header, calls ...func(http.Header)) {
	w3c := propagation.NewCompositeTextMapPropagator(propagation.TraceContext{}, propagation.Baggage{})
	ctx := w3c.Extract(context.Background(), propagation.HeaderCarrier(in))
	item := baggage.FromContext(ctx).Member("userId").Value()
	a.baggage.Store(&item)
	tracer := a.provider.Tracer("app")
	ctx, server := tracer.Start(ctx, "server", trace.WithSpanKind(trace.SpanKindServer))
	for _, call := range calls {
		ctx, span := tracer.Start(ctx, "client", trace.WithSpanKind(trace.SpanKindClient))
		out := http.Header{}
		w3c.Inject(ctx, propagation.HeaderCarrier(out))
		call(out)
		span.End()
	}
	server.End()
}

func (a *otelApp) spans() (list []reported) {
	for _, s := range a.exporter.GetSpans() {
		c := s.SpanContext
		list = append([]reported{{c.TraceID().String(), c.SpanID().String(), s.Parent.SpanID().String()}}, list...)
	}
	return list
}

// serveCalls starts a over HTTP: it makes the calls that the body of a request
// asks for (see order), as many at once as there are. Its client asks
// *proxy, which is set when the sidecar is there.
func serveCalls(t testing.TB, a app) (address string, proxy *string) {
	proxy = new(string)
	var c *http.Client
	address = serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var list []order
		if err := json.NewDecoder(r.Body).Decode(&list); err != nil {
			panic(err)
		}
		if c == nil {
			c = client(t, "h1", *proxy)
		}
		var calls []func(http.Header)
		for _, call := range list {
			calls = append(calls, func(out http.Header) { post(t, c, call, out) })
		}
		a.trace(r.Header, calls...)
	}))
	return address, proxy
}

// post asks call.URL for call.Arguments.
func post(t testing.TB, c *http.Client, call order, h http.Header) {
	body, _ := json.Marshal(call.Arguments)
	req, err := http.NewRequest(http.MethodPost, call.URL, strings.NewReader(string(body)))
	if err != nil {
		t.Error(err)
		return
	}
	for name, values := range h { // as jaeger-client writes them
		for _, v := range values {
			req.Header.Add(name, v)
		}
	}
	res, err := c.Do(req)
	if err != nil {
		t.Error(err)
		return
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Errorf("%s: %s", call.URL, res.Status)
	}
}

// behind starts a with a sidecar around it and returns the address of its inbound leg.
func behind(t testing.TB, c configured) *side {
	address, proxy := serveCalls(t, c.app)
	s := newSide(t, c.config, address)
	*proxy = s.out
	return s
}
