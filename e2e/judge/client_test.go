package judge

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/uber/jaeger-client-go/thrift"
	"github.com/uber/jaeger-client-go/thrift-gen/agent"
	"github.com/uber/jaeger-client-go/thrift-gen/jaeger"

	"github.com/ot2otel/ot2otel/e2e/corpus"
)

// TestClientsSendWhatTheJudgeThinks reads every payload with the generated code
// of jaeger-client-go and holds it against what the judge thinks the client
// makes of the manifest. So a complaint of the judge is never the fault of its
// picture of a client.
func TestClientsSendWhatTheJudgeThinks(t *testing.T) {
	names, err := corpus.Names(root, corpus.JaegerThrift...)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			m := load(t, name)
			wire := readPayloads(t, m)
			if len(wire) != m.OnWire.Spans {
				t.Fatalf("%d spans on the wire, the manifest says %d", len(wire), m.OnWire.Spans)
			}
			for _, asked := range m.Spans {
				if !slices.Contains(m.OnWire.NotSent, asked.Key) {
					compareWithWire(t, m, asked, wire)
				}
			}
		})
	}
}

// A wireSpan is a span of a payload and the process of its batch.
type wireSpan struct {
	*jaeger.Span
	process *jaeger.Process
}

func readPayloads(t *testing.T, m *corpus.Manifest) (spans []wireSpan) {
	for _, c := range m.Captures {
		payload, err := m.Payload(c)
		if err != nil {
			t.Fatal(err)
		}
		if len(payload) == 0 {
			continue
		}
		batch, err := readBatch(t, c, payload)
		if err != nil {
			t.Fatalf("%s: %v", c.File, err)
		}
		for _, s := range batch.Spans {
			spans = append(spans, wireSpan{s, batch.Process})
		}
	}
	return spans
}

func readBatch(t *testing.T, c corpus.Capture, payload []byte) (*jaeger.Batch, error) {
	buffer := thrift.NewTMemoryBufferLen(len(payload))
	if _, err := buffer.Write(payload); err != nil {
		return nil, err
	}
	var p thrift.TProtocol = thrift.NewTBinaryProtocolConf(buffer, nil)
	if c.Port == 14268 {
		batch := jaeger.NewBatch()
		return batch, batch.Read(t.Context(), p)
	}
	if c.Port == 6831 {
		p = thrift.NewTCompactProtocolConf(buffer, nil)
	}
	if _, _, _, err := p.ReadMessageBegin(t.Context()); err != nil {
		return nil, err
	}
	args := agent.NewAgentEmitBatchArgs()
	return args.Batch, args.Read(t.Context(), p)
}

func compareWithWire(t *testing.T, m *corpus.Manifest, asked corpus.Span, wire []wireSpan) {
	t.Helper()
	c, _ := clientOf(m)
	s, err := c.send(m, asked)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(wire, func(w wireSpan) bool {
		return id(w.SpanId) == [8]byte(s.id) && traceOf(w.TraceIdHigh, w.TraceIdLow) == [16]byte(s.trace) &&
			(s.service == "" || w.process.ServiceName == s.service)
	})
	if i < 0 {
		t.Errorf("span %q is not on the wire", s.key)
		return
	}
	w := wire[i]
	if w.OperationName != s.name || id(w.ParentSpanId) != [8]byte(s.parent) || w.StartTime != s.start || w.Duration != s.duration {
		t.Errorf("span %q: name, parent or times differ from the wire: %+v", s.key, w.Span)
	}
	if debug := w.Flags&2 != 0; debug != s.debug {
		t.Errorf("span %q: debug %v, on the wire %v", s.key, s.debug, debug)
	}
	compareFields(t, s.key, s.tags, w.Tags, append(slices.Clone(s.added), "otel.library.name", "otel.library.version"), s.blind)
	compareFields(t, s.key+" process", s.process, w.process.Tags, slices.Clone(process), false)
	compareLogs(t, s, w.Logs)
	compareRefs(t, s, w.References)
}

func compareFields(t *testing.T, what string, fields []field, tags []*jaeger.Tag, added []string, blind bool) {
	t.Helper()
	added = slices.DeleteFunc(added, func(key string) bool { return has(fields, key) })
	want, got := collect(fields), collect(fromTags(tags, added))
	for key, v := range got {
		hidden := blind && strings.HasPrefix(key, "ot2otel.dup.")
		if !hidden && !same(bare(v), want[key]) {
			t.Errorf("span %q: %s: on the wire %s, the judge thinks %s", what, key, show(v), show(want[key]))
		}
	}
	for key := range want {
		if _, ok := got[key]; !ok {
			t.Errorf("span %q: %s is not on the wire", what, key)
		}
	}
}

func bare(v any) any {
	if s, ok := v.(mended); ok {
		return strings.ToValidUTF8(string(s), "\uFFFD")
	}
	return v
}

func fromTags(tags []*jaeger.Tag, added []string) (fields []field) {
	for _, t := range tags {
		if !slices.Contains(added, t.Key) && !strings.HasPrefix(t.Key, "telemetry.sdk.") {
			fields = append(fields, field{t.Key, tagValue(t)})
		}
	}
	return fields
}

func tagValue(t *jaeger.Tag) any {
	switch t.VType {
	case jaeger.TagType_BOOL:
		return *t.VBool
	case jaeger.TagType_LONG:
		return *t.VLong
	case jaeger.TagType_DOUBLE:
		return *t.VDouble
	case jaeger.TagType_BINARY:
		return t.VBinary
	}
	return *t.VStr
}

func compareLogs(t *testing.T, s sent, logs []*jaeger.Log) {
	t.Helper()
	if len(s.baggage) > 0 {
		logs = slices.DeleteFunc(slices.Clone(logs), func(l *jaeger.Log) bool {
			return len(l.Fields) > 0 && l.Fields[0].GetVStr() == "baggage"
		})
	}
	if len(logs) != len(s.logs) {
		t.Errorf("span %q: %d logs on the wire, the judge thinks %d", s.key, len(logs), len(s.logs))
		return
	}
	for i, l := range logs {
		if off := math.Abs(float64(l.Timestamp - s.logs[i].time)); off > 1 || off > 0 && !s.logs[i].inexact {
			t.Errorf("span %q: log %d is %v µs off", s.key, i, off)
		}
		compareFields(t, s.key+" log", s.logs[i].fields, l.Fields, nil, false)
	}
}

func compareRefs(t *testing.T, s sent, refs []*jaeger.SpanRef) {
	t.Helper()
	kinds := map[jaeger.SpanRefType]string{jaeger.SpanRefType_CHILD_OF: "child_of", jaeger.SpanRefType_FOLLOWS_FROM: "follows_from"}
	var onWire []ref
	for _, r := range refs {
		onWire = append(onWire, ref{kinds[r.RefType], traceOf(r.TraceIdHigh, r.TraceIdLow), id(r.SpanId)})
	}
	if len(s.refs) == 0 && slices.Equal(onWire, []ref{{"child_of", s.trace, s.parent}}) {
		return // Node states the parent again or does not
	}
	if !s.blind && !slices.Equal(onWire, s.refs) {
		t.Errorf("span %q: references %v on the wire, the judge thinks %v", s.key, onWire, s.refs)
	}
}

func id(n int64) (id [8]byte) {
	binary.BigEndian.PutUint64(id[:], uint64(n))
	return id
}

func traceOf(high, low int64) (id [16]byte) {
	binary.BigEndian.PutUint64(id[:8], uint64(high))
	binary.BigEndian.PutUint64(id[8:], uint64(low))
	return id
}
