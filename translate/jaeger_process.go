package translate

import "github.com/ot2otel/ot2otel/internal/thrift"

// A knownProcess is the process that was read last and what it became. A client
// sends the same one with each of its batches, and to map it takes about as
// long as a span does: half the time of a batch of one (BenchmarkAppend).
type knownProcess struct {
	format   Format
	raw      []byte // as it stood in the payload
	service  string // in raw, as are the strings of report
	resource []byte // encoded
	report   Report
}

// readProcessAhead reads the process of the batch that r is about to read.
func (t *Translator) readProcessAhead(r thrift.Reader) {
	for id, typ := range r.Fields() {
		if id == 1 && typ == thrift.Struct {
			t.useProcess(&r)
			return
		}
		r.Skip(typ)
	}
	t.learnProcess(noProcess)
}

// noProcess is a Process without fields, in both protocols.
var noProcess = []byte{0}

// useProcess makes the process that r is about to read the resource of the
// spans that follow.
func (t *Translator) useProcess(r *thrift.Reader) {
	p := &t.known
	if p.format == t.format && t.config.Explain == nil && r.ExpectRaw(p.raw) {
		t.service, t.report = p.service, p.report
		t.groups.useResource(p.resource)
		return
	}
	start := r.Mark()
	r.Skip(thrift.Struct)
	if r.Err() != nil {
		p.format, p.raw = 0, p.raw[:0]
		return
	}
	t.learnProcess(r.Since(start))
}

// learnProcess maps a process and remembers what it became.
func (t *Translator) learnProcess(raw []byte) {
	p := &t.known
	p.format, p.raw = t.format, append(p.raw[:0], raw...)
	r := t.newReader(p.raw)
	t.text.reset()
	t.beginResource()
	t.readProcess(&r)
	t.finishResource()
	p.service, p.report = t.service, t.report
	p.resource = append(p.resource[:0], t.groups.encodedResource()...)
}

// newReader returns a reader of the Thrift protocol that the payload is in.
func (t *Translator) newReader(b []byte) thrift.Reader {
	if t.format == JaegerCompact {
		return thrift.NewCompact(b)
	}
	return thrift.NewBinary(b)
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
