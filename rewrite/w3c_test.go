package rewrite_test

import (
	"fmt"
	"net/http"
	"net/netip"
	"testing"

	"github.com/opentracing/opentracing-go"
	"github.com/openzipkin/zipkin-go"
	"github.com/openzipkin/zipkin-go/model"
	"github.com/openzipkin/zipkin-go/propagation/b3"
	"github.com/openzipkin/zipkin-go/reporter"
	jaeger "github.com/uber/jaeger-client-go"
	jaegerzipkin "github.com/uber/jaeger-client-go/zipkin"

	"github.com/ot2otel/ot2otel/rewrite"
	"github.com/ot2otel/ot2otel/rewrite/internal/w3csuite"
)

// A legacy is a service with a real legacy tracer: it takes a request and makes
// calls, as it would over HTTP.
type legacy interface {
	handle(in http.Header, calls int) []http.Header
}

// jaegerApp is a service with jaeger-client-go.
type jaegerApp struct{ tracer opentracing.Tracer }

func newJaegerApp(t testing.TB, wide bool, b3Headers bool) jaegerApp {
	options := []jaeger.TracerOption{jaeger.TracerOptions.Gen128Bit(wide)}
	if b3Headers {
		p := jaegerzipkin.NewZipkinB3HTTPHeaderPropagator()
		options = append(options, jaeger.TracerOptions.Injector(opentracing.HTTPHeaders, p),
			jaeger.TracerOptions.Extractor(opentracing.HTTPHeaders, p))
	}
	tracer, closer := jaeger.NewTracer("app", jaeger.NewConstSampler(true), jaeger.NewNullReporter(), options...)
	t.Cleanup(func() { _ = closer.Close() })
	return jaegerApp{tracer}
}

func (a jaegerApp) handle(in http.Header, calls int) (out []http.Header) {
	parent, _ := a.tracer.Extract(opentracing.HTTPHeaders, opentracing.HTTPHeadersCarrier(in))
	server := a.tracer.StartSpan("serve", opentracing.ChildOf(parent))
	defer server.Finish()
	for range calls {
		client := a.tracer.StartSpan("call", opentracing.ChildOf(server.Context()))
		h := http.Header{}
		if err := a.tracer.Inject(client.Context(), opentracing.HTTPHeaders, opentracing.HTTPHeadersCarrier(h)); err != nil {
			panic(err)
		}
		client.Finish()
		out = append(out, h)
	}
	return out
}

// zipkinApp is a service with zipkin-go.
type zipkinApp struct {
	tracer *zipkin.Tracer
	single bool
}

func newZipkinApp(t testing.TB, single, join bool) zipkinApp {
	tracer, err := zipkin.NewTracer(reporter.NewNoopReporter(), zipkin.WithSharedSpans(join), zipkin.WithTraceID128Bit(true))
	if err != nil {
		t.Fatal(err)
	}
	return zipkinApp{tracer, single}
}

func (a zipkinApp) handle(in http.Header, calls int) (out []http.Header) {
	parent := a.tracer.Extract(b3.ExtractHTTP(&http.Request{Header: in}))
	server := a.tracer.StartSpan("serve", zipkin.Kind(model.Server), zipkin.Parent(parent))
	defer server.Finish()
	for range calls {
		client := a.tracer.StartSpan("call", zipkin.Kind(model.Client), zipkin.Parent(server.Context()))
		r := &http.Request{Header: http.Header{}}
		inject := b3.InjectHTTP(r)
		if a.single {
			inject = b3.InjectHTTP(r, b3.WithSingleHeaderOnly())
		}
		if err := inject(client.Context()); err != nil {
			panic(err)
		}
		client.Finish()
		out = append(out, r.Header)
	}
	return out
}

// behind returns an exchange with a service behind a rewriter.
func behind(r *rewrite.Rewriter, app legacy) w3csuite.Exchange {
	return func(request []w3csuite.Header, calls int) ([]http.Header, error) {
		in := http.Header{}
		for _, line := range request {
			in[line.Name] = append(in[line.Name], line.Value)
		}
		if res := r.Inbound(rewrite.Header(in), netip.Addr{}); res.Err != nil {
			return nil, res.Err
		}
		all := app.handle(in, calls)
		for _, out := range all {
			if res := r.Outbound(rewrite.Header(out), ""); res.Err != nil {
				return nil, res.Err
			}
		}
		return all, nil
	}
}

// TestW3CSuite shows that unmodified legacy services behind a rewriter pass all
// 41 cases of the W3C suite.
func TestW3CSuite(t *testing.T) {
	type setup struct {
		name string
		app  legacy
		rewrite.Config
	}
	setups := []setup{
		{"jaeger-client-go 128 bits", newJaegerApp(t, true, false), rewrite.Config{App: rewrite.Jaeger}},
		{"jaeger-client-go 64 bits", newJaegerApp(t, false, false), rewrite.Config{App: rewrite.Jaeger}},
		{"jaeger-client-go 64 bits, given 128", newJaegerApp(t, false, false), rewrite.Config{App: rewrite.Jaeger, TraceIDToApp: rewrite.Width128}},
		{"jaeger-client-go 128 bits, healed", newJaegerApp(t, true, false), rewrite.Config{App: rewrite.Jaeger, LegacyOut: rewrite.LegacyHeal}},
		{"jaeger-client-go 64 bits, W3C only", newJaegerApp(t, false, false), rewrite.Config{App: rewrite.Jaeger, LegacyOut: rewrite.LegacyDrop}},
		{"jaeger-client-go B3", newJaegerApp(t, false, true), rewrite.Config{App: rewrite.B3Multi}},
		{"zipkin-go multi", newZipkinApp(t, false, false), rewrite.Config{App: rewrite.B3Multi}},
		{"zipkin-go single", newZipkinApp(t, true, false), rewrite.Config{App: rewrite.B3Single, TraceIDToApp: rewrite.Width64}},
		{"zipkin-go joining", newZipkinApp(t, false, true), rewrite.Config{App: rewrite.B3Multi, B3Join: rewrite.Yes}},
	}
	for _, s := range setups {
		t.Run(s.name, func(t *testing.T) {
			s.Memory = rewrite.NewMemory(rewrite.MemoryConfig{})
			r := newRewriter(t, s.Config)
			for _, c := range w3csuite.Cases() {
				t.Run(c.Name, func(t *testing.T) {
					if err := c.Run(behind(r, s.app)); err != nil {
						t.Error(err)
					}
				})
			}
		})
	}
}

// TestW3CSuiteNeedsMemory shows what the memory is for: without it some cases fail.
func TestW3CSuiteNeedsMemory(t *testing.T) {
	for wide, most := range map[bool]int{false: 25, true: 30} {
		r := newRewriter(t, rewrite.Config{App: rewrite.Jaeger, TraceIDToApp: map[bool]rewrite.Width{false: rewrite.Width64, true: rewrite.Width128}[wide]})
		app, passed := newJaegerApp(t, wide, false), 0
		for _, c := range w3csuite.Cases() {
			if c.Run(behind(r, app)) == nil {
				passed++
			}
		}
		if passed > most || passed < most-3 {
			t.Errorf("%s: %d cases pass without a memory, want about %d", fmt.Sprintf("128 bits %v", wide), passed, most)
		}
	}
}
