package translate_test

import (
	"math"

	"github.com/jaegertracing/jaeger-idl/thrift-gen/jaeger"
	"pgregory.net/rapid"
)

// Generators of batches in which the rules meet: known keys, repeated keys,
// all types, bytes that are not UTF-8, references of all kinds. Ids and times
// are such that none has to be replaced.

var (
	randomKeys = rapid.SampledFrom([]string{
		"span.kind", "error", "http.status_code", "error.message", "otel.status_code", "otel.status_description",
		"otel.scope.name", "otel.library.name", "otel.scope.version", "event", "message", "error.kind", "error.object",
		"stack", "component", "service.name", "k", "k", "l", "", "cut\xe2\x82", "ключ", "a key that is longer than eight",
	})
	randomTexts = rapid.SampledFrom([]string{
		"", "a", "true", "false", "client", " SERVER ", "SPAN_KIND_PRODUCER", "OK", "ERROR", "UNSET", "error", "404", "500",
		"not UTF-8: \xff\xfe", "some words that take more than sixteen bytes", "текст",
	})
	randomNumbers = rapid.SampledFrom([]float64{0, 1, 0.5, -3, 404, 500.25, 503, math.Inf(1), math.MaxFloat64})
)

func randomBatch(t *rapid.T) *jaeger.Batch {
	b := newBatch(rapid.SliceOfN(rapid.Custom(randomSpan), 1, 4).Draw(t, "spans")...)
	b.Process.ServiceName = randomTexts.Draw(t, "service")
	b.Process.Tags = randomTags(t, "process tags")
	return b
}

func randomSpan(t *rapid.T) *jaeger.Span {
	id := rapid.Int64Range(1, 3)
	s := newSpan()
	s.TraceIdHigh = rapid.Int64Range(0, 1).Draw(t, "trace id, high")
	s.SpanId = rapid.Int64Min(1).Draw(t, "span id")
	s.ParentSpanId = rapid.Int64Range(0, 2).Draw(t, "parent")
	s.OperationName = randomTexts.Draw(t, "name")
	s.Flags = rapid.Int32Range(0, 9).Draw(t, "flags")
	s.StartTime = rapid.Int64Range(0, 1<<52).Draw(t, "start")
	s.Duration = rapid.Int64Range(-1, 1<<40).Draw(t, "duration")
	s.Tags = randomTags(t, "tags")
	for range rapid.IntRange(0, 3).Draw(t, "logs") {
		s.Logs = append(s.Logs, &jaeger.Log{Timestamp: id.Draw(t, "log time"), Fields: randomTags(t, "fields")})
	}
	for range rapid.IntRange(0, 4).Draw(t, "references") {
		s.References = append(s.References, &jaeger.SpanRef{
			RefType:     jaeger.SpanRefType(rapid.Int32Range(0, 2).Draw(t, "type")),
			TraceIdLow:  rapid.SampledFrom([]int64{0, traceT, traceT}).Draw(t, "trace id"),
			TraceIdHigh: s.TraceIdHigh,
			SpanId:      rapid.Int64Range(0, 3).Draw(t, "span id"),
		})
	}
	return s
}

func randomTags(t *rapid.T, label string) []*jaeger.Tag {
	list := []*jaeger.Tag{} // required of a log, even if empty
	for range rapid.IntRange(0, 6).Draw(t, label) {
		list = append(list, tag(randomKeys.Draw(t, "key"), randomValue(t)))
	}
	return list
}

func randomValue(t *rapid.T) any {
	switch rapid.IntRange(0, 5).Draw(t, "type") {
	case 0:
		return rapid.Bool().Draw(t, "bool")
	case 1:
		return rapid.Int64Range(-1, 600).Draw(t, "long")
	case 2:
		return randomNumbers.Draw(t, "double")
	case 3:
		return rapid.SliceOfN(rapid.Byte(), 0, 4).Draw(t, "binary")
	}
	return randomTexts.Draw(t, "string")
}
