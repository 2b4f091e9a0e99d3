package rewrite

// remember keeps what the app's format cannot carry.
func (j *job) remember() {
	m := j.r.config.Memory
	if m == nil || j.r.config.App == W3C || j.ctx.Format == 0 {
		return
	}
	q := Request{Span: j.given, W3C: j.told, Sampling: Deny, Firehose: j.ctx.Firehose}
	if j.stateSampled {
		q.Sampling = Accept
	}
	q.State = capState(j.ctx.State, maxState)
	q.Baggage = j.baggageToRemember()
	m.Observe(j.ctx.TraceID, j.ctx.Random, q)
}

// baggageToRemember returns the baggage header as it came. An app that is given
// no baggage also gets back what came by other ways.
func (j *job) baggageToRemember() string {
	if len(j.members) == 0 {
		return ""
	}
	if j.carried || j.headerRight() {
		return capBaggage(j.headerText())
	}
	var b []byte
	comma := ""
	for i := range j.members {
		if token.has(j.members[i].Key) {
			b = appendMember(append(b, comma...), &j.members[i].Member)
			comma = ","
		}
	}
	return capBaggage(string(b))
}

// capBaggage shortens a list to what a header may hold, by whole members.
func capBaggage(list string) string {
	if len(list) <= maxBaggage {
		return list
	}
	for i := maxBaggage; i > 0; i-- {
		if list[i] == ',' {
			return list[:i]
		}
	}
	return ""
}

// heal completes the context by what the memory knows, and learns from what
// the app wrote.
func (j *job) heal() {
	own := j.r.config.App.speaks(j.ctx.Format)
	if own && j.native {
		j.r.learnWide()
	}
	m := j.r.config.Memory
	if m == nil || j.r.config.App == W3C {
		return
	}
	known, ok := m.Lookup(j.ctx.TraceID.Low, j.ctx.Parent)
	if !ok {
		j.checkCorrupt(m, own)
		return
	}
	// What other formats than the app's say did not go through the app, and where
	// they name the same span this request has been here before.
	if j.healID(&known) && j.agree&^FormatsOf(dialect(j.r.config.App)...) == 0 {
		j.healRequest(&known)
	}
}

// healID completes the trace id; it returns false for an id of another trace.
func (j *job) healID(known *Recall) bool {
	c := &j.ctx
	if c.TraceID.High == 0 && known.High != 0 {
		c.TraceID.High = known.High
		j.res.Healed |= HealedID
	}
	if c.TraceID.High != known.High {
		return false
	}
	if known.Random && !c.Random && c.TraceID.High != 0 {
		c.Random = true
		j.res.Healed |= HealedRandom
	}
	return true
}

// healRequest gives back what the inbound request had besides ids. A tracestate
// that is there already is the request's own.
func (j *job) healRequest(known *Recall) {
	c := &j.ctx
	if c.State == "" && known.State != "" {
		c.State = known.State
		j.stateSampled = known.Sampling.Sampled()
		j.res.Healed |= HealedTracestate
	}
	c.Firehose = c.Firehose || known.Firehose
	j.recalled = known.Baggage
}

// checkCorrupt looks for the damage that jaeger-client-node before 3.16 does to
// an id of 128 bits.
func (j *job) checkCorrupt(m *Memory, own bool) {
	if own && j.ctx.TraceID.High == 0 && !j.r.learned.corrupt.Load() && m.corrupted(j.ctx.TraceID.Low) {
		j.r.learned.corrupt.Store(true)
		j.res.CorruptID = true
	}
}
