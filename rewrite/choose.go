package rewrite

// choose reads the leg's formats in order and settles what to believe: the
// first valid context, completed by others of the same trace.
func (j *job) choose() {
	for _, f := range j.leg.extract {
		if j.h.usable&formatSlots[f] == 0 {
			continue
		}
		j.read = Context{}
		ok, err := formats[f].extract(&j.h, &j.read)
		switch {
		case err != nil:
			j.res.Invalid |= 1 << f
			j.note(ReasonInvalid, f.String(), err.Error())
		case ok:
			j.res.Seen |= 1 << f
			j.read.Format = f
			j.admit(&j.read)
		case j.read.Sampling != Undecided || !j.read.TraceID.IsZero():
			j.bare[f] = j.read.Sampling
			if j.hinted == 0 {
				j.hinted, j.decision, j.root = f, j.read.Sampling, j.read.TraceID
			}
		}
	}
	j.checkState()
}

// checkState notes a tracestate that does not count.
func (j *job) checkState() {
	switch {
	case !j.h.usable.has(slotTracestate) || !j.leg.reads.Has(W3C):
	case !j.res.Seen.Has(W3C):
		j.note(ReasonTracestate, "tracestate", "no valid traceparent beside it")
	case j.h.voidState:
		j.note(ReasonTracestate, "tracestate", "a member is malformed, or there are more than 32")
	}
}

func (j *job) admit(c *Context) {
	switch {
	case !j.ctx.hasIDs():
		j.ctx = *c
		j.agree = FormatsOf(c.Format)
	case !j.ctx.TraceID.sameTrace(c.TraceID):
		j.lost |= 1 << c.Format
		j.res.Conflict |= ConflictTrace
		j.note(ReasonTrace, c.Format.String(), c.TraceID.String())
		return
	default:
		j.merge(c)
	}
	if c.Format == W3C {
		j.told, j.w3c, j.stateSampled = true, *c, c.Sampling.Sampled()
	}
	if c.TraceID.High != 0 && j.r.config.App.speaks(c.Format) {
		j.native = true
	}
}

// speaks reports whether a client that speaks f may use g.
func (f Format) speaks(g Format) bool { return f == g || f.isB3() && g.isB3() }

// merge completes the believed context by another one of the same trace: the
// wider trace id, what only W3C has, and the decision (decided).
func (j *job) merge(c *Context) {
	b := &j.ctx
	if c.SpanID == b.SpanID {
		j.agree |= 1 << c.Format
		if b.Parent == 0 {
			b.Parent = c.Parent
		}
	} else {
		j.res.Conflict |= ConflictSpan
		j.note(ReasonSpan, c.Format.String(), c.SpanID.String())
	}
	if b.TraceID.High == 0 {
		b.TraceID.High = c.TraceID.High
	}
	b.Sampling = j.decided(c)
	b.Random = b.Random || c.Random
	b.Firehose = b.Firehose || c.Firehose
	if b.State == "" {
		b.State = c.State
	}
}

// decided returns the believed decision, seeing what c says: a decision where
// there was none; debug if anyone says so, but not of another span against the
// app's own tracer, which knew; and none where a format says no only for lack of
// a word for it. What the app says in headers that stay is final.
func (j *job) decided(c *Context) Sampling {
	b := &j.ctx
	own := !j.leg.inbound && j.r.config.App.speaks(b.Format)
	switch {
	case j.leg.own.Has(b.Format) && b.Sampling != Undecided:
	case c.Sampling == Debug && (!own || c.SpanID == b.SpanID),
		b.Sampling == Undecided && c.decides(),
		c.Sampling == Undecided && !b.decides() && c.SpanID == b.SpanID:
		return c.Sampling
	}
	return b.Sampling
}

// decides reports whether c holds a decision. Formats that cannot leave it open
// say no where there is none.
func (c *Context) decides() bool {
	return c.Sampling != Deny || !FormatsOf(Jaeger, OT).Has(c.Format)
}
