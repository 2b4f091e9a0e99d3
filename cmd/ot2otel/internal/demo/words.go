package demo

import (
	"fmt"
	"strings"

	"github.com/opentracing/opentracing-go"
	"github.com/uber/jaeger-client-go"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// words are things that services say in OpenTracing, and where their meaning
// went in OTLP. Tags stay beside what they became, unless OTLP has a field for
// them.
var words = []struct {
	said   func(*jaeger.Span) string // "" if the span does not say it
	became func(ptrace.Span) string
}{
	{tag("span.kind"), func(s ptrace.Span) string { return "kind " + s.Kind().String() }},
	{tag("error"), func(s ptrace.Span) string { return "status " + s.Status().Code().String() }},
	{tag("http.method"), attribute("http.request.method")},
	{tag("http.status_code"), attribute("http.response.status_code")},
	{tag("db.statement"), attribute("db.query.text")},
	{tag("peer.hostname"), attribute("server.address")},
	{tag("message_bus.destination"), attribute("messaging.destination.name")},
	{logged("error"), eventNamed("exception")},
	{logged("baggage"), eventNamed("baggage")},
	{followsFrom, firstLink},
}

func tag(key string) func(*jaeger.Span) string {
	return func(s *jaeger.Span) string {
		if v, ok := s.Tags()[key]; ok {
			return fmt.Sprintf("tag %s=%v", key, v)
		}
		return ""
	}
}

func attribute(key string) func(ptrace.Span) string {
	return func(s ptrace.Span) string {
		if v, ok := s.Attributes().Get(key); ok {
			return key + "=" + v.AsString()
		}
		return "stays as it is"
	}
}

// logged looks for a log whose first field is event with this value.
func logged(event string) func(*jaeger.Span) string {
	return func(s *jaeger.Span) string {
		for _, l := range s.Logs() {
			if l.Fields[0].Value() != event {
				continue
			}
			var fields []string
			for _, f := range l.Fields {
				fields = append(fields, fmt.Sprintf("%s=%v", f.Key(), f.Value()))
			}
			return "log " + strings.Join(fields, ", ")
		}
		return ""
	}
}

func eventNamed(name string) func(ptrace.Span) string {
	return func(s ptrace.Span) string {
		for _, e := range s.Events().All() {
			if e.Name() == name {
				return "event " + name + ": " + list(e.Attributes())
			}
		}
		return "no event " + name
	}
}

func followsFrom(s *jaeger.Span) string {
	for _, r := range s.References() {
		if to, ok := r.ReferencedContext.(jaeger.SpanContext); ok && r.Type == opentracing.FollowsFromRef {
			return "reference FollowsFrom " + to.SpanID().String()
		}
	}
	return ""
}

func firstLink(s ptrace.Span) string {
	if s.Links().Len() == 0 {
		return "no link"
	}
	l := s.Links().At(0)
	return fmt.Sprintf("parent %s, and a link: %s", s.ParentSpanID(), list(l.Attributes()))
}

func list(m pcommon.Map) string {
	var all []string
	for key, v := range m.All() {
		all = append(all, key+"="+v.AsString())
	}
	return strings.Join(all, ", ")
}
