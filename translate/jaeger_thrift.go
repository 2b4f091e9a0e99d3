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
	switch method {
	case "emitBatch":
		return t.readEmitBatch(r)
	case "emitZipkinBatch":
		return t.readEmitZipkinBatch(r)
	}
	return fmt.Errorf("%w: %q", ErrMethod, method)
}

// readEmitBatch reads the arguments of emitBatch.
func (t *Translator) readEmitBatch(r *thrift.Reader) error {
	err := errNoSpans
	for id, typ := range r.Fields() {
		if id == 1 && typ == thrift.Struct && err != nil {
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
		case id == 1 && typ == thrift.Struct && r.ExpectRaw(t.known.raw): // the process, which has been read
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
