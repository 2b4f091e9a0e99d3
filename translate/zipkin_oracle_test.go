package translate_test

import (
	"cmp"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/openzipkin/zipkin-go/model"
	"github.com/openzipkin/zipkin-go/proto/zipkin_proto3"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"

	"github.com/ot2otel/ot2otel/translate"
)

// The tests in this file read v2 payloads once more by zipkin-go, and look for
// all that it finds in what the Translator makes of them.

func TestZipkinGoldensAgreeWithReference(t *testing.T) {
	for _, g := range recorded(t) {
		t.Run(g.name, func(t *testing.T) { wantZipkinReference(t, g.format, g.payload) })
	}
}

// The goldens once more in the other format, as zipkin-go writes it.
func TestZipkinRewrittenGoldensAgreeWithReference(t *testing.T) {
	for _, g := range recorded(t) {
		t.Run(g.name, func(t *testing.T) {
			spans := zipkinReference(t, g.format, g.payload)
			payload, err := (zipkin_proto3.SpanSerializer{}).Serialize(spans)
			if err != nil {
				t.Skip(err) // strings that are not UTF-8
			}
			wantZipkinReference(t, translate.ZipkinV2Proto, payload)
			if payload, err = json.Marshal(spans); err != nil {
				t.Fatal(err)
			}
			wantZipkinReference(t, translate.ZipkinV2JSON, payload)
		})
	}
}

// recorded returns the v2 payloads of real clients, which zipkin-go can read.
func recorded(t *testing.T) []golden {
	t.Helper()
	return slices.DeleteFunc(goldens(t, translate.ZipkinV2JSON, translate.ZipkinV2Proto), func(g golden) bool {
		return strings.HasPrefix(filepath.Base(g.name), "made-")
	})
}

// zipkinReference returns the spans that zipkin-go reads.
func zipkinReference(t *testing.T, f translate.Format, payload []byte) (spans []*model.SpanModel) {
	t.Helper()
	var err error
	if f == translate.ZipkinV2Proto {
		spans, err = zipkin_proto3.ParseSpans(payload, false)
	} else {
		err = json.Unmarshal(payload, &spans)
	}
	if err != nil {
		t.Fatal(err)
	}
	return spans
}

func wantZipkinReference(t *testing.T, f translate.Format, payload []byte) {
	t.Helper()
	want := zipkinReference(t, f, payload)
	r := translated(t, translate.Config{Semconv: translate.SemconvRaw}, f, payload)
	if len(r.spans()) != len(want) {
		t.Fatalf("%d spans, want %d", len(r.spans()), len(want))
	}
	for _, m := range want {
		s, resource := r.find(t, m)
		if s == nil {
			t.Errorf("no span %v, shared %v", m.ID, m.Shared)
			continue
		}
		wantModel(t, m, s, resource)
	}
}

// find returns the span that m has become, and its resource.
func (r result) find(t *testing.T, m *model.SpanModel) (*tracepb.Span, attrMap) {
	t.Helper()
	for _, rs := range r.request.ResourceSpans {
		for _, ss := range rs.ScopeSpans {
			for _, s := range ss.Spans {
				if originalOf(t, s, m.Shared) == modelIDs(m) {
					return s, attrsOf(t, rs.Resource.Attributes)
				}
			}
		}
	}
	return nil, nil
}

// spanIDs are trace, span and parent of a span as its payload had them.
type spanIDs struct{ trace, id, parent string }

func modelIDs(m *model.SpanModel) spanIDs {
	ids := spanIDs{trace: strings.TrimLeft(m.TraceID.String(), "0"), id: strings.TrimLeft(m.ID.String(), "0")}
	if m.ParentID != nil {
		ids.parent = strings.TrimLeft(m.ParentID.String(), "0")
	}
	return ids
}

func originalOf(t *testing.T, s *tracepb.Span, shared bool) spanIDs {
	t.Helper()
	a := attrsOf(t, s.Attributes)
	ids := spanIDs{short(s.TraceId), short(s.SpanId), short(s.ParentSpanId)}
	if id, ok := a["ot2otel.zipkin.id"].(string); ok && shared {
		ids.id, ids.parent = strings.TrimLeft(id, "0"), ""
	}
	if parent, ok := a["ot2otel.zipkin.parent_id"].(string); ok {
		ids.parent = strings.TrimLeft(parent, "0")
	}
	return ids
}

func wantModel(t *testing.T, m *model.SpanModel, s *tracepb.Span, resource attrMap) {
	t.Helper()
	if s.Name != m.Name && (s.Name != "unknown" || m.Name != "") {
		t.Errorf("name %q, want %q", s.Name, m.Name)
	}
	if start := m.Timestamp.UnixNano(); int64(s.StartTimeUnixNano) != start {
		t.Errorf("%s: start %d, want %d", m.Name, s.StartTimeUnixNano, start)
	}
	if d := m.Duration.Nanoseconds(); int64(s.EndTimeUnixNano-s.StartTimeUnixNano) != d {
		t.Errorf("%s: duration %d, want %d", m.Name, s.EndTimeUnixNano-s.StartTimeUnixNano, d)
	}
	if m.LocalEndpoint != nil && m.LocalEndpoint.ServiceName != "" && resource["service.name"] != m.LocalEndpoint.ServiceName {
		t.Errorf("%s: service %v, want %s", m.Name, resource["service.name"], m.LocalEndpoint.ServiceName)
	}
	none := m.Kind == "" || m.Kind == "SPAN_KIND_UNSPECIFIED" // in protobuf
	if kind := strings.TrimPrefix(s.Kind.String(), "SPAN_KIND_"); !none && kind != string(m.Kind) {
		t.Errorf("%s: kind %s, want %s", m.Name, kind, m.Kind)
	}
	wantModelTags(t, m, s, resource)
	wantModelAnnotations(t, m, s)
}

// wantModelTags looks for the tags: some have become a field.
func wantModelTags(t *testing.T, m *model.SpanModel, s *tracepb.Span, resource attrMap) {
	t.Helper()
	got := attrsOf(t, s.Attributes)
	for key, want := range m.Tags {
		moved := false
		switch key {
		case "span.kind":
			moved = strings.HasSuffix(s.Kind.String(), strings.ToUpper(want))
		case "otel.status_code", "otel.scope.name", "otel.scope.version":
			moved = true
		case "error":
			moved = want == "true"
		case "":
			key = "ot2otel.empty_key"
		}
		if got[key] != want && resource[key] != want && !moved {
			t.Errorf("%s: tag %q is %v, want %q", m.Name, key, got[key], want)
		}
	}
}

func wantModelAnnotations(t *testing.T, m *model.SpanModel, s *tracepb.Span) {
	t.Helper()
	var got, want []any
	for _, e := range s.Events {
		got = append(got, e.TimeUnixNano, e.Name)
	}
	for _, a := range m.Annotations {
		name := cmp.Or(a.Value, "log")
		if i := strings.Index(name, ": {"); i > 0 {
			name = name[:i]
		}
		want = append(want, uint64(a.Timestamp.UnixNano()), name)
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("%s: events (-want +got):\n%s", m.Name, diff)
	}
}
