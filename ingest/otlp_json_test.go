package ingest

import (
	"math"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
	"pgregory.net/rapid"

	"github.com/ot2otel/ot2otel/internal/json"
)

func convertJSON(src string) (string, error) {
	b, err := appendOTLPJSON(nil, new(json.Reader), []byte(src))
	return string(b), err
}

// asJSONAgain reads protobuf with pdata and writes it as JSON, to compare.
func asJSONAgain(t rapid.TB, request string) string {
	r := ptraceotlp.NewExportRequest()
	if err := r.UnmarshalProto([]byte(request)); err != nil {
		t.Fatalf("what came out is not OTLP: %v", err)
	}
	b, err := r.MarshalJSON()
	if err != nil {
		t.Fatalf("%v", err)
	}
	return string(b)
}

// What pdata writes as JSON is read as pdata reads it.
func TestOTLPJSONAgreesWithPdata(t *testing.T) {
	files, err := filepath.Glob("../testdata/corpus/otlp-*/*.bin")
	if err != nil || len(files) < 5 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		want := asOTLPJSON(t, readFile(t, file))
		got, err := convertJSON(want)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if diff := cmp.Diff(want, asJSONAgain(t, got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		request := ptraceotlp.NewExportRequestFromTraces(drawTraces(t))
		b, err := request.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		got, err := convertJSON(string(b))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(b), asJSONAgain(t, got)); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	})
}

func drawTraces(t *rapid.T) ptrace.Traces {
	td := ptrace.NewTraces()
	for range rapid.IntRange(0, 2).Draw(t, "resources") {
		rs := td.ResourceSpans().AppendEmpty()
		rs.SetSchemaUrl(rapid.String().Draw(t, "schema"))
		drawAttributes(t, rs.Resource().Attributes(), 2)
		ss := rs.ScopeSpans().AppendEmpty()
		ss.Scope().SetName(rapid.String().Draw(t, "scope"))
		ss.Scope().SetVersion(rapid.String().Draw(t, "version"))
		for range rapid.IntRange(0, 3).Draw(t, "spans") {
			drawSpan(t, ss.Spans().AppendEmpty())
		}
	}
	return td
}

func drawSpan(t *rapid.T, s ptrace.Span) {
	s.SetTraceID([16]byte(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "trace")))
	s.SetSpanID([8]byte(rapid.SliceOfN(rapid.Byte(), 8, 8).Draw(t, "span")))
	s.SetName(rapid.String().Draw(t, "name"))
	s.SetKind(ptrace.SpanKind(rapid.Int32Range(0, 5).Draw(t, "kind")))
	s.SetStartTimestamp(pcommon.Timestamp(rapid.Uint64().Draw(t, "start")))
	s.SetEndTimestamp(pcommon.Timestamp(rapid.Uint64().Draw(t, "end")))
	s.SetFlags(rapid.Uint32().Draw(t, "flags"))
	s.SetDroppedEventsCount(rapid.Uint32().Draw(t, "dropped"))
	s.TraceState().FromRaw(rapid.String().Draw(t, "state"))
	s.Status().SetCode(ptrace.StatusCode(rapid.Int32Range(0, 2).Draw(t, "code")))
	s.Status().SetMessage(rapid.String().Draw(t, "message"))
	drawAttributes(t, s.Attributes(), 2)
	if rapid.Bool().Draw(t, "event") {
		e := s.Events().AppendEmpty()
		e.SetName(rapid.String().Draw(t, "event name"))
		e.SetTimestamp(pcommon.Timestamp(rapid.Uint64().Draw(t, "time")))
		drawAttributes(t, e.Attributes(), 1)
	}
	if rapid.Bool().Draw(t, "link") {
		l := s.Links().AppendEmpty()
		l.SetTraceID([16]byte{1})
		l.SetSpanID([8]byte{2})
		l.SetFlags(rapid.Uint32().Draw(t, "link flags"))
		drawAttributes(t, l.Attributes(), 1)
	}
}

func drawAttributes(t *rapid.T, m pcommon.Map, depth int) {
	for range rapid.IntRange(0, 3).Draw(t, "attributes") {
		drawValue(t, m.PutEmpty(rapid.String().Draw(t, "key")), depth)
	}
}

func drawValue(t *rapid.T, v pcommon.Value, depth int) {
	kinds := 5
	if depth > 0 {
		kinds = 7
	}
	switch rapid.IntRange(0, kinds).Draw(t, "type") {
	case 0: // empty
	case 1:
		v.SetStr(rapid.String().Draw(t, "string"))
	case 2:
		v.SetBool(rapid.Bool().Draw(t, "bool"))
	case 3:
		v.SetInt(rapid.Int64().Draw(t, "int"))
	case 4:
		v.SetDouble(rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{math.Inf(1), math.Inf(-1), math.NaN()})).Draw(t, "double"))
	case 5:
		v.SetEmptyBytes().FromRaw(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"))
	case 6:
		for range rapid.IntRange(0, 3).Draw(t, "elements") {
			drawValue(t, v.SetEmptySlice().AppendEmpty(), depth-1)
		}
	case 7:
		drawAttributes(t, v.SetEmptyMap(), depth-1)
	}
}

func TestOTLPJSONLeniences(t *testing.T) {
	span := func(s string) string { return `{"resourceSpans":[{"scopeSpans":[{"spans":[{` + s + `}]}]}]}` }
	value := func(s string) string { return span(`"attributes":[{"key":"k","value":` + s + `}]`) }
	for _, tt := range []struct{ name, in, want string }{
		{"names as in the .proto file", `{"resource_spans":[{"scope_spans":[{"spans":[{"trace_state":"a=b","start_time_unix_nano":5}]}]}]}`,
			span(`"traceState":"a=b","startTimeUnixNano":"5"`)},
		{"null is absent", span(`"name":null,"attributes":null,"status":null,"kind":1`), span(`"kind":1`)},
		{"unknown fields", span(`"kind":1,"x":{"y":[1,{"z":null}]}`), span(`"kind":1`)},
		{"names of enums", span(`"kind":"SPAN_KIND_CLIENT","status":{"code":"STATUS_CODE_ERROR"}`), span(`"kind":3,"status":{"code":2}`)},
		{"numbers as strings", span(`"kind":"3","droppedLinksCount":"7"`), span(`"kind":3,"droppedLinksCount":7`)},
		{"strings as numbers", value(`{"intValue":-5}`), value(`{"intValue":"-5"}`)},
		{"integers with a point", span(`"startTimeUnixNano":1.5e18,"endTimeUnixNano":2.0`), span(`"startTimeUnixNano":"1500000000000000000","endTimeUnixNano":"2"`)},
		{"doubles as strings", value(`{"doubleValue":"NaN"}`), value(`{"doubleValue":"NaN"}`)},
		{"base64 of all kinds", value(`{"bytesValue":"-_-_"}`), value(`{"bytesValue":"+/+/"}`)},
		{"base64 without its end", value(`{"bytesValue":"YQ"}`), value(`{"bytesValue":"YQ=="}`)},
		{"upper case ids", span(`"traceId":"ABCDEF00000000000000000000000001"`), span(`"traceId":"abcdef00000000000000000000000001"`)},
		{"half of a surrogate pair", span(`"name":"a\ud800b"`), span(`"name":"a` + "\uFFFD" + `b"`)},
		{"not UTF-8", span("\"name\":\"caf\xe9\""), span(`"name":"caf` + "\uFFFD" + `"`)},
		{"white space", " { \n} ", `{}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := convertJSON(tt.in)
			if err != nil {
				t.Fatal(err)
			}
			want, err := convertJSON(tt.want)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(asJSONAgain(t, want), asJSONAgain(t, got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestOTLPJSONErrors(t *testing.T) {
	span := func(s string) string { return `{"resourceSpans":[{"scopeSpans":[{"spans":[{` + s + `}]}]}]}` }
	deep := func(n int) string {
		return span(`"attributes":[{"key":"k","value":` + strings.Repeat(`{"arrayValue":{"values":[`, n) + strings.Repeat(`]}}`, n) + `}]`)
	}
	for _, tt := range []struct{ name, in, want string }{
		{"odd id", span(`"traceId":"abc"`), `json: traceId: "abc" is not hexadecimal: encoding/hex: odd length hex string`},
		{"no base64", span(`"attributes":[{"value":{"bytesValue":"?"}}]`), `json: bytesValue: "?" is not base64: illegal base64 data at input byte 0`},
		{"no integer", span(`"kind":"three"`), `json: kind: "three" is not an integer`},
		{"half an integer", span(`"kind":1.5`), `json: kind: "1.5" is not an integer`},
		{"a huge integer", span(`"kind":1e300`), `json: kind: "1e300" is not an integer`},
		{"no number", span(`"attributes":[{"value":{"doubleValue":"x"}}]`), `json: doubleValue: "x" is not a number`},
		{"another type", span(`"name":7`), `json: at byte 51: a number where a string should be`},
		{"as deep as allowed", deep(46), ""},
		{"too deep", deep(50), "json: arrayValue: messages nested deeper than 100"},
		{"very deep", deep(3000), "json: arrayValue: messages nested deeper than 100"},
		{"absurdly deep", deep(1_000_000), "exceeded max depth"},
		{"more than one value", `{}{}`, "more after the end"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := convertJSON(tt.in)
			switch {
			case tt.want == "" && err != nil:
				t.Error(err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}

// Whatever comes in: what comes out is OTLP.
func FuzzOTLPJSON(f *testing.F) {
	f.Add(asOTLPJSON(f, readFile(f, otlpCapture)))
	f.Add(`{"resource_spans":[{"scopeSpans":[{"spans":[{"name":"\ud800","kind":"SPAN_KIND_CLIENT","flags":1e3,"attributes":[{"value":{"bytesValue":"YQ"}}]}]}]}]}`)
	f.Fuzz(func(t *testing.T, src string) {
		got, err := convertJSON(src)
		if err != nil {
			return
		}
		if _, err := countSpans([]byte(got)); err != nil {
			t.Fatalf("%q: %v", src, err)
		}
		var v validation
		if err := v.request([]byte(got)); err != nil {
			t.Fatalf("%q: %v", src, err)
		}
		if v.bad.why != nil && strings.Contains(v.bad.why.Error(), "UTF-8") && utf8.ValidString(src) {
			t.Fatalf("%q: %v", src, v.bad.why)
		}
	})
}
