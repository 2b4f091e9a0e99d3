package sidecar

import (
	"encoding/binary"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/ot2otel/ot2otel/internal/pb"
)

// append appends s as ResourceSpans of one span.
//
//	message ExportTraceServiceRequest { repeated ResourceSpans resource_spans = 1; }
//	message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
//	message Resource { repeated KeyValue attributes = 1; }
//	message ScopeSpans { InstrumentationScope scope = 1; repeated Span spans = 2; }
//	message InstrumentationScope { string name = 1; }
func (s *ownSpan) append(b []byte, service string) []byte {
	b, all := pb.Begin(b, 1)
	b, resource := pb.Begin(b, 1)
	b = appendText(b, 1, "service.name", service)
	b = pb.End(b, resource)
	b, spans := pb.Begin(b, 2)
	b, scope := pb.Begin(b, 1)
	b = pb.AppendString(b, 1, "github.com/ot2otel/ot2otel/rewrite/sidecar")
	b = pb.End(b, scope)
	b, span := pb.Begin(b, 2)
	b = s.appendSpan(b)
	b = pb.End(b, span)
	b = pb.End(b, spans)
	return pb.End(b, all)
}

// appendSpan appends the fields of the span itself.
//
//	message Span {
//	  bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4;
//	  string name = 5; SpanKind kind = 6;
//	  fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8;
//	  repeated KeyValue attributes = 9; Status status = 15; fixed32 flags = 16;
//	}
//	message Status { string message = 2; StatusCode code = 3; }
func (s *ownSpan) appendSpan(b []byte) []byte {
	c := &s.context
	var id [16]byte
	binary.BigEndian.PutUint64(id[:], c.TraceID.High)
	binary.BigEndian.PutUint64(id[8:], c.TraceID.Low)
	b = pb.AppendBytes(b, 1, id[:])
	b = appendID(b, 2, uint64(s.id))
	if c.State != "" {
		b = pb.AppendString(b, 3, valid(c.State))
	}
	if c.SpanID != 0 {
		b = appendID(b, 4, uint64(c.SpanID))
	}
	b = pb.AppendString(b, 5, valid(s.method))
	b = pb.AppendVarint(b, 6, s.kind())
	b = pb.AppendFixed64(b, 7, uint64(s.start.UnixNano()))
	b = pb.AppendFixed64(b, 8, uint64(max(s.end.UnixNano(), s.start.Add(time.Nanosecond).UnixNano())))
	b = s.appendAttributes(b)
	if s.failed() {
		b, status := pb.Begin(b, 15)
		b = pb.AppendVarint(b, 3, 2) // STATUS_CODE_ERROR
		return s.appendFlags(pb.End(b, status))
	}
	return s.appendFlags(b)
}

// appendFlags appends the W3C flags, and that the parent is another process's.
func (s *ownSpan) appendFlags(b []byte) []byte {
	const sampled, random, knownRemote, remote = 1, 2, 0x100, 0x200
	flags := uint32(sampled | knownRemote | remote)
	if s.context.Random {
		flags |= random
	}
	return pb.AppendFixed32(b, 16, flags)
}

// kind returns SPAN_KIND_SERVER or SPAN_KIND_CLIENT.
func (s *ownSpan) kind() uint64 {
	if s.leg == inbound {
		return 2
	}
	return 3
}

// failed follows the semantic conventions for HTTP: to a server, what the
// client did wrong is no error.
func (s *ownSpan) failed() bool {
	return s.status == 0 || s.status >= 500 || s.leg == outbound && s.status >= 400
}

// appendAttributes follows the semantic conventions for HTTP, version 1.23 and later.
func (s *ownSpan) appendAttributes(b []byte) []byte {
	host, port, err := net.SplitHostPort(s.host)
	if err != nil {
		host = s.host
	}
	b = appendText(b, 9, "http.request.method", s.method)
	b = appendText(b, 9, "url.scheme", s.scheme)
	b = appendText(b, 9, "url.path", s.path)
	b = appendText(b, 9, "server.address", host)
	if n, err := strconv.ParseUint(port, 10, 16); err == nil {
		b = appendNumber(b, 9, "server.port", n)
	}
	b = appendText(b, 9, "network.protocol.version", s.version())
	switch {
	case s.failure != "":
		b = appendText(b, 9, "error.type", s.failure)
	case s.failed():
		b = appendText(b, 9, "error.type", strconv.Itoa(s.status))
	}
	if s.status != 0 {
		b = appendNumber(b, 9, "http.response.status_code", uint64(s.status))
	}
	return b
}

func (s *ownSpan) version() string {
	if s.major == 2 {
		return "2"
	}
	return fmt.Sprintf("%d.%d", s.major, s.minor)
}

func appendID(b []byte, num int, id uint64) []byte {
	var text [8]byte
	binary.BigEndian.PutUint64(text[:], id)
	return pb.AppendBytes(b, num, text[:])
}

// appendText appends an attribute.
//
//	message KeyValue { string key = 1; AnyValue value = 2; }
//	message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; … } }
func appendText(b []byte, num int, key, value string) []byte {
	b, pair := pb.Begin(b, num)
	b = pb.AppendString(b, 1, key)
	b, any := pb.Begin(b, 2)
	b = pb.AppendString(b, 1, valid(value))
	b = pb.End(b, any)
	return pb.End(b, pair)
}

func appendNumber(b []byte, num int, key string, value uint64) []byte {
	b, pair := pb.Begin(b, num)
	b = pb.AppendString(b, 1, key)
	b, any := pb.Begin(b, 2)
	b = pb.AppendVarint(b, 3, value)
	b = pb.End(b, any)
	return pb.End(b, pair)
}

func valid(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }
