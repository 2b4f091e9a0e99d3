package translate_test

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"

	"github.com/ot2otel/ot2otel/translate"
)

// escaped returns s as it stands between the quotes of a JSON string.
func escaped(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b[1 : len(b)-1])
}

func TestZipkinIDs(t *testing.T) { // Z-1, Z-2, N-2
	const long = "123456789012345678901234567890123"
	for _, test := range []struct {
		name, ids, trace, id, parent string // "" if it does not matter
		want                         attrMap
		note                         string
	}{
		{"upper case", `"traceId":"AB","id":"CD","parentId":"EF"`, "ab", "cd", "ef", nil, ""},
		{"odd length", `"traceId":"abc","id":"d"`, "abc", "d", "", nil, ""},
		{"longest", `"traceId":"f000000000000000000000000000000f","id":"f00000000000000f"`,
			"f000000000000000000000000000000f", "f00000000000000f", "", nil, ""},
		{"numbers", `"traceId":12,"id":34`, "12", "34", "", nil, ""},
		{"zero trace", `"traceId":"0","id":"d"`, "", "d", "", attrMap{"ot2otel.orig_trace_id": "00000000000000000000000000000000"}, "id.zero_trace"},
		{"no span", `"traceId":"1"`, "1", "", "", attrMap{"ot2otel.orig_span_id": "0000000000000000"}, "id.zero_span"},
		{"too long", `"traceId":"` + long + `","id":"d"`, "", "d", "", attrMap{"ot2otel.orig_trace_id": long}, "id.invalid"},
		{"no hex", `"traceId":"1","id":"x1"`, "1", "", "", attrMap{"ot2otel.orig_span_id": "x1"}, "id.invalid"},
		{"null", `"traceId":"1","id":"2","parentId":null`, "1", "2", "", attrMap{"ot2otel.zipkin.parent_id": nil}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := v2JSON(t, defaults, `{"name":"n",`+test.ids+`}`).span(t)
			for what, pair := range map[string][2]string{
				"trace": {test.trace, short(s.TraceId)}, "span": {test.id, short(s.SpanId)}, "parent": {test.parent, short(s.ParentSpanId)},
			} {
				if pair[0] != "" && pair[0] != pair[1] {
					t.Errorf("%s id %s, want %s", what, pair[1], pair[0])
				}
			}
			got := attrsOf(t, s.Attributes)
			wantAttrs(t, got, test.want)
			if test.note != "" {
				wantNote(t, got, test.note)
			}
		})
	}
}

// What stands for an id that is none is the same wherever it is named.
func TestZipkinInvalidIDsStayTogether(t *testing.T) {
	r := v2JSON(t, defaults,
		`{"traceId":"550e8400-e29b-41d4-a716-446655440000","id":"root!","name":"a"}`,
		`{"traceId":"550e8400-e29b-41d4-a716-446655440000","id":"2","parentId":"root!","name":"b"}`)
	a, b := r.spans()[0], r.spans()[1]
	if string(a.TraceId) != string(b.TraceId) || string(a.SpanId) != string(b.ParentSpanId) {
		t.Errorf("%x %x, child %x of %x", a.TraceId, a.SpanId, b.TraceId, b.ParentSpanId)
	}
	wantAttrs(t, attrsOf(t, b.Attributes), attrMap{"ot2otel.zipkin.parent_id": "root!"})
}

func TestZipkinRejectInvalidIDs(t *testing.T) {
	r := v2JSON(t, translate.Config{RejectInvalidIDs: true},
		`{"traceId":"x","id":"1","name":"a"}`, `{"traceId":"1","id":"0","name":"b"}`,
		`{"traceId":"1","id":"2","parentId":"x","name":"c"}`)
	if n := len(r.spans()); n != 1 || r.report.Rejected != 2 {
		t.Errorf("%d spans, %d rejected", n, r.report.Rejected)
	}
}

func TestZipkinName(t *testing.T) { // Z-4
	if s := v2Span(t, `"name":"GET /A"`); s.Name != "GET /A" {
		t.Errorf("name %q", s.Name)
	}
	s := v2Span(t)
	if s.Name != "unknown" {
		t.Errorf("name %q", s.Name)
	}
	wantNote(t, attrsOf(t, s.Attributes), "name.empty")
}

func TestZipkinKind(t *testing.T) { // Z-5
	for _, test := range []struct {
		members string
		kind    tracepb.Span_SpanKind
		want    attrMap
	}{
		{`"kind":"CLIENT"`, clientKind, nil},
		{`"kind":"server"`, serverKind, nil},
		{`"kind":"PRODUCER"`, producerKind, nil},
		{`"kind":"CONSUMER"`, consumerKind, nil},
		{`"kind":null`, internalKind, attrMap{"ot2otel.notes": []any{"name.empty", "time.absent_start"}}},
		{`"kind":""`, internalKind, nil},
		{`"kind":"LOCAL"`, internalKind, attrMap{"ot2otel.zipkin.kind": "LOCAL"}},
		{`"kind":7`, internalKind, attrMap{"ot2otel.zipkin.kind": "7"}},
		{tagsOf("span.kind", "Server"), serverKind, attrMap{"span.kind": nil}},
		{tagsOf("span.kind", "odd"), internalKind, attrMap{"span.kind": "odd"}},
		{`"kind":"CLIENT",` + tagsOf("span.kind", "client"), clientKind, attrMap{"span.kind": nil}},
		{`"kind":"CLIENT",` + tagsOf("span.kind", "server"), clientKind, attrMap{"span.kind": "server"}},
	} {
		s := v2Span(t, test.members)
		if s.Kind != test.kind {
			t.Errorf("%s: kind %v", test.members, s.Kind)
		}
		wantAttrs(t, attrsOf(t, s.Attributes), test.want)
	}
}

func TestZipkinTimes(t *testing.T) { // Z-8, Z-22, Z-23
	const max = 9223372036854775
	now := uint64(received / 1000)
	for _, test := range []struct {
		members    string
		start, end uint64
		want       attrMap
		note       string
	}{
		{`"timestamp":1000,"duration":5`, 1000, 1005, attrMap{"otel.zipkin.absentField.startTime": nil}, ""},
		{`"timestamp":1000`, 1000, 1000, nil, ""},
		{`"timestamp":1000,"duration":0`, 1000, 1000, nil, ""},
		{`"timestamp":"1000","duration":"5"`, 1000, 1005, nil, ""},
		{`"timestamp":1e3,"duration":5.0`, 1000, 1005, nil, ""},
		{`"timestamp":1000.5,"duration":5`, 1000, 1005, attrMap{"ot2otel.start_us": "1000.5"}, "time.bad_start"},
		{`"timestamp":1000,"duration":2.5`, 1000, 1002, attrMap{"ot2otel.duration_us": "2.5"}, "tag.non_string:ot2otel.duration_us"},
		{`"timestamp":1000,"duration":-5`, 1000, 1000, attrMap{"ot2otel.duration_us": int64(-5)}, "time.negative_duration"},
		{`"timestamp":1000,"duration":9223372036854775807`, 1000, 0, attrMap{"ot2otel.duration_us": int64(9223372036854775807)}, "time.long_duration"},
		{`"duration":5`, now, now + 5, attrMap{"otel.zipkin.absentField.startTime": true}, "time.absent_start"},
		{`"timestamp":null`, now, now, attrMap{"otel.zipkin.absentField.startTime": true}, "time.absent_start"},
		{`"timestamp":-5`, now, now, attrMap{"ot2otel.start_us": int64(-5)}, "time.bad_start"},
		{`"timestamp":"soon"`, now, now, attrMap{"ot2otel.start_us": "soon"}, "time.bad_start"},
		{`"timestamp":{}`, now, now, attrMap{"ot2otel.start_us": "{}"}, "time.bad_start"},
		{`"timestamp":1e300`, now, now, attrMap{"ot2otel.start_us": "1e300"}, "time.bad_start"},
		{fmt.Sprintf(`"timestamp":%d`, max), max, max, nil, ""},
		{fmt.Sprintf(`"timestamp":%d`, max+1), now, now, attrMap{"ot2otel.start_us": int64(max + 1)}, "time.bad_start"},
		{`"duration":7,"annotations":[{"timestamp":0,"value":"x"},{"timestamp":30,"value":"b"},{"timestamp":20,"value":"a"}]`, 20, 27,
			attrMap{"otel.zipkin.absentField.startTime": true}, "time.absent_start"},
	} {
		t.Run(test.members, func(t *testing.T) {
			s := v2Span(t, test.members)
			if s.StartTimeUnixNano != test.start*1000 || test.end > 0 && s.EndTimeUnixNano != test.end*1000 {
				t.Errorf("%d to %d ns, want %d to %d us", s.StartTimeUnixNano, s.EndTimeUnixNano, test.start, test.end)
			}
			got := attrsOf(t, s.Attributes)
			wantAttrs(t, got, test.want)
			if test.note != "" {
				wantNote(t, got, test.note)
			}
		})
	}
	zero := v2JSON(t, translate.Config{ZeroAbsentStart: true}, v2(`"duration":5`)).span(t)
	wantTimes(t, zero, 0, 5)
}

func TestZipkinTags(t *testing.T) { // Z-9, Z-10
	for _, test := range []struct {
		tags string
		want attrMap
		note string
	}{
		{`{"k":"v"}`, attrMap{"k": "v", "ot2otel.notes": []any{"name.empty", "time.absent_start"}}, ""},
		{`{"k":7}`, attrMap{"k": int64(7)}, "tag.non_string:k"},
		{`{"k":-7.5}`, attrMap{"k": -7.5}, "tag.non_string:k"},
		{`{"k":18446744073709551616}`, attrMap{"k": "18446744073709551616"}, "tag.non_string:k"},
		{`{"k":1e999}`, attrMap{"k": "1e999"}, "tag.non_string:k"},
		{`{"k":true}`, attrMap{"k": true}, "tag.non_string:k"},
		{`{"k":null}`, attrMap{"k": ""}, "tag.non_string:k"},
		{`{"k":{"a":[1]}}`, attrMap{"k": `{"a":[1]}`}, "tag.non_string:k"},
		{`{"k":[1, "x"]}`, attrMap{"k": `[1, "x"]`}, "tag.non_string:k"},
		{`{"k":"a","k":"b","k":"b"}`, attrMap{"k": "b", "ot2otel.dup.k": []any{"a"}}, "dup:k"},
		{`{"error":"a","error":"b"}`, attrMap{"error": "b", "ot2otel.dup.error": []any{"a"}}, "dup:error"},
		{`{"":"v"}`, attrMap{"ot2otel.empty_key": "v"}, "key.empty"},
		{`{"k":"\ud800"}`, attrMap{"k": "\ufffd\ufffd\ufffd", "ot2otel.raw.k": []byte("\xed\xa0\x80")}, "utf8:k"},
		{"{\"k\":\"a\xff\"}", attrMap{"k": "a\ufffd", "ot2otel.raw.k": []byte("a\xff")}, "utf8:k"},
		{`["k","v"]`, attrMap{"ot2otel.zipkin.tags": `["k","v"]`}, "tag.non_string:ot2otel.zipkin.tags"},
		{`null`, attrMap{"ot2otel.zipkin.tags": nil}, ""},
	} {
		t.Run(test.tags, func(t *testing.T) {
			got := attrsOf(t, v2Span(t, `"tags":`+test.tags).Attributes)
			wantAttrs(t, got, test.want)
			if test.note != "" {
				wantNote(t, got, test.note)
			}
		})
	}
}

func TestZipkinParseStringTags(t *testing.T) {
	s := v2JSON(t, translate.Config{ParseStringTags: true}, v2(tagsOf("i", "-7", "f", "0.5", "b", "true",
		"zero", "007", "plus", "+1", "exponent", "1e3", "e", "", "word", "False", "status", "-"))).span(t)
	wantAttrs(t, attrsOf(t, s.Attributes), attrMap{
		"i": int64(-7), "f": 0.5, "b": true,
		"zero": "007", "plus": "+1", "exponent": "1e3", "e": "", "word": "False", "status": "-",
	})
}

func TestZipkinFlags(t *testing.T) { // Z-6
	if s := v2Span(t); s.Flags != 1 {
		t.Errorf("flags %#x", s.Flags)
	}
	s := v2Span(t, `"debug":true`)
	wantAttrs(t, attrsOf(t, s.Attributes), attrMap{"ot2otel.zipkin.debug": true})
	if s.Flags != 1 {
		t.Errorf("flags of a debug span %#x", s.Flags)
	}
	wantAttrs(t, attrsOf(t, v2Span(t, `"debug":false,"shared":false`).Attributes),
		attrMap{"ot2otel.zipkin.debug": nil, "ot2otel.zipkin.shared": nil})
}

func TestZipkinService(t *testing.T) { // Z-11
	wantAttrs(t, v2JSON(t, defaults, v2(`"localEndpoint":{"serviceName":"Shop"}`)).resource(t), attrMap{"service.name": "Shop"})
	absent := v2JSON(t, defaults, v2()).resource(t)
	wantAttrs(t, absent, attrMap{"service.name": "unknown_service"})
	wantNote(t, absent, "service.absent")
	if n := len(v2JSON(t, defaults, v2(`"localEndpoint":{"serviceName":"a"}`), v2(`"id":"3","localEndpoint":{"serviceName":"b"}`),
		v2(`"id":"4","localEndpoint":{"serviceName":"a"}`)).request.ResourceSpans); n != 2 {
		t.Errorf("%d resources, want 2", n)
	}
}

func TestZipkinScopeAndState(t *testing.T) { // Z-44, Z-46
	r := v2JSON(t, defaults, v2(tagsOf("otel.library.name", "lib", "otel.library.version", "2", "w3c.tracestate", "a=b")))
	scope := r.request.ResourceSpans[0].ScopeSpans[0].Scope
	if scope.Name != "lib" || scope.Version != "2" || r.span(t).TraceState != "a=b" {
		t.Errorf("scope %v, trace state %q", scope, r.span(t).TraceState)
	}
}

// Z-47: an OpenTelemetry exporter's resource comes back; others' tags stay.
func TestZipkinResourceTags(t *testing.T) {
	r := v2JSON(t, defaults, v2(`"localEndpoint":{"serviceName":"shop"}`, tagsOf("telemetry.sdk.name", "opentelemetry",
		"service.name", "shop", "service.version", "2", "host.name", "h", "host.name", "h2", "service.peer.name", "db", "a", "b")))
	wantAttrs(t, r.resource(t), attrMap{
		"service.name": "shop", "service.version": "2", "host.name": "h2", "telemetry.sdk.name": "opentelemetry",
		"ot2otel.dup.host.name": []any{"h"}, "ot2otel.dup.service.name": nil, "a": nil,
	})
	wantAttrs(t, attrsOf(t, r.span(t).Attributes), attrMap{
		"a": "b", "service.peer.name": "db", "host.name": nil, "service.version": nil, "service.name": nil,
	})
	r = v2JSON(t, defaults, v2(`"localEndpoint":{"serviceName":"shop"}`, tagsOf("service.version", "2", "service.name", "other")))
	wantAttrs(t, attrsOf(t, r.span(t).Attributes), attrMap{"service.version": "2", "service.name": "other"})
}

func TestZipkinServiceSource(t *testing.T) { // Z-45
	const source = "otlp.service.name.source"
	for _, test := range []struct {
		endpoint, key  string
		resource, span attrMap
	}{
		{`{"serviceName":"fn"}`, "faas.name", attrMap{"faas.name": "fn", "service.name": nil}, attrMap{source: nil}},
		{`{"serviceName":"fn"}`, "host.name", attrMap{"host.name": "fn", "service.name": nil}, attrMap{source: nil}},
		{`{"serviceName":"fn"}`, "", attrMap{"service.name": "fn"}, attrMap{source: ""}},
		{`{}`, "faas.name", attrMap{"service.name": "unknown_service"}, attrMap{source: "faas.name"}},
	} {
		r := v2JSON(t, defaults, v2(`"localEndpoint":`+test.endpoint, tagsOf(source, test.key)))
		wantAttrs(t, r.resource(t), test.resource)
		wantAttrs(t, attrsOf(t, r.span(t).Attributes), test.span)
	}
}

func TestZipkinFromJaeger(t *testing.T) { // Z-48
	for _, key := range []string{"jaeger.version", "jaegerClient"} {
		r := v2JSON(t, defaults, v2(tagsOf(key, "Go-2.30.0", "jaeger.hostname", "h")))
		wantAttrs(t, r.resource(t), attrMap{
			key: "Go-2.30.0", "telemetry.sdk.name": "jaeger-client-go", "telemetry.sdk.version": "2.30.0",
			"jaeger.hostname": "h", "host.name": "h",
		})
		wantAttrs(t, attrsOf(t, r.span(t).Attributes), attrMap{key: "Go-2.30.0", "jaeger.hostname": "h"})
	}
}

func TestZipkinStatus(t *testing.T) { // Z-41 to Z-43; vector 31 has more
	for _, test := range []struct {
		name, members string
		code          tracepb.Status_StatusCode
		message       string
	}{
		{"bool error", `"tags":{"error":true}`, failed, ""},
		{"bool no error", `"tags":{"error":false}`, unset, ""},
		{"HTTP", `"kind":"SERVER",` + tagsOf("http.status_code", "503"), failed, ""},
		{"HTTP with error=false", `"kind":"SERVER",` + tagsOf("http.status_code", "503", "error", "false"), unset, ""},
		{"description moves", tagsOf("otel.status_code", "ERROR", "otel.status_description", "d", "error", "e"), failed, "d"},
		{"census ok", tagsOf("census.status_code", "0"), ok, ""},
		{"census error", tagsOf("census.status_code", "13", "census.status_description", "why"), failed, "why"},
		{"opencensus text", tagsOf("census.status_code", "2", "opencensus.status_description", "why"), failed, "why"},
		{"census comes last", tagsOf("census.status_code", "13", "error", "false"), unset, ""},
		{"census after HTTP", tagsOf("census.status_code", "0", "http.status_code", "500"), failed, ""},
	} {
		t.Run(test.name, func(t *testing.T) { wantStatus(t, v2Span(t, test.members), test.code, test.message) })
	}
	wantAttrs(t, attrsOf(t, v2Span(t, tagsOf("census.status_code", "13")).Attributes), attrMap{"census.status_code": "13"})
}

func TestZipkinLinks(t *testing.T) { // Z-45
	const ids = "0000000000000000000000000000000a|000000000000000b|"
	s := v2Span(t, tagsOf("otlp.link.0", ids+`k=v|{"a":1,"b":"x"}|3`, "otlp.link.1", ids+"|{}|0"))
	if diff := cmp.Diff([]string{"a/b k=v 3", "a/b  0"}, linkTexts(s)); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(attrMap{"a": int64(1), "b": "x"}, attrsOf(t, s.Links[0].Attributes)); diff != "" {
		t.Errorf("attributes (-want +got):\n%s", diff)
	}
	for _, bad := range []string{
		"", "x", ids, ids + "{}|0", ids + "|{}", ids + "|{}|x", ids + "|{|0", ids + "|[]|0", ids + "=|{}|0", ids + "|{}|-1",
		"0|000000000000000b||{}|0", "00000000000000000000000000000000|000000000000000b||{}|0",
	} {
		s := v2Span(t, tagsOf("otlp.link.0", bad))
		wantAttrs(t, attrsOf(t, s.Attributes), attrMap{"otlp.link.0": bad})
		if len(s.Links) > 0 {
			t.Errorf("%q became %v", bad, s.Links)
		}
	}
}

func linkTexts(s *tracepb.Span) (links []string) {
	for _, l := range s.Links {
		links = append(links, fmt.Sprintf("%s/%s %s %d", short(l.TraceId), short(l.SpanId), l.TraceState, l.DroppedAttributesCount))
	}
	return links
}

// Members of the wrong type, and those that nobody knows, cost nothing.
func TestZipkinOddMembers(t *testing.T) {
	for member, want := range map[string]attrMap{
		`"localEndpoint":"web"`:    {"ot2otel.zipkin.localEndpoint": `"web"`},
		`"remoteEndpoint":[1]`:     {"ot2otel.zipkin.remoteEndpoint": `[1]`},
		`"annotations":{"a":1}`:    {"ot2otel.zipkin.annotations": `{"a":1}`},
		`"binaryAnnotations":true`: {"ot2otel.zipkin.binaryAnnotations": `true`},
		`"annotations":null`:       {"ot2otel.zipkin.annotations": nil},
		`"flavour":{"a":[{}]}`:     {"flavour": nil},
		`"shared":"yes","debug":7`: {"ot2otel.zipkin.shared": nil, "ot2otel.zipkin.debug": true},
		`"annotations":[null,5]`:   nil,
	} {
		s := v2Span(t, member, `"name":"n"`)
		wantAttrs(t, attrsOf(t, s.Attributes), want)
		if s.Name != "n" {
			t.Errorf("%s: name %q", member, s.Name)
		}
	}
}

func TestZipkinBlank(t *testing.T) { // J-2
	r := translated(t, defaults, translate.ZipkinV2JSON, []byte(`[{},null,{"foo":1},{"id":"0"},`+v2()+`]`))
	if n := len(r.spans()); n != 1 || r.report.Blank != 4 {
		t.Errorf("%d spans, %d blank", n, r.report.Blank)
	}
}

// Rule ids in explanations are Zipkin's.
func TestZipkinExplain(t *testing.T) {
	var told []translate.Explanation
	c := translate.Config{Explain: func(e translate.Explanation) { told = append(told, e) }}
	v2JSON(t, c, v2(`"kind":"CLIENT","localEndpoint":{"serviceName":"s","port":80},"annotations":[{"timestamp":5,"value":"e"}]`,
		tagsOf("k", "v", "error", "boom")))
	got := map[string]string{}
	for _, e := range told {
		for _, p := range e.Parts {
			got[string(p.Of)+" "+p.Name] = p.Rule.String()
		}
	}
	want := map[string]string{
		"resource service.name": "Z-11", "span k": "Z-9", "span kind": "Z-5", "span trace_id": "Z-1", "span status.code": "Z-41",
		"span network.local.port": "Z-12", "event name": "Z-30", "span status.message": "Z-41",
		"span otel.zipkin.absentField.startTime": "Z-22", "scope ot2otel.source.format": "P-6",
	}
	for what, rule := range want {
		if got[what] != rule {
			t.Errorf("%s: rule %s, want %s", what, got[what], rule)
		}
	}
}

// Each corpus case has its own id for each span, whatever clients shared.
func TestSpanIDsAreUnique(t *testing.T) {
	for _, g := range goldens(t, zipkinFormats...) {
		seen := map[string]bool{}
		for _, s := range translated(t, defaults, g.format, g.payload).spans() {
			id := hex.EncodeToString(s.TraceId) + hex.EncodeToString(s.SpanId)
			if seen[id] {
				t.Errorf("%s: two spans have id %s", g.name, id)
			}
			seen[id] = true
		}
	}
}
