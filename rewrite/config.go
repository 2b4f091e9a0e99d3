package rewrite

import (
	"errors"
	"fmt"
	"slices"
)

// Config says how the headers of one app are rewritten.
type Config struct {
	// App is the format that the app's tracer speaks: W3C, Jaeger, B3Single,
	// B3Multi or OT. It must be set.
	App Format
	// Mesh are the formats to write towards the network; nil means W3C.
	Mesh []Format
	// LegacyOut is what becomes of the app's own headers on the outbound leg.
	LegacyOut LegacyOut
	// Inbound and Outbound override what App, Mesh and LegacyOut imply.
	Inbound, Outbound Lists

	// TraceIDToApp is how many digits of a trace id the app is given.
	TraceIDToApp Width
	// B3Join is whether a B3 app takes the span id it receives for its server
	// span, as Brave and Sleuth do, and so needs one of its own.
	B3Join Choice
	// B3Baggage is how a B3 app carries baggage.
	B3Baggage B3Baggage
	// DeferredRatio is which part of the traces that nobody has decided about
	// are sampled when they are written as W3C. 0 leaves them unsampled and
	// says in tracestate that nobody has decided, so that a later B3 service may.
	DeferredRatio float64
	// KeepInvalid leaves headers that cannot be read as they are; otherwise they are removed.
	KeepInvalid bool
	// Spans says on which legs the caller makes a span of its own, whose id is
	// then written in place of the sender's (Result.Span).
	Spans Spans

	// Trust says whose trace headers are believed on the inbound leg.
	Trust Trust
	// Egress says which hosts may receive trace headers.
	Egress Egress
	// Names are the names of Jaeger's headers, if they are not the usual ones.
	Names JaegerNames

	// Memory holds what the app's format cannot carry between the inbound and
	// the outbound leg; nil: nothing is remembered.
	Memory *Memory
	// Rand returns random bits for the ids that are made; nil means math/rand/v2.
	// It is called by several goroutines at once.
	Rand func() uint64
}

// Lists say what one leg reads, removes and writes, in the words of API
// gateways. A nil list is what App, Mesh and LegacyOut imply; an empty one is
// empty.
type Lists struct {
	// Extract are the formats to read; the first that is valid wins.
	Extract []Format
	// Clear are the formats to remove.
	Clear []Format
	// Inject are the formats to write.
	Inject []Format
}

// LegacyOut is what becomes of the app's own headers on the outbound leg.
type LegacyOut uint8

const (
	// LegacyKeep leaves them as the app wrote them, for receivers that have not
	// been migrated. An unproxied OpenTelemetry receiver whose propagators end
	// with jaeger would take the 64-bit trace id from them: use LegacyHeal there.
	LegacyKeep LegacyOut = iota
	// LegacyHeal writes them anew with the full trace id.
	LegacyHeal
	// LegacyDrop removes them: every receiver has been migrated.
	LegacyDrop
)

// Width is how many bits of a trace id an app is given.
type Width uint8

const (
	// WidthAuto gives 64 bits until the app has shown that it can take 128: by
	// the version of its client (LearnClient) or by sending such an id itself.
	// An id that arrives in the app's own format is handed on as wide as it came.
	WidthAuto Width = iota
	// Width64 always gives 64 bits.
	Width64
	// Width128 always gives 128 bits.
	Width128
)

// Choice is yes, no, or found out while running.
type Choice uint8

const (
	// Auto means: find out.
	Auto Choice = iota
	// Yes means yes.
	Yes
	// No means no.
	No
)

// B3Baggage is how a B3 app carries baggage.
type B3Baggage uint8

const (
	// B3BaggageAuto means none until the app has shown how: by the language of
	// its Jaeger client (LearnClient) or by sending baggage itself.
	B3BaggageAuto B3Baggage = iota
	// B3BaggageNone means not at all: Zipkin's own clients.
	B3BaggageNone
	// B3BaggagePlain means as baggage-<key>, not escaped: the Go and Java Jaeger clients.
	B3BaggagePlain
	// B3BaggageJaeger means as uberctx-<key>, escaped: the Node Jaeger client.
	B3BaggageJaeger
)

// Spans says on which legs the caller makes spans.
type Spans uint8

const (
	// SpansNone means on neither.
	SpansNone Spans = iota
	// SpansServer means on the inbound leg.
	SpansServer
	// SpansBoth means on both legs.
	SpansBoth
)

// A leg is what one direction reads, removes and writes.
type leg struct {
	inbound bool
	extract []Format
	inject  []Format
	reads   Formats
	clears  Formats
	injects Formats
	// own are the formats of the app whose headers stay as they are.
	own Formats
	// items are the headers of one baggage item each that are read, staying
	// those of them that are not removed.
	items, staying prefixSet
	b3             bool // B3 is spoken here, whether this request has it or not
	spans          bool
}

// core are the formats that are read unless told otherwise.
var core = [...]Format{W3C, Jaeger, B3Single, B3Multi}

// dialect returns the formats that a client speaking f may use: B3's two forms
// belong together, and the single header comes first.
func dialect(f Format) []Format {
	if f.isB3() {
		return []Format{B3Single, B3Multi}
	}
	return []Format{f}
}

func (c *Config) check() error {
	if c.App == 0 {
		return errors.New("the app's format is not set: want one of w3c, jaeger, b3single, b3multi, ot")
	}
	if c.DeferredRatio < 0 || c.DeferredRatio > 1 {
		return fmt.Errorf("ratio %v of deferred traces to sample: want 0 to 1", c.DeferredRatio)
	}
	for _, list := range [][]Format{{c.App}, c.Mesh, c.Inbound.Inject, c.Outbound.Inject} {
		for _, f := range list {
			if !f.CanInject() {
				return fmt.Errorf("format %s is only read: cannot write it", f)
			}
		}
	}
	return nil
}

// legs works out the two legs.
func (c *Config) legs() (in, out leg) {
	mesh := c.Mesh
	if mesh == nil {
		mesh = []Format{W3C}
	}
	in = leg{inbound: true, spans: c.Spans != SpansNone}
	in.lists(c.Inbound, join(mesh, core[:], dialect(c.App)), []Format{c.App})
	out = leg{spans: c.Spans == SpansBoth}
	inject := mesh
	if c.LegacyOut == LegacyHeal {
		inject = join(mesh, []Format{c.App})
	}
	if c.LegacyOut == LegacyKeep {
		out.own = FormatsOf(dialect(c.App)...)
	}
	out.lists(c.Outbound, join(dialect(c.App), mesh, core[:]), inject)
	return in, out
}

// lists sets what l reads and writes: what the user says, or else the defaults.
// What is read and neither written nor the app's own is removed.
func (l *leg) lists(user Lists, extract, inject []Format) {
	l.extract, l.inject = extract, inject
	if user.Extract != nil {
		l.extract = join(user.Extract)
	}
	if user.Inject != nil {
		l.inject = join(user.Inject)
	}
	l.reads, l.injects = FormatsOf(l.extract...), FormatsOf(l.inject...)
	l.clears = l.reads &^ l.own
	if user.Clear != nil {
		l.clears = FormatsOf(user.Clear...)
	}
	l.own &^= l.clears | l.injects
	l.clears &^= l.injects
	l.b3 = (l.own|l.injects)&FormatsOf(B3Single, B3Multi) != 0
	l.items = l.reads.prefixes() | 1<<prefixOT // OpenTracing's own
	if l.staying = l.own.prefixes(); user.Clear != nil {
		l.staying = l.items &^ l.clears.prefixes()
	}
	l.staying &^= (l.injects &^ FormatsOf(B3Single, B3Multi)).prefixes()
}

// join returns the formats of several lists, each once.
func join(lists ...[]Format) (all []Format) {
	for _, f := range slices.Concat(lists...) {
		if !slices.Contains(all, f) {
			all = append(all, f)
		}
	}
	return all
}
