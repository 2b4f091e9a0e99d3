package translate

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"

	"github.com/ot2otel/ot2otel/internal/pb"
	"github.com/ot2otel/ot2otel/internal/thrift"
)

// A Format is a wire format in which spans arrive.
type Format uint8

const (
	// JaegerCompact is one agent.thrift message in the compact protocol: what
	// clients send to UDP 6831 and 5775. The message's method says whether it
	// holds a jaeger.thrift Batch (emitBatch) or a list of zipkincore Spans
	// (emitZipkinBatch).
	JaegerCompact Format = iota + 1
	// JaegerBinary is the same message in the binary protocol, strict or not: UDP 6832.
	JaegerBinary
	// JaegerBatch is a bare jaeger.thrift Batch in the binary protocol: the body of POST 14268 /api/traces.
	JaegerBatch
	// JaegerProto is a jaeger.api_v2 PostSpansRequest: gRPC 14250.
	JaegerProto
	// ZipkinV1Thrift is a list of zipkincore.thrift Spans in the binary protocol.
	ZipkinV1Thrift
	// ZipkinV1JSON is a JSON array of Zipkin v1 spans.
	ZipkinV1JSON
	// ZipkinV2JSON is a JSON array of Zipkin v2 spans.
	ZipkinV2JSON
	// ZipkinV2Proto is a zipkin.proto3 ListOfSpans.
	ZipkinV2Proto
)

// formatNames are the names of the formats, as users write them, and as they
// stand in ot2otel.source.format (P-5).
var formatNames = [...]struct{ name, source string }{
	JaegerCompact:  {"jaeger-compact", "jaeger.thrift.compact"},
	JaegerBinary:   {"jaeger-binary", "jaeger.thrift.binary"},
	JaegerBatch:    {"jaeger-batch", "jaeger.thrift.binary"},
	JaegerProto:    {"jaeger-proto", "jaeger.proto"},
	ZipkinV1Thrift: {"zipkin-v1-thrift", "zipkin.v1.thrift"},
	ZipkinV1JSON:   {"zipkin-v1-json", "zipkin.v1.json"},
	ZipkinV2JSON:   {"zipkin-v2-json", "zipkin.v2.json"},
	ZipkinV2Proto:  {"zipkin-v2-proto", "zipkin.v2.proto"},
}

// String returns the format's name, such as "jaeger-compact".
func (f Format) String() string {
	if f < JaegerCompact || int(f) >= len(formatNames) {
		return "format " + strconv.Itoa(int(f))
	}
	return formatNames[f].name
}

// A Translator turns payloads of legacy formats into OTLP. It holds scratch
// space that is reused from payload to payload, so give each goroutine its own.
type Translator struct {
	config Config
	prefix string // of the residue's keys
	schema []byte // the encoded schema URL, if one is claimed
	// sourceKey is the key of the attribute of all scopes.
	sourceKey string
	payload
	scratch
}

// payload is what concerns one payload as a whole.
type payload struct {
	format   Format
	received uint64
	report   Report
	service  string // of the process at hand, as it stands in the payload
	source   attr   // of all scopes: the format
	reading  int    // which span is being read, counted from 1
	// process is the encoded form of the resource at hand, where spans have
	// each their own; hasProcess says that there is one, which may be empty.
	process    []byte
	hasProcess bool
}

// scratch is space that is reused from payload to payload, from span to span.
type scratch struct {
	groups   groups
	resource attrs
	span     span
	event    attrs  // of the event at hand
	events   []byte // those of the span, encoded
	text     text   // of the span or resource at hand
	notes    []noted
	rawKeys  []rawKey
	values   []value
	promoted []baggage
	refIndex index
	mapper   mapper
	parts    []Part // of the events explained so far
	told     []Explanation
	known    knownProcess
	shared   sharedHalves
	zipkin   zipkin
}

// New returns a Translator that follows c.
func New(c Config) *Translator {
	t := &Translator{config: c, prefix: cmp.Or(c.Prefix, "ot2otel.")}
	t.sourceKey = t.prefix + "source.format"
	if c.Semconv != SemconvRaw {
		t.schema = appendSchema(nil, SchemaURL)
	}
	return t
}

// Append reads the payload src, which is in format f, and appends to dst the
// ResourceSpans that it means, as fields of an OTLP
// ExportTraceServiceRequest; two results one after the other are a valid
// request again. received is the time of receipt in Unix nanoseconds: it
// stands in where a span has no usable time of its own.
//
// A payload whose bytes cannot be read is an error that names the place, and
// dst comes back as it was. A field or span that can be read but means
// nothing valid is never an error: it is mended as the mapping says and noted
// in the report.
//
// Neither src nor dst is kept after Append returns.
func (t *Translator) Append(dst []byte, f Format, src []byte, received uint64) ([]byte, Report, error) {
	t.payload = payload{format: f, received: received, source: t.sourceOf(f)}
	t.shared.reset()
	err := t.readAnew(f, src)
	if err == nil && t.shared.late {
		// Children may have been written before their parent was found: now it is known.
		t.payload = payload{format: f, received: received, source: t.sourceOf(f)}
		err = t.readAnew(f, src)
	}
	if err != nil {
		t.forgetBig(src)
		return dst, Report{}, t.place(f, err)
	}
	t.explain()
	dst = t.groups.appendTo(dst, t.schema)
	t.forgetBig(src)
	return dst, t.report, nil
}

// bigPayload is up to how many bytes of a payload, or of the spans it becomes,
// scratch space is kept.
const bigPayload = 4 << 20

// forgetBig gives back the space that a big payload needed: few are so big
// that it should be kept for those that follow.
func (t *Translator) forgetBig(src []byte) {
	if len(src) > bigPayload || cap(t.groups.spans) > bigPayload {
		t.scratch = scratch{}
	}
}

// readAnew reads src into t.groups, which have nothing of it yet.
func (t *Translator) readAnew(f Format, src []byte) error {
	t.groups.reset()
	t.notes = t.notes[:0]
	t.zipkin.reset()
	t.told = t.told[:0]
	t.shared.late = false
	return t.read(f, src)
}

// read reads src into t.groups.
func (t *Translator) read(f Format, src []byte) error {
	switch f {
	case JaegerCompact:
		r := thrift.NewCompact(src)
		return t.readAgentMessage(&r)
	case JaegerBinary:
		r := thrift.NewBinary(src)
		return t.readAgentMessage(&r)
	case JaegerBatch:
		r := thrift.NewBinary(src)
		return t.readBatch(&r)
	case JaegerProto:
		r := pb.NewReader(src)
		return t.readPostSpans(&r)
	case ZipkinV1Thrift:
		r := thrift.NewBinary(src)
		return t.readZipkinThrift(&r)
	case ZipkinV1JSON, ZipkinV2JSON:
		return t.readZipkinJSON(src)
	case ZipkinV2Proto:
		r := pb.NewReader(src)
		return t.readZipkinProto(&r)
	}
	return errors.New("not a format that can be read")
}

// sourceOf returns the attribute that tells of a scope's spans in which format
// they came (P-5, P-6).
func (t *Translator) sourceOf(f Format) attr {
	if f >= JaegerCompact && int(f) < len(formatNames) {
		return attr{key: t.sourceKey, value: stringValue(formatNames[f].source), rule: RuleSource}
	}
	return attr{}
}

// place says of err where in the payload it came up.
func (t *Translator) place(f Format, err error) error {
	if t.reading > 0 {
		return fmt.Errorf("%v: span %d: %w", f, t.reading, err)
	}
	return fmt.Errorf("%v: %w", f, err)
}
