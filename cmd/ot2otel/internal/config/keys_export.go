package config

import (
	"slices"
	"time"

	"github.com/ot2otel/ot2otel/export"
)

// exportKeys are the keys of one destination. They stand under export for
// what destinations have in common, and in each block of the list.
var exportKeys = slices.Concat(destinationKeys, tlsKeys, queueKeys)

var destinationKeys = []key[export.Config]{
	{Key{
		Path: "name", Example: "tempo",
		Doc: "What metrics and logs call the destination. Empty: host and port of the endpoint.",
	}, func(c *export.Config) Value { return text(&c.Name) }},
	{Key{
		Path: "endpoint", Example: "https://tempo.example:4317", Also: "OTEL_EXPORTER_OTLP_ENDPOINT",
		Doc: "Where the backend takes OTLP: a URL, or host:port for gRPC. The HTTP protocols append v1/traces to its path. Empty, and no list of destinations: spans go to the console.",
	}, func(c *export.Config) Value { return text(&c.Endpoint) }},
	{Key{
		Path: "traces_endpoint", Example: "https://otlp.example/custom/path", Also: "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
		Doc: "In place of endpoint: a URL that is used as it is.",
	}, func(c *export.Config) Value { return text(&c.TracesEndpoint) }},
	{Key{
		Path: "protocol", Default: "auto", Example: "http/protobuf", Also: "OTEL_EXPORTER_OTLP_PROTOCOL",
		Doc: "How OTLP is carried. auto: gRPC where the endpoint has no scheme or has port 4317, HTTP with protobuf otherwise.",
	}, func(c *export.Config) Value {
		return oneOf(&c.Protocol, choice[export.Protocol]{"auto", ""}, named(export.GRPC), named(export.HTTPProtobuf), named(export.HTTPJSON))
	}},
	{Key{
		Path: "insecure", Default: "false", Example: "true", Also: "OTEL_EXPORTER_OTLP_INSECURE",
		Doc: "Whether to do without TLS where the endpoint has no scheme to say so.",
	}, func(c *export.Config) Value { return boolean(&c.Insecure) }},
	{Key{
		Path: "headers", Example: "authorization=Bearer%20abc", Also: "OTEL_EXPORTER_OTLP_HEADERS", Secret: true,
		Doc: "Headers sent with every request, as a mapping here, or as name=value pairs, percent-encoded, with commas between them.",
	}, func(c *export.Config) Value { return headers(&c.Headers) }},
	{Key{
		Path: "compression", Default: "none", Example: "gzip", Also: "OTEL_EXPORTER_OTLP_COMPRESSION",
		Doc: "How requests are made smaller. zstd is not in OTLP's list, but Collectors take it.",
	}, func(c *export.Config) Value {
		return oneOf(&c.Compression, named(export.NoCompression), named(export.Gzip), named(export.Zstd))
	}},
	{Key{
		Path: "timeout", Default: "10s", Example: "30s", Also: "OTEL_EXPORTER_OTLP_TIMEOUT",
		Doc: "How long one attempt to send may take. 0s: as long as it likes.",
	}, func(c *export.Config) Value { return timeLimit(&c.Timeout, 24*time.Hour) }},
	{Key{
		Path: "strict", Default: "false", Example: "true",
		Doc: "Whether to drop a batch at every refusal that OTLP calls final. Otherwise a batch is divided to save its good spans, and held while the backend says 401, 403 or 404.",
	}, func(c *export.Config) Value { return boolean(&c.Strict) }},
}

var tlsKeys = []key[export.Config]{
	{Key{
		Path: "tls.ca_file", Example: "/etc/ssl/backend-ca.pem", Also: "OTEL_EXPORTER_OTLP_CERTIFICATE",
		Doc: "PEM file of those who may sign the backend's certificate. Empty: the system's.",
	}, func(c *export.Config) Value { return text(&c.TLS.CAFile) }},
	{Key{
		Path: "tls.cert_file", Example: "/etc/ot2otel/client.pem", Also: "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE",
		Doc: "PEM file of the certificate to show to the backend. It is read again for every connection.",
	}, func(c *export.Config) Value { return text(&c.TLS.CertFile) }},
	{Key{
		Path: "tls.key_file", Example: "/etc/ot2otel/client.key", Also: "OTEL_EXPORTER_OTLP_CLIENT_KEY",
		Doc: "PEM file of that certificate's key.",
	}, func(c *export.Config) Value { return text(&c.TLS.KeyFile) }},
	{Key{
		Path: "tls.server_name", Example: "tempo.internal",
		Doc: "The name to expect in the backend's certificate. Empty: the endpoint's host.",
	}, func(c *export.Config) Value { return text(&c.TLS.ServerName) }},
	{Key{
		Path: "tls.min_version", Default: "1.2", Example: "1.3",
		Doc: "The oldest version of TLS to speak.",
	}, func(c *export.Config) Value { return oneNameOf(&c.TLS.MinVersion, "1.2", "1.3") }},
}

var queueKeys = []key[export.Config]{
	{Key{
		Path: "batch.max_bytes", Default: "3584KiB", Example: "1MiB",
		Doc: "The size of the largest request before compression. Many gRPC servers stop reading at 4MiB.",
	}, func(c *export.Config) Value { return size(&c.BatchBytes, 4<<10, 64<<20) }},
	{Key{
		Path: "batch.max_age", Default: "200ms", Example: "1s",
		Doc: "How long a span waits at most for its batch to fill.",
	}, func(c *export.Config) Value { return duration(&c.BatchAge, time.Millisecond, time.Hour) }},
	{Key{
		Path: "queue.max_bytes", Default: "64MiB", Example: "256MiB",
		Doc: "How much may wait in memory for this destination, what is being sent included. When it is full, HTTP senders are refused, and what comes over UDP is dropped and counted.",
	}, func(c *export.Config) Value { return size(&c.QueueBytes, 64<<10, 1<<40) }},
	{Key{
		Path: "senders", Default: "4", Example: "16",
		Doc: "How many requests may be under way at a time.",
	}, func(c *export.Config) Value { return number(&c.Senders, 1, 256) }},
	{Key{
		Path: "retry.min", Default: "500ms", Example: "1s",
		Doc: "The wait before the n-th retry is a random part of this, doubled n-1 times.",
	}, func(c *export.Config) Value { return duration(&c.Retry.Min, time.Millisecond, time.Hour) }},
	{Key{
		Path: "retry.max", Default: "30s", Example: "1m",
		Doc: "The longest such wait. There is no last attempt: what bounds waiting is the queue.",
	}, func(c *export.Config) Value { return duration(&c.Retry.Max, time.Millisecond, 24*time.Hour) }},
	{Key{
		Path: "retry.max_asked", Default: "10m", Example: "1m",
		Doc: "The longest wait that a backend may ask for with RetryInfo or Retry-After.",
	}, func(c *export.Config) Value { return duration(&c.Retry.MaxAsked, time.Millisecond, 24*time.Hour) }},
}

// named is a choice whose name is its value.
func named[T ~string](v T) choice[T] { return choice[T]{string(v), v} }
