package rewrite_test

import (
	"encoding/json"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/baggage"

	"github.com/ot2otel/ot2otel/rewrite"
)

// A client is what one published client was seen to send and to understand.
type client struct {
	Client, Version string
	Sends, Reads    []exchange
}

// An exchange is one set of headers and what the client meant, or took them to mean.
type exchange struct {
	Span, Name     string
	Carrier        string // http or text
	Headers        map[string]string
	TraceID        string `json:"traceId"`
	SpanID         string `json:"spanId"`
	ParentID       string `json:"parentId"`
	Sampled, Debug bool
	Baggage        map[string]string
}

// clientFormats is which format each recorded client speaks.
var clientFormats = map[string]rewrite.Format{
	"datadog-go-headers":            rewrite.Datadog,
	"datadog-node-headers":          rewrite.Datadog,
	"jaeger-go-headers-b3-128":      rewrite.B3Multi,
	"jaeger-go-headers-jaeger-64":   rewrite.Jaeger,
	"jaeger-node-headers-b3-128":    rewrite.B3Multi,
	"jaeger-node-headers-jaeger-64": rewrite.Jaeger,
	"jaeger-ruby-headers-b3":        rewrite.B3Multi,
	"jaeger-ruby-headers-jaeger":    rewrite.Jaeger,
	"lightstep-go-headers":          rewrite.OT,
	"lightstep-node-headers":        rewrite.OT,
	"otel-go-headers-jaeger":        rewrite.Jaeger,
	"otel-go-headers-ot":            rewrite.OT,
	"otel-go-headers-w3c":           rewrite.W3C,
	"zipkin-go-headers-single":      rewrite.B3Single,
	"zipkin-go-ot03-headers":        rewrite.B3Multi,
	"zipkin-node-headers-b3":        rewrite.B3Multi,
}

func forEachClient(t *testing.T, f func(t *testing.T, format rewrite.Format, c client)) {
	for name, format := range clientFormats {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("../testdata/headers/clients", name+".json"))
			if err != nil {
				t.Fatal(err)
			}
			var c client
			if err := json.Unmarshal(data, &c); err != nil {
				t.Fatal(err)
			}
			if len(c.Sends) == 0 || len(c.Reads) == 0 {
				t.Fatal("nothing recorded")
			}
			f(t, format, c)
		})
	}
}

// TestClientsAreUnderstood shows that what each client sends, over HTTP and as
// a text map, becomes the W3C context that it meant, baggage and all.
func TestClientsAreUnderstood(t *testing.T) {
	forEachClient(t, func(t *testing.T, format rewrite.Format, c client) {
		config := rewrite.Config{App: format, LegacyOut: rewrite.LegacyDrop, Outbound: rewrite.Lists{Extract: []rewrite.Format{format}}}
		if !format.CanInject() {
			config.App = rewrite.W3C
			config.Outbound.Clear = rewrite.AllFormats().List()
		}
		for _, s := range c.Sends {
			got := s.outbound(newRewriter(t, config))
			want := "00-" + strings.Repeat("0", 32-len(s.TraceID)) + s.TraceID + "-" + s.SpanID
			if format == rewrite.OT { // its headers have the low half only
				want = "00-" + strings.Repeat("0", 16) + s.TraceID[len(s.TraceID)-16:] + "-" + s.SpanID
			}
			if parent := got["traceparent"]; !strings.HasPrefix(parent, want) {
				t.Errorf("%s, %s: traceparent %q, want %s", s.Span, s.Carrier, parent, want)
			}
			if s.Sampled != strings.HasSuffix(got["traceparent"], "1") && format != rewrite.Datadog && format != rewrite.OT {
				t.Errorf("%s: traceparent %q, but sampled is %v", s.Span, got["traceparent"], s.Sampled)
			}
			if s.Debug && got["tracestate"] != "ot2otel=f:3" {
				t.Errorf("%s: tracestate %q of a debug span", s.Span, got["tracestate"])
			}
			if diff := cmp.Diff(folded(s.Baggage), parseBaggage(t, got["baggage"])); diff != "" && !recodes(c.Client) {
				t.Errorf("%s, %s: baggage (-want +got):\n%s", s.Span, s.Carrier, diff)
			}
		}
	})
}

// recodes reports whether a client escapes some values under ot-baggage-,
// which nobody undoes.
func recodes(client string) bool { return strings.HasPrefix(client, "dd-trace") }

// outbound rewrites what a client sent and returns one value for each header,
// by its name in lower case.
func (s *exchange) outbound(r *rewrite.Rewriter) map[string]string {
	got := map[string]string{}
	if s.Carrier == "text" {
		m := rewrite.TextMap{}
		for name, value := range s.Headers {
			m[name] = value
		}
		r.Outbound(m, "")
		return m
	}
	h := http.Header{}
	for name, value := range s.Headers {
		h.Set(name, value)
	}
	r.Outbound(rewrite.Header(h), "")
	for name, values := range h {
		got[strings.ToLower(name)] = strings.Join(values, ",")
	}
	return got
}

// folded returns baggage with its keys in lower case, which HTTP gives them.
func folded(m map[string]string) map[string]string {
	if len(m) == 0 {
		return nil
	}
	low := map[string]string{}
	for key, value := range m {
		low[strings.ToLower(key)] = value
	}
	return low
}

// parseBaggage reads a baggage header as OpenTelemetry does.
func parseBaggage(t *testing.T, header string) map[string]string {
	t.Helper()
	b, err := baggage.Parse(header)
	if err != nil {
		t.Errorf("baggage %q: %v", header, err)
	}
	m := map[string]string{}
	for _, member := range b.Members() {
		m[member.Key()] = member.Value()
	}
	return folded(m)
}

// TestClientsUnderstand shows that what is written for each client is what it
// was seen to understand, byte for byte.
func TestClientsUnderstand(t *testing.T) {
	// The recorded headers that are in the form that we write.
	ours := []string{"jaeger-64", "jaeger-128", "jaeger-unsampled", "jaeger-debug", "b3-multi-64", "b3-multi-128-canonical",
		"b3-multi-camel", "b3-single", "b3-single-64-debug", "w3c", "ot-tracer"}
	forEachClient(t, func(t *testing.T, format rewrite.Format, c client) {
		n := 0
		for _, r := range c.Reads {
			if !slices.Contains(ours, r.Name) || !format.CanInject() {
				continue
			}
			written := format
			if strings.HasPrefix(r.Name, "b3-single") {
				written = rewrite.B3Single
			} else if strings.HasPrefix(r.Name, "b3-multi") {
				written = rewrite.B3Multi
			}
			n++
			h := http.Header{}
			for name, value := range r.Headers {
				h.Set(name, value)
			}
			var said rewrite.Context
			if ok, err := written.Extract(rewrite.Header(h), &said); !ok {
				t.Errorf("%s: not read: %v", r.Name, err)
			}
			if !sameID(said.TraceID.String(), r.TraceID) || !sameID(said.SpanID.String(), r.SpanID) {
				t.Errorf("%s: we read %s %s, the client read %s %s", r.Name, said.TraceID, said.SpanID, r.TraceID, r.SpanID)
			}
			said.Baggage = nil
			again := http.Header{}
			written.Inject(rewrite.Header(again), &said)
			for name := range h {
				if strings.HasPrefix(name, "Ot-Baggage-") {
					h.Del(name)
				}
			}
			if diff := cmp.Diff(h, again); diff != "" {
				t.Errorf("%s: (-the client understood +we write):\n%s", r.Name, diff)
			}
		}
		if n == 0 && format != rewrite.Datadog {
			t.Error("nothing recorded in the form that we write")
		}
	})
}

func sameID(a, b string) bool {
	return strings.EqualFold(strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0"))
}

// TestClientsReadings shows that we read whatever a client reads in its own
// format as it does, but for flags, where clients differ.
func TestClientsReadings(t *testing.T) {
	forEachClient(t, func(t *testing.T, format rewrite.Format, c client) {
		for _, r := range c.Reads {
			h := http.Header{}
			for name, value := range r.Headers {
				h.Set(name, value)
			}
			rw := newRewriter(t, rewrite.Config{App: rewrite.W3C, Inbound: rewrite.Lists{Extract: dialects[format]}})
			res := rw.Inbound(rewrite.Header(h), netip.Addr{})
			if !sameID(res.Context.TraceID.String(), r.TraceID) || !sameID(res.Context.SpanID.String(), r.SpanID) {
				t.Errorf("%s %v: we read %s %s, the client read %s %s",
					r.Name, r.Headers, res.Context.TraceID, res.Context.SpanID, r.TraceID, r.SpanID)
			}
		}
	})
}

var dialects = map[rewrite.Format][]rewrite.Format{
	rewrite.W3C: {rewrite.W3C}, rewrite.Jaeger: {rewrite.Jaeger}, rewrite.OT: {rewrite.OT},
	rewrite.B3Single: {rewrite.B3Single, rewrite.B3Multi}, rewrite.B3Multi: {rewrite.B3Single, rewrite.B3Multi},
	rewrite.Datadog: {rewrite.W3C, rewrite.Datadog},
}
