package proxy

import (
	"bytes"
	"cmp"
	"strings"
	"sync/atomic"

	"github.com/ot2otel/ot2otel/ingest"
	"github.com/ot2otel/ot2otel/internal/pb"
	"github.com/ot2otel/ot2otel/rewrite"
)

// A learner is a Sink through which spans pass that the sidecar's app reports.
// They tell which ids the app can take.
type learner struct {
	ingest.Sink
	app    *rewrite.Rewriter
	shared []byte // the attribute of spans that had the id of their client's

	version atomic.Pointer[string] // the last one met
}

// newLearner returns a learner for spans whose residue has keys with prefix.
func newLearner(sink ingest.Sink, app *rewrite.Rewriter, prefix string) *learner {
	return &learner{Sink: sink, app: app, shared: sharedAttribute(cmp.Or(prefix, "ot2otel.") + "zipkin.shared")}
}

// sharedAttribute is a KeyValue with the value true, as translate writes it.
//
//	message KeyValue { string key = 1; AnyValue value = 2; }
//	message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; … } }
func sharedAttribute(key string) []byte {
	b := pb.AppendString(nil, 1, key)
	b, value := pb.Begin(b, 2)
	return pb.End(pb.AppendBool(b, 2, true), value)
}

// Put implements ingest.Sink.
func (l *learner) Put(data []byte, spans int) error {
	l.learnVersion(clientVersion(data))
	if !l.app.Learned().Joins && bytes.Contains(data, l.shared) {
		l.app.LearnShared()
	}
	return l.Sink.Put(data, spans)
}

// learnVersion passes on a version that is news.
func (l *learner) learnVersion(version string) {
	if last := l.version.Load(); version == "" || last != nil && *last == version {
		return
	}
	version = strings.Clone(version)
	l.version.Store(&version)
	l.app.LearnClient(version)
}

// clientVersion is the tag jaeger.version of the first process in data that has
// it. It aliases data, in which spans are skipped.
//
//	message ExportTraceServiceRequest { repeated ResourceSpans resource_spans = 1; }
//	message ResourceSpans { Resource resource = 1; … }
func clientVersion(data []byte) string {
	r := pb.NewReader(data)
	for _, typ := range r.Fields() {
		if typ != pb.Bytes {
			r.Skip(typ)
			continue
		}
		for num, typ := range r.Message() {
			if num != 1 || typ != pb.Bytes {
				r.Skip(typ)
				continue
			}
			if version := versionOf(&r); version != "" {
				return version
			}
		}
	}
	return ""
}

// versionOf looks for the tag among the attributes of a resource.
//
//	message Resource { repeated KeyValue attributes = 1; … }
func versionOf(r *pb.Reader) (version string) {
	for num, typ := range r.Message() {
		if num != 1 || typ != pb.Bytes {
			r.Skip(typ)
			continue
		}
		if key, value := textAttribute(r); key == "jaeger.version" {
			version = value
		}
	}
	return version
}

// textAttribute reads a KeyValue; the value is empty unless it is a string.
//
//	message KeyValue { string key = 1; AnyValue value = 2; }
//	message AnyValue { oneof value { string string_value = 1; … } }
func textAttribute(r *pb.Reader) (key, value string) {
	for num, typ := range r.Message() {
		switch {
		case num == 1 && typ == pb.Bytes:
			key = r.String()
		case num == 2 && typ == pb.Bytes:
			value = textValue(r)
		default:
			r.Skip(typ)
		}
	}
	return key, value
}

func textValue(r *pb.Reader) (value string) {
	for num, typ := range r.Message() {
		if num == 1 && typ == pb.Bytes {
			value = r.String()
		} else {
			r.Skip(typ)
		}
	}
	return value
}
