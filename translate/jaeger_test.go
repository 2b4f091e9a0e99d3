package translate_test

import (
	"encoding/hex"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jaegertracing/jaeger-idl/thrift-gen/jaeger"

	"github.com/ot2otel/ot2otel/translate"
)

func TestBlankSpan(t *testing.T) {
	r := batchResult(t, defaults, newBatch(&jaeger.Span{}, newSpan()))
	if len(r.spans()) != 1 || r.report.Spans != 1 || r.report.Blank != 1 {
		t.Errorf("J-2: %d spans, report %+v", len(r.spans()), r.report)
	}
}

func TestBatchWithoutSpansIsNothing(t *testing.T) {
	r := batchResult(t, defaults, newBatch())
	if len(r.request.ResourceSpans) != 0 || r.report.Client.Service != "shop" {
		t.Errorf("%d resources, report %+v", len(r.request.ResourceSpans), r.report)
	}
}

// N-2: ids that are zero are replaced by the same ones each time, and others
// for other spans.
func TestZeroIDs(t *testing.T) {
	zero := func(s *jaeger.Span) { s.TraceIdLow, s.SpanId = 0, 0 }
	s := spanResult(t, defaults, zero)
	again := spanResult(t, translate.Config{Semconv: translate.SemconvRaw}, zero)
	other := spanResult(t, defaults, zero, func(s *jaeger.Span) { s.StartTime++ })
	if string(s.TraceId) != string(again.TraceId) || string(s.SpanId) != string(again.SpanId) {
		t.Error("the same span got other ids")
	}
	if string(s.TraceId) == string(other.TraceId) || string(s.SpanId) == string(other.SpanId) {
		t.Error("another span got the same ids")
	}
	wantAttrs(t, attrsOf(t, s.Attributes), attrMap{
		"ot2otel.orig_trace_id": "00000000000000000000000000000000", "ot2otel.orig_span_id": "0000000000000000",
		"ot2otel.notes": []any{"id.zero_trace", "id.zero_span"},
	})

	s = spanResult(t, defaults, func(s *jaeger.Span) { s.SpanId = 0 })
	if got := hex.EncodeToString(s.TraceId); got != traceHex {
		t.Errorf("trace id %s was not zero", got)
	}
	wantAttrs(t, attrsOf(t, s.Attributes), attrMap{"ot2otel.notes": []any{"id.zero_span"}})

	r := batchResult(t, translate.Config{RejectInvalidIDs: true}, newBatch(newSpan(zero), newSpan()))
	if len(r.spans()) != 1 || r.report.Rejected != 1 {
		t.Errorf("%d spans, report %+v", len(r.spans()), r.report)
	}
}

func TestName(t *testing.T) {
	s := spanResult(t, defaults, func(s *jaeger.Span) { s.OperationName = "" })
	if s.Name != "unknown" {
		t.Errorf("J-4: name %q", s.Name)
	}
	wantNote(t, attrsOf(t, s.Attributes), "name.empty")

	s = spanResult(t, defaults, func(s *jaeger.Span) { s.OperationName = "cut \xe2\x82" })
	if s.Name != "cut \uFFFD\uFFFD" {
		t.Errorf("N-1: name %q", s.Name)
	}
	wantAttrs(t, attrsOf(t, s.Attributes), attrMap{
		"ot2otel.raw.name": []byte("cut \xe2\x82"), "ot2otel.notes": []any{"name.utf8"},
	})
}

func TestTimes(t *testing.T) {
	const last = math.MaxInt64 / 1000
	for _, test := range []struct {
		rule            string
		start, duration int64
		logs            []int64
		from, to        uint64
		attrs           attrMap
	}{
		{"J-5", 1, 2, nil, 1000, 3000, attrMap{"ot2otel.notes": nil}},
		{"J-5 the last of times", last, 0, nil, last * 1000, last * 1000, attrMap{"ot2otel.notes": nil}},
		{"J-5 1970", 0, 5, nil, 0, 5000, attrMap{"ot2otel.notes": nil}},
		{"J-7 negative duration", 10, math.MinInt64, nil, 10_000, 10_000,
			attrMap{"ot2otel.duration_us": int64(math.MinInt64), "ot2otel.notes": []any{"time.negative_duration"}}},
		{"J-8 earliest log", -1, 5, []int64{9, 7, -3}, 7000, 12_000,
			attrMap{"ot2otel.start_us": int64(-1), "ot2otel.notes": []any{"time.bad_start", "time.bad_event"}}},
		{"J-8 too late to be told", last + 1, 0, nil, received, received,
			attrMap{"ot2otel.start_us": int64(last + 1), "ot2otel.notes": []any{"time.bad_start"}}},
		{"N-6 end too late to be told", 10, last, nil, 10_000, math.MaxInt64,
			attrMap{"ot2otel.duration_us": int64(last), "ot2otel.notes": []any{"time.long_duration"}}},
		{"N-6 duration too long to be told", 10, math.MaxInt64, nil, 10_000, math.MaxInt64,
			attrMap{"ot2otel.duration_us": int64(math.MaxInt64), "ot2otel.notes": []any{"time.long_duration"}}},
	} {
		t.Run(test.rule, func(t *testing.T) {
			s := spanResult(t, defaults, func(s *jaeger.Span) {
				s.StartTime, s.Duration = test.start, test.duration
				for _, micros := range test.logs {
					s.Logs = append(s.Logs, &jaeger.Log{Timestamp: micros, Fields: tags("event", "e")})
				}
			})
			if s.StartTimeUnixNano != test.from || s.EndTimeUnixNano != test.to {
				t.Errorf("from %d to %d, want %d to %d", s.StartTimeUnixNano, s.EndTimeUnixNano, test.from, test.to)
			}
			wantAttrs(t, attrsOf(t, s.Attributes), test.attrs)
		})
	}
}

func TestFlags(t *testing.T) {
	for _, test := range []struct {
		rule  string
		flags int32
		want  uint32
		kept  any
	}{
		{"J-10 sampled", 1, 1, nil},
		{"J-10 not sampled", 0, 0, int64(0)},
		{"J-11 firehose", 9, 1, int64(9)},
		{"J-11 all bits", -1, 1, int64(-1)},
		{"J-12 debug is sampled", 2, 1, int64(2)},
	} {
		s := spanResult(t, defaults, withFlags(test.flags))
		if s.Flags != test.want {
			t.Errorf("%s: flags %#x, want %#x", test.rule, s.Flags, test.want)
		}
		wantAttrs(t, attrsOf(t, s.Attributes), attrMap{"ot2otel.jaeger.flags": test.kept})
	}
}

func TestTraceState(t *testing.T) {
	for _, state := range []string{"a=b", "rojo=00f067aa0ba902b7, congo=t61rcWkgMzE ,, t@s=v"} {
		s := spanResult(t, defaults, withTags("w3c.tracestate", state))
		if s.TraceState != state {
			t.Errorf("J-16: trace state %q, want %q", s.TraceState, state)
		}
		wantAttrs(t, attrsOf(t, s.Attributes), attrMap{"w3c.tracestate": nil})
	}
	for _, state := range []any{"", "a", "A=b", "a=", "a=b,a=c", "a=b=c", "a@=b", "@s=b", "a@1=b", "a=\x7f", 7} {
		s := spanResult(t, defaults, withTags("w3c.tracestate", state))
		if s.TraceState != "" {
			t.Errorf("J-16: trace state %q of %v", s.TraceState, state)
		}
		got := attrsOf(t, s.Attributes)
		if got["w3c.tracestate"] == nil {
			t.Errorf("J-16: tag %v is gone", state)
		}
		wantNote(t, got, "tracestate.invalid")
	}
}

func TestDroppedCounts(t *testing.T) {
	s := spanResult(t, defaults, withTags("otel.dropped_attributes_count", 1, "otel.dropped_events_count", 2.0,
		"otel.dropped_links_count", "3"), withLogs(log("event", "dropped Span logs", "dropped_log_count", 4)))
	if s.DroppedAttributesCount != 1 || s.DroppedEventsCount != 6 || s.DroppedLinksCount != 3 {
		t.Errorf("J-17: dropped %d, %d, %d", s.DroppedAttributesCount, s.DroppedEventsCount, s.DroppedLinksCount)
	}
	if left := attrsOf(t, s.Attributes); len(left) > 0 {
		t.Errorf("J-17: attributes left: %v", left)
	}
	for _, odd := range []any{-1, 1.5, "many", math.MaxUint32 + 1, true} {
		s := spanResult(t, defaults, withTags("otel.dropped_links_count", odd))
		if got := attrsOf(t, s.Attributes)["otel.dropped_links_count"]; got == nil || s.DroppedLinksCount != 0 {
			t.Errorf("J-17: %v links dropped, attribute %v of %v", s.DroppedLinksCount, got, odd)
		}
	}
}

func TestScope(t *testing.T) {
	for _, test := range []struct {
		rule          string
		config        translate.Config
		tags          []any
		name, version string
		attrs         attrMap
	}{
		{"J-40 version alone", defaults, []any{"otel.library.version", "1"}, "", "1", nil},
		{"J-40 new and old agree", defaults, []any{"otel.scope.name", "a", "otel.library.name", "a"}, "a", "",
			attrMap{"otel.scope.name": nil, "otel.library.name": nil}},
		{"J-40 new and old disagree", defaults, []any{"otel.library.name", "old", "otel.scope.name", "new"}, "new", "",
			attrMap{"otel.scope.name": nil, "otel.library.name": "old"}},
		{"J-40 no text", defaults, []any{"otel.scope.name", 7}, "", "", attrMap{"otel.scope.name": int64(7)}},
		{"J-41 off", defaults, []any{"component", "net/http"}, "", "", attrMap{"component": "net/http"}},
		{"J-41 on", translate.Config{ScopeFromComponent: true}, []any{"component", "net/http"}, "net/http", "",
			attrMap{"component": "net/http"}},
		{"J-41 only without a name", translate.Config{ScopeFromComponent: true},
			[]any{"component", "net/http", "otel.scope.name", "a"}, "a", "", attrMap{"component": "net/http"}},
	} {
		t.Run(test.rule, func(t *testing.T) {
			r := batchResult(t, test.config, newBatch(newSpan(withTags(test.tags...))))
			scope := r.request.ResourceSpans[0].ScopeSpans[0].Scope
			if scope.Name != test.name || scope.Version != test.version {
				t.Errorf("scope %q %q, want %q %q", scope.Name, scope.Version, test.name, test.version)
			}
			wantAttrs(t, attrsOf(t, r.span(t).Attributes), test.attrs)
		})
	}
}

// J-42: one ScopeSpans for each scope, in the order in which these first come,
// the spans of each in their order.
func TestSpansAreGroupedByScope(t *testing.T) {
	var spans []*jaeger.Span
	for i, scope := range []string{"b", "a", "b", "", "a", "b"} {
		s := newSpan(withTags("otel.scope.name", scope))
		s.SpanId = int64(i) + 1
		spans = append(spans, s)
	}
	r := batchResult(t, defaults, newBatch(spans...))
	got := map[string][]uint64{}
	var order []string
	for _, ss := range r.request.ResourceSpans[0].ScopeSpans {
		order = append(order, ss.Scope.Name)
		for _, s := range ss.Spans {
			got[ss.Scope.Name] = append(got[ss.Scope.Name], idOf(s.SpanId))
		}
	}
	if diff := cmp.Diff([]string{"b", "a", ""}, order); diff != "" {
		t.Errorf("scopes (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string][]uint64{"b": {1, 3, 6}, "a": {2, 5}, "": {4}}, got); diff != "" {
		t.Errorf("spans (-want +got):\n%s", diff)
	}
}

func TestSchemaURL(t *testing.T) {
	for mode, want := range map[translate.Semconv]string{
		translate.SemconvDup: translate.SchemaURL, translate.SemconvRename: translate.SchemaURL, translate.SemconvRaw: "",
	} {
		r := batchResult(t, translate.Config{Semconv: mode}, newBatch(newSpan()))
		rs := r.request.ResourceSpans[0]
		if rs.SchemaUrl != want || rs.ScopeSpans[0].SchemaUrl != want {
			t.Errorf("mode %d: schema URLs %q and %q, want %q", mode, rs.SchemaUrl, rs.ScopeSpans[0].SchemaUrl, want)
		}
	}
}

func TestClientReport(t *testing.T) {
	b := newBatch(newSpan())
	seq := int64(7)
	b.SeqNo = &seq
	b.Stats = &jaeger.ClientStats{FullQueueDroppedSpans: 1, TooLargeDroppedSpans: 2, FailedToEmitSpans: 3}
	b.Process.Tags = tags("client-uuid", "u")
	want := translate.Client{
		Service: "shop", UUID: "u", SeqNo: 7, HasStats: true, FullQueue: 1, TooLarge: 2, SendFail: 3,
	}
	if diff := cmp.Diff(want, batchResult(t, defaults, b).report.Client); diff != "" {
		t.Errorf("J-15 (-want +got):\n%s", diff)
	}
}

func TestReportCountsNotes(t *testing.T) {
	r := batchResult(t, defaults, newBatch(newSpan(withTags("k", 1, "k", 2, "l", 1, "l", 2)), newSpan(withTags("", 1))))
	var want [translate.NumNotes]uint32
	want[translate.NoteDup], want[translate.NoteKeyEmpty] = 2, 1
	if diff := cmp.Diff(want, r.report.Notes); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPrefix(t *testing.T) {
	r := batchResult(t, translate.Config{Prefix: "legacy."}, newBatch(newSpan(withFlags(3))))
	wantAttrs(t, attrsOf(t, r.span(t).Attributes), attrMap{"legacy.jaeger.flags": int64(3)})
	scope := r.request.ResourceSpans[0].ScopeSpans[0].Scope
	wantAttrs(t, attrsOf(t, scope.Attributes), attrMap{"legacy.source.format": "jaeger.thrift.compact"})
}
