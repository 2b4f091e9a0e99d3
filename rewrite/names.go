package rewrite

import (
	"fmt"
	"strings"
)

// JaegerNames are the names of Jaeger's headers, where a fleet has changed
// them (jaeger-client's HeadersConfig). An empty name is the usual one.
type JaegerNames struct {
	TraceContext  string // uber-trace-id
	BaggagePrefix string // uberctx-
	Baggage       string // jaeger-baggage
	DebugID       string // jaeger-debug-id
}

// A slot is a place for one known header.
type slot uint8

// The slots stand in the order in which their headers are kept where all of
// them together are too long: ids first.
const (
	slotTraceparent slot = iota
	slotUber
	slotB3
	slotB3TraceID
	slotB3SpanID
	slotB3Parent
	slotB3Sampled
	slotB3Flags
	slotOTTrace
	slotOTSpan
	slotOTSampled
	slotDDTrace
	slotDDParent
	slotDDPriority
	slotDDTags
	slotDDOrigin
	slotWFTrace
	slotWFSpan
	slotWFParent
	slotWFSampled
	slotXRay
	slotGCP
	slotGRPC
	slotTracestate
	slotDebugID
	slotElastic
	slotOTSpanContext
	slotJaegerBaggage
	slotBaggage

	numSlots
)

// A slotSet is a set of slots.
type slotSet uint32

func (set slotSet) has(s slot) bool { return set&(1<<s) != 0 }

// slots names each known header and the format it belongs to. The formats of
// the last two are not read; they are known so that they can be stripped.
var slots = [numSlots]struct {
	name   string
	format Format
}{
	slotTraceparent:   {"traceparent", W3C},
	slotTracestate:    {"tracestate", W3C},
	slotBaggage:       {"baggage", W3C},
	slotUber:          {"uber-trace-id", Jaeger},
	slotJaegerBaggage: {"jaeger-baggage", Jaeger},
	slotDebugID:       {"jaeger-debug-id", Jaeger},
	slotB3:            {"b3", B3Single},
	slotB3TraceID:     {"x-b3-traceid", B3Multi},
	slotB3SpanID:      {"x-b3-spanid", B3Multi},
	slotB3Parent:      {"x-b3-parentspanid", B3Multi},
	slotB3Sampled:     {"x-b3-sampled", B3Multi},
	slotB3Flags:       {"x-b3-flags", B3Multi},
	slotOTTrace:       {"ot-tracer-traceid", OT},
	slotOTSpan:        {"ot-tracer-spanid", OT},
	slotOTSampled:     {"ot-tracer-sampled", OT},
	slotDDTrace:       {"x-datadog-trace-id", Datadog},
	slotDDParent:      {"x-datadog-parent-id", Datadog},
	slotDDPriority:    {"x-datadog-sampling-priority", Datadog},
	slotDDTags:        {"x-datadog-tags", Datadog},
	slotDDOrigin:      {"x-datadog-origin", Datadog},
	slotWFTrace:       {"wf-ot-traceid", Wavefront},
	slotWFSpan:        {"wf-ot-spanid", Wavefront},
	slotWFParent:      {"wf-ot-parentid", Wavefront},
	slotWFSampled:     {"wf-ot-sample", Wavefront},
	slotXRay:          {"x-amzn-trace-id", AWS},
	slotGCP:           {"x-cloud-trace-context", GCP},
	slotGRPC:          {"grpc-trace-bin", GRPC},
	slotElastic:       {"elastic-apm-traceparent", 0},
	slotOTSpanContext: {"x-ot-span-context", 0},
}

// formatSlots are the slots of each format.
var formatSlots = func() (sets [numFormats]slotSet) {
	for s := slot(0); s < numSlots; s++ {
		sets[slots[s].format] |= 1 << s
	}
	return sets
}()

// A prefix is what the names of baggage headers of one item each begin with.
type prefix uint8

const (
	noPrefix     prefix = iota
	prefixJaeger        // uberctx-<key>, escaped
	prefixB3            // baggage-<key>, raw: the B3 codecs of the Go and Java Jaeger clients
	prefixOT            // ot-baggage-<key>, raw
	prefixWF            // wf-ot-<key>, raw

	numPrefixes
)

// A prefixSet is a set of prefixes.
type prefixSet uint8

func (s prefixSet) has(p prefix) bool { return s&(1<<p) != 0 }

var prefixes = [numPrefixes]string{
	prefixJaeger: "uberctx-", prefixB3: "baggage-", prefixOT: "ot-baggage-", prefixWF: "wf-ot-",
}

// names finds the slot of a header name. It is never changed once made.
type names struct {
	first  [32]initial // by the low bits of a name's first byte, in which case does not show
	exact  [maxName + 1][]knownName
	prefix [numPrefixes]string

	// How to write the names: for HTTP and for text maps.
	http, text             [numSlots]string
	httpPrefix, textPrefix [numPrefixes]string
}

// An initial tells which names begin with a letter. It makes short work of the
// headers that are not about traces (BenchmarkNone).
type initial struct {
	lengths uint64 // bit n: a name of n bytes, or n+64
	prefix  bool
}

// may reports whether a name can be one of those known.
func (n *names) may(name string) bool {
	if name == "" {
		return false
	}
	first := &n.first[name[0]&31]
	return first.prefix || first.lengths>>(len(name)&63)&1 != 0
}

type knownName struct {
	name string
	slot slot
}

const maxName = 64

// standardNames are the names that every client uses unless told otherwise.
var standardNames, _ = newNames(JaegerNames{})

func newNames(custom JaegerNames) (*names, error) {
	n := &names{prefix: prefixes}
	own := map[slot]string{
		slotUber: custom.TraceContext, slotJaegerBaggage: custom.Baggage, slotDebugID: custom.DebugID,
	}
	for s := slot(0); s < numSlots; s++ {
		name := slots[s].name
		if own[s] != "" {
			name = own[s]
		}
		if err := n.add(s, name); err != nil {
			return nil, err
		}
	}
	if custom.BaggagePrefix != "" {
		n.prefix[prefixJaeger] = custom.BaggagePrefix
	}
	return n, n.addPrefixes()
}

func (n *names) add(s slot, name string) error {
	if !token.has(name) || len(name) > maxName {
		return fmt.Errorf("header name %q: want at most %d characters that a header name may have", name, maxName)
	}
	n.text[s], n.http[s] = strings.ToLower(name), canonical(name)
	n.first[name[0]&31].lengths |= 1 << (len(name) & 63)
	n.exact[len(name)] = append(n.exact[len(name)], knownName{n.text[s], s})
	return nil
}

func (n *names) addPrefixes() error {
	for p := noPrefix + 1; p < numPrefixes; p++ {
		name := n.prefix[p]
		if !token.has(name) || len(name) > maxName {
			return fmt.Errorf("header prefix %q: want at most %d characters that a header name may have", name, maxName)
		}
		n.prefix[p] = strings.ToLower(name)
		n.textPrefix[p], n.httpPrefix[p] = n.prefix[p], canonical(name)
		n.first[name[0]&31].prefix = true
	}
	return nil
}

func (n *names) slot(name string) (slot, bool) {
	if len(name) > maxName {
		return 0, false
	}
	for _, known := range n.exact[len(name)] {
		if equalFold(known.name, name) {
			return known.slot, true
		}
	}
	return 0, false
}

// prefixOf returns the prefix of name and the key after it.
func (n *names) prefixOf(name string) (prefix, string) {
	for p := noPrefix + 1; p < numPrefixes; p++ {
		if size := len(n.prefix[p]); len(name) >= size && equalFold(name[:size], n.prefix[p]) {
			return p, name[size:]
		}
	}
	return noPrefix, ""
}

// prefixes returns under which prefixes clients that speak f send baggage.
func (f Format) prefixes() prefixSet {
	switch f {
	case Jaeger:
		return 1 << prefixJaeger
	case OT, Datadog:
		return 1 << prefixOT
	case Wavefront:
		return 1 << prefixWF
	case B3Single, B3Multi:
		return 1<<prefixJaeger | 1<<prefixB3 | 1<<prefixOT
	}
	return 0
}

func (s Formats) prefixes() (set prefixSet) {
	for _, f := range s.List() {
		set |= f.prefixes()
	}
	return set
}
