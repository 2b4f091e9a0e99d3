package demo

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/uber/jaeger-client-go"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// check holds every span that a client was asked to send against what came
// out: once, with its ids, parent, name, times, logs and tags.
func check(sent []*jaeger.Span, got ptrace.Traces) error {
	var errs []error
	came := index(got)
	for _, s := range sent {
		if err := compare(s, came[idsOf(s)]); err != nil {
			errs = append(errs, fmt.Errorf("span %q: %w", s.OperationName(), err))
		}
	}
	if n := got.SpanCount(); n != len(sent) {
		errs = append(errs, fmt.Errorf("%d spans came out, the clients sent %d", n, len(sent)))
	}
	return errors.Join(errs...)
}

// ids tell a span from all others.
type ids struct {
	trace pcommon.TraceID
	span  pcommon.SpanID
}

func idsOf(s *jaeger.Span) (i ids) {
	c := s.SpanContext()
	binary.BigEndian.PutUint64(i.trace[:8], c.TraceID().High)
	binary.BigEndian.PutUint64(i.trace[8:], c.TraceID().Low)
	i.span = spanID(c.SpanID())
	return i
}

func spanID(n jaeger.SpanID) (id pcommon.SpanID) {
	binary.BigEndian.PutUint64(id[:], uint64(n))
	return id
}

func index(t ptrace.Traces) map[ids][]ptrace.Span {
	byIDs := map[ids][]ptrace.Span{}
	for _, r := range t.ResourceSpans().All() {
		for _, s := range r.ScopeSpans().All() {
			for _, span := range s.Spans().All() {
				i := ids{span.TraceID(), span.SpanID()}
				byIDs[i] = append(byIDs[i], span)
			}
		}
	}
	return byIDs
}

func compare(s *jaeger.Span, came []ptrace.Span) error {
	if len(came) != 1 {
		return fmt.Errorf("came out %d times", len(came))
	}
	got := came[0]
	errs := []error{
		same("name", got.Name(), s.OperationName()),
		same("parent", got.ParentSpanID(), spanID(s.SpanContext().ParentID())),
		same("start", got.StartTimestamp().AsTime().UnixMicro(), s.StartTime().UnixMicro()),
		same("duration", (got.EndTimestamp() - got.StartTimestamp()).AsTime().UnixMicro(), s.Duration().Microseconds()),
		same("events", got.Events().Len(), len(s.Logs())),
		same("error", got.Status().Code() == ptrace.StatusCodeError, s.Tags()["error"] == true),
	}
	for key, value := range s.Tags() {
		if moved := key == "span.kind" || key == "error"; !moved && !holds(got.Attributes(), key, value) {
			errs = append(errs, fmt.Errorf("tag %s=%v is lost", key, value))
		}
	}
	return errors.Join(errs...)
}

// holds says whether a tag is still there: under its key or, where tags are
// renamed, as the value of another.
func holds(m pcommon.Map, key string, value any) bool {
	for k, v := range m.All() {
		if k == key || v.AsString() == fmt.Sprint(value) {
			return true
		}
	}
	return false
}

func same[T comparable](what string, got, want T) error {
	if got == want {
		return nil
	}
	return fmt.Errorf("%s is %v, the client sent %v", what, got, want)
}
