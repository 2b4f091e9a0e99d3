package config

import (
	"slices"
	"time"

	"github.com/ot2otel/ot2otel/rewrite"
)

// SidecarGroup is the group of the sidecar's keys.
const SidecarGroup = "sidecar"

// sidecarKeys are those of the ports that the app's requests come past, and of
// what becomes of trace headers there.
var sidecarKeys = slices.Concat(sidecarPortKeys, headerKeys,
	listKeys("sidecar.inbound_headers.", "towards the app", func(c *Config) *rewrite.Lists { return &c.Sidecar.Headers.Inbound }),
	listKeys("sidecar.outbound_headers.", "towards the network", func(c *Config) *rewrite.Lists { return &c.Sidecar.Headers.Outbound }),
	nameKeys, memoryKeys)

var sidecarPortKeys = []key[Config]{
	{Key{
		Path: "sidecar.inbound", Example: ":8080=127.0.0.1:3000",
		Doc: "Ports in front of the app, written ADDRESS=APP, an address as for jaeger.http. The app is given its own trace headers only.",
	}, func(c *Config) Value { return inbounds(&c.Sidecar.Inbound) }},
	{Key{
		Path: "sidecar.outbound", Example: ":15001",
		Doc: "Addresses of the forward proxy for the app's own requests: what the app has as HTTP_PROXY or grpc_proxy. An address without a host is on 127.0.0.1, whatever listen_host says: it would be a proxy for everyone.",
	}, func(c *Config) Value { return addresses(&c.Sidecar.Outbound) }},
	{Key{
		Path: "sidecar.upstreams", Example: "payments=https://payments.example,:9001=https://stock.example",
		Doc: "Services that the app reaches in plaintext as far as the sidecar, which speaks TLS from there: NAME=URL for a host that the app asks the outbound port for, ADDRESS=URL for a port of its own.",
	}, func(c *Config) Value { return upstreams(&c.Sidecar.Upstreams) }},
	{Key{
		Path: "sidecar.upstream_ca_file", Example: "/etc/ssl/internal-ca.pem",
		Doc: "PEM file of those who may sign the upstreams' certificates. Empty: the system's.",
	}, func(c *Config) Value { return text(&c.Sidecar.UpstreamCA) }},
	{Key{
		Path: "sidecar.ext_proc", Example: ":9002",
		Doc: "Address of an external processor for Envoy (ext_proc, gRPC), which has the headers of its requests rewritten there. Without a host it is on 127.0.0.1. Empty: none.",
	}, func(c *Config) Value { return optionalAddress(&c.Sidecar.ExtProc) }},
	{Key{
		Path: "sidecar.service", Default: "ot2otel-sidecar", Example: "shop-sidecar",
		Doc: "The service.name of the sidecar's own spans.",
	}, func(c *Config) Value { return text(&c.Sidecar.Service) }},
}

// HeaderGroups are the groups of sidecarKeys that say how headers are
// rewritten, and not where.
func HeaderGroups() (paths []string) {
	for _, k := range headerKeys {
		paths = append(paths, k.Path)
	}
	return append(paths, "sidecar.inbound_headers", "sidecar.outbound_headers", "sidecar.names")
}

var headerKeys = []key[Config]{
	{Key{
		Path: "sidecar.app", Default: "jaeger", Example: "b3multi",
		Doc: "The trace headers that the app's tracer speaks.",
	}, func(c *Config) Value { return oneFormat(&c.Sidecar.Headers.App) }},
	{Key{
		Path: "sidecar.mesh", Default: "w3c", Example: "w3c,b3multi",
		Doc: "The trace headers to write towards the network: any of w3c, jaeger, b3single, b3multi, ot.",
	}, func(c *Config) Value { return formats(&c.Sidecar.Headers.Mesh, injectable()) }},
	{Key{
		Path: "sidecar.legacy_out", Default: "keep", Example: "heal",
		Doc: "What becomes of the app's own headers on the way out. keep: they stay as the app wrote them, for services that have not been migrated. heal: they are written anew with the full trace id. drop: they are removed.",
	}, func(c *Config) Value {
		return oneOf(&c.Sidecar.Headers.LegacyOut,
			choice[rewrite.LegacyOut]{"keep", rewrite.LegacyKeep},
			choice[rewrite.LegacyOut]{"heal", rewrite.LegacyHeal},
			choice[rewrite.LegacyOut]{"drop", rewrite.LegacyDrop})
	}},
	{Key{
		Path: "sidecar.trace_id_to_app", Default: "auto", Example: "128",
		Doc: "How many bits of a trace id the app is given. auto: 64 until it has shown that it can take 128, by the version of its client or by sending such an id itself.",
	}, func(c *Config) Value {
		return oneOf(&c.Sidecar.Headers.TraceIDToApp,
			choice[rewrite.Width]{"auto", rewrite.WidthAuto},
			choice[rewrite.Width]{"64", rewrite.Width64},
			choice[rewrite.Width]{"128", rewrite.Width128})
	}},
	{Key{
		Path: "sidecar.b3_join", Default: "auto", Example: "true",
		Doc: "Whether a B3 app takes the span id that it receives for its own server span, as Brave and Sleuth do, and so is given one of its own. auto: once its spans have shown it.",
	}, func(c *Config) Value {
		return oneOf(&c.Sidecar.Headers.B3Join,
			choice[rewrite.Choice]{"auto", rewrite.Auto},
			choice[rewrite.Choice]{"true", rewrite.Yes},
			choice[rewrite.Choice]{"false", rewrite.No})
	}},
	{Key{
		Path: "sidecar.b3_baggage", Default: "auto", Example: "none",
		Doc: "How a B3 app carries baggage. none: not at all, as Zipkin's own clients; plain: baggage-<key>, as the Go and Java Jaeger clients; jaeger: uberctx-<key>, as the Node.js one; auto: none until the app has shown how.",
	}, func(c *Config) Value {
		return oneOf(&c.Sidecar.Headers.B3Baggage,
			choice[rewrite.B3Baggage]{"auto", rewrite.B3BaggageAuto},
			choice[rewrite.B3Baggage]{"none", rewrite.B3BaggageNone},
			choice[rewrite.B3Baggage]{"plain", rewrite.B3BaggagePlain},
			choice[rewrite.B3Baggage]{"jaeger", rewrite.B3BaggageJaeger})
	}},
	{Key{
		Path: "sidecar.deferred_ratio", Default: "0", Example: "0.1",
		Doc: "Which part of the traces that nobody has decided about are sampled when they are written as W3C. 0: none, and tracestate says that it is undecided.",
	}, func(c *Config) Value { return fraction(&c.Sidecar.Headers.DeferredRatio) }},
	{Key{
		Path: "sidecar.keep_invalid", Default: "false", Example: "true",
		Doc: "Whether trace headers that cannot be read go on as they are; otherwise they are removed.",
	}, func(c *Config) Value { return boolean(&c.Sidecar.Headers.KeepInvalid) }},
	{Key{
		Path: "sidecar.spans", Default: "none", Example: "server",
		Doc: "On which legs the sidecar makes spans of its own: on none, on the inbound one, or on both.",
	}, func(c *Config) Value {
		return oneOf(&c.Sidecar.Headers.Spans,
			choice[rewrite.Spans]{"none", rewrite.SpansNone},
			choice[rewrite.Spans]{"server", rewrite.SpansServer},
			choice[rewrite.Spans]{"both", rewrite.SpansBoth})
	}},
	{Key{
		Path: "sidecar.trust", Default: "all", Example: "private,203.0.113.0/24",
		Doc: "Whose trace headers are believed on the way in; those of others are removed. A list of all, none, private, addresses and CIDR prefixes.",
	}, func(c *Config) Value { return checkedList(&c.Sidecar.Headers.Trust, rewrite.ParseTrust) }},
	{Key{
		Path: "sidecar.egress", Default: "cluster", Example: "cluster,.example.com",
		Doc: "Which hosts may receive trace headers, and with them baggage. A list of all, none, cluster (private addresses, names without a dot and those that end in .local, .internal, .svc or .consul), addresses, CIDR prefixes, hosts, and .example.com for all below a domain.",
	}, func(c *Config) Value { return checkedList(&c.Sidecar.Headers.Egress, rewrite.ParseEgress) }},
}

// listKeys override on one leg what the keys above imply.
func listKeys(group, where string, at func(*Config) *rewrite.Lists) []key[Config] {
	return []key[Config]{
		{Key{
			Path: group + "extract", Default: "auto", Example: "w3c,datadog",
			Doc: "The formats that are read " + where + "; the first one that is valid wins. auto: what app and mesh imply. Empty: none. The others are datadog, wavefront, aws, gcp and grpc.",
		}, func(c *Config) Value { return orAuto(&at(c).Extract, rewrite.AllFormats()) }},
		{Key{
			Path: group + "clear", Default: "auto", Example: "b3single,b3multi",
			Doc: "The formats whose headers are removed " + where + ".",
		}, func(c *Config) Value { return orAuto(&at(c).Clear, rewrite.AllFormats()) }},
		{Key{
			Path: group + "inject", Default: "auto", Example: "w3c,jaeger",
			Doc: "The formats that are written " + where + ".",
		}, func(c *Config) Value { return orAuto(&at(c).Inject, injectable()) }},
	}
}

// nameKeys are for fleets that have changed the names of Jaeger's headers.
var nameKeys = []key[Config]{
	nameKey("trace_context", "uber-trace-id", "x-trace", "trace id, span id and flags", func(n *rewrite.JaegerNames) *string { return &n.TraceContext }),
	nameKey("baggage_prefix", "uberctx-", "x-ctx-", "one item of baggage, as a prefix", func(n *rewrite.JaegerNames) *string { return &n.BaggagePrefix }),
	nameKey("baggage", "jaeger-baggage", "x-baggage", "baggage set by hand", func(n *rewrite.JaegerNames) *string { return &n.Baggage }),
	nameKey("debug_id", "jaeger-debug-id", "x-debug-id", "a debug id", func(n *rewrite.JaegerNames) *string { return &n.DebugID }),
}

func nameKey(name, usual, example, holds string, at func(*rewrite.JaegerNames) *string) key[Config] {
	return key[Config]{Key{
		Path: "sidecar.names." + name, Default: usual, Example: example,
		Doc: "The app's Jaeger header of " + holds + ".",
	}, func(c *Config) Value { return text(at(&c.Sidecar.Headers.Names)) }}
}

var memoryKeys = []key[Config]{
	{Key{
		Path: "sidecar.memory.entries", Default: "65536", Example: "10000",
		Doc: "How many traces are remembered, for what the app's headers cannot carry.",
	}, func(c *Config) Value { return number(&c.Sidecar.Memory.Entries, 1, 1<<26) }},
	{Key{
		Path: "sidecar.memory.max_bytes", Default: "32MiB", Example: "8MiB",
		Doc: "How much memory they may take together.",
	}, func(c *Config) Value { return size(&c.Sidecar.Memory.Bytes, 64<<10, 16<<30) }},
	{Key{
		Path: "sidecar.memory.ttl", Default: "15m", Example: "1h",
		Doc: "How long a trace is remembered after its last request.",
	}, func(c *Config) Value { return duration(&c.Sidecar.Memory.TTL, time.Second, 24*time.Hour) }},
	{Key{
		Path: "sidecar.memory.file", Example: "/var/lib/ot2otel/traces",
		Doc: "File that keeps the full trace ids from one run to the next. Empty: none.",
	}, func(c *Config) Value { return text(&c.Sidecar.MemoryFile) }},
}
