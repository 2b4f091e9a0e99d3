package config

import "slices"

// jaegerKeys are the listeners for Jaeger clients.
var jaegerKeys = slices.Concat(
	udpKeys("jaeger.compact.", ":6831", "Jaeger clients' Thrift compact packets", func(c *Config) *UDP { return &c.Jaeger.Compact }),
	udpKeys("jaeger.binary.", ":6832", "Jaeger clients' Thrift binary packets, as the Node.js client sends them", func(c *Config) *UDP { return &c.Jaeger.Binary }),
	requestKeys{
		group: "jaeger.http.", address: ":14268", takes: "batches that Jaeger clients POST to /api/traces", body: "16MiB",
	}.of(func(c *Config) *HTTP { return &c.Jaeger.HTTP }),
	requestKeys{
		group: "jaeger.grpc.", address: ":14250", takes: "batches that Jaeger agents send to the collector over gRPC", body: "16MiB",
	}.of(func(c *Config) *HTTP { return &c.Jaeger.GRPC }),
)

// zipkinKeys are the listeners for Zipkin clients.
var zipkinKeys = slices.Concat(
	udpKeys("zipkin.compact.", ":5775", "Thrift compact packets of the oldest clients of the Jaeger agent, Zipkin spans among them", func(c *Config) *UDP { return &c.Zipkin.Compact }),
	requestKeys{
		group: "zipkin.http.", address: ":9411", takes: "spans that Zipkin clients send, by POST to /api/v1/spans and /api/v2/spans or over gRPC", body: "16MiB",
	}.of(func(c *Config) *HTTP { return &c.Zipkin.HTTP }),
)

// The addresses of OTLP listeners that nobody has chosen: such a listener
// gives way to whoever else is there, see [Config.GivesWay].
const (
	otlpGRPCAddress = ":4317"
	otlpHTTPAddress = ":4318"
)

const givesWayDoc = " At this default the listener gives way, with a warning, where the port is taken or is a destination's: a backend on the same machine."

// otlpKeys are the listeners for OpenTelemetry's own clients.
var otlpKeys = slices.Concat(
	requestKeys{
		group: "otlp.grpc.", address: otlpGRPCAddress, more: givesWayDoc, takes: "OTLP over gRPC, from apps that have moved to OpenTelemetry", body: "64MiB",
	}.of(func(c *Config) *HTTP { return &c.OTLP.GRPC }),
	requestKeys{
		group: "otlp.http.", address: otlpHTTPAddress, more: givesWayDoc, takes: "OTLP over HTTP, in protobuf or JSON", body: "64MiB",
	}.of(func(c *Config) *HTTP { return &c.OTLP.HTTP }),
	[]key[Config]{{Key{
		Path: "otlp.validate", Default: "false", Example: "true",
		Doc: "Whether spans that come as OTLP and break its rules are left out, and their sender told how many. Otherwise requests are passed on as they are.",
	}, func(c *Config) Value { return boolean(&c.OTLP.Validate) }}},
)
