package translate

import (
	"bytes"

	"github.com/ot2otel/ot2otel/internal/pb"
)

// readPostSpans reads what a Jaeger agent or client sends to a collector.
//
//	message PostSpansRequest {
//	  Batch batch = 1;
//	}
func (t *Translator) readPostSpans(r *pb.Reader) error {
	for num, typ := range r.Fields() {
		if num != 1 || typ != pb.Bytes {
			r.Skip(typ)
		} else if err := t.readProtoBatch(r); err != nil {
			return err
		}
	}
	return r.Err()
}

// readProtoBatch reads a batch. Its process comes after the spans that need
// it, so it is read ahead.
//
//	message Batch {
//	  repeated Span spans = 1;
//	  Process process = 2;
//	}
func (t *Translator) readProtoBatch(r *pb.Reader) error {
	common := findProcess(*r)
	for num, typ := range r.Message() {
		if num != 1 || typ != pb.Bytes {
			r.Skip(typ)
			continue
		}
		t.reading++
		t.beginSpan()
		process := t.readProtoSpan(r)
		if err := r.Err(); err != nil {
			return err
		}
		if process.raw == nil {
			process = common
		}
		if err := t.setProcess(process); err != nil {
			return err
		}
		t.finishJaeger()
	}
	t.reading = 0
	return r.Err()
}

// A protoProcess is a process that is yet to be read, which is done only if it
// is another than that of the span before.
type protoProcess struct {
	field pb.Reader // stands before it
	raw   []byte    // nil if there is none
}

// nextProcess steps over a process and returns it.
func nextProcess(r *pb.Reader) protoProcess {
	field := *r
	return protoProcess{field, r.Bytes()}
}

// findProcess returns the process of the batch that r is about to read.
func findProcess(r pb.Reader) (p protoProcess) {
	for num, typ := range r.Message() {
		if num == 2 && typ == pb.Bytes {
			p = nextProcess(&r)
		} else {
			r.Skip(typ)
		}
	}
	return p
}

// setProcess makes p the resource of the span at hand.
func (t *Translator) setProcess(p protoProcess) error {
	if t.hasProcess && bytes.Equal(p.raw, t.process) {
		return nil
	}
	t.beginResource()
	if p.raw != nil {
		t.readProtoProcess(&p.field)
	}
	if err := p.field.Err(); err != nil {
		return err
	}
	t.finishResource()
	t.process, t.hasProcess = p.raw, true
	return nil
}

// readProtoProcess reads the process that spans come from.
//
//	message Process {
//	  string service_name = 1;
//	  repeated KeyValue tags = 2;
//	}
func (t *Translator) readProtoProcess(r *pb.Reader) {
	for num, typ := range r.Message() {
		switch {
		case num == 1 && typ == pb.Bytes:
			t.service = r.String()
		case num == 2 && typ == pb.Bytes:
			t.resource.list = readProtoTag(r, t.resource.list)
		default:
			r.Skip(typ)
		}
	}
}
