//go:build unix

package translate_test

import (
	"encoding/json"
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/jaegertracing/jaeger-idl/thrift-gen/zipkincore"
	"github.com/openzipkin/zipkin-go/model"
	"github.com/openzipkin/zipkin-go/proto/zipkin_proto3"

	"github.com/ot2otel/ot2otel/translate"
)

// BenchmarkZipkin/<format>/<mode> is BenchmarkAppend for twenty Zipkin spans
// with 8 or 9 tags, two annotations and both endpoints. Every fourth span of
// shared20 has its client's id.
func BenchmarkZipkin(b *testing.B) {
	modes := map[translate.Semconv]string{translate.SemconvRaw: "raw", translate.SemconvDup: "dup"}
	for _, p := range zipkinPayloads(b) {
		for mode, name := range modes {
			b.Run(fmt.Sprintf("%v/%s/%s", p.format, p.name, name), func(b *testing.B) {
				benchmarkAppend(b, translate.Config{Semconv: mode}, p.format, p.payload, 20)
			})
		}
	}
}

func zipkinPayloads(b *testing.B) []golden {
	rich, shared := zipkinModels(false), zipkinModels(true)
	return []golden{
		{translate.ZipkinV2JSON, "rich20", marshal(b, rich)},
		{translate.ZipkinV2JSON, "shared20", marshal(b, shared)},
		{translate.ZipkinV2Proto, "rich20", serialize(b, rich)},
		{translate.ZipkinV2Proto, "shared20", serialize(b, shared)},
		{translate.ZipkinV1Thrift, "rich20", encodeSpans(b, zipkincoreSpans()...)},
		{translate.ZipkinV1JSON, "rich20", v1Payload()},
	}
}

func marshal(b *testing.B, spans []*model.SpanModel) []byte {
	payload, err := json.Marshal(spans)
	if err != nil {
		b.Fatal(err)
	}
	return payload
}

func serialize(b *testing.B, spans []*model.SpanModel) []byte {
	payload, err := (zipkin_proto3.SpanSerializer{}).Serialize(spans)
	if err != nil {
		b.Fatal(err)
	}
	return payload
}

var benchStart = time.UnixMicro(startUS)

func zipkinModels(shared bool) (spans []*model.SpanModel) {
	for i := range 20 {
		parent := model.ID(0x3d273eaf61a65000 + i)
		s := &model.SpanModel{
			SpanContext: model.SpanContext{
				TraceID: model.TraceID{High: 0x4bf92f3577b34da6, Low: 0xa3ce929d0e0e4736}, ID: model.ID(0x3d273eaf61a65883 + i), ParentID: &parent,
			},
			Name: "get /api/cart", Kind: model.Client, Timestamp: benchStart, Duration: 91250 * time.Microsecond,
			Shared:         shared && i%4 == 0,
			LocalEndpoint:  &model.Endpoint{ServiceName: "front-end", IPv4: net.IPv4(10, 0, 3, 17), Port: 8080},
			RemoteEndpoint: &model.Endpoint{ServiceName: "cart", IPv4: net.IPv4(10, 0, 7, 2), Port: 9090},
			Annotations: []model.Annotation{
				{Timestamp: benchStart.Add(200 * time.Microsecond), Value: "connected"},
				{Timestamp: benchStart.Add(90 * time.Millisecond), Value: "first byte"},
			},
			Tags: map[string]string{
				"http.method": "GET", "http.path": "/api/cart", "http.status_code": "200", "component": "okhttp",
				"http.url": "http://cart:9090/api/cart?id=77", "customer.tier": "gold", "retry": "0", "cache.hit": "false",
			},
		}
		if i%2 == 0 {
			s.Kind = model.Server
			s.Tags["request.id"] = "r-00f067aa0ba902b7"
		}
		spans = append(spans, s)
	}
	return spans
}

// zipkincoreSpans are the same spans in v1: four annotations, all with their endpoints.
func zipkincoreSpans() (spans []*zipkincore.Span) {
	host := &zipkincore.Endpoint{ServiceName: "front-end", Ipv4: 10<<24 | 3<<8 | 17, Port: 8080}
	for i, m := range zipkinModels(false) {
		parent, duration := int64(*m.ParentID), int64(91250)
		start := int64(startUS)
		high := int64(m.TraceID.High)
		s := &zipkincore.Span{
			TraceID: int64(m.TraceID.Low), TraceIDHigh: &high, ID: int64(m.ID), ParentID: &parent, Name: m.Name,
			Timestamp: &start, Duration: &duration,
		}
		begin, end := "cs", "cr"
		if i%2 == 0 {
			begin, end = "sr", "ss"
		}
		for value, micros := range map[string]int64{begin: start, end: start + duration, "connected": start + 200, "first byte": start + 90000} {
			s.Annotations = append(s.Annotations, &zipkincore.Annotation{Timestamp: micros, Value: value, Host: host})
		}
		for key, value := range m.Tags {
			s.BinaryAnnotations = append(s.BinaryAnnotations, &zipkincore.BinaryAnnotation{
				Key: key, Value: []byte(value), AnnotationType: zipkincore.AnnotationType_STRING, Host: host,
			})
		}
		spans = append(spans, s)
	}
	return spans
}

// v1Payload is the same in JSON.
func v1Payload() []byte {
	var spans []string
	const host = `"endpoint":{"serviceName":"front-end","ipv4":"10.0.3.17","port":8080}`
	for _, s := range zipkincoreSpans() {
		var annotations, tags []string
		for _, a := range s.Annotations {
			annotations = append(annotations, fmt.Sprintf(`{"timestamp":%d,"value":%q,%s}`, a.Timestamp, a.Value, host))
		}
		for _, a := range s.BinaryAnnotations {
			tags = append(tags, fmt.Sprintf(`{"key":%q,"value":%q,%s}`, a.Key, a.Value, host))
		}
		spans = append(spans, fmt.Sprintf(`{"traceId":"%x%x","id":"%x","parentId":"%x","name":%q,"timestamp":%d,"duration":%d,"annotations":%s,"binaryAnnotations":%s}`,
			uint64(*s.TraceIDHigh), uint64(s.TraceID), uint64(s.ID), uint64(*s.ParentID), s.Name, *s.Timestamp, *s.Duration, list(annotations), list(tags)))
	}
	return list(spans)
}
