package translate_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jaegertracing/jaeger-idl/thrift-gen/zipkincore"

	"github.com/ot2otel/ot2otel/translate"
)

// The tests in this file are the defects that other translators have with
// Zipkin, by their numbers in the mapping's section 8: each shows what becomes
// of just the input that they fail on.

// D-01: one call of emitZipkinBatch ends the process.
func TestDefect01EmitZipkinBatch(t *testing.T) {
	for _, f := range []translate.Format{translate.JaegerCompact, translate.JaegerBinary} {
		s := translated(t, defaults, f, agentMessage(t, f, &zipkincore.Span{TraceID: 1, ID: 2, Name: "old"})).span(t)
		if s.Name != "old" || idOf(s.SpanId) != 2 {
			t.Errorf("%v: span %s %x", f, s.Name, s.SpanId)
		}
	}
}

// D-02: "value": true fails the payload.
func TestDefect02BooleanAddress(t *testing.T) {
	for _, value := range []string{`true`, `"true"`, `"1"`, `1`} {
		s := v1JSON(t, defaults, `{"traceId":"1","id":"2","name":"n","annotations":[
			{"timestamp":5,"value":"cs","endpoint":{"serviceName":"web"}},{"timestamp":9,"value":"cr","endpoint":{"serviceName":"web"}}],
			"binaryAnnotations":[{"key":"sa","value":`+value+`,"endpoint":{"serviceName":"db","ipv4":"10.0.0.9"}}]}`).span(t)
		wantAttrs(t, attrsOf(t, s.Attributes), attrMap{
			"peer.service": "db", "network.peer.address": "10.0.0.9", "sa": nil,
		})
	}
}

// D-03: two pipes in an annotation fail the payload.
func TestDefect03Pipes(t *testing.T) {
	for _, value := range []string{"a|b|c", "||", "a|{}|x", "a|{}|-1", "|{}|1", `a|{"b":1}`, "a|{}|99999999999"} {
		s := v2Span(t, `"annotations":[{"timestamp":5,"value":"`+escaped(value)+`"}]`)
		if e := s.Events; len(e) != 1 || e[0].Name != value || len(e[0].Attributes) > 0 {
			t.Errorf("%s: events %v", value, e)
		}
	}
}

// D-04: each of these fails the payload.
func TestDefect04OddFields(t *testing.T) {
	for _, test := range []struct {
		name, member string
		want         attrMap
	}{
		{"numeric tag", `"tags":{"n":200}`, attrMap{"n": int64(200)}},
		{"bad IP", `"localEndpoint":{"ipv4":"x"}`, attrMap{"ot2otel.zipkin.local.ipv4": "x"}},
		{"port", `"remoteEndpoint":{"port":70000}`, attrMap{"ot2otel.zipkin.remote.port": int64(70000)}},
		{"negative timestamp", `"timestamp":-5`, attrMap{"ot2otel.start_us": int64(-5)}},
		{"annotation at 0", `"annotations":[{"timestamp":0,"value":"e"}]`, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := v2JSON(t, defaults, v2(test.member), v2(`"id":"3"`))
			if len(r.spans()) != 2 {
				t.Fatalf("%d spans, want both", len(r.spans()))
			}
			wantAttrs(t, attrsOf(t, r.spans()[0].Attributes), test.want)
		})
	}
}

// D-05: trace ids of 8 bytes are refused, and debug is not read.
func TestDefect05Proto(t *testing.T) {
	payload := []byte("\n\x16\n\x08\x01\x02\x03\x04\x05\x06\x07\x08\x1a\x0812345678\x60\x01") // … debug: true
	s := translated(t, defaults, translate.ZipkinV2Proto, payload).span(t)
	if short(s.TraceId) != "102030405060708" {
		t.Errorf("trace id %x", s.TraceId)
	}
	wantAttrs(t, attrsOf(t, s.Attributes), attrMap{"ot2otel.zipkin.debug": true})
}

// D-06: otel.status_code=OK becomes UNSET.
func TestDefect06StatusOK(t *testing.T) {
	for _, code := range []string{"OK", "Ok", "STATUS_CODE_OK"} {
		wantStatus(t, v2Span(t, tagsOf("otel.status_code", code)), ok, "")
	}
}

// D-07: v1 loses the error's text and the status code.
func TestDefect07V1Status(t *testing.T) {
	binary := func(key, value string) string {
		return `{"traceId":"1","id":"2","name":"n","binaryAnnotations":[{"key":"` + key + `","value":"` + value + `"}]}`
	}
	s := v1JSON(t, defaults, binary("error", "timed out")).span(t)
	wantStatus(t, s, failed, "timed out")
	wantAttrs(t, attrsOf(t, s.Attributes), attrMap{"error": "timed out"})
	wantStatus(t, v1JSON(t, defaults, binary("otel.status_code", "ERROR")).span(t), failed, "")
}

// D-08: of the resource and scope tags of a service only one span's survive,
// none without a service name, and the spans' order is turned round.
func TestDefect08ResourceTags(t *testing.T) {
	span := func(id, pod, version, endpoint string) string {
		return v2(`"id":"`+id+`"`, tagsOf("k8s.pod.name", pod, "otel.scope.name", "lib", "otel.scope.version", version)+endpoint)
	}
	r := v2JSON(t, defaults,
		span("a", "p1", "1", `,"localEndpoint":{"serviceName":"s"}`), span("b", "p2", "2", `,"localEndpoint":{"serviceName":"s"}`),
		span("c", "p3", "3", ""))
	var got [][3]any
	for _, rs := range r.request.ResourceSpans {
		a, scope := attrsOf(t, rs.Resource.Attributes), rs.ScopeSpans[0].Scope
		got = append(got, [3]any{a["service.name"], a["k8s.pod.name"], scope.Name + scope.Version})
	}
	want := [][3]any{{"s", "p1", "lib1"}, {"s", "p2", "lib2"}, {"unknown_service", "p3", "lib3"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("service, pod, scope (-want +got):\n%s", diff)
	}
	var order string
	for _, s := range v2JSON(t, defaults, v2(`"id":"a"`), v2(`"id":"b"`), v2(`"id":"c"`)).spans() {
		order += short(s.SpanId)
	}
	if order != "abc" {
		t.Errorf("order %s", order)
	}
}

// D-09: the two halves of a v1 span become one, and one's tags overwrite the other's.
func TestDefect09Halves(t *testing.T) {
	r := v1JSON(t, defaults, sharedV1)
	client, server := r.spanOf(t, clientKind), r.spanOf(t, serverKind)
	wantAttrs(t, attrsOf(t, client.Attributes), attrMap{"http.path": "/c"})
	wantAttrs(t, attrsOf(t, server.Attributes), attrMap{"http.path": "/s"})
	wantTimes(t, server, 1100, 1400)
}

// D-10: signs of integers and ports are lost, addresses become tags without
// the address, bytes become base64.
func TestDefect10V1Thrift(t *testing.T) {
	host := &zipkincore.Endpoint{ServiceName: "web", Port: -1}
	db := &zipkincore.Endpoint{ServiceName: "db", Ipv4: 10<<24 | 9}
	tag := func(key, value string, typ zipkincore.AnnotationType, host *zipkincore.Endpoint) *zipkincore.BinaryAnnotation {
		return &zipkincore.BinaryAnnotation{Key: key, Value: []byte(value), AnnotationType: typ, Host: host}
	}
	s := thriftSpans(t, defaults, &zipkincore.Span{TraceID: 1, ID: 2, Name: "n",
		Annotations: []*zipkincore.Annotation{{Timestamp: 5, Value: "cs", Host: host}, {Timestamp: 9, Value: "cr", Host: host}},
		BinaryAnnotations: []*zipkincore.BinaryAnnotation{
			tag("i", "\xff\xff", zipkincore.AnnotationType_I16, host), tag("b", "\xff", zipkincore.AnnotationType_BYTES, host),
			tag("sa", "\x01", zipkincore.AnnotationType_BOOL, db),
		},
	}).span(t)
	wantAttrs(t, attrsOf(t, s.Attributes), attrMap{
		"i": int64(-1), "b": []byte{0xff}, "network.local.port": int64(65535),
		"peer.service": "db", "network.peer.address": "10.0.0.9", "sa": nil,
	})
}

// D-11: shared, debug and a parent that is the span itself are dropped, the
// tag span.kind too where there is no kind; one address overwrites the other,
// and old keys stand beside new ones.
func TestDefect11V2Fields(t *testing.T) {
	s := v2Span(t, `"id":"a","parentId":"a","debug":true,"shared":true,"kind":"CLIENT"`,
		`"localEndpoint":{"ipv4":"10.0.0.1","ipv6":"2001:db8::1","port":80},"remoteEndpoint":{"port":81}`)
	wantAttrs(t, attrsOf(t, s.Attributes), attrMap{
		"ot2otel.zipkin.shared": true, "ot2otel.zipkin.debug": true, "ot2otel.zipkin.parent_id": "000000000000000a",
		"network.local.address": "10.0.0.1", "ot2otel.zipkin.local.ipv6": "2001:db8::1",
		"network.local.port": int64(80), "network.peer.port": int64(81), "net.host.port": nil, "net.peer.port": nil,
	})
	if s = v2Span(t, `"kind":null`, tagsOf("span.kind", "client")); s.Kind != clientKind {
		t.Errorf("kind %v", s.Kind)
	}
}

// D-21: every span that is no error has the status OK.
func TestDefect21StatusOfOthers(t *testing.T) {
	wantStatus(t, v2Span(t, tagsOf("http.status_code", "200")), unset, "")
	wantStatus(t, v2Span(t, `"kind":"SERVER"`), unset, "")
}

// D-22: v1 Thrift loses tags that are no strings, names lose their case, and
// one bad span costs the list.
func TestDefect22Strictness(t *testing.T) {
	host := &zipkincore.Endpoint{ServiceName: "Shop"}
	r := thriftSpans(t, defaults, &zipkincore.Span{TraceID: 1, ID: 2, Name: "GET /", BinaryAnnotations: []*zipkincore.BinaryAnnotation{
		{Key: "n", Value: []byte{0, 7}, AnnotationType: zipkincore.AnnotationType_I16, Host: host},
	}})
	wantAttrs(t, attrsOf(t, r.span(t).Attributes), attrMap{"n": int64(7)})
	wantAttrs(t, r.resource(t), attrMap{"service.name": "Shop"})
	if r.span(t).Name != "GET /" {
		t.Errorf("name %q", r.span(t).Name)
	}
	r = v2JSON(t, defaults, `{"traceId":"not hex","id":"0","name":7,"timestamp":"soon"}`, v2())
	if len(r.spans()) != 2 {
		t.Errorf("%d spans, want both", len(r.spans()))
	}
}
