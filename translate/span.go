package translate

// A span is one span as a payload states it. A reader (one per format) fills
// it, the rules give it meaning, the writer appends it as OTLP.
//
// Its strings alias the payload or the Translator's text, and the span itself
// is reused for the next one: nothing of it may be kept.
type span struct {
	core
	attrs  attrs   // tags as they stand in the payload, in order; then what rules derive
	refs   []ref   // references as they stand in the payload, in order
	links  []link  // what rules make of refs
	events []event // logs as they stand in the payload, in order
	fields []attr  // the fields of all logs; events cut it

	warnings []string // jaeger.proto Span.warnings
}

// core is what a span has once.
type core struct {
	// Readers fill these.

	traceID [16]byte
	id      [8]byte
	parent  [8]byte // zero: none
	// badTraceID and badID are what stands where an id should, if it is none.
	badTraceID, badID string
	name              string
	// sourceFlags are the flags of the source format (jaeger.thrift Span.flags).
	sourceFlags int64
	processID   string // jaeger.proto Span.process_id
	// startMicros and durationMicros are the times that the payload states;
	// startNanos and durationNanos what they have below a microsecond.
	startMicros, durationMicros int64
	startNanos, durationNanos   uint16
	noStart                     bool // the payload states no start at all

	// Rules fill these.

	flags         uint32 // OTLP Span.flags
	start, end    uint64 // Unix nanoseconds
	kind          spanKind
	statusCode    statusCode
	statusMessage string
	traceState    string
	scopeName     string
	scopeVersion  string

	droppedAttributes, droppedEvents, droppedLinks uint32

	// errorKind is what the last error log named (E-4), for error.type.
	errorKind string
	// reasons says for each field which rule filled it, if not the usual one.
	reasons [numFields]reason
}

// reset empties s, keeping its space.
func (s *span) reset() {
	s.core = core{}
	s.attrs.reset()
	s.refs = s.refs[:0]
	s.links = s.links[:0]
	s.events = s.events[:0]
	s.fields = s.fields[:0]
	s.warnings = s.warnings[:0]
}

// A spanKind is an OTLP SpanKind.
type spanKind uint8

const (
	kindUnspecified spanKind = iota
	kindInternal
	kindServer
	kindClient
	kindProducer
	kindConsumer
)

// A statusCode is an OTLP StatusCode.
type statusCode uint8

const (
	statusUnset statusCode = iota
	statusOK
	statusError
)

// A ref is an OpenTracing reference.
type ref struct {
	traceID [16]byte
	id      [8]byte
	refType int32 // jaeger.thrift SpanRefType: 0 CHILD_OF, 1 FOLLOWS_FROM
}

// A link is an OTLP Link.
type link struct {
	traceID [16]byte
	id      [8]byte
	refType string // opentracing.ref_type; "" if it was no reference
	rest    string // other fields, encoded
}

// An event is a log (OpenTracing) or annotation (Zipkin): a time and a run of span.fields.
type event struct {
	time        uint64 // Unix nanoseconds
	badTime     bool   // the payload's time, micros, is none that OTLP can tell
	micros      int64
	first, last int // span.fields[first:last]
}
