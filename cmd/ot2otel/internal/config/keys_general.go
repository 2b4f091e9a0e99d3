package config

import "time"

// generalKeys stand at the top of the annotated file.
var generalKeys = []key[Config]{
	{Key{
		Path: "listen_host", Default: "127.0.0.1", Example: "0.0.0.0",
		Doc: "The host that every listener binds to whose own address names none.",
	}, func(c *Config) Value { return host(&c.ListenHost) }},
}

// operationKeys stand at its end.
var operationKeys = []key[Config]{
	{Key{
		Path: "admin.addresses", Default: ":14269,:14271", Example: "127.0.0.1:9090",
		Doc: "Where health and metrics are served: /, /livez, /readyz and /metrics. The two ports are those that the Jaeger collector and agent had. Empty: nowhere.",
	}, func(c *Config) Value { return addresses(&c.Admin.Addresses) }},
	{Key{
		Path: "shutdown_timeout", Default: "5s", Example: "30s",
		Doc: "How long the queues may drain when the program is told to stop.",
	}, func(c *Config) Value { return duration(&c.ShutdownTimeout, 0, time.Hour) }},
	{Key{
		Path: "log.level", Default: "info", Example: "debug", Also: "OTEL_LOG_LEVEL",
		Doc: "The least severe message that is logged.",
	}, func(c *Config) Value { return oneNameOf(&c.Log.Level, "debug", "info", "warn", "error") }},
	{Key{
		Path: "log.format", Default: "text", Example: "json",
		Doc: "How messages are written.",
	}, func(c *Config) Value { return oneNameOf(&c.Log.Format, "text", "json") }},
}
