package rewrite

import "math/bits"

// inbound rewrites headers towards the app.
func (j *job) inbound() {
	j.choose()
	j.gather()
	if !j.ctx.hasIDs() {
		j.withoutIDs()
	}
	j.decide()
	j.res.Context = j.ctx
	if j.ctx.hasIDs() {
		j.ownSpan()
		for _, f := range j.leg.inject {
			j.put(f, j.fit(f))
		}
	}
	j.giveBaggage()
	j.remember()
	j.clean()
}

// outbound rewrites headers from the app.
func (j *job) outbound() {
	j.choose()
	if j.ctx.hasIDs() {
		j.heal()
	}
	j.gather()
	j.restore()
	if !j.ctx.hasIDs() {
		j.withoutIDs()
	}
	j.decide()
	j.res.Context = j.ctx
	if j.ctx.hasIDs() {
		j.ownSpan()
		for _, f := range j.leg.inject {
			j.put(f, &j.ctx)
		}
		j.putOwn()
	}
	j.giveBaggage()
	j.clean()
}

// putOwn writes the app's own header anew where the caller's span stands
// between: it would name another parent than the others do.
func (j *job) putOwn() {
	if f := j.ctx.Format; j.leg.spans && j.leg.own.Has(f) {
		j.put(f, &j.ctx)
	}
}

// decide settles what nobody has decided, if it is to be written as W3C, which
// cannot leave it open, and the user wants it settled.
func (j *job) decide() {
	ratio := j.r.config.DeferredRatio
	if j.ctx.Sampling != Undecided || ratio == 0 || !j.leg.injects.Has(W3C) {
		return
	}
	j.ctx.Sampling = Deny
	if sampledByRatio(j.ctx.TraceID.Low, ratio) {
		j.ctx.Sampling = Accept
	}
}

// ownSpan puts the caller's own span between the sender's and the receiver's.
func (j *job) ownSpan() {
	if !j.leg.spans {
		return
	}
	j.res.Span = j.mintSpan()
	j.ctx.Parent, j.ctx.SpanID = j.ctx.SpanID, j.res.Span
	j.agree = 0 // no header names the new span
}

// fit returns the context as the app can take it.
func (j *job) fit(f Format) *Context {
	if f == W3C {
		return &j.ctx
	}
	c := &j.fitted
	*c = j.ctx
	if c.TraceID.Low != 0 && !j.r.wide(j.native) {
		c.TraceID.High = 0
	}
	if f.isB3() && !c.Format.isB3() && j.r.joins() {
		c.Parent, c.SpanID = c.SpanID, j.mintSpan()
	}
	j.given = c.SpanID
	return c
}

// put writes what c says besides baggage in one format.
func (j *job) put(f Format, c *Context) {
	j.res.Written |= 1 << f
	switch {
	case f == W3C:
		j.putW3C(c)
	case f == B3Multi && j.leg.inbound && j.r.jaegerB3():
		injectB3Multi(&j.w, c)
		j.putSampled(c)
	default:
		formats[f].inject(&j.w, c)
	}
}

// putW3C writes traceparent and tracestate, unless they are right already.
func (j *job) putW3C(c *Context) {
	if !j.told || !j.w3c.says(c) {
		injectW3C(&j.w, c)
		j.putState(c)
		return
	}
	j.w.left |= 1 << slotTraceparent
	if j.h.hasState && !j.h.voidState {
		j.w.left |= 1 << slotTracestate
	}
}

// putSampled says in X-B3-Sampled what B3 says otherwise, or by saying nothing.
func (j *job) putSampled(c *Context) {
	switch c.Sampling {
	case Undecided:
		j.w.set(slotB3Sampled, "0")
	case Debug:
		j.w.set(slotB3Sampled, "1")
	}
}

// says reports whether W3C headers that say c need no change to say d.
func (c *Context) says(d *Context) bool {
	return c.TraceID == d.TraceID && c.SpanID == d.SpanID && c.Sampling == d.Sampling &&
		c.Random == d.Random && c.Firehose == d.Firehose && c.State == d.State
}

// putState writes tracestate, with our own member in front if it is needed.
func (j *job) putState(c *Context) {
	state := c.State
	if state != "" && j.stateSampled != c.Sampling.Sampled() && hasThreshold(state) {
		state = dropThreshold(state)
	}
	if c.Sampling != Undecided && c.Sampling != Debug && !c.Firehose {
		if state != "" {
			j.w.set(slotTracestate, state)
		}
		return
	}
	j.w.begin(slotTracestate)
	j.w.buf = appendMark(j.w.buf, c)
	if state != "" {
		j.w.buf = append(append(j.w.buf, ','), firstMembers(state, maxStateMembers-1)...)
	}
	j.w.end(slotTracestate)
}

// withoutIDs handles headers that hold a decision, or a trace id, and no more.
func (j *job) withoutIDs() {
	if j.hinted == 0 && j.h.usable.has(slotDebugID) && j.leg.reads.Has(Jaeger) && !j.passesJaeger() {
		j.hinted, j.decision = Jaeger, Debug // jaeger-debug-id
	}
	onlyB3 := j.leg.injects&^FormatsOf(B3Single, B3Multi) == 0
	switch {
	case j.hinted == 0:
	case !j.root.IsZero() && !j.leg.spans:
		j.note(ReasonRoot, j.hinted.String(), j.root.String())
	case j.hinted.isB3() && onlyB3:
		j.putDecision()
	case j.decision == Deny || j.leg.spans:
		j.mint(j.decision)
	default:
		if j.hinted.isB3() {
			j.putDecision()
		}
		j.note(ReasonDecision, j.hinted.String(), j.decision.String())
	}
}

// passesJaeger reports whether jaeger-debug-id goes to one who understands it.
func (j *job) passesJaeger() bool {
	return j.leg.injects.Has(Jaeger) || j.leg.own.Has(Jaeger)
}

// putDecision carries a decision to the forms of B3, which need no ids for it.
func (j *job) putDecision() {
	j.fitted = Context{Sampling: j.decision}
	for _, f := range j.leg.inject {
		if f.isB3() {
			j.put(f, &j.fitted)
		}
	}
}

// mint makes ids for a decision that came without. An unsampled parent cannot
// be missed; for another the caller makes the span.
func (j *job) mint(d Sampling) {
	j.ctx = Context{TraceID: j.root, SpanID: j.mintSpan(), Sampling: d}
	if j.ctx.TraceID.IsZero() {
		j.ctx.TraceID = TraceID{High: uint64(j.mintSpan()), Low: uint64(j.mintSpan())}
	}
}

// mintSpan returns random bits that are not all zero.
func (j *job) mintSpan() SpanID {
	for {
		if id := j.r.config.Rand(); id != 0 {
			return SpanID(id)
		}
	}
}

// clean removes the headers that were not written and are not to stay.
func (j *job) clean() {
	for set := j.h.found; set != 0; set &= set - 1 {
		s := slot(bits.TrailingZeros32(uint32(set)))
		switch {
		case j.w.left.has(s):
		case j.w.settled.has(s):
			j.removeSlot(s, j.w.name(s))
		case j.goes(s):
			j.removeSlot(s, "")
		}
	}
	for i := range j.h.items {
		if it := &j.h.items[i]; !it.keep && j.reads(it) && j.itemGoes(it) {
			j.w.remove(it.name)
		}
	}
}

// removeSlot removes every spelling of a header but one.
func (j *job) removeSlot(s slot, except string) {
	if name := j.h.slot[s].name; name != except {
		j.w.remove(name)
	}
	for _, a := range j.h.aliases {
		if a.slot == s && a.name != except {
			j.w.remove(a.name)
		}
	}
}

// goes decides about a header that was not written.
func (j *job) goes(s slot) bool {
	f := slots[s].format
	switch {
	case !(j.leg.clears | j.leg.injects | j.leg.own).Has(f):
		return false // not ours to touch
	case !j.h.usable.has(s):
		j.note(ReasonTooLong, j.h.slot[s].name, "")
		return true
	case s == slotDebugID || s == slotJaegerBaggage:
		return !j.passesJaeger()
	case s == slotBaggage:
		return !j.leg.inbound || j.baggageMoved()
	case j.res.Invalid.Has(f):
		return !j.r.config.KeepInvalid || j.res.Written.Has(f)
	case j.leg.injects.Has(f):
		return j.bare[f] == Undecided || j.ctx.hasIDs() || j.res.Written.Has(f)
	case j.leg.own.Has(f):
		return !j.stays(f)
	}
	return true
}

// baggageMoved reports whether baggage was written elsewhere or remembered, so
// that the headers it came in can go.
func (j *job) baggageMoved() bool {
	return j.carried || j.leg.injects.Has(W3C) || j.ctx.hasIDs() && j.r.config.Memory != nil
}

// stays decides about one of the app's own headers, which would stay but for
// what it says: never two truths.
func (j *job) stays(f Format) bool {
	switch {
	case j.res.Seen.Has(f):
		return j.agree.Has(f)
	case j.bare[f] != Undecided && j.ctx.hasIDs():
		return j.bare[f].Sampled() == j.ctx.Sampling.Sampled()
	}
	return true
}

// itemGoes decides about a baggage header of one item that was not written.
func (j *job) itemGoes(it *item) bool {
	switch {
	case it.key == "":
		return true
	case j.leg.staying.has(it.prefix):
		return false
	}
	return !j.leg.inbound || j.baggageMoved()
}
