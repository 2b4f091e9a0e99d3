package rewrite

import (
	"fmt"
	"strings"
)

// A Result tells what became of one set of headers. It feeds metrics, debug
// logs and the command that explains a rewrite.
type Result struct {
	// Context is what the headers said, completed from memory on the outbound
	// leg. Where they were stripped it is what they would have said.
	Context Context
	// Span is the id of the span that the caller is to make (Config.Spans): its
	// parent is Context.SpanID. Zero: none.
	Span SpanID
	// Seen are the formats that held a valid context, Written those that were
	// written or found right already, Invalid those that could not be read.
	Seen, Written, Invalid Formats
	// Healed is what the memory gave back.
	Healed Healed
	// Conflict says how formats disagreed.
	Conflict Conflict
	// CorruptID says that the app mangled a 128-bit trace id; it is given 64
	// bits from now on.
	CorruptID bool
	// Stripped says that all trace headers were removed: the peer is not
	// trusted, or the host may not receive them.
	Stripped bool
	// Notes tell everything out of the ordinary, at most maxNotes of it.
	Notes []Note
	// Err says what went wrong inside; the headers are then as they came.
	Err error
}

const maxNotes = 64

// Healed is a set of what the memory gave back to an outbound request.
type Healed uint8

const (
	// HealedID is the high half of the trace id.
	HealedID Healed = 1 << iota
	// HealedRandom is the random flag.
	HealedRandom
	// HealedTracestate is the tracestate.
	HealedTracestate
	// HealedBaggage is baggage, or how its members were written.
	HealedBaggage
)

// List returns the parts in the set, by the names they have in metrics.
func (h Healed) List() []string {
	return names8(uint8(h), "id", "random", "tracestate", "baggage")
}

// Conflict is a set of ways in which formats disagreed.
type Conflict uint8

const (
	// ConflictSpan is one trace but two span ids.
	ConflictSpan Conflict = 1 << iota
	// ConflictTrace is two traces.
	ConflictTrace
)

// List returns the ways in the set, by the names they have in metrics.
func (c Conflict) List() []string { return names8(uint8(c), "span", "trace") }

func names8(set uint8, names ...string) (list []string) {
	for i, name := range names {
		if set&(1<<i) != 0 {
			list = append(list, name)
		}
	}
	return list
}

// A Reason says why a header or a part of it was dropped or overruled.
type Reason uint8

const (
	// ReasonInvalid is a header that cannot be read.
	ReasonInvalid Reason = iota
	// ReasonTrace is a context of another trace than the one that was believed.
	ReasonTrace
	// ReasonSpan is a context of another span than the one that was believed.
	ReasonSpan
	// ReasonDecision is a decision to sample, or a debug id, without ids: across
	// formats it would need a span that nobody makes.
	ReasonDecision
	// ReasonRoot is a trace id without a span.
	ReasonRoot
	// ReasonTooLong is a header over the size limits, or one baggage header too many.
	ReasonTooLong
	// ReasonMember is a baggage member whose key or value cannot be written.
	ReasonMember
	// ReasonMembers is baggage over the limits of 64 members and 8,192 bytes, or
	// for which there was no room.
	ReasonMembers
	// ReasonTracestate is a tracestate that cannot be read or stands alone.
	ReasonTracestate
	// ReasonUntrusted is a peer that is not trusted.
	ReasonUntrusted
	// ReasonEgress is a host that may not receive trace headers.
	ReasonEgress

	numReasons
)

var reasons = [numReasons]struct{ name, sentence string }{
	ReasonInvalid:    {"invalid", "cannot be read"},
	ReasonTrace:      {"other_trace", "names another trace: overruled"},
	ReasonSpan:       {"other_span", "names another span of the same trace: overruled"},
	ReasonDecision:   {"decision_only", "holds a decision but no ids: not carried to another format"},
	ReasonRoot:       {"no_span", "holds a trace id but no span to be a child of"},
	ReasonTooLong:    {"too_long", "over the limits for trace headers"},
	ReasonMember:     {"member", "cannot be a baggage member"},
	ReasonMembers:    {"members", "over the limits for baggage"},
	ReasonTracestate: {"tracestate", "void"},
	ReasonUntrusted:  {"untrusted", "the peer is not trusted: all trace headers removed"},
	ReasonEgress:     {"egress", "the host may not receive trace headers: all removed"},
}

// String returns the reason's name in metrics.
func (r Reason) String() string { return reasons[r].name }

// A Note tells one thing out of the ordinary.
type Note struct {
	Reason Reason
	// About is the header or the format it is about.
	About string
	// Detail is what it holds or what is wrong with it; it may alias the headers.
	Detail string
}

// String returns the note as a sentence.
func (n Note) String() string {
	s := reasons[n.Reason].sentence
	if n.About != "" {
		s = n.About + ": " + s
	}
	if n.Detail != "" {
		s += ": " + n.Detail
	}
	return s
}

// Reasons tells in sentences what happened and why.
func (r *Result) Reasons() (lines []string) {
	say := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	if r.Err != nil {
		say("headers left as they came: %v", r.Err)
	}
	c := &r.Context
	switch {
	case c.Format != 0:
		say("the context comes from %s: trace %s, span %s, sampling %s", c.Format, c.TraceID, c.SpanID, c.Sampling)
	case c.hasIDs():
		say("ids made for a decision that came without: trace %s, span %s, sampling %s", c.TraceID, c.SpanID, c.Sampling)
	default:
		say("no trace context found")
	}
	for _, what := range r.Healed.List() {
		say("restored from memory: %s", what)
	}
	if r.CorruptID {
		say("the app mangled a 128-bit trace id: it gets 64 bits from now on")
	}
	if r.Span != 0 {
		say("own span: %s", r.Span)
	}
	if r.Written != 0 {
		say("written, or right already: %s", r.Written)
	}
	for _, n := range r.Notes {
		lines = append(lines, n.String())
	}
	return lines
}

// String returns the reasons in one line.
func (r *Result) String() string { return strings.Join(r.Reasons(), "; ") }
