package rewrite

// A Context is what the trace headers of one request say. The zero Context
// says nothing.
type Context struct {
	// Format is the format that the ids come from; zero: there were no ids.
	Format  Format
	TraceID TraceID
	SpanID  SpanID
	// Parent is the parent of SpanID where the format names it and the sender
	// knew it; zero otherwise.
	Parent   SpanID
	Sampling Sampling
	// Firehose is Jaeger's flag 8: the span is not to be indexed.
	Firehose bool
	// Random is W3C's flag 2: the low 56 bits of the trace id are random.
	Random bool
	// State is the tracestate, all headers in one, without our own member.
	State string
	// Baggage has no two members with one key.
	Baggage []Member
}

// hasIDs reports whether c is a valid trace context.
func (c *Context) hasIDs() bool { return !c.TraceID.IsZero() && c.SpanID != 0 }

// flags returns the flags of uber-trace-id: 1 sampled, 2 debug, 8 firehose.
func (c *Context) flags() uint8 {
	f := uint8(0)
	switch c.Sampling {
	case Accept:
		f = flagSampled
	case Debug:
		f = flagSampled | flagDebug
	}
	if c.Firehose {
		f |= flagFirehose
	}
	return f
}

// setFlags is the reverse of flags. Debug implies sampled.
func (c *Context) setFlags(f uint8) {
	c.Sampling = Deny
	switch {
	case f&flagDebug != 0:
		c.Sampling = Debug
	case f&flagSampled != 0:
		c.Sampling = Accept
	}
	c.Firehose = f&flagFirehose != 0
}

// The flags of uber-trace-id.
const (
	flagSampled  = 1
	flagDebug    = 2
	flagFirehose = 8
)

// Sampling is a decision about a trace, in the words of B3.
type Sampling uint8

const (
	// Undecided leaves the decision to the receiver.
	Undecided Sampling = iota
	// Deny says: do not sample.
	Deny
	// Accept says: sample.
	Accept
	// Debug says: sample, whatever any sampler thinks.
	Debug
)

// Sampled reports whether the decision is to sample.
func (s Sampling) Sampled() bool { return s >= Accept }

// String returns the decision in a word.
func (s Sampling) String() string {
	return [...]string{"undecided", "deny", "accept", "debug"}[s&3]
}

// A Member is one item of baggage.
type Member struct {
	Key, Value string // decoded
	// Text is the member as a baggage header had it, with its encoding and its
	// properties ("userId=a%20b;ttl=1"); empty if it came from elsewhere.
	Text string
}
