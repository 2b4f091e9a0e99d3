package e2e

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/uber/jaeger-client-go"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
	bridge "go.opentelemetry.io/otel/bridge/opentracing"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/ot2otel/ot2otel/e2e/backend"
	"github.com/ot2otel/ot2otel/e2e/judge"
)

// TestBridgeAgrees runs one OpenTracing program twice: as a service that has
// moved to OpenTelemetry by its own bridge, and as one that has jaeger-client-go
// and this proxy. A backend has to receive the same, but for the differences in
// the list, each with its reason. A difference that is in the list but not in
// what came is an error as well.
func TestBridgeAgrees(t *testing.T) {
	begin := time.Now().Add(-time.Hour).Truncate(time.Second)
	migrated := flatten(t, throughBridge(t, begin))
	legacy := flatten(t, throughProxy(t, begin))
	unused := slices.Clone(differences)
	for _, s := range program {
		for _, field := range fieldsOf(migrated[s.key], legacy[s.key]) {
			ours, theirs := legacy[s.key][field], migrated[s.key][field]
			if ours == theirs {
				continue
			}
			d := find(s.key, field)
			if d == nil || !d.explains(ours, theirs) {
				t.Errorf("span %q: %s: the proxy says %q, the bridge %q; known is %+v", s.key, field, ours, theirs, d)
				continue
			}
			unused = slices.DeleteFunc(unused, func(u difference) bool { return u == *d })
		}
	}
	for _, d := range unused {
		t.Errorf("there is no such difference any more: %+v", d)
	}
}

// throughBridge runs the program on OpenTelemetry's SDK and OTLP exporter.
func throughBridge(t *testing.T, begin time.Time) ptrace.Traces {
	t.Helper()
	b := backend.New(t)
	exporter, err := otlptracehttp.New(t.Context(), otlptracehttp.WithEndpoint(b.HTTP), otlptracehttp.WithInsecure())
	if err != nil {
		t.Fatal(err)
	}
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter))
	tracer := bridge.NewBridgeTracer()
	tracer.SetOpenTelemetryTracer(provider.Tracer("migrated"))
	run(tracer, begin)
	if err := provider.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	return take(t, b)
}

// throughProxy runs it on jaeger-client-go, with the tags left as they are:
// the bridge knows nothing of semantic conventions either.
func throughProxy(t *testing.T, begin time.Time) ptrace.Traces {
	t.Helper()
	b := backend.New(t)
	p := start(t, b, "OT2OTEL_SEMCONV=raw")
	tracer, closer := jaeger.NewTracer("legacy", jaeger.NewConstSampler(true),
		jaeger.NewRemoteReporter(udpSender(t, p.compact)), jaeger.TracerOptions.Gen128Bit(true))
	run(tracer, begin)
	if err := closer.Close(); err != nil {
		t.Fatal(err)
	}
	got := take(t, b)
	for _, complaint := range judge.Valid("proxy", got) {
		t.Error(complaint)
	}
	return got
}

func take(t *testing.T, b *backend.Backend) ptrace.Traces {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	got := b.Take(ctx, t, len(program))
	if n := got.SpanCount(); n != len(program) {
		t.Fatalf("%d spans came, want %d", n, len(program))
	}
	return got
}

func fieldsOf(a, b map[string]string) []string {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return slices.Sorted(maps.Keys(all))
}

// flatten makes of each span, by its key, a map from field to text in which
// two sides can be compared: ids are the keys of the spans that they belong to.
func flatten(t *testing.T, traces ptrace.Traces) map[string]map[string]string {
	t.Helper()
	var spans []ptrace.Span
	keys := map[pcommon.SpanID]string{}
	for _, r := range traces.ResourceSpans().All() {
		for _, s := range r.ScopeSpans().All() {
			for _, span := range s.Spans().All() {
				key, ok := span.Attributes().Get("key")
				if !ok {
					t.Fatalf("span %q has no key", span.Name())
				}
				keys[span.SpanID()] = key.Str()
				spans = append(spans, span)
			}
		}
	}
	flat := map[string]map[string]string{}
	for _, span := range spans {
		flat[keys[span.SpanID()]] = flattenSpan(span, keys)
	}
	return flat
}

func flattenSpan(s ptrace.Span, keys map[pcommon.SpanID]string) map[string]string {
	f := map[string]string{
		"name": s.Name(), "kind": s.Kind().String(),
		"status": s.Status().Code().String(), "status message": s.Status().Message(),
		"parent": keys[s.ParentSpanID()], "flags": fmt.Sprintf("%#x", s.Flags()),
		"start": s.StartTimestamp().String(), "end": s.EndTimestamp().String(),
	}
	flattenAttributes(f, "attribute ", s.Attributes())
	for _, e := range s.Events().All() {
		at := fmt.Sprintf("%d ms", (e.Timestamp()-s.StartTimestamp())/1e6)
		if e.Name() == "baggage" { // made at the time of the call
			at = e.Name()
		}
		at = fmt.Sprintf("event at %s: ", at)
		f[at+"name"] = e.Name()
		flattenAttributes(f, at, e.Attributes())
	}
	for _, l := range s.Links().All() {
		flattenAttributes(f, "link to "+keys[l.SpanID()]+": ", l.Attributes())
	}
	return f
}

func flattenAttributes(f map[string]string, prefix string, m pcommon.Map) {
	for key, v := range m.All() {
		f[prefix+key] = strings.ToLower(v.Type().String()) + " " + v.AsString()
	}
}
