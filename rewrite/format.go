package rewrite

import (
	"fmt"
	"strings"
)

// A Format is one way of writing a trace context into headers.
type Format uint8

const (
	// W3C is traceparent, tracestate and baggage (W3C Trace Context level 2, W3C Baggage).
	W3C Format = iota + 1
	// Jaeger is uber-trace-id, uberctx-*, jaeger-baggage and jaeger-debug-id.
	Jaeger
	// B3Single is Zipkin's b3 header.
	B3Single
	// B3Multi is Zipkin's x-b3-* headers.
	B3Multi
	// OT is ot-tracer-* and ot-baggage-*: OpenTracing's basictracer and LightStep.
	OT
	// Datadog is x-datadog-*.
	Datadog
	// Wavefront is wf-ot-*.
	Wavefront
	// AWS is X-Amzn-Trace-Id: AWS X-Ray.
	AWS
	// GCP is X-Cloud-Trace-Context.
	GCP
	// GRPC is grpc-trace-bin: OpenCensus on gRPC.
	GRPC

	numFormats
)

// formats is what there is to know about each format.
var formats = [numFormats]struct {
	name string
	// extract reads the format's headers into c. It returns false and no error if
	// they hold no ids; c may then still hold a decision, or a trace without a span.
	extract func(h *headers, c *Context) (bool, error)
	// inject writes c; nil: the format is only read.
	inject func(w *writer, c *Context)
}{
	W3C:       {"w3c", extractW3C, injectW3C},
	Jaeger:    {"jaeger", extractUber, injectUber},
	B3Single:  {"b3single", extractB3Single, injectB3Single},
	B3Multi:   {"b3multi", extractB3Multi, injectB3Multi},
	OT:        {"ot", extractOT, injectOT},
	Datadog:   {"datadog", extractDatadog, nil},
	Wavefront: {"wavefront", extractWavefront, nil},
	AWS:       {"aws", extractXRay, nil},
	GCP:       {"gcp", extractGCP, nil},
	GRPC:      {"grpc", extractGRPC, nil},
}

// String returns the name that ParseFormat reads.
func (f Format) String() string {
	if f == 0 || f >= numFormats {
		return "none"
	}
	return formats[f].name
}

// CanInject reports whether the format can be written; the formats of other
// vendors are only read.
func (f Format) CanInject() bool { return f < numFormats && formats[f].inject != nil }

// isB3 reports whether f is one of B3's two forms.
func (f Format) isB3() bool { return f == B3Single || f == B3Multi }

// aliases are other names in use for a format: those of OTEL_PROPAGATORS and
// of gateways.
var aliases = map[string]Format{
	"tracecontext": W3C, "uber": Jaeger, "b3-single": B3Single, "b3-multi": B3Multi,
	"ottrace": OT, "lightstep": OT, "xray": AWS,
}

// ParseFormat returns the format called name: w3c, jaeger, b3single, b3multi,
// ot, datadog, wavefront, aws, gcp, grpc, or the name that OTEL_PROPAGATORS
// has for it.
func ParseFormat(name string) (Format, error) {
	name = strings.ToLower(strings.TrimSpace(name))
	for f := W3C; f < numFormats; f++ {
		if formats[f].name == name {
			return f, nil
		}
	}
	if f, ok := aliases[name]; ok {
		return f, nil
	}
	if name == "b3" {
		return 0, fmt.Errorf("format %q has two forms here: say b3single or b3multi", name)
	}
	return 0, fmt.Errorf("unknown format %q: want one of %s", name, AllFormats())
}

// Formats is a set of formats.
type Formats uint16

// FormatsOf returns the set of the given formats.
func FormatsOf(list ...Format) (set Formats) {
	for _, f := range list {
		set |= 1 << f
	}
	return set
}

// AllFormats returns the set of all formats.
func AllFormats() Formats { return 1<<numFormats - 1<<W3C }

// Has reports whether f is in the set.
func (s Formats) Has(f Format) bool { return s&(1<<f) != 0 }

// List returns the formats in the set, in the order in which the constants stand.
func (s Formats) List() (list []Format) {
	for f := W3C; f < numFormats; f++ {
		if s.Has(f) {
			list = append(list, f)
		}
	}
	return list
}

// String returns the names of the formats in the set.
func (s Formats) String() string {
	names := make([]string, 0, numFormats)
	for _, f := range s.List() {
		names = append(names, f.String())
	}
	return strings.Join(names, ", ")
}
