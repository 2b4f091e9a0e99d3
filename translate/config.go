package translate

// Config says which of the mapping's choices to make. The zero value makes the
// default choices.
type Config struct {
	// Semconv says what happens to tags that have a stable semantic-convention name (P-4).
	Semconv Semconv
	// Prefix is put before the keys of what OTLP has no field for (P-5); empty means "ot2otel.".
	Prefix string
	// LinksAll makes a link of the reference that is the parent, too (J-52).
	LinksAll bool
	// ErrorFalseUnset leaves the status unset where a tag says error=false; OK otherwise (J-73).
	ErrorFalseUnset bool
	// NoHTTPStatus turns off the status derived from an HTTP status code (J-74).
	NoHTTPStatus bool
	// NoErrorType turns off the derived error.type (J-77).
	NoErrorType bool
	// UTF8Bytes makes a bytes value of a string that is not UTF-8; otherwise the
	// string is repaired and its bytes are kept beside it (N-1).
	UTF8Bytes bool
	// RejectInvalidIDs leaves out spans whose ids are zero or of a wrong length;
	// otherwise they get deterministic ids (N-2).
	RejectInvalidIDs bool
	// KeepSharedIDs leaves a server span the id that it shares with its client's
	// span; otherwise it gets one of its own (U-2, U-6).
	KeepSharedIDs bool
	// Shared, if set, remembers server spans that have got an id of their own, so
	// that their children are found in later payloads, too (U-4).
	Shared SharedSpans
	// Memory, if set, completes the trace ids of spans, of their references and
	// links whose high half the sender did not have.
	Memory TraceMemory
	// ZeroAbsentStart leaves the start zero where a Zipkin span states no time
	// at all; otherwise it is the time of receipt (Z-22, option absent_timestamp: zero).
	ZeroAbsentStart bool
	// OldEndpoints names the addresses of Zipkin endpoints net.host.* and
	// net.peer.*; otherwise network.local.* and network.peer.* (option endpoint_style: old).
	OldEndpoints bool
	// ParseStringTags gives Zipkin tags that look like a number or a bool that
	// type (Z-9, option parse_string_tags).
	ParseStringTags bool
	// ScopeFromComponent makes the tag component the scope name where there is none (J-41).
	ScopeFromComponent bool
	// PromoteBaggage copies baggage logs to span attributes baggage.<key> (E-21).
	PromoteBaggage bool
	// RPC maps rpc.* to its release-candidate names (section 6.3, option rpc: rc).
	RPC bool
	// KeepURLUserinfo leaves user:password in URLs (N-9 replaces them).
	KeepURLUserinfo bool
	// RedactURLQuery also replaces the values of query parameters known to be signatures (N-9).
	RedactURLQuery bool
	// HTTPMethods are the methods that http.request.method may hold; nil means the known ten (section 6.2).
	HTTPMethods []string
	// Explain, if set, is called with every resource and every finished span
	// once the payload is read. The calls come in order, from within Append.
	Explain func(Explanation)
}

// Semconv is what happens to a tag that has a stable semantic-convention name.
type Semconv uint8

const (
	// SemconvDup keeps the original key and adds the stable one. The default.
	SemconvDup Semconv = iota
	// SemconvRename replaces the original key where the value converts back exactly.
	SemconvRename
	// SemconvRaw leaves keys alone.
	SemconvRaw
)
