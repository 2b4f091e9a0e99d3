package translate_test

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jaegertracing/jaeger-idl/thrift-gen/jaeger"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// The mapping of jaeger.thrift in raw mode, without the residue, written down
// in the most straightforward way.

// reference maps a batch. Each span gets a scope of its own.
func reference(b *jaeger.Batch) ptrace.Traces {
	traces := ptrace.NewTraces()
	rs := traces.ResourceSpans().AppendEmpty()
	attrs := rs.Resource().Attributes()
	putTags(attrs, b.Process.Tags)
	name := b.Process.ServiceName
	if _, ok := attrs.Get("service.name"); name == "" && !ok {
		name = "unknown_service"
	}
	if name != "" {
		attrs.PutStr("service.name", mended(name))
	}
	for _, s := range b.Spans {
		referenceSpan(rs.ScopeSpans().AppendEmpty(), s)
	}
	return traces
}

func referenceSpan(ss ptrace.ScopeSpans, in *jaeger.Span) {
	out := ss.Spans().AppendEmpty()
	out.SetTraceID(referenceTraceID(in.TraceIdHigh, in.TraceIdLow))
	out.SetSpanID(referenceSpanID(in.SpanId))
	out.SetParentSpanID(referenceSpanID(referenceParent(in)))
	out.SetName(mended(cmp.Or(in.OperationName, "unknown")))
	out.SetStartTimestamp(pcommon.Timestamp(in.StartTime * 1000))
	out.SetEndTimestamp(pcommon.Timestamp((in.StartTime + max(in.Duration, 0)) * 1000))
	if in.Flags&3 != 0 {
		out.SetFlags(1)
	}
	putTags(out.Attributes(), in.Tags)
	referenceKind(out, in.Tags)
	referenceScope(ss.Scope(), out.Attributes())
	for _, log := range in.Logs {
		referenceEvent(out.Events().AppendEmpty(), log)
	}
	referenceLinks(out, in)
	referenceStatus(out)
}

// referenceParent returns the id that is the parent: parentSpanId, else a
// CHILD_OF, else a FOLLOWS_FROM, of the same trace.
func referenceParent(in *jaeger.Span) int64 {
	if in.ParentSpanId != 0 && in.ParentSpanId != in.SpanId {
		return in.ParentSpanId
	}
	for _, refType := range []jaeger.SpanRefType{childOf, followsFrom} {
		for _, r := range in.References {
			sameTrace := r.TraceIdHigh == in.TraceIdHigh && r.TraceIdLow == in.TraceIdLow
			if r.RefType == refType && sameTrace && r.SpanId != 0 && r.SpanId != in.SpanId {
				return r.SpanId
			}
		}
	}
	return 0
}

func referenceLinks(out ptrace.Span, in *jaeger.Span) {
	var seen []jaeger.SpanRef
	for _, r := range in.References {
		noID := r.TraceIdHigh == 0 && r.TraceIdLow == 0 || r.SpanId == 0
		if noID || slices.Contains(seen, *r) {
			continue
		}
		seen = append(seen, *r)
		trace, span := referenceTraceID(r.TraceIdHigh, r.TraceIdLow), referenceSpanID(r.SpanId)
		name := fmt.Sprintf("unknown_%d", r.RefType)
		switch r.RefType {
		case childOf:
			name = "child_of"
			if trace == out.TraceID() && (span == out.ParentSpanID() || span == out.SpanID()) {
				continue
			}
		case followsFrom:
			name = "follows_from"
		}
		link := out.Links().AppendEmpty()
		link.SetTraceID(trace)
		link.SetSpanID(span)
		link.Attributes().PutStr("opentracing.ref_type", name)
	}
}

func referenceKind(out ptrace.Span, tags []*jaeger.Tag) {
	kinds := map[string]ptrace.SpanKind{
		"INTERNAL": ptrace.SpanKindInternal, "SERVER": ptrace.SpanKindServer, "CLIENT": ptrace.SpanKindClient,
		"PRODUCER": ptrace.SpanKindProducer, "CONSUMER": ptrace.SpanKindConsumer,
	}
	out.SetKind(ptrace.SpanKindInternal)
	for _, tag := range tags {
		name := strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(tag.GetVStr())), "SPAN_KIND_")
		if kind, ok := kinds[name]; ok && tag.Key == "span.kind" && tag.VType == jaeger.TagType_STRING {
			out.SetKind(kind)
			out.Attributes().Remove("span.kind")
		}
	}
}

func referenceScope(scope pcommon.InstrumentationScope, attrs pcommon.Map) {
	take := func(newer, older string) string {
		text := cmp.Or(textOf(attrs, newer), textOf(attrs, older))
		for _, key := range []string{newer, older} {
			if text != "" && textOf(attrs, key) == text {
				attrs.Remove(key)
			}
		}
		return text
	}
	scope.SetName(take("otel.scope.name", "otel.library.name"))
	scope.SetVersion(take("otel.scope.version", "otel.library.version"))
}

// textOf returns the value of an attribute, "" if it is not there or no text.
func textOf(attrs pcommon.Map, key string) string {
	if v, ok := attrs.Get(key); ok && v.Type() == pcommon.ValueTypeStr {
		return v.Str()
	}
	return ""
}

func isText(attrs pcommon.Map, key string) bool {
	v, ok := attrs.Get(key)
	return ok && v.Type() == pcommon.ValueTypeStr
}

func referenceEvent(out ptrace.SpanEvent, log *jaeger.Log) {
	out.SetTimestamp(pcommon.Timestamp(log.Timestamp * 1000))
	fields := slices.Clone(log.Fields)
	attrs := out.Attributes()
	putTags(attrs, fields)
	named := slices.IndexFunc(fields, func(tag *jaeger.Tag) bool {
		return tag.Key == "event" && tag.VType == jaeger.TagType_STRING && tag.GetVStr() != ""
	})
	switch {
	case referenceErrorLog(fields, named, attrs):
		out.SetName("exception")
		referenceException(attrs)
	case named >= 0:
		out.SetName(mended(fields[named].GetVStr()))
		attrs.Remove("event")
		putTags(attrs, slices.Delete(fields, named, named+1))
	default:
		out.SetName("log")
		if v, ok := attrs.Get("event"); ok && v.AsString() != "" {
			out.SetName(v.AsString())
		}
	}
}

// referenceErrorLog reports whether a log is one of an error, and says more of it.
func referenceErrorLog(fields []*jaeger.Tag, named int, attrs pcommon.Map) bool {
	has := func(key string) bool { _, ok := attrs.Get(key); return ok }
	isError := !has("event") && (has("error.kind") || has("error.object"))
	if named >= 0 {
		isError = fields[named].GetVStr() == "error"
	}
	details := []string{"error.kind", "error.object", "message", "stack", "error"}
	return isError && slices.ContainsFunc(details, func(key string) bool { return isText(attrs, key) })
}

func referenceException(attrs pcommon.Map) {
	for from, to := range map[string]string{
		"error.kind": "exception.type", "message": "exception.message", "stack": "exception.stacktrace",
	} {
		if isText(attrs, from) {
			attrs.PutStr(to, textOf(attrs, from))
			attrs.Remove(from)
		}
	}
	for _, key := range []string{"error.object", "error"} {
		if isText(attrs, key) && !isText(attrs, "exception.message") {
			attrs.PutStr("exception.message", textOf(attrs, key))
		}
	}
}

func referenceStatus(out ptrace.Span) {
	attrs := out.Attributes()
	code, text := referenceCode(out)
	out.Status().SetCode(code)
	if otelCode(attrs) != "" {
		attrs.Remove("otel.status_code")
	}
	if code != ptrace.StatusCodeError {
		return
	}
	if e, ok := attrs.Get("error"); ok && e.Type() == pcommon.ValueTypeBool && e.Bool() {
		attrs.Remove("error")
	}
	description := textOf(attrs, "otel.status_description")
	out.Status().SetMessage(cmp.Or(description, text, textOf(attrs, "error.message"), textOf(attrs, "http.status_message")))
	if description != "" {
		attrs.Remove("otel.status_description")
	}
}

// referenceCode returns the status code, and what the tag error says in words
// if that is what decides.
func referenceCode(out ptrace.Span) (ptrace.StatusCode, string) {
	otel := otelCode(out.Attributes())
	e, isError := out.Attributes().Get("error")
	_, isOTel := out.Attributes().Get("otel.status_code")
	switch {
	case otel == "OK":
		return ptrace.StatusCodeOk, ""
	case otel == "ERROR":
		return ptrace.StatusCodeError, ""
	case !isError && !isOTel && referenceHTTPError(out):
		return ptrace.StatusCodeError, ""
	case !isError || e.Type() == pcommon.ValueTypeBytes:
		return ptrace.StatusCodeUnset, ""
	}
	switch text := e.AsString(); text {
	case "", "0":
		if text == "" || e.Type() != pcommon.ValueTypeStr {
			return ptrace.StatusCodeUnset, ""
		}
		return ptrace.StatusCodeError, text
	case "false":
		return ptrace.StatusCodeOk, ""
	case "true":
		return ptrace.StatusCodeError, ""
	default:
		return ptrace.StatusCodeError, textOf(out.Attributes(), "error")
	}
}

// otelCode returns the name of the code in otel.status_code, "" if there is none.
func otelCode(attrs pcommon.Map) string {
	v, ok := attrs.Get("otel.status_code")
	if !ok || v.Type() == pcommon.ValueTypeBytes || v.Type() == pcommon.ValueTypeBool {
		return ""
	}
	name, isText := v.AsString(), v.Type() == pcommon.ValueTypeStr
	for i, code := range []string{"UNSET", "OK", "ERROR"} {
		if isText && strings.EqualFold(name, code) || !isText && name == strconv.Itoa(i) {
			return code
		}
	}
	return ""
}

func referenceHTTPError(out ptrace.Span) bool {
	v, ok := out.Attributes().Get("http.status_code")
	if !ok || v.Type() == pcommon.ValueTypeBytes {
		return false
	}
	code, err := strconv.Atoi(strings.TrimSpace(v.AsString()))
	return err == nil && code < 600 && (code >= 500 || code >= 400 && out.Kind() == ptrace.SpanKindClient)
}

func putTags(attrs pcommon.Map, tags []*jaeger.Tag) {
	for _, tag := range tags {
		key := mended(tag.Key)
		switch tag.VType {
		case jaeger.TagType_STRING:
			attrs.PutStr(key, mended(tag.GetVStr()))
		case jaeger.TagType_BOOL:
			attrs.PutBool(key, tag.GetVBool())
		case jaeger.TagType_LONG:
			attrs.PutInt(key, tag.GetVLong())
		case jaeger.TagType_DOUBLE:
			attrs.PutDouble(key, tag.GetVDouble())
		case jaeger.TagType_BINARY:
			attrs.PutEmptyBytes(key).FromRaw(tag.GetVBinary())
		}
	}
}

// mended replaces the bytes of s that are not UTF-8.
func mended(s string) string { return string([]rune(s)) }

func referenceTraceID(high, low int64) (id pcommon.TraceID) {
	binary.BigEndian.PutUint64(id[:8], uint64(high))
	binary.BigEndian.PutUint64(id[8:], uint64(low))
	return id
}

func referenceSpanID(n int64) (id pcommon.SpanID) {
	binary.BigEndian.PutUint64(id[:], uint64(n))
	return id
}
