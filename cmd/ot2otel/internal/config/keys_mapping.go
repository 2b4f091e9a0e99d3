package config

import "github.com/ot2otel/ot2otel/translate"

// mappingKeys are the choices that the mapping leaves open: the fields of translate.Config.
var mappingKeys = []key[Config]{
	{Key{
		Path: "semconv", Default: "dup", Example: "rename",
		Doc: "What happens to a tag that has a stable semantic-convention name. dup keeps the tag and adds the stable one; rename replaces it where the value converts back exactly; raw leaves tags alone.",
	}, func(c *Config) Value {
		return oneOf(&c.Mapping.Semconv,
			choice[translate.Semconv]{"dup", translate.SemconvDup},
			choice[translate.Semconv]{"rename", translate.SemconvRename},
			choice[translate.Semconv]{"raw", translate.SemconvRaw})
	}},
	{Key{
		Path: "mapping.prefix", Default: "ot2otel.", Example: "legacy.",
		Doc: "What stands before the keys of what OTLP has no field for.",
	}, func(c *Config) Value { return text(&c.Mapping.Prefix) }},
	{Key{
		Path: "mapping.links", Default: "others", Example: "all",
		Doc: "Which references become links: those that are not the parent, or all of them.",
	}, func(c *Config) Value { return switched(&c.Mapping.LinksAll, "others", "all") }},
	{Key{
		Path: "mapping.error_false", Default: "ok", Example: "unset",
		Doc: "The status of a span whose tag says error=false.",
	}, func(c *Config) Value { return switched(&c.Mapping.ErrorFalseUnset, "ok", "unset") }},
	{Key{
		Path: "mapping.derive_http_status", Default: "true", Example: "false",
		Doc: "Whether an HTTP status code that means an error sets the span's status where nothing else does.",
	}, func(c *Config) Value { return negated(&c.Mapping.NoHTTPStatus) }},
	{Key{
		Path: "mapping.derive_error_type", Default: "true", Example: "false",
		Doc: "Whether error.type is derived for spans whose status is an error.",
	}, func(c *Config) Value { return negated(&c.Mapping.NoErrorType) }},
	{Key{
		Path: "mapping.utf8", Default: "repair", Example: "bytes",
		Doc: "What a string that is not UTF-8 becomes: a repaired string with its bytes beside it, or a bytes value.",
	}, func(c *Config) Value { return switched(&c.Mapping.UTF8Bytes, "repair", "bytes") }},
	{Key{
		Path: "mapping.invalid_ids", Default: "replace", Example: "reject",
		Doc: "What happens to a span whose ids are zero or of a wrong length: it gets ids made from its content, or it is left out and counted.",
	}, func(c *Config) Value { return switched(&c.Mapping.RejectInvalidIDs, "replace", "reject") }},
	{Key{
		Path: "mapping.unshare", Default: "true", Example: "false",
		Doc: "Whether a server span that shares its id with the client's span gets an id of its own.",
	}, func(c *Config) Value { return negated(&c.Mapping.KeepSharedIDs) }},
	{Key{
		Path: "mapping.absent_timestamp", Default: "received", Example: "zero",
		Doc: "The start of a Zipkin span that states no time at all: when it was received, or zero.",
	}, func(c *Config) Value { return switched(&c.Mapping.ZeroAbsentStart, "received", "zero") }},
	{Key{
		Path: "mapping.endpoint_style", Default: "stable", Example: "old",
		Doc: "Under which names the addresses of Zipkin endpoints stand: network.local.* and network.peer.*, or net.host.* and net.peer.*.",
	}, func(c *Config) Value { return switched(&c.Mapping.OldEndpoints, "stable", "old") }},
	{Key{
		Path: "mapping.parse_string_tags", Default: "false", Example: "true",
		Doc: "Whether Zipkin tags that look like a number or a bool become one.",
	}, func(c *Config) Value { return boolean(&c.Mapping.ParseStringTags) }},
	{Key{
		Path: "mapping.scope_from_component", Default: "false", Example: "true",
		Doc: "Whether the tag component names the instrumentation scope where nothing else does.",
	}, func(c *Config) Value { return boolean(&c.Mapping.ScopeFromComponent) }},
	{Key{
		Path: "mapping.baggage_promote", Default: "off", Example: "prefix",
		Doc: "Whether baggage that a client logged becomes span attributes baggage.<key> as well. Baggage is often personal data.",
	}, func(c *Config) Value { return switched(&c.Mapping.PromoteBaggage, "off", "prefix") }},
	{Key{
		Path: "mapping.rpc", Default: "off", Example: "rc",
		Doc: "Whether rpc.* tags get the names of the semantic conventions' release candidate.",
	}, func(c *Config) Value { return switched(&c.Mapping.RPC, "off", "rc") }},
	{Key{
		Path: "mapping.redact_url_userinfo", Default: "true", Example: "false",
		Doc: "Whether the user and password in a URL are replaced.",
	}, func(c *Config) Value { return negated(&c.Mapping.KeepURLUserinfo) }},
	{Key{
		Path: "mapping.redact_url_query", Default: "false", Example: "true",
		Doc: "Whether the values of query parameters that are known to be signatures are replaced.",
	}, func(c *Config) Value { return boolean(&c.Mapping.RedactURLQuery) }},
	{Key{
		Path: "mapping.http_methods", Default: "CONNECT,DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT,QUERY,TRACE", Example: "GET,POST,PURGE",
		Doc: "The methods that http.request.method may hold. Others become _OTHER.",
	}, func(c *Config) Value { return list(&c.Mapping.HTTPMethods) }},
}

// switched is a bool with two names: one for false, one for true.
func switched(at *bool, off, on string) Value {
	return oneOf(at, choice[bool]{off, false}, choice[bool]{on, true})
}
