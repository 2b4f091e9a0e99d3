package rewrite_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/opentracing/opentracing-go"
	"github.com/openzipkin/zipkin-go/model"
	zb3 "github.com/openzipkin/zipkin-go/propagation/b3"
	jaeger "github.com/uber/jaeger-client-go"
	jaegerzipkin "github.com/uber/jaeger-client-go/zipkin"
	"go.opentelemetry.io/contrib/propagators/b3"
	otjaeger "go.opentelemetry.io/contrib/propagators/jaeger"
	"go.opentelemetry.io/otel/baggage"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
	"pgregory.net/rapid"

	"github.com/ot2otel/ot2otel/rewrite"
)

// aContext draws a context; its baggage keys are in lower case, which is all
// that HTTP keeps.
var aContext = rapid.Custom(func(t *rapid.T) rewrite.Context {
	id := rapid.Uint64Min(1)
	c := rewrite.Context{
		TraceID:  rewrite.TraceID{High: rapid.OneOf(rapid.Just(uint64(0)), id).Draw(t, "high"), Low: id.Draw(t, "low")},
		SpanID:   rewrite.SpanID(id.Draw(t, "span")),
		Sampling: rapid.SampledFrom([]rewrite.Sampling{rewrite.Undecided, rewrite.Deny, rewrite.Accept, rewrite.Debug}).Draw(t, "sampling"),
	}
	keys := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z][a-z0-9_.-]{0,8}`), 0, 3, rapid.ID[string]).Draw(t, "keys")
	for _, key := range keys {
		c.Baggage = append(c.Baggage, rewrite.Member{Key: key, Value: rapid.String().Draw(t, "value")})
	}
	return c
})

func items(c rewrite.Context) map[string]string {
	m := map[string]string{}
	for _, item := range c.Baggage {
		m[item.Key] = item.Value
	}
	return m
}

// TestJaegerClientReadsUs shows that jaeger-client-go reads what we write, over
// HTTP and as a text map.
func TestJaegerClientReadsUs(t *testing.T) {
	app := newJaegerApp(t, true, false)
	rapid.Check(t, func(t *rapid.T) {
		c := aContext.Draw(t, "context")
		h := http.Header{}
		rewrite.Jaeger.Inject(rewrite.Header(h), &c)
		got, err := app.tracer.Extract(opentracing.HTTPHeaders, opentracing.HTTPHeadersCarrier(h))
		if err != nil {
			t.Fatalf("%v: %v", h, err)
		}
		checkJaeger(t, c, got.(jaeger.SpanContext), items(c))

		m := rewrite.TextMap{}
		rewrite.Jaeger.Inject(m, &c)
		if got, err = app.tracer.Extract(opentracing.TextMap, opentracing.TextMapCarrier(m)); err != nil {
			t.Fatalf("%v: %v", m, err)
		}
		want := items(c)
		for key, value := range want {
			if hasControl(value) {
				delete(want, key) // cannot be in a raw value
			}
		}
		checkJaeger(t, c, got.(jaeger.SpanContext), want)
	})
}

func hasControl(s string) bool {
	for _, c := range s {
		if c < ' ' || c == 0x7f {
			return true
		}
	}
	return false
}

func checkJaeger(t *rapid.T, c rewrite.Context, got jaeger.SpanContext, want map[string]string) {
	if got.TraceID().High != c.TraceID.High || got.TraceID().Low != c.TraceID.Low || uint64(got.SpanID()) != uint64(c.SpanID) {
		t.Errorf("%s %s read as %s", c.TraceID, c.SpanID, got)
	}
	if got.IsSampled() != c.Sampling.Sampled() || got.IsDebug() != (c.Sampling == rewrite.Debug) {
		t.Errorf("%s read as %s", c.Sampling, got)
	}
	read := map[string]string{}
	got.ForeachBaggageItem(func(k, v string) bool { read[k] = v; return true })
	if diff := cmp.Diff(want, read); diff != "" {
		t.Errorf("baggage (-want +got):\n%s", diff)
	}
}

// TestB3ClientsReadUs shows that zipkin-go, jaeger-client-go's B3 codec and
// OpenTelemetry's propagator read both forms of B3 as we write them.
func TestB3ClientsReadUs(t *testing.T) {
	codec := jaegerzipkin.NewZipkinB3HTTPHeaderPropagator()
	rapid.Check(t, func(t *rapid.T) {
		c := aContext.Draw(t, "context")
		c.Parent = rewrite.SpanID(rapid.Uint64().Draw(t, "parent"))
		for _, f := range []rewrite.Format{rewrite.B3Single, rewrite.B3Multi} {
			h := http.Header{}
			f.Inject(rewrite.Header(h), &c)
			got, err := zb3.ExtractHTTP(&http.Request{Header: h})()
			if err != nil {
				t.Fatalf("%v: %v", h, err)
			}
			checkZipkin(t, c, *got)
			sc := oracle(b3.New(), h)
			if sc.TraceID().String() != c.TraceID.String() || sc.SpanID().String() != c.SpanID.String() || sc.IsSampled() != c.Sampling.Sampled() {
				t.Errorf("contrib read %v as %v", h, sc)
			}
		}
		h := http.Header{}
		rewrite.B3Multi.Inject(rewrite.Header(h), &c)
		got, err := codec.Extract(opentracing.HTTPHeadersCarrier(h))
		if err != nil || got.TraceID().Low != c.TraceID.Low || got.TraceID().High != c.TraceID.High || uint64(got.SpanID()) != uint64(c.SpanID) {
			t.Errorf("jaeger-client-go read %v as %s, %v", h, got, err)
		}
	})
}

func checkZipkin(t *rapid.T, c rewrite.Context, got model.SpanContext) {
	if got.TraceID.High != c.TraceID.High || got.TraceID.Low != c.TraceID.Low || uint64(got.ID) != uint64(c.SpanID) {
		t.Errorf("%s %s read as %+v", c.TraceID, c.SpanID, got)
	}
	decided := c.Sampling == rewrite.Accept || c.Sampling == rewrite.Deny
	if got.Debug != (c.Sampling == rewrite.Debug) || (got.Sampled != nil) != decided || decided && *got.Sampled != c.Sampling.Sampled() {
		t.Errorf("%s read as %+v", c.Sampling, got)
	}
}

// TestOTelReadsUs shows that OpenTelemetry reads what we write for it: W3C, and
// uber-trace-id through its Jaeger propagator.
func TestOTelReadsUs(t *testing.T) {
	w3c := propagation.NewCompositeTextMapPropagator(propagation.TraceContext{}, propagation.Baggage{})
	rapid.Check(t, func(t *rapid.T) {
		c := aContext.Draw(t, "context")
		c.State = rapid.SampledFrom([]string{"", "a=1", "t@v=x,ot=rv:12345678901234"}).Draw(t, "state")
		h := http.Header{}
		rewrite.W3C.Inject(rewrite.Header(h), &c)
		rewrite.Jaeger.Inject(rewrite.Header(h), &c)
		for name, p := range map[string]propagation.TextMapPropagator{"w3c": w3c, "jaeger": otjaeger.Jaeger{}} {
			sc := oracle(p, h)
			if sc.TraceID().String() != c.TraceID.String() || sc.SpanID().String() != c.SpanID.String() || sc.IsSampled() != c.Sampling.Sampled() {
				t.Errorf("%s read %v as %v", name, h, sc)
			}
		}
		read := map[string]string{}
		for _, m := range baggage.FromContext(w3c.Extract(context.Background(), propagation.HeaderCarrier(h))).Members() {
			read[m.Key()] = m.Value()
		}
		if diff := cmp.Diff(items(c), read); diff != "" {
			t.Errorf("baggage (-want +got):\n%s", diff)
		}
	})
}

// TestWeReadClients shows that we read what jaeger-client-go, zipkin-go and
// OpenTelemetry write.
func TestWeReadClients(t *testing.T) {
	app := newJaegerApp(t, true, false)
	rapid.Check(t, func(t *rapid.T) {
		c := aContext.Draw(t, "context")
		sampled := c.Sampling.Sampled()
		h := http.Header{}
		span := jaeger.NewSpanContext(jaeger.TraceID{High: c.TraceID.High, Low: c.TraceID.Low}, jaeger.SpanID(c.SpanID), 0, sampled, items(c))
		if err := app.tracer.Inject(span, opentracing.HTTPHeaders, opentracing.HTTPHeadersCarrier(h)); err != nil {
			t.Fatal(err)
		}
		checkRead(t, rewrite.Jaeger, h, c, items(c))

		h = http.Header{}
		zipkin := model.SpanContext{TraceID: model.TraceID{High: c.TraceID.High, Low: c.TraceID.Low}, ID: model.ID(c.SpanID), Sampled: &sampled}
		if err := zb3.InjectHTTP(&http.Request{Header: h}, zb3.WithSingleAndMultiHeader())(zipkin); err != nil {
			t.Fatal(err)
		}
		checkRead(t, rewrite.B3Single, h, c, nil)
		checkRead(t, rewrite.B3Multi, h, c, nil)

		h = http.Header{}
		ctx := trace.ContextWithSpanContext(context.Background(), trace.NewSpanContext(trace.SpanContextConfig{
			TraceID: must(trace.TraceIDFromHex(c.TraceID.String())), SpanID: must(trace.SpanIDFromHex(c.SpanID.String())),
			TraceFlags: trace.TraceFlags(0).WithSampled(sampled),
		}))
		for key, value := range items(c) {
			m, err := baggage.NewMemberRaw(key, value)
			if err != nil {
				t.Fatal(err)
			}
			ctx = baggage.ContextWithBaggage(ctx, must(baggage.FromContext(ctx).SetMember(m)))
		}
		propagation.TraceContext{}.Inject(ctx, propagation.HeaderCarrier(h))
		propagation.Baggage{}.Inject(ctx, propagation.HeaderCarrier(h))
		otjaeger.Jaeger{}.Inject(ctx, propagation.HeaderCarrier(h))
		checkRead(t, rewrite.W3C, h, c, items(c))
		checkRead(t, rewrite.Jaeger, h, c, nil)
	})
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func checkRead(t *rapid.T, f rewrite.Format, h http.Header, want rewrite.Context, baggage map[string]string) {
	var got rewrite.Context
	if ok, err := f.Extract(rewrite.Header(h), &got); !ok {
		t.Fatalf("%s: %v not read: %v", f, h, err)
	}
	if got.TraceID != want.TraceID || got.SpanID != want.SpanID || got.Sampling.Sampled() != want.Sampling.Sampled() {
		t.Errorf("%s: %v read as %+v", f, h, got)
	}
	if diff := cmp.Diff(baggage, items(got)); len(baggage)+len(got.Baggage) > 0 && diff != "" {
		t.Errorf("%s: baggage (-want +got):\n%s", f, diff)
	}
}
