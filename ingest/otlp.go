package ingest

import (
	"cmp"
	"fmt"
	"strings"
	"sync"

	"github.com/ot2otel/ot2otel/internal/json"
	"github.com/ot2otel/ot2otel/internal/pb"
	"github.com/ot2otel/ot2otel/translate"
)

// OTLP says how requests are taken that are OTLP already.
type OTLP struct {
	// Validate checks every span and leaves out those that break OTLP's rules:
	// ids of a wrong length or of zeros only, strings that are not UTF-8, an end
	// before the start. The sender is told how many those were. Otherwise spans
	// are counted and passed on as they are.
	Validate bool
}

// otlpBody is the default of Limits.Body: what OTLP recommends.
const otlpBody = 64 << 20

func otlpLimits(l Limits) Limits {
	l.Body = cmp.Or(l.Body, otlpBody)
	return l
}

// An otlpLane is a lane for ExportTraceServiceRequests.
type otlpLane struct {
	*lane
	validate bool
	scratch  sync.Pool // of *otlpScratch
}

func (in *Intake) otlpLane(listener string, o OTLP) *otlpLane {
	return &otlpLane{lane: in.lane(listener, requestReasons), validate: o.Validate}
}

// An otlpScratch is the memory that a request needs beside its body.
type otlpScratch struct {
	json   json.Reader
	binary []byte // the request, if that came in JSON
	good   []byte // the request without invalid spans
}

// An otlpForm is a way to write OTLP: its media type.
type otlpForm string

const (
	otlpProtobuf otlpForm = "application/x-protobuf"
	otlpJSON     otlpForm = "application/json"
)

// take puts the spans of a request into the Sink. Some may be rejected, while
// the rest is taken.
func (l *otlpLane) take(body []byte, form otlpForm) (bad rejection, no *refusal) {
	x, ok := l.scratch.Get().(*otlpScratch)
	if !ok {
		x = new(otlpScratch)
	}
	no = l.guard(body, func() (no *refusal) {
		request := body
		if form == otlpJSON {
			var err error
			if x.binary, err = appendOTLPJSON(x.binary[:0], &x.json, body); err != nil {
				return unreadable(err)
			}
			request = x.binary
		}
		bad, no = l.pass(x, request)
		return no
	})
	if max(len(body), cap(x.binary), cap(x.good)) <= maxSpare && (no == nil || no.reason != reasonPanic) {
		l.scratch.Put(x)
	}
	return bad, no
}

// pass is take for a request in protobuf.
func (l *otlpLane) pass(x *otlpScratch, request []byte) (rejection, *refusal) {
	if !l.validate {
		n, err := countSpans(request)
		if err != nil {
			return rejection{}, unreadable(err)
		}
		return rejection{}, l.deliver(request, &translate.Report{Spans: n}, l.wait)
	}
	v := validation{good: x.good[:0]}
	err := v.request(request)
	x.good = v.good
	switch {
	case err != nil:
		return rejection{}, unreadable(err)
	case v.bad.spans > 0 && v.spans == 0:
		return rejection{}, &refusal{reason: reasonInvalid, spans: v.bad.spans, err: v.bad.why}
	}
	return v.bad, l.deliver(v.good, &translate.Report{Spans: v.spans, Rejected: v.bad.spans}, l.wait)
}

// reject reports spans that were left out, which the sender is told as well.
func (l *otlpLane) reject(bad rejection, peer any) {
	if bad.spans > 0 && l.report.due(reasonInvalid) {
		l.report.warn(problemInvalid, "spans", bad.spans, "peer", peer, "error", bad.why)
	}
}

// A rejection is about spans that are left out of a request.
type rejection struct {
	spans int
	why   error // of the first
}

// message is what the sender is told.
func (bad rejection) message() string {
	return strings.ToValidUTF8(fmt.Sprintf("%d spans are invalid; the first: %v", bad.spans, bad.why), "\uFFFD")
}

// appendResponse appends the response to a request that was taken.
//
//	message ExportTraceServiceResponse {
//	  ExportTracePartialSuccess partial_success = 1;
//	}
//	message ExportTracePartialSuccess {
//	  int64 rejected_spans = 1;
//	  string error_message = 2;
//	}
func (bad rejection) appendResponse(b []byte) []byte {
	if bad.spans == 0 {
		return b
	}
	b, partial := pb.Begin(b, 1)
	b = pb.AppendVarint(b, 1, uint64(bad.spans))
	b = pb.AppendString(b, 2, bad.message())
	return pb.End(b, partial)
}

// countSpans returns how many spans a request has. It does not look into them.
//
//	message ExportTraceServiceRequest {
//	  repeated ResourceSpans resource_spans = 1;
//	}
func countSpans(request []byte) (n int, err error) {
	r := pb.NewReader(request)
	for num, typ := range r.Fields() {
		if num == 1 && typ == pb.Bytes {
			n += countOfResource(&r)
		} else {
			r.Skip(typ)
		}
	}
	return n, r.Err()
}

// countOfResource counts the spans of a resource.
//
//	message ResourceSpans {
//	  Resource resource = 1;
//	  repeated ScopeSpans scope_spans = 2;
//	  string schema_url = 3;
//	}
func countOfResource(r *pb.Reader) (n int) {
	for num, typ := range r.Message() {
		if num == 2 && typ == pb.Bytes {
			n += countOfScope(r)
		} else {
			r.Skip(typ)
		}
	}
	return n
}

// countOfScope counts the spans of a scope.
//
//	message ScopeSpans {
//	  InstrumentationScope scope = 1;
//	  repeated Span spans = 2;
//	  string schema_url = 3;
//	}
func countOfScope(r *pb.Reader) (n int) {
	for num, typ := range r.Message() {
		if num == 2 && typ == pb.Bytes {
			n++
		}
		r.Skip(typ)
	}
	return n
}
