package translate

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/ot2otel/ot2otel/internal/thrift"
)

// ErrMethod is the error of a Thrift message that calls a method which is not
// served; it comes wrapped in one that names the method.
var ErrMethod = errors.New("method not served")

// errNoSpans is the error of a struct that lacks what a Batch must have.
var errNoSpans = errors.New("no jaeger.thrift Batch: there is no list of spans")

// readAgentMessage reads a message to the agent. Whether it is sent as a call
// or as oneway does not matter: clients do both, and none waits for an answer.
//
//	service Agent {
//	  oneway void emitZipkinBatch(1: list<zipkincore.Span> spans)
//	  oneway void emitBatch(1: jaeger.Batch batch)
//	}
func (t *Translator) readAgentMessage(r *thrift.Reader) error {
	method, _, _ := r.Message()
	if err := r.Err(); err != nil {
		return err
	}
	if method != "emitBatch" {
		return fmt.Errorf("%w: %q", ErrMethod, method)
	}
	err := errNoSpans
	for id, typ := range r.Fields() {
		if id == 1 && typ == thrift.Struct {
			err = t.readBatch(r)
		} else {
			r.Skip(typ)
		}
	}
	return cmp.Or(r.Err(), err)
}

// readBatch reads a batch. Its spans need the process, which comes first, as a
// rule; to find it wherever it is, it is read ahead.
//
//	struct Batch {
//	  1: required Process process
//	  2: required list<Span> spans
//	  3: optional i64 seqNo
//	  4: optional ClientStats stats
//	}
func (t *Translator) readBatch(r *thrift.Reader) error {
	t.readProcessAhead(*r)
	err := errNoSpans
	for id, typ := range r.Fields() {
		switch {
		case id == 2 && typ == thrift.List:
			err = t.readSpans(r)
		case id == 3 && typ == thrift.I64:
			t.report.Client.SeqNo = r.I64()
		case id == 4 && typ == thrift.Struct:
			t.readClientStats(r)
		default:
			r.Skip(typ)
		}
	}
	return cmp.Or(r.Err(), err)
}

func (t *Translator) readProcessAhead(r thrift.Reader) {
	t.text.reset()
	t.beginResource()
	for id, typ := range r.Fields() {
		if id == 1 && typ == thrift.Struct {
			t.readProcess(&r)
			break
		}
		r.Skip(typ)
	}
	t.finishResource()
}

// readProcess reads the process that the spans of a batch come from.
//
//	struct Process {
//	  1: required string serviceName
//	  2: optional list<Tag> tags
//	}
func (t *Translator) readProcess(r *thrift.Reader) {
	for id, typ := range r.Fields() {
		switch {
		case id == 1 && typ == thrift.String:
			t.service = r.String()
		case id == 2 && typ == thrift.List:
			t.resource.list = readTags(r, t.resource.list)
		default:
			r.Skip(typ)
		}
	}
}

// readClientStats reads what the client lost since it started (J-15).
//
//	struct ClientStats {
//	  1: required i64 fullQueueDroppedSpans
//	  2: required i64 tooLargeDroppedSpans
//	  3: required i64 failedToEmitSpans
//	}
func (t *Translator) readClientStats(r *thrift.Reader) {
	c := &t.report.Client
	c.HasStats = true
	for id, typ := range r.Fields() {
		switch {
		case id == 1 && typ == thrift.I64:
			c.FullQueue = r.I64()
		case id == 2 && typ == thrift.I64:
			c.TooLarge = r.I64()
		case id == 3 && typ == thrift.I64:
			c.SendFail = r.I64()
		default:
			r.Skip(typ)
		}
	}
}

// readSpans reads the spans of a batch and appends each.
func (t *Translator) readSpans(r *thrift.Reader) error {
	elem, n := r.List()
	if n > 0 && elem != thrift.Struct {
		for range n {
			r.Skip(elem)
		}
		return fmt.Errorf("%w, but one of %v", errNoSpans, elem)
	}
	for t.reading = 1; t.reading <= n; t.reading++ {
		t.beginSpan()
		t.readSpan(r)
		if err := r.Err(); err != nil {
			return err
		}
		t.finishJaeger()
	}
	t.reading = 0
	return nil
}
