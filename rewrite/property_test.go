package rewrite_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ot2otel/ot2otel/rewrite"
)

// anID draws a trace or span id that is often one of a few, so that formats
// agree and disagree, and sometimes no id at all.
func anID(ids ...string) *rapid.Generator[string] {
	return rapid.OneOf(rapid.SampledFrom(ids), rapid.SampledFrom(ids), rapid.StringMatching(`[0-9a-fA-F]{0,34}`))
}

var (
	traceIDs  = anID(full, low, padded, high, "e0e4736")
	spanIDs   = anID(span, parent, child)
	decisions = rapid.SampledFrom([]string{"", "0", "1", "d", "true", "false", "x"})
	text      = rapid.OneOf(rapid.StringMatching(`[a-zA-Z0-9%+=;,/ -]{0,30}`), rapid.StringOfN(rapid.Rune(), 0, 10, 40))
	keys      = rapid.SampledFrom([]string{"a", "b", "userId", "userid", "with-Case", "long", "x_y"})
)

func joined(sep string, parts ...*rapid.Generator[string]) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		drawn := make([]string, len(parts))
		for i, p := range parts {
			drawn[i] = p.Draw(t, "part")
		}
		return strings.Join(drawn, sep)
	})
}

func constant(s string) *rapid.Generator[string] { return rapid.Just(s) }

var (
	member  = joined("=", keys, text)
	members = rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(member, 0, 4).Draw(t, "members"), ",")
	})
	stateMember = rapid.OneOf(member, rapid.SampledFrom([]string{
		"rojo=1", "congo=2", "ot=th:8;rv:12345678901234", "ot=th:8", "ot2otel=f:3", "ot2otel=f:9", "ot2otel=s:u",
		"ot2otel=f:8;s:u", "", " ", "FOO=1", "k=" + strings.Repeat("v", 200),
	}))
	states = rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(stateMember, 0, 6).Draw(t, "state"), ",")
	})
)

// headerValues draws values for each header that is known, and for some that are not.
var headerValues = map[string]*rapid.Generator[string]{
	"traceparent":                 joined("-", rapid.SampledFrom([]string{"00", "00", "cc", "ff"}), anID(full, padded), spanIDs, rapid.SampledFrom([]string{"00", "01", "02", "03", "ff", "1"})),
	"tracestate":                  states,
	"baggage":                     members,
	"uber-trace-id":               joined(":", traceIDs, spanIDs, rapid.OneOf(constant("0"), constant(""), spanIDs), rapid.SampledFrom([]string{"0", "1", "2", "3", "8", "9", "b", "10", "zz"})),
	"uberctx-userId":              text,
	"uberctx-a":                   text,
	"uberctx-long":                constant(strings.Repeat("ž/", 150)),
	"uberctx-":                    text,
	"jaeger-baggage":              members,
	"jaeger-debug-id":             text,
	"b3":                          rapid.OneOf(joined("-", traceIDs, spanIDs, decisions), joined("-", traceIDs, spanIDs, decisions, spanIDs), decisions, text),
	"x-b3-traceid":                traceIDs,
	"x-b3-spanid":                 spanIDs,
	"x-b3-parentspanid":           spanIDs,
	"x-b3-sampled":                decisions,
	"x-b3-flags":                  decisions,
	"baggage-a":                   text,
	"ot-tracer-traceid":           traceIDs,
	"ot-tracer-spanid":            spanIDs,
	"ot-tracer-sampled":           decisions,
	"ot-baggage-b":                text,
	"x-datadog-trace-id":          rapid.SampledFrom([]string{"11803532876627986230", "1", "x"}),
	"x-datadog-parent-id":         rapid.SampledFrom([]string{"67667974448284343", "2", "0"}),
	"x-datadog-sampling-priority": rapid.SampledFrom([]string{"-1", "0", "1", "2", "x"}),
	"x-datadog-tags":              rapid.SampledFrom([]string{"_dd.p.tid=" + high, "_dd.p.tid=xyz", "a=b"}),
	"wf-ot-traceid":               constant("4bf92f35-77b3-4da6-a3ce-929d0e0e4736"),
	"wf-ot-spanid":                constant("00000000-0000-0000-00f0-67aa0ba902b7"),
	"wf-ot-k":                     text,
	"x-amzn-trace-id":             rapid.SampledFrom([]string{"Root=1-4bf92f35-77b34da6a3ce929d0e0e4736;Parent=" + span + ";Sampled=1", "Root=1-4bf92f35-77b34da6a3ce929d0e0e4736", "Root=2"}),
	"x-cloud-trace-context":       rapid.SampledFrom([]string{full + "/67667974448284343;o=1", full + "/0", full}),
	"grpc-trace-bin":              rapid.SampledFrom([]string{"AABL+S81d7NNpqPOkp0ODkc2AQDwZ6oLqQK3AgE", "AA"}),
	"x-ot-span-context":           text,
	"x-request-id":                text,
	"accept":                      text,
}

var headerNames = slices.Sorted(maps.Keys(headerValues))

// aHeader draws a set of headers.
var aHeader = rapid.Custom(func(t *rapid.T) http.Header {
	h := http.Header{}
	for _, name := range headerNames {
		values := headerValues[name]
		if rapid.IntRange(0, 3).Draw(t, name+"?") != 0 {
			continue
		}
		spelling := http.CanonicalHeaderKey(name)
		if rapid.IntRange(0, 9).Draw(t, "spelling") == 0 {
			spelling = name
		}
		h[spelling] = append(h[spelling], values.Draw(t, name))
		if rapid.IntRange(0, 9).Draw(t, "twice") == 0 {
			h[spelling] = append(h[spelling], values.Draw(t, name))
		}
	}
	return h
})

var configs = rapid.Custom(func(t *rapid.T) rewrite.Config {
	formats := []rewrite.Format{rewrite.W3C, rewrite.Jaeger, rewrite.B3Single, rewrite.B3Multi, rewrite.OT}
	c := rewrite.Config{
		App:           rapid.SampledFrom(formats).Draw(t, "app"),
		LegacyOut:     rapid.SampledFrom([]rewrite.LegacyOut{rewrite.LegacyKeep, rewrite.LegacyHeal, rewrite.LegacyDrop}).Draw(t, "out"),
		TraceIDToApp:  rapid.SampledFrom([]rewrite.Width{rewrite.WidthAuto, rewrite.Width64, rewrite.Width128}).Draw(t, "width"),
		B3Join:        rapid.SampledFrom([]rewrite.Choice{rewrite.Auto, rewrite.Yes, rewrite.No}).Draw(t, "join"),
		B3Baggage:     rapid.SampledFrom([]rewrite.B3Baggage{rewrite.B3BaggageNone, rewrite.B3BaggagePlain, rewrite.B3BaggageJaeger}).Draw(t, "b3 baggage"),
		KeepInvalid:   rapid.Bool().Draw(t, "keep invalid"),
		DeferredRatio: rapid.SampledFrom([]float64{0, 0, 0.5, 1}).Draw(t, "deferred"),
	}
	if rapid.Bool().Draw(t, "mesh?") {
		c.Mesh = rapid.SliceOfNDistinct(rapid.SampledFrom(formats), 1, 3, func(f rewrite.Format) rewrite.Format { return f }).Draw(t, "mesh")
	}
	if rapid.Bool().Draw(t, "all?") {
		c.Inbound.Extract = rewrite.AllFormats().List()
		c.Outbound.Extract = append([]rewrite.Format{c.App}, c.Inbound.Extract...)
	}
	return c
})

func size(h http.Header) (n int) {
	for name, values := range h {
		n += len(name)
		for _, v := range values {
			n += len(v)
		}
	}
	return n
}

type rewriteLeg func(r *rewrite.Rewriter, h http.Header) rewrite.Result

var bothLegs = map[string]rewriteLeg{
	"inbound": func(r *rewrite.Rewriter, h http.Header) rewrite.Result {
		return r.Inbound(rewrite.Header(h), netip.Addr{})
	},
	"outbound": func(r *rewrite.Rewriter, h http.Header) rewrite.Result {
		return r.Outbound(rewrite.Header(h), "")
	},
}

// TestIdempotent shows that two rewriters in a row do what one does (G8), be it
// the same one again or another with the same configuration.
func TestIdempotent(t *testing.T) {
	for name, leg := range bothLegs {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				config := configs.Draw(t, "config")
				config.Memory = rewrite.NewMemory(rewrite.MemoryConfig{Entries: 16})
				r, err := rewrite.New(config)
				if err != nil {
					t.Fatal(err)
				}
				warm(r, aHeader.Draw(t, "earlier"))
				h := aHeader.Draw(t, "headers")
				leg(r, h)
				once := h.Clone()
				res := leg(r, h)
				if diff := cmp.Diff(once, h); diff != "" {
					t.Fatalf("the same rewriter again (-once +twice):\n%s\n%s", diff, res.String())
				}
				config.Memory = rewrite.NewMemory(rewrite.MemoryConfig{Entries: 16})
				if r, err = rewrite.New(config); err != nil {
					t.Fatal(err)
				}
				res = leg(r, h)
				if diff := cmp.Diff(once, h); diff != "" {
					t.Fatalf("another rewriter (-once +twice):\n%s\n%s", diff, res.String())
				}
			})
		})
	}
}

func warm(r *rewrite.Rewriter, h http.Header) { r.Inbound(rewrite.Header(h), netip.Addr{}) }

// TestGrowth shows that a leg writes, in each format that it writes, at most
// what came plus 512 bytes. What the memory gives back counts as having come.
// The app's own headers that stay beside are not written.
func TestGrowth(t *testing.T) {
	for name, leg := range bothLegs {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				config := configs.Draw(t, "config")
				if config.LegacyOut == rewrite.LegacyKeep {
					config.LegacyOut = rewrite.LegacyDrop
				}
				config.Memory = rewrite.NewMemory(rewrite.MemoryConfig{})
				r, err := rewrite.New(config)
				if err != nil {
					t.Fatal(err)
				}
				warm(r, aHeader.Draw(t, "earlier"))
				h := aHeader.Draw(t, "headers")
				came := size(h)
				res := leg(r, h)
				if res.Healed != 0 {
					came += len(res.Context.State)
					for _, m := range res.Context.Baggage {
						came += len(m.Text) + 1
					}
				}
				written := max(1, len(config.Mesh)) + int(config.LegacyOut%rewrite.LegacyDrop)
				if got := size(h); got > written*(came+512) {
					t.Fatalf("%d bytes became %d in %v\n%v", came, got, res.Written, h)
				}
			})
		})
	}
}

// TestUntouched shows that headers that are not about traces stay as they are.
func TestUntouched(t *testing.T) {
	others := []string{"Accept", "accept", "X-Request-Id", "x-request-id", "X-Ot-Span-Context"}
	rapid.Check(t, func(t *rapid.T) {
		r, err := rewrite.New(configs.Draw(t, "config"))
		if err != nil {
			t.Fatal(err)
		}
		h := aHeader.Draw(t, "headers")
		before := h.Clone()
		for _, leg := range bothLegs {
			if res := leg(r, h); res.Err != nil {
				t.Fatal(res.Err)
			}
		}
		for _, name := range others {
			if diff := cmp.Diff(before[name], h[name]); diff != "" {
				t.Errorf("%s (-before +after):\n%s", name, diff)
			}
		}
	})
}

// TestNoControlCharacters shows that nothing that was escaped gets out raw.
func TestNoControlCharacters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		config := configs.Draw(t, "config")
		r, err := rewrite.New(config)
		if err != nil {
			t.Fatal(err)
		}
		escaped := rapid.SampledFrom([]string{"a%0D%0AX-Evil:1", "%00", "%0a", "x%7Fy", "a%09b"}).Draw(t, "value")
		h := http.Header{
			"Traceparent": {"00-" + full + "-" + span + "-01"},
			"Baggage":     {"k=" + escaped}, "Uberctx-U": {escaped}, "Ot-Baggage-O": {escaped}, "Jaeger-Baggage": {"j=" + escaped},
		}
		for _, leg := range bothLegs {
			leg(r, h)
			for name, values := range h {
				if line := fmt.Sprint(name, values); strings.ContainsAny(line, "\r\n\x00\x7f\t") {
					t.Fatalf("%s: %q", name, values)
				}
			}
		}
	})
}
