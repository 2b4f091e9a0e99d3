package judge

import (
	"encoding/binary"
	"encoding/hex"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// A sent span is a span as a client put it on the wire, in the words of
// OpenTracing. Times are Unix microseconds.
type sent struct {
	key, service, name string
	format             string // as ot2otel.source.format spells it
	trace              pcommon.TraceID
	id, parent         pcommon.SpanID
	start, duration    int64
	debug              bool
	tags               []field
	logs               []record
	baggage            []field // what SetBaggageItem logged; its times are the client's own
	refs               []ref
	process            []field
	scopeVersion       string
	added              []string // tags that the client adds by itself
	blind              bool     // the manifest shows only the last of repeated tags
	zipkin             *zipkinHabits
	ends               []field // attributes of endpoints that tags have become
	strays             []event // annotations of the client's own
	serves             bool    // started as the server's side of a call
	clock              bool    // times are the client's own
}

// A field is a tag or log field: its value is a string, bool, int64, float64 or []byte.
type field struct {
	key   string
	value any
}

// A record is a log. Where the client keeps time in floats it may be one microsecond off.
type record struct {
	time    int64
	inexact bool
	fields  []field
	text    string // in place of fields, where the model has no more than a text
	json    bool   // the client was told to write logs as JSON
}

// A ref is an OpenTracing reference; kind is child_of or follows_from.
type ref struct {
	kind  string
	trace pcommon.TraceID
	id    pcommon.SpanID
}

// traceID reads hexadecimal digits as clients print them: leading zeros may be
// missing (mapping J-1), and of more than 32 digits the last ones count.
func traceID(digits string) (id pcommon.TraceID) {
	copy(id[:], fromHex(digits, len(id)))
	return id
}

func spanID(digits string) (id pcommon.SpanID) {
	copy(id[:], fromHex(digits, len(id)))
	return id
}

// fromHex returns the last n bytes of digits, with zeros before them where
// there are too few. What is no number is zero, which no span has.
func fromHex(digits string, n int) []byte {
	digits = strings.Repeat("0", 2*n) + strings.ToLower(digits)
	b, err := hex.DecodeString(digits[len(digits)-2*n:])
	if err != nil {
		return make([]byte, n)
	}
	return b
}

// isZero tells the absent id.
func isZero(id pcommon.SpanID) bool { return binary.BigEndian.Uint64(id[:]) == 0 }
