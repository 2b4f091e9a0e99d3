package judge

import (
	"fmt"
	"strings"

	"github.com/ot2otel/ot2otel/e2e/corpus"
)

// A client is what one client library makes of what it is asked: the habits
// that its captures show.
type client struct {
	// value converts a tag's or field's value into what is sent; false: nothing is.
	value func(any) (any, bool)
	// cut is the number of bytes after which strings and bytes in tags, not in log fields, are cut off; 0: never.
	cut int
	// floatTimes says that the client computes times in floats, so that a log may be one microsecond off.
	floatTimes bool
	// baggageKey spells the key in the log that SetBaggageItem leaves; nil: there is no such log.
	baggageKey func(string) string
	// priority says whether the tag sampling.priority, of the manifest's type, is sent or swallowed.
	priority func(kind string) bool
	// debugID says that a jaeger-debug-id header becomes a tag of the root.
	debugID bool
	// tacit says that a span with one parent has its id in parentSpanId and no reference.
	tacit bool
	// otel is set for exporters fed by an OpenTelemetry SDK.
	otel *otelHabits
	// zipkin is set for clients that send Zipkin's model.
	zipkin *zipkinHabits
}

// jaegerClients is keyed by the client's name in the manifests.
var jaegerClients = map[string]client{
	"github.com/uber/jaeger-client-go": jaegerGo,
	"github.com/uber/jaeger-client-go + opentracing-contrib/go-stdlib nethttp v1.0.0 (application)": jaegerGo,
	"jaeger-client (npm)": {
		value: nodeValue, floatTimes: true, debugID: true, tacit: true,
		baggageKey: func(k string) string { return strings.ReplaceAll(strings.ToLower(k), "_", "-") },
		priority:   func(string) bool { return true },
	},
	"jaeger-client (ruby, Debian ruby-jaeger-client 1.3.0-1)": {
		value: rubyValue, floatTimes: true, tacit: true,
		priority: func(string) bool { return false },
	},
	"go.opentelemetry.io/otel jaeger-udp exporter, fed by sdk v1.38.0":                               {value: otelGoValue, otel: &otelGo},
	"go.opentelemetry.io/otel jaeger-http exporter, fed by sdk v1.38.0":                              {value: otelGoValue, otel: &otelGo},
	"go.opentelemetry.io/otel jaeger-udp exporter, fed by bridge/opentracing v1.36.0 on sdk v1.38.0": {value: bridgeValue, otel: &otelBridge},
	"@opentelemetry/exporter-jaeger fed by sdk-trace-base 2.11.0":                                    {value: otelNodeValue, otel: &otelNode},
}

// clientOf returns the habits of the client of case m.
func clientOf(m *corpus.Manifest) (client, bool) {
	if c, ok := jaegerClients[m.Client.Name]; ok {
		return c, ok
	}
	c, ok := zipkinClients[m.Client.Name]
	return c, ok
}

var jaegerGo = client{
	value: goValue, cut: 256, debugID: true,
	baggageKey: func(k string) string { return k },
	priority:   func(kind string) bool { return kind == "uint16" },
}

// formats turns a manifest's protocol into the spelling of ot2otel.source.format (mapping P-5).
var formats = map[string]string{
	"jaeger.thrift compact, UDP":           "jaeger.thrift.compact",
	"jaeger.thrift binary, UDP":            "jaeger.thrift.binary",
	"jaeger.thrift binary, HTTP":           "jaeger.thrift.binary",
	"jaeger.api_v2 gRPC (by jaeger-agent)": "jaeger.proto",
	"zipkin v1 JSON, HTTP":                 "zipkin.v1.json",
	"zipkin v1 thrift, HTTP":               "zipkin.v1.thrift",
	"zipkin v2 JSON, HTTP":                 "zipkin.v2.json",
	"zipkin v2 protobuf, HTTP":             "zipkin.v2.proto",
}

// clientTags are the tags that Jaeger clients add to spans by themselves.
var clientTags = []string{"sampler.type", "sampler.param"}

// send returns the span that the client makes of what it was asked.
func (c client) send(m *corpus.Manifest, asked corpus.Span) (sent, error) {
	s := sent{
		key: asked.Key, service: asked.Service, name: asked.Operation, format: formats[m.Protocol], zipkin: c.zipkin, serves: m.Serves(asked),
		trace: traceID(asked.TraceID), id: spanID(asked.SpanID), parent: spanID(asked.ParentSpanID),
		start: asked.Start, duration: asked.Duration, debug: asked.Debug,
		added: clientTags, blind: m.Program == "app",
	}
	s.mistime(m.OnWire.DiffersFromAsked)
	for _, r := range asked.References {
		s.refs = append(s.refs, ref{r.Type, traceID(r.TraceID), spanID(r.SpanID)})
	}
	if c.tacit && len(s.refs) == 1 && s.refs[0].kind == "child_of" {
		s.refs = nil
	}
	err := c.fill(&s, m, asked)
	switch {
	case c.otel != nil:
		c.otel.apply(&s)
	case c.zipkin != nil:
		c.zipkin.apply(&s, m)
	case s.format == "jaeger.proto":
		relayed(&s, m)
	}
	return s, err
}

// fill converts everything that carries values.
func (c client) fill(s *sent, m *corpus.Manifest, asked corpus.Span) (err error) {
	if m.Serves(asked) {
		s.tags = append(s.tags, field{"span.kind", "server"})
	}
	if asked.DebugIDHeader != "" && c.debugID {
		s.tags = append(s.tags, field{"jaeger-debug-id", asked.DebugIDHeader})
	}
	tags, err := c.fields(asked.Tags, c.cut)
	if err != nil {
		return err
	}
	s.tags = append(s.tags, tags...)
	if s.process, err = c.fields(m.ProcessTags, c.cut); err != nil {
		return err
	}
	for _, l := range asked.Logs {
		fields, err := c.fields(l.Fields, 0)
		if err != nil {
			return err
		}
		s.logs = append(s.logs, record{
			time: l.Time, inexact: c.floatTimes, fields: fields, text: l.Annotation,
			json: m.Config["log_materializer"] == "json",
		})
	}
	if c.baggageKey != nil {
		for _, b := range asked.BaggageSet {
			s.baggage = append(s.baggage, field{c.baggageKey(b.Key), b.Value})
		}
	}
	return nil
}

func (c client) fields(asked []corpus.Tag, cut int) ([]field, error) {
	var fields []field
	for _, t := range asked {
		v, err := t.Value()
		if err != nil {
			return nil, err
		}
		if t.Key == "sampling.priority" && c.priority != nil && !c.priority(t.Type) {
			continue
		}
		if t.Type == "error" {
			v = errorText(v.(string))
		}
		if v, ok := c.value(v); ok {
			fields = append(fields, field{t.Key, cutTo(v, cut)})
		}
	}
	return fields, nil
}

// mistime puts the times right that the captures were found to differ in.
func (s *sent) mistime(differences []string) {
	for _, d := range differences {
		rest, ok := strings.CutPrefix(d, s.key+" ")
		if !ok {
			continue
		}
		var asked, wire, shift int64
		if n, _ := fmt.Sscanf(rest, "duration %d sent as %d", &asked, &wire); n == 2 {
			s.duration = wire
		} else if n, _ := fmt.Sscanf(rest, "start %d us", &shift); n == 1 {
			s.start += shift
		} else if wire, ok := strings.CutPrefix(rest, "op '"+s.name+"' sent as '"); ok {
			s.name = strings.TrimSuffix(wire, "'")
		}
	}
}

// probes are those of the manifest whose spans were sent.
func (c client) probes(m *corpus.Manifest) []corpus.Probe {
	if c.zipkin != nil && c.zipkin.noProbes {
		return nil
	}
	return m.Extra.ExtractHTTPHeaders
}

// shares says whether spans of the case may share an id in what comes out: a
// client in Zipkin-shared mode that sends no reference to the shared span leaves
// nothing to know the server's half by, when it comes in a payload of its own
// (mapping 5.6, limit of U-1).
func (c client) shares(m *corpus.Manifest) bool {
	shared, _ := m.Config["zipkin_shared_rpc_span"].(bool)
	return shared && c.tacit
}
