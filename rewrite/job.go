package rewrite

import "fmt"

// A job rewrites one set of headers. It is scratch space, used again.
type job struct {
	r     *Rewriter
	h     headers
	w     writer
	visit func(name string, values []string) bool // h.see

	members []member

	work
}

// A work is what a job knows of one set of headers.
type work struct {
	leg *leg
	res Result

	read   Context // what one format says
	ctx    Context // what is believed
	fitted Context // ctx as the app can take it
	agree  Formats // formats that name the trace and the span of ctx
	lost   Formats // formats that name another trace

	hinted   Format   // a format with no ids but a decision or a trace id
	decision Sampling // what it says
	root     TraceID
	bare     [numFormats]Sampling // decisions without ids

	native       bool    // the app's own format has a trace id of 128 bits
	told         bool    // W3C headers tell of the trace of ctx
	w3c          Context // what they say
	stateSampled bool    // whether the sender of ctx.State sampled
	given        SpanID
	recalled     string // baggage from memory
	credit       int    // bytes more that may be written
	headerOK     bool   // nothing in the baggage header had to be left out
	carried      bool   // members went to the app in headers of one item each
}

func newJob(r *Rewriter) *job {
	j := &job{r: r}
	j.h.names = r.names
	j.w.h = &j.h
	j.visit = j.h.see
	return j
}

// start takes in the headers and reports whether there is anything to do.
func (j *job) start(c Carrier, l *leg) bool {
	j.leg = l
	j.h.textMap = c.TextMap()
	if h, ok := c.(Header); ok { // a call per header would be a third of BenchmarkNone
		for name, values := range h {
			if j.h.names.may(name) {
				j.h.see(name, values)
			}
		}
	} else {
		c.Range(j.visit)
	}
	if j.h.empty() {
		return false
	}
	j.h.limit()
	return true
}

// end is deferred: it makes the job ready for the next request. After a panic
// the job is in an unknown state and not used again.
func (j *job) end(res *Result) {
	if p := recover(); p != nil {
		*res = Result{Err: fmt.Errorf("rewrite: panic: %v", p)}
		return
	}
	if !j.h.empty() {
		j.reset()
	}
	j.r.jobs.Put(j)
}

func (j *job) reset() {
	j.h.reset()
	j.w.reset()
	clear(j.members)
	j.members = j.members[:0]
	j.work = work{}
}

// note takes down one thing out of the ordinary.
func (j *job) note(reason Reason, about, detail string) {
	if len(j.res.Notes) < maxNotes {
		j.res.Notes = append(j.res.Notes, Note{reason, about, detail})
	}
}

// strip removes every known trace header, read or not.
func (j *job) strip(reason Reason, detail string) {
	j.choose()
	j.res = Result{Context: j.ctx, Seen: j.res.Seen, Invalid: j.res.Invalid, Stripped: true}
	j.note(reason, "", detail)
	for s := slot(0); s < numSlots; s++ {
		if j.h.found.has(s) {
			j.removeSlot(s, "")
		}
	}
	for i := range j.h.items {
		j.w.remove(j.h.items[i].name)
	}
}
