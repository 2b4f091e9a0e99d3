package e2e

import "path"

// A difference is one that has to be: fields that the proxy and the bridge
// tell differently, and why.
type difference struct {
	span, field   string // patterns of path.Match
	proxy, bridge string // the text on each side, nothing or anything
	why           string
}

const (
	nothing  = ""
	anything = "*" // but nothing
)

// differences is the whole list, by what they are about.
var differences = []difference{
	{"*", "flags", "0x1", anything, "the bridge calls every parent remote; a Jaeger span does not say where its parent was"},
	{"*", "attribute sampler.*", anything, nothing, "added by the client, not by the program"},
	{"*", "attribute ot2otel.notes", anything, nothing, "P-5: what was mended is noted"},

	{"mail", "parent", "checkout", nothing, "J-50: with FollowsFrom alone the bridge begins a new trace; Jaeger clients stay in theirs, and so do the services after them"},
	{"*", "link to *: opentracing.ref_type", anything, nothing, "J-52: the attribute of the semantic conventions"},
	{"*", "link to *: ot-span-reference-type", nothing, anything, "J-52: the bridge has its own"},

	{"join", "kind", "Consumer", "Internal", "J-60: the bridge does not look at span.kind after the start"},
	{"cron", "attribute span.kind", "str cron", nothing, "J-62: the bridge drops a kind that it does not know"},
	{"nameless", "name", "unknown", nothing, "J-4: OTLP wants a name"},

	{"string error", "status", "Error", "Unset", "J-72: an error in words is an error; the bridge looks for true only"},
	{"string error", "status message", "timeout", nothing, "J-72"},
	{"string error", "attribute error", "str timeout", nothing, "J-72: the bridge drops the words"},
	{"no error", "status", "Ok", "Unset", "J-73: false is a statement, too"},
	{"no error", "attribute error", "bool false", nothing, "J-73: the bridge drops it"},
	{"upstream failed", "status", "Error", "Unset", "J-74: the bridge knows nothing of HTTP"},

	{"*", "event at * ms: event", nothing, anything, "E-1: the event field is the name and no attribute"},
	{"*", "event at * ms: name", anything, nothing, "E-1, E-2: the bridge's events have no name, which OTLP wants"},
	{"charge", "event at * ms: exception.*", anything, nothing, "E-4: an error log is an exception"},
	{"charge", "event at 1 ms: error.kind", nothing, anything, "E-4: it is exception.type"},
	{"charge", "event at 1 ms: message", nothing, anything, "E-4: it is exception.message"},
	{"charge", "event at 1 ms: stack", nothing, anything, "E-4: it is exception.stacktrace"},
	{"checkout", "event at baggage: *", anything, nothing, "E-20: Jaeger clients log baggage that is set"},

	{"types", "attribute bytes", "bytes aGk=", "str [104 105]", "J-20: OTLP has bytes; the bridge prints them"},
	{"types", "attribute struct", "str {A:1 B:2}", "str {1 2}", "the client prints with %+v, the bridge with %v"},
	{"types", "attribute uint64", "int 7", "str 7", "the client has no unsigned type, the bridge prints it"},
	{"types", "attribute uint64 max", "int -1", "str 18446744073709551615", "the client makes an i64 of it, whether it fits or not"},
	{"types", "event at 3 ms: uint64", "int 7", "str 7", "as for tags"},
	{"types", "attribute ot2otel.dup.twice", `slice ["first"]`, nothing, "J-22: the value before is kept"},
}

// find returns what is known about a field of a span.
func find(span, field string) *difference {
	for i, d := range differences {
		if matches(d.span, span) && matches(d.field, field) {
			return &differences[i]
		}
	}
	return nil
}

// explains says whether d is about just these texts.
func (d *difference) explains(proxy, bridge string) bool {
	is := func(want, text string) bool { return want == text || want == anything && text != nothing }
	return is(d.proxy, proxy) && is(d.bridge, bridge)
}

func matches(pattern, s string) bool {
	ok, err := path.Match(pattern, s)
	return ok && err == nil
}
