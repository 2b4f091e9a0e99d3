package rewrite_test

import (
	"context"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"go.opentelemetry.io/contrib/propagators/b3"
	otjaeger "go.opentelemetry.io/contrib/propagators/jaeger"
	"go.opentelemetry.io/otel/baggage"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/google/go-cmp/cmp"
	jaeger "github.com/uber/jaeger-client-go"

	"github.com/ot2otel/ot2otel/rewrite"
)

// extract reads one format; a context without ids has none at all.
func extract(t *testing.T, f rewrite.Format, h http.Header) (rewrite.Context, bool) {
	t.Helper()
	var c rewrite.Context
	ok, err := f.Extract(rewrite.Header(h), &c)
	if ok != (!c.TraceID.IsZero() && c.SpanID != 0) && f != rewrite.AWS && f != rewrite.GCP {
		t.Fatalf("%v: ids %v and %v, but ok is %v", h, c.TraceID, c.SpanID, ok)
	}
	if ok && err != nil {
		t.Fatalf("%v: valid, and yet %v", h, err)
	}
	return c, ok
}

func oracle(p propagation.TextMapPropagator, h http.Header) trace.SpanContext {
	return trace.SpanContextFromContext(p.Extract(context.Background(), propagation.HeaderCarrier(h)))
}

// agreeWith fails if an oracle understood headers and we did not, or otherwise.
func agreeWith(t *testing.T, name string, want trace.SpanContext, got rewrite.Context, ok bool) {
	t.Helper()
	if !want.IsValid() {
		return
	}
	if !ok || got.TraceID.String() != want.TraceID().String() || got.SpanID.String() != want.SpanID().String() {
		t.Errorf("%s read %s %s, we read %s %s (%v)", name, want.TraceID(), want.SpanID(), got.TraceID, got.SpanID, ok)
	}
	if got.Sampling.Sampled() != want.IsSampled() {
		t.Errorf("%s says sampled %v, we say %s", name, want.IsSampled(), got.Sampling)
	}
}

func FuzzUber(f *testing.F) {
	for _, s := range []string{
		full + ":" + span + ":0:1", low + ":" + span + ":" + parent + ":3", "abc:def:0:1", full + "%3A" + span + "%3a0%3A1",
		"ABCDEF0123456789:DEF:0:3", low + ":" + span + "::1", "0:1:0:1", "1:1:1:b", ":::", "%", "1:2:3:10, 1:2:3:10",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := extract(t, rewrite.Jaeger, http.Header{"Uber-Trace-Id": {s}})
		fields := strings.Split(s, ":")
		if len(fields) != 4 {
			return
		}
		// jaeger-client-go reads flags as a decimal number, and a zero span id.
		if want, err := jaeger.ContextFromString(s); err == nil && len(fields[3]) == 1 && want.IsValid() && want.SpanID() != 0 {
			if !ok || got.TraceID.High != want.TraceID().High || got.TraceID.Low != want.TraceID().Low || uint64(got.SpanID) != uint64(want.SpanID()) || uint64(got.Parent) != uint64(want.ParentID()) {
				t.Errorf("jaeger-client-go read %s, we read %+v (%v)", want, got, ok)
			}
			if want.IsSampled() && !got.Sampling.Sampled() || want.IsDebug() != (got.Sampling == rewrite.Debug) {
				t.Errorf("jaeger-client-go read %s, we read %s", want, got.Sampling)
			}
		}
		// OpenTelemetry's propagator does not look at the parent, takes any number
		// of flags or none, and reads debug without sampled as not sampled.
		if len(fields[3]) == 1 && fields[3] != "2" && !strings.ContainsAny(fields[3], "aA+-6eE") && isHex(fields[2]) {
			agreeWith(t, "contrib", oracle(otjaeger.Jaeger{}, http.Header{"Uber-Trace-Id": {s}}), got, ok)
		}
	})
}

// isHex reports whether s can be a span id.
func isHex(s string) bool {
	return len(s) <= 16 && strings.Trim(s, "0123456789abcdefABCDEF") == ""
}

func FuzzB3Single(f *testing.F) {
	for _, s := range []string{
		full + "-" + span + "-1-" + parent, low + "-" + span + "-d", full + "-" + span, "0", "1", "d", full + low, full + "1",
		full + "-" + span + "-" + parent, full + "-" + span + "-", "a-b-1", "-", "--", "---",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		h := http.Header{"B3": {s}}
		got, ok := extract(t, rewrite.B3Single, h)
		// OpenTelemetry's propagator takes any character for the dash after the span id.
		parts := strings.Split(s, "-")
		if len(parts) > 1 && len(parts[1]) == 16 && (len(parts) != 3 || len(parts[2]) == 1) {
			agreeWith(t, "contrib", oracle(b3.New(b3.WithInjectEncoding(b3.B3SingleHeader)), h), got, ok)
		}
	})
}

func FuzzB3Multi(f *testing.F) {
	f.Add(full, span, parent, "1", "")
	f.Add(low, span, "", "0", "1")
	f.Add("", "", "", "0", "")
	f.Add("ABC", span, "-", "true", "0")
	f.Fuzz(func(t *testing.T, traceID, spanID, parentID, sampled, flags string) {
		h := http.Header{
			"X-B3-Traceid": {traceID}, "X-B3-Spanid": {spanID}, "X-B3-Parentspanid": {parentID},
			"X-B3-Sampled": {sampled}, "X-B3-Flags": {flags},
		}
		got, ok := extract(t, rewrite.B3Multi, h)
		agreeWith(t, "contrib", oracle(b3.New(), h), got, ok)
	})
}

func FuzzTraceparent(f *testing.F) {
	for _, s := range []string{
		"00-" + full + "-" + span + "-01", "cc-" + full + "-" + span + "-03-x", "ff-" + full + "-" + span + "-01",
		"00-" + full + "-" + span + "-01-", " 00-" + full + "-" + span + "-ff\t", "00-" + full + "-" + span + "-0", "",
	} {
		f.Add(s, "a=1,b=2")
	}
	f.Add("00-"+full+"-"+span+"-01", "ot=th:8;rv:1,t@v=x, c= d")
	f.Add("00-"+full+"-"+span+"-01", "ot2otel=f:3,A=1")
	f.Fuzz(func(t *testing.T, parent, state string) {
		h := http.Header{"Traceparent": {parent}, "Tracestate": {state}}
		got, ok := extract(t, rewrite.W3C, h)
		want := oracle(propagation.TraceContext{}, h)
		// OpenTelemetry ignores a dash after version 00.
		if strings.Contains(state, "ot2otel=") || strings.HasPrefix(parent, "00") && strings.HasSuffix(parent, "-") {
			return
		}
		agreeWith(t, "otel", want, got, ok)
		if theirs := want.TraceState().String(); theirs != "" && theirs != got.State {
			t.Errorf("otel read tracestate %q, we read %q", theirs, got.State)
		}
		if want.IsValid() && want.IsRandom() != got.Random {
			t.Errorf("otel says random %v, we say %v", want.IsRandom(), got.Random)
		}
	})
}

func FuzzBaggage(f *testing.F) {
	for _, s := range []string{
		"userId=a%20b;ttl=1", "k=a%0D%0AX-Evil:1", "k=a b", "k=1,k=2", "a=%C3", " a = b ; c = d , e=", "=x", "k=%zz", ",,", "k=\"q\"",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, _ := extract(t, rewrite.W3C, http.Header{"Baggage": {s}})
		checkWritable(t, got)
		want, err := baggage.Parse(s)
		if err != nil {
			return
		}
		values := map[string]string{}
		for _, m := range want.Members() {
			values[strings.ToLower(m.Key())] = m.Value()
		}
		if len(values) != want.Len() {
			return // keys that differ in case only are one to us
		}
		for _, m := range got.Baggage {
			if value, ok := values[strings.ToLower(m.Key)]; !ok || value != m.Value {
				t.Errorf("otel read %q for %q, we read %q", value, m.Key, m.Value)
			}
			delete(values, strings.ToLower(m.Key))
		}
		for key := range values {
			t.Errorf("otel read %q, we did not", key)
		}
	})
}

// checkWritable fails if baggage, written in any format, can be no header.
func checkWritable(t *testing.T, c rewrite.Context) {
	t.Helper()
	c.TraceID, c.SpanID = rewrite.TraceID{Low: 1}, 1
	for _, f := range []rewrite.Format{rewrite.W3C, rewrite.Jaeger, rewrite.OT} {
		h := http.Header{}
		f.Inject(rewrite.Header(h), &c)
		for name, values := range h {
			for _, v := range append(values, name) {
				if strings.ContainsAny(v, "\r\n\x00") {
					t.Errorf("%s: %q", name, values)
				}
			}
		}
	}
}

func FuzzJaegerBaggage(f *testing.F) {
	f.Add("a%20b", "k1=v1, k2 = v2,bad,a=b=c")
	f.Add("%FFFFFFC3%FFFFFFA9+%", "%2C=%3D,+=+")
	f.Fuzz(func(t *testing.T, item, header string) {
		got, _ := extract(t, rewrite.Jaeger, http.Header{"Uberctx-K": {item}, "Jaeger-Baggage": {header}})
		checkWritable(t, got)
	})
}

// FuzzOthers reads the formats that are only read, for which there is no oracle here.
func FuzzOthers(f *testing.F) {
	f.Add("11803532876627986230", "67667974448284343", "1", "_dd.p.tid="+high)
	f.Add("3ce929d0e0e4736", "f067aa0ba902b7", "true", "")
	f.Add("4bf92f35-77b3-4da6-a3ce-929d0e0e4736", "00000000-0000-0000-00f0-67aa0ba902b7", "false", "")
	f.Add("Root=1-4bf92f35-77b34da6a3ce929d0e0e4736;Parent=00f067aa0ba902b7;Sampled=1", "", "", "")
	f.Add(full+"/67667974448284343;o=1", "", "", "")
	f.Add("AABL+S81d7NNpqPOkp0ODkc2AQDwZ6oLqQK3AgE=", "", "", "")
	f.Fuzz(func(t *testing.T, a, b, c, d string) {
		h := http.Header{
			"X-Datadog-Trace-Id": {a}, "X-Datadog-Parent-Id": {b}, "X-Datadog-Sampling-Priority": {c}, "X-Datadog-Tags": {d},
			"Ot-Tracer-Traceid": {a}, "Ot-Tracer-Spanid": {b}, "Ot-Tracer-Sampled": {c},
			"Wf-Ot-Traceid": {a}, "Wf-Ot-Spanid": {b}, "Wf-Ot-Sample": {c},
			"X-Amzn-Trace-Id": {a}, "X-Cloud-Trace-Context": {a}, "Grpc-Trace-Bin": {a},
		}
		for _, format := range []rewrite.Format{rewrite.Datadog, rewrite.OT, rewrite.Wavefront, rewrite.AWS, rewrite.GCP, rewrite.GRPC} {
			extract(t, format, h)
		}
	})
}

// FuzzHeaders rewrites arbitrary lines of headers on both legs: no panic, and
// the second time changes nothing.
func FuzzHeaders(f *testing.F) {
	f.Add("traceparent: 00-"+full+"-"+span+"-01\ntracestate: a=1\nbaggage: k=v", uint8(0))
	f.Add("uber-trace-id: "+low+":"+span+":0:1\nuberctx-k: a+b\nb3: 0", uint8(1))
	f.Add("x-b3-traceid: "+full+"\nx-b3-spanid: "+span+"\nX-B3-Sampled: d\nbaggage-k: v", uint8(2))
	f.Fuzz(func(t *testing.T, lines string, choice uint8) {
		apps := []rewrite.Format{rewrite.W3C, rewrite.Jaeger, rewrite.B3Single, rewrite.B3Multi, rewrite.OT}
		r := newRewriter(t, rewrite.Config{
			App:       apps[int(choice)%len(apps)],
			LegacyOut: rewrite.LegacyOut(choice / 16 % 3),
			Inbound:   rewrite.Lists{Extract: rewrite.AllFormats().List()},
			Memory:    rewrite.NewMemory(rewrite.MemoryConfig{Entries: 4}),
		})
		h := http.Header{}
		for line := range strings.Lines(lines) {
			name, value, _ := strings.Cut(line, ":")
			h.Add(name, strings.Trim(value, " \t\n"))
		}
		once := func(rewriteIt func() rewrite.Result) {
			if res := rewriteIt(); res.Err != nil {
				t.Fatal(res.Err)
			}
			before := h.Clone()
			rewriteIt()
			if !cmp.Equal(before, h) {
				t.Fatalf("once %v, twice %v", before, h)
			}
		}
		once(func() rewrite.Result { return r.Inbound(rewrite.Header(h), netip.Addr{}) })
		once(func() rewrite.Result { return r.Outbound(rewrite.Header(h), "") })
	})
}
