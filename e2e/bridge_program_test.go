package e2e

import (
	"errors"
	"math"
	"time"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/ext"
	"github.com/opentracing/opentracing-go/log"
)

// A step is one span of the program that runs on both sides. Its key is a tag,
// too, to find the span by.
type step struct {
	key, operation string
	childOf        []string // keys of steps before
	followsFrom    []string
	tags           opentracing.Tags // given at the start
	late           []opentracing.Tag
	logs           [][]log.Field
	baggage        string // of the item "user"
}

// program holds what services do with OpenTracing, the odd things included.
var program = []step{
	{
		key: "checkout", operation: "HTTP POST /checkout",
		tags: opentracing.Tags{
			"span.kind": ext.SpanKindRPCServerEnum, "http.method": "POST", "http.url": "http://shop.example/checkout?step=2",
			"http.status_code": uint16(200), "component": "net/http",
		},
		logs:    [][]log.Field{{log.Event("accepted"), log.Int("bytes", 1822), log.Bool("new", true)}},
		baggage: "cu-77",
	},
	{
		key: "query", operation: "SELECT stock", childOf: []string{"checkout"},
		tags: opentracing.Tags{
			"span.kind": "client", "db.type": "sql", "db.instance": "inventory", "db.statement": "SELECT 1",
			"peer.service": "postgres", "peer.hostname": "db1.internal", "peer.port": uint16(5432),
		},
	},
	{
		key: "charge", operation: "charge card", childOf: []string{"checkout"},
		tags: opentracing.Tags{"span.kind": "client"},
		late: []opentracing.Tag{{Key: "error", Value: true}},
		logs: [][]log.Field{
			{log.Event("error"), log.Error(errors.New("declined by issuer"))},
			{log.Event("error"), log.String("error.kind", "Declined"), log.Message("code 51"), log.String("stack", "at pay()")},
			{log.Event("error")},
		},
	},
	{key: "string error", operation: "declined", childOf: []string{"charge"}, tags: opentracing.Tags{"error": "timeout"}},
	{key: "no error", operation: "fine", childOf: []string{"charge"}, tags: opentracing.Tags{"error": false}},
	{
		key: "upstream failed", operation: "HTTP GET", childOf: []string{"charge"},
		tags: opentracing.Tags{"span.kind": "client", "http.status_code": uint16(503)},
	},
	{key: "mail", operation: "mail.send", followsFrom: []string{"checkout"}, tags: opentracing.Tags{"span.kind": ext.SpanKindProducerEnum}},
	{
		key: "join", operation: "report.join", childOf: []string{"query", "charge"}, followsFrom: []string{"mail"},
		late: []opentracing.Tag{{Key: "span.kind", Value: "consumer"}},
	},
	{key: "cron", operation: "nightly", tags: opentracing.Tags{"span.kind": "cron"}},
	{
		key: "types", operation: "every type",
		tags: opentracing.Tags{
			"int": -1, "uint8": uint8(8), "int64": int64(math.MaxInt64), "uint64": uint64(7), "uint64 max": uint64(math.MaxUint64),
			"float32": float32(0.1), "nan": math.NaN(), "inf": math.Inf(-1), "bytes": []byte{104, 105},
			"error value": errors.New("boom"), "struct": struct{ A, B int }{1, 2}, "list": []int{1, 2}, "nil": nil,
		},
		late: []opentracing.Tag{{Key: "twice", Value: "first"}, {Key: "twice", Value: int64(2)}},
		logs: [][]log.Field{
			{log.Message("no event here")},
			{log.Int("event", 7)},
			{log.Event(""), log.String("k", "v")},
			{log.Event("numbers"), log.Uint64("uint64", 7), log.Float32("float32", 0.1), log.Object("object", []int{1})},
		},
	},
	{key: "nameless", operation: ""},
}

// run records the program with tracer. Every span starts at its own full
// second and lasts a quarter of one, so that no clock makes a difference.
func run(tracer opentracing.Tracer, begin time.Time) {
	contexts := map[string]opentracing.SpanContext{}
	for n, s := range program {
		at := begin.Add(time.Duration(n) * time.Second)
		options := []opentracing.StartSpanOption{opentracing.StartTime(at), s.tags, opentracing.Tag{Key: "key", Value: s.key}}
		for _, key := range s.childOf {
			options = append(options, opentracing.ChildOf(contexts[key]))
		}
		for _, key := range s.followsFrom {
			options = append(options, opentracing.FollowsFrom(contexts[key]))
		}
		span := tracer.StartSpan(s.operation, options...)
		contexts[s.key] = span.Context()
		for _, tag := range s.late {
			span.SetTag(tag.Key, tag.Value)
		}
		if s.baggage != "" {
			span.SetBaggageItem("user", s.baggage)
		}
		span.FinishWithOptions(finish(at, s.logs))
	}
}

func finish(at time.Time, logs [][]log.Field) opentracing.FinishOptions {
	o := opentracing.FinishOptions{FinishTime: at.Add(250 * time.Millisecond)}
	for n, fields := range logs {
		at := at.Add(time.Duration(n) * time.Millisecond)
		o.LogRecords = append(o.LogRecords, opentracing.LogRecord{Timestamp: at, Fields: fields})
	}
	return o
}
