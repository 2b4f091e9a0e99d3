package translate_test

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/apache/thrift/lib/go/thrift"
	"github.com/google/go-cmp/cmp"
	"github.com/jaegertracing/jaeger-idl/thrift-gen/agent"
	"github.com/jaegertracing/jaeger-idl/thrift-gen/zipkincore"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"

	"github.com/ot2otel/ot2otel/translate"
)

// The tests in this file are the Zipkin vectors of the mapping's section 9, by
// number. Those about tags of any format, 37 to 40, are in vectors_test.go.

const (
	internalKind = tracepb.Span_SPAN_KIND_INTERNAL
	clientKind   = tracepb.Span_SPAN_KIND_CLIENT
	producerKind = tracepb.Span_SPAN_KIND_PRODUCER
	consumerKind = tracepb.Span_SPAN_KIND_CONSUMER
)

// v1JSON returns what a list of v1 spans becomes.
func v1JSON(t testing.TB, c translate.Config, spans ...string) result {
	t.Helper()
	return translated(t, c, translate.ZipkinV1JSON, list(spans))
}

// v2JSON returns what a list of v2 spans becomes.
func v2JSON(t testing.TB, c translate.Config, spans ...string) result {
	t.Helper()
	return translated(t, c, translate.ZipkinV2JSON, list(spans))
}

func list(spans []string) []byte { return []byte("[" + strings.Join(spans, ",") + "]") }

// v2 returns a v2 span of trace 1 with the members given, each "name": value.
// Without an id among them it has id 2.
func v2(members ...string) string {
	span := `{"traceId":"1"`
	if !strings.Contains(strings.Join(members, ","), `"id":`) {
		span += `,"id":"2"`
	}
	for _, m := range members {
		span += "," + m
	}
	return span + "}"
}

// tagsOf returns the member tags of a v2 span.
func tagsOf(keysAndValues ...string) string {
	var tags []string
	for i := 0; i < len(keysAndValues); i += 2 {
		tags = append(tags, fmt.Sprintf("%q:%q", keysAndValues[i], keysAndValues[i+1]))
	}
	return `"tags":{` + strings.Join(tags, ",") + "}"
}

// v2Span returns what becomes of a v2 span with the members given.
func v2Span(t testing.TB, members ...string) *tracepb.Span {
	t.Helper()
	return v2JSON(t, defaults, v2(members...)).span(t)
}

// spanOf returns the only span with a kind.
func (r result) spanOf(t testing.TB, kind tracepb.Span_SpanKind) *tracepb.Span {
	t.Helper()
	var found []*tracepb.Span
	for _, s := range r.spans() {
		if s.Kind == kind {
			found = append(found, s)
		}
	}
	if len(found) != 1 {
		t.Fatalf("got %d spans of kind %v, want 1", len(found), kind)
	}
	return found[0]
}

// service returns the service of the resource that span s is under.
func (r result) service(t testing.TB, s *tracepb.Span) any {
	t.Helper()
	for _, rs := range r.request.ResourceSpans {
		for _, ss := range rs.ScopeSpans {
			for _, x := range ss.Spans {
				if x == s {
					return attrsOf(t, rs.Resource.Attributes)["service.name"]
				}
			}
		}
	}
	return nil
}

func wantTimes(t *testing.T, s *tracepb.Span, startUS, endUS uint64) {
	t.Helper()
	if s.StartTimeUnixNano != startUS*1000 || s.EndTimeUnixNano != endUS*1000 {
		t.Errorf("%d to %d ns, want %d to %d us", s.StartTimeUnixNano, s.EndTimeUnixNano, startUS, endUS)
	}
}

const sharedV1 = `{"traceId":"1","id":"a","name":"get","timestamp":1000,"duration":500,"annotations":[
	{"timestamp":1000,"value":"cs","endpoint":{"serviceName":"web"}},
	{"timestamp":1100,"value":"sr","endpoint":{"serviceName":"app"}},
	{"timestamp":1400,"value":"ss","endpoint":{"serviceName":"app"}},
	{"timestamp":1500,"value":"cr","endpoint":{"serviceName":"web"}}],"binaryAnnotations":[
	{"key":"http.path","value":"/c","endpoint":{"serviceName":"web"}},
	{"key":"http.path","value":"/s","endpoint":{"serviceName":"app"}},
	{"key":"sa","value":true,"endpoint":{"serviceName":"db","port":3306}}]}`

func TestVector27ZipkinV1Shared(t *testing.T) {
	r := v1JSON(t, defaults, sharedV1)
	client, server := r.spanOf(t, clientKind), r.spanOf(t, serverKind)
	if idOf(client.SpanId) != 0xa || len(client.ParentSpanId) > 0 || r.service(t, client) != "web" {
		t.Errorf("client %x of %x, service %v", client.SpanId, client.ParentSpanId, r.service(t, client))
	}
	wantTimes(t, client, 1000, 1500)
	wantAttrs(t, attrsOf(t, client.Attributes), attrMap{"url.path": "/c", "peer.service": "db", "network.peer.port": int64(3306)})
	if idOf(server.SpanId) == 0xa || idOf(server.ParentSpanId) != 0xa || r.service(t, server) != "app" {
		t.Errorf("server %x of %x, service %v", server.SpanId, server.ParentSpanId, r.service(t, server))
	}
	wantTimes(t, server, 1100, 1400)
	wantAttrs(t, attrsOf(t, server.Attributes), attrMap{
		"url.path": "/s", "ot2otel.zipkin.id": "000000000000000a", "ot2otel.zipkin.shared": true, "peer.service": nil,
	})
	if server.Flags != 0x301 || len(client.Events)+len(server.Events) > 0 {
		t.Errorf("flags %#x, events %v %v", server.Flags, client.Events, server.Events)
	}
}

// Vector 28 in both orders: children are sent before or after their parent.
func TestVector28SharedAndLocalChild(t *testing.T) {
	spans := []string{
		v2(`"id":"a","kind":"SERVER","shared":true,"localEndpoint":{"serviceName":"app"}`),
		v2(`"id":"c","parentId":"a","localEndpoint":{"serviceName":"App"}`),
		v2(`"id":"d","parentId":"a","localEndpoint":{"serviceName":"web"}`),
	}
	for range spans {
		spans = append(spans[1:], spans[0])
		byID := parentsOf(v2JSON(t, defaults, spans...))
		server := byID["d"]
		if server != "a" {
			t.Errorf("parent of d is %s, want a", server)
		}
		h := byID["c"]
		if h == "a" || byID[h] != "a" {
			t.Errorf("parent of c is %s, whose parent is %s; want that of the server half", h, byID[h])
		}
	}
}

// parentsOf returns the parent of each span, by ids without leading zeros.
func parentsOf(r result) map[string]string {
	parents := map[string]string{}
	for _, s := range r.spans() {
		parents[short(s.SpanId)] = short(s.ParentSpanId)
	}
	return parents
}

func short(id []byte) string { return strings.TrimLeft(hex.EncodeToString(id), "0") }

func TestVector29ChildInALaterPayload(t *testing.T) {
	server := v2(`"id":"a","kind":"SERVER","shared":true,"localEndpoint":{"serviceName":"app"}`)
	child := v2(`"id":"c","parentId":"a","localEndpoint":{"serviceName":"app"}`)
	c := translate.Config{Shared: memory{}}
	half := short(v2JSON(t, c, server).span(t).SpanId)
	if got := parentsOf(v2JSON(t, c, child))["c"]; got != half {
		t.Errorf("parent %s, want %s", got, half)
	}
	if got := parentsOf(v2JSON(t, translate.Config{Shared: memory{}}, child))["c"]; got != "a" {
		t.Errorf("with a fresh memory: parent %s, want a", got)
	}
	if got := parentsOf(v2JSON(t, defaults, child))["c"]; got != "a" {
		t.Errorf("without a memory: parent %s, want a", got)
	}
}

// A memory remembers for good.
type memory map[[32]byte]uint64

func (m memory) Remember(key [32]byte, now uint64)   { m[key] = now }
func (m memory) Knows(key [32]byte, now uint64) bool { return m[key] != 0 }

func TestVector30TwoServersOneClientID(t *testing.T) {
	r := v2JSON(t, defaults,
		v2(`"id":"a","kind":"SERVER","shared":true,"localEndpoint":{"serviceName":"app1"}`),
		v2(`"id":"a","kind":"SERVER","shared":true,"localEndpoint":{"serviceName":"app2"}`))
	parents := parentsOf(r)
	if len(parents) != 2 || parents["a"] != "" {
		t.Errorf("ids and parents %v", parents)
	}
	for id, parent := range parents {
		if parent != "a" {
			t.Errorf("parent of %s is %s, want a", id, parent)
		}
	}
}

func TestVector31StatusForms(t *testing.T) {
	for _, test := range []struct {
		name, tags string
		code       tracepb.Status_StatusCode
		message    string
		kept       any // of the tag error
	}{
		{"OK", tagsOf("otel.status_code", "OK"), ok, "", nil},
		{"ERROR, empty error", tagsOf("otel.status_code", "ERROR", "error", ""), failed, "", ""},
		{"error false", tagsOf("error", "false"), unset, "", "false"},
		{"error in words", tagsOf("error", "boom"), failed, "boom", "boom"},
		{"error true", tagsOf("error", "true"), failed, "", nil},
		{"error True", tagsOf("error", "True"), failed, "", "True"},
		{"ERROR and a text", tagsOf("otel.status_code", "ERROR", "error", "boom"), failed, "boom", "boom"},
		{"OK beats error", tagsOf("otel.status_code", "OK", "error", "true"), ok, "", "true"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := v2Span(t, test.tags)
			wantStatus(t, s, test.code, test.message)
			wantAttrs(t, attrsOf(t, s.Attributes), attrMap{"error": test.kept, "otel.status_code": nil})
		})
	}
}

func TestVector32BadNeighbour(t *testing.T) {
	r := v2JSON(t, defaults,
		v2(`"id":"a","annotations":[{"timestamp":5,"value":"a|b|c"}],"tags":{"n":200}`,
			`"localEndpoint":{"serviceName":"s","ipv4":"not-an-ip","port":70000}`),
		v2(`"id":"b","localEndpoint":{"serviceName":"s"}`))
	spans := r.spans()
	if len(spans) != 2 {
		t.Fatalf("%d spans, want both", len(spans))
	}
	got := attrsOf(t, spans[0].Attributes)
	wantAttrs(t, got, attrMap{
		"n": int64(200), "ot2otel.zipkin.local.ipv4": "not-an-ip", "ot2otel.zipkin.local.port": int64(70000),
		"network.local.address": nil, "network.local.port": nil,
	})
	wantNote(t, got, "tag.non_string:n")
	wantNote(t, got, "ip.invalid")
	wantNote(t, got, "port.invalid")
	if e := spans[0].Events; len(e) != 1 || e[0].Name != "a|b|c" {
		t.Errorf("events %v", e)
	}
}

func TestVector33AnnotationFormats(t *testing.T) {
	for value, want := range map[string]string{
		`my: {"a":1}`:   "my",
		`"my": {"a":1}`: "my",
		`"my":{"a":1}`:  "my",
		`my|{"a":1}|2`:  "my",
		`x: {broken`:    `x: {broken`,
	} {
		s := v2Span(t, fmt.Sprintf(`"annotations":[{"timestamp":5,"value":%q}]`, value))
		e := s.Events[0]
		if e.Name != want || e.TimeUnixNano != 5000 {
			t.Errorf("%s: event %s at %d", value, e.Name, e.TimeUnixNano)
		}
		if want == "my" {
			if diff := cmp.Diff(attrMap{"a": int64(1)}, attrsOf(t, e.Attributes)); diff != "" {
				t.Errorf("%s: attributes (-want +got):\n%s", value, diff)
			}
		}
		if dropped := e.DroppedAttributesCount; (dropped == 2) != strings.HasSuffix(value, "2") {
			t.Errorf("%s: %d dropped", value, dropped)
		}
	}
}

func TestVector34ResourceTags(t *testing.T) {
	span := func(host, more string) string {
		return v2(`"id":"` + host + `","localEndpoint":{"serviceName":"a"},"tags":{"host.name":"` + host + `"` + more + `}`)
	}
	marked := v2JSON(t, defaults, span("f1", `,"otel.scope.name":"x"`), span("f2", `,"otel.scope.name":"x"`))
	if n := len(marked.request.ResourceSpans); n != 2 {
		t.Errorf("%d resources, want 2", n)
	}
	for i, host := range []string{"f1", "f2"} {
		rs := marked.request.ResourceSpans[i]
		wantAttrs(t, attrsOf(t, rs.Resource.Attributes), attrMap{"service.name": "a", "host.name": host})
		if scope := rs.ScopeSpans[0].Scope.Name; scope != "x" {
			t.Errorf("scope %q", scope)
		}
	}
	plain := v2JSON(t, defaults, span("f1", ""), span("f2", ""))
	if diff := cmp.Diff(attrMap{"service.name": "a"}, plain.resource(t)); diff != "" {
		t.Errorf("resource (-want +got):\n%s", diff)
	}
	for i, s := range plain.spans() {
		wantAttrs(t, attrsOf(t, s.Attributes), attrMap{"host.name": []string{"f1", "f2"}[i]})
	}
}

func TestVector35IDs(t *testing.T) {
	s := v1JSON(t, defaults, `{"traceId":"1","id":"2","name":"n"}`).span(t)
	if hex.EncodeToString(s.TraceId) != "00000000000000000000000000000001" || idOf(s.SpanId) != 2 {
		t.Errorf("ids %x %x", s.TraceId, s.SpanId)
	}
	proto := []byte("\n\x14\n\x081234abcd\x1a\x0812345678") // spans { trace_id, id }
	s = translated(t, defaults, translate.ZipkinV2Proto, proto).span(t)
	if string(s.TraceId) != "\x00\x00\x00\x00\x00\x00\x00\x001234abcd" {
		t.Errorf("trace id %q", s.TraceId)
	}
	if s = v2Span(t, `"parentId":"0000000000000000"`); len(s.ParentSpanId) > 0 {
		t.Errorf("parent %x, want none", s.ParentSpanId)
	}
	s = v2Span(t, `"parentId":"0000000000000002"`)
	if len(s.ParentSpanId) > 0 {
		t.Errorf("parent %x, want none", s.ParentSpanId)
	}
	got := attrsOf(t, s.Attributes)
	wantNote(t, got, "parent.self")
	wantAttrs(t, got, attrMap{"ot2otel.zipkin.parent_id": "0000000000000002"})
}

func TestVector36ThriftInts(t *testing.T) {
	port := int16(-1)
	host := &zipkincore.Endpoint{ServiceName: "s", Port: port}
	tag := func(key, value string, typ zipkincore.AnnotationType) *zipkincore.BinaryAnnotation {
		return &zipkincore.BinaryAnnotation{Key: key, Value: []byte(value), AnnotationType: typ, Host: host}
	}
	s := thriftSpans(t, defaults, &zipkincore.Span{TraceID: 1, ID: 2, Name: "n", BinaryAnnotations: []*zipkincore.BinaryAnnotation{
		tag("i16", "\xff\xff", zipkincore.AnnotationType_I16),
		tag("i32", "\xff\xff\xff\xfe", zipkincore.AnnotationType_I32),
		tag("i64", "\xff\xff\xff\xff\xff\xff\xff\xfd", zipkincore.AnnotationType_I64),
		tag("double", "\x3f\xf8\x00\x00\x00\x00\x00\x00", zipkincore.AnnotationType_DOUBLE),
		tag("bytes", "\x00\xff", zipkincore.AnnotationType_BYTES),
		tag("cut", "\x00\xff", zipkincore.AnnotationType_I64),
	}}).span(t)
	got := attrsOf(t, s.Attributes)
	wantAttrs(t, got, attrMap{
		"i16": int64(-1), "i32": int64(-2), "i64": int64(-3), "double": 1.5, "bytes": []byte("\x00\xff"),
		"cut": []byte("\x00\xff"), "network.local.port": int64(65535),
	})
	wantNote(t, got, "tag.unknown_type:cut")
}

// thriftSpans returns what becomes of spans that Apache Thrift writes.
func thriftSpans(t testing.TB, c translate.Config, spans ...*zipkincore.Span) result {
	t.Helper()
	return translated(t, c, translate.ZipkinV1Thrift, encodeSpans(t, spans...))
}

func encodeSpans(t testing.TB, spans ...*zipkincore.Span) []byte {
	t.Helper()
	buf := thrift.NewTMemoryBuffer()
	p := thrift.NewTBinaryProtocolConf(buf, nil)
	err := p.WriteListBegin(t.Context(), thrift.STRUCT, len(spans))
	for _, s := range spans {
		if err == nil {
			err = s.Write(t.Context(), p)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// agentMessage returns a call of emitZipkinBatch as an agent's client writes it.
func agentMessage(t testing.TB, f translate.Format, spans ...*zipkincore.Span) []byte {
	t.Helper()
	buf := thrift.NewTMemoryBuffer()
	var p thrift.TProtocol = thrift.NewTCompactProtocolConf(buf, nil)
	if f == translate.JaegerBinary {
		p = thrift.NewTBinaryProtocolConf(buf, nil)
	}
	if err := agent.NewAgentClientProtocol(buf, p, p).EmitZipkinBatch(t.Context(), spans); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestVector42EmitZipkinBatch(t *testing.T) {
	us := func(n int64) *int64 { return &n }
	host := &zipkincore.Endpoint{ServiceName: "old", Ipv4: 10<<24 | 7}
	span := &zipkincore.Span{
		TraceID: 1, ID: 2, Name: "n", Timestamp: us(1000), Duration: us(50),
		Annotations: []*zipkincore.Annotation{
			{Timestamp: 1000, Value: "cs", Host: host}, {Timestamp: 1050, Value: "cr", Host: host},
		},
	}
	for _, f := range []translate.Format{translate.JaegerCompact, translate.JaegerBinary} {
		r := translated(t, defaults, f, agentMessage(t, f, span))
		s := r.spanOf(t, clientKind)
		wantTimes(t, s, 1000, 1050)
		wantAttrs(t, attrsOf(t, s.Attributes), attrMap{"network.local.address": "10.0.0.7"})
		wantAttrs(t, r.resource(t), attrMap{"service.name": "old"})
		scope := r.request.ResourceSpans[0].ScopeSpans[0].Scope
		wantAttrs(t, attrsOf(t, scope.Attributes), attrMap{"ot2otel.source.format": "zipkin.v1.thrift"})
	}
}
