package ingest

import (
	"cmp"
	"fmt"

	"github.com/ot2otel/ot2otel/internal/pb"
)

// A validation copies the good spans of a request, with all that is around
// them, fields that are not known included.
type validation struct {
	good  []byte // the request without what is bad
	spans int    // in good
	bad   rejection

	resource, scope, span int // which one is at hand, counted from 1
}

// request checks a request. An error means that not even its spans can be told apart.
//
//	message ExportTraceServiceRequest {
//	  repeated ResourceSpans resource_spans = 1;
//	}
func (v *validation) request(b []byte) error {
	r := pb.NewReader(b)
	for num, typ := range r.Fields() {
		if num != 1 || typ != pb.Bytes {
			v.keep(&r, b, num, typ)
		} else if err := v.resourceSpans(r.Bytes()); err != nil {
			return err
		}
	}
	return r.Err()
}

// resourceSpans checks the spans of a resource. If the resource itself is bad,
// all of them are.
//
//	message ResourceSpans {
//	  Resource resource = 1;
//	  repeated ScopeSpans scope_spans = 2;
//	  string schema_url = 3;
//	}
func (v *validation) resourceSpans(b []byte) error {
	v.resource++
	v.scope = 0
	fault := resourceFault(b, v.explained())
	undo, before := len(v.good), v.spans
	good, mark := pb.Begin(v.good, 1)
	v.good = good
	r := pb.NewReader(b)
	for num, typ := range r.Fields() {
		if num != 2 || typ != pb.Bytes {
			v.keep(&r, b, num, typ)
		} else if err := v.scopeSpans(r.Bytes(), fault); err != nil {
			return err
		}
	}
	v.end(mark, undo, before)
	return r.Err()
}

// scopeSpans checks the spans of a scope, all of which are bad if there is a
// fault already, or the scope itself has one.
//
//	message ScopeSpans {
//	  InstrumentationScope scope = 1;
//	  repeated Span spans = 2;
//	  string schema_url = 3;
//	}
func (v *validation) scopeSpans(b []byte, fault error) error {
	v.scope++
	v.span = 0
	fault = cmp.Or(fault, scopeFault(b, v.explained()))
	undo, before := len(v.good), v.spans
	good, mark := pb.Begin(v.good, 2)
	v.good = good
	r := pb.NewReader(b)
	for num, typ := range r.Fields() {
		if num != 2 || typ != pb.Bytes {
			v.keep(&r, b, num, typ)
		} else {
			v.check(r.Bytes(), fault)
		}
	}
	v.end(mark, undo, before)
	return r.Err()
}

// check keeps a span if it and what is around it have no fault.
func (v *validation) check(span []byte, fault error) {
	v.span++
	if fault == nil {
		fault = spanFault(span, v.explained())
	}
	if fault == nil {
		v.spans++
		v.good = pb.AppendBytes(v.good, 2, span)
		return
	}
	v.bad.spans++
	if v.bad.why == nil {
		v.bad.why = fmt.Errorf("resource %d, scope %d, span %d: %w", v.resource, v.scope, v.span, fault)
	}
}

// explained reports whether it is known why the first bad span is.
func (v *validation) explained() bool { return v.bad.why != nil }

// keep copies a field of b.
func (v *validation) keep(r *pb.Reader, b []byte, num int, typ pb.Type) {
	from := r.Offset()
	r.Skip(typ)
	if to := r.Offset(); to > from { // there was no error
		v.good = append(pb.AppendTag(v.good, num, typ), b[from:to]...)
	}
}

// end closes a message, or takes it back if no good span has come since.
func (v *validation) end(mark, undo, before int) {
	if v.spans == before {
		v.good = v.good[:undo]
		return
	}
	v.good = pb.End(v.good, mark)
}
