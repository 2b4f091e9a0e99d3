package translate

// timeCalls finds when the halves of a call began and ended.
func (s *v1Span) timeCalls() {
	cs, cr, sr, ss := s.at(coreCS), s.at(coreCR), s.at(coreSR), s.at(coreSS)
	switch {
	case s.isLocal(cs, cr, sr, ss):
		s.halves[cs.half].kind = kindUnspecified
		s.time(cs.half, cs, cr)
	case cs != nil && sr != nil:
		s.time(cs.half, cs, cr)
		s.splitLoopback(cs, sr, ss, kindClient, kindServer)
		s.halves[sr.half].shared = true
		s.halves[sr.half].setTime(sr, ss)
	case cs != nil && cr != nil:
		s.time(cs.half, cs, cr)
	case sr != nil && ss != nil:
		s.time(sr.half, sr, ss)
	default:
		s.timeIncomplete(cs, sr)
	}
	// v1 had no flag for it: a server that joined its caller's span left the
	// timing of the span to the caller.
	if cs == nil && sr != nil && (s.timestamp == 0 || ss != nil && s.duration == 0) {
		s.halves[sr.half].shared = true
	}
}

// isLocal reports whether what looks like a service calling itself is a span
// within it: py_zipkin writes both sides of a call, at one host and with the
// same times, where there was none.
func (s *v1Span) isLocal(cs, cr, sr, ss *annotation) bool {
	return cs != nil && cr != nil && sr != nil && ss != nil &&
		cs.micros == sr.micros && cr.micros == ss.micros && s.hosts[cs.host-1] == s.hosts[sr.host-1]
}

// timeIncomplete is for calls of which one end is missing.
func (s *v1Span) timeIncomplete(cs, sr *annotation) {
	for _, begin := range [...]*annotation{cs, sr} {
		if begin != nil {
			s.halves[begin.half].setTime(begin, nil)
		}
	}
	if s.timestamp != 0 {
		h := &s.halves[s.owner()]
		h.timestamp, h.duration = s.timestamp, s.duration
	}
}

// timeMessages finds when the halves of a message began and ended.
func (s *v1Span) timeMessages() {
	ms, mr, ws, wr := s.at(coreMS), s.at(coreMR), s.at(coreWS), s.at(coreWR)
	switch {
	case ms != nil && mr != nil:
		s.splitLoopback(ms, mr, wr, kindProducer, kindConsumer)
		s.halves[ms.half].setTime(ms, ws)
		s.halves[mr.half].shared = true
		s.halves[mr.half].setTime(received(mr, wr))
	case ms != nil:
		s.time(ms.half, ms, ws)
	case mr != nil:
		begin, end := received(mr, wr)
		s.time(mr.half, begin, end)
	}
}

// received returns begin and end of receiving a message: from off the wire, if
// that is known.
func received(mr, wr *annotation) (begin, end *annotation) {
	if wr != nil {
		return wr, mr
	}
	return mr, nil
}

// splitLoopback makes a half of its own for the callee of a service that
// called itself: what was made at just the callee's host goes there. other is
// the callee's other core annotation; it may be nil.
func (s *v1Span) splitLoopback(caller, callee, other *annotation, callerKind, calleeKind spanKind) {
	if caller.half != callee.half {
		return
	}
	s.halves[caller.half].kind = callerKind
	own := s.hosts[callee.host-1]
	s.addHalf(own).kind = calleeKind
	if own != s.hosts[caller.host-1] {
		s.move(own, len(s.halves)-1)
	}
	callee.half = len(s.halves) - 1
	if other != nil {
		other.half = callee.half
	}
}

// move gives what was made at just one host to a half.
func (s *v1Span) move(host zipkinEndpoint, half int) {
	isThere := func(n int) bool { return n > 0 && s.hosts[n-1] == host }
	for i := range s.events {
		if x := &s.events[i]; isThere(x.host) {
			x.half = half
		}
	}
	for i := range s.binary {
		if x := &s.binary[i]; x.half != nowhere && isThere(x.host) {
			x.half = half
		}
	}
}

// time gives a half the timing that the span states, or else that of its
// annotations. end may be nil.
func (s *v1Span) time(half int, begin, end *annotation) {
	h := &s.halves[half]
	if s.timestamp != 0 && s.duration != 0 {
		h.timestamp, h.duration = s.timestamp, s.duration
		return
	}
	h.setTime(begin, end)
}

// setTime gives a half the times of its annotations. end may be nil.
func (h *zipkinSpan) setTime(begin, end *annotation) {
	h.timestamp, h.duration = begin.micros, 0
	if end != nil {
		h.duration = end.micros - begin.micros
	}
}

// isTold reports whether annotation i, of half h, is a core annotation that
// says no more than the half's start or end does. Any other stays an event.
func (s *v1Span) isTold(i int, h *zipkinSpan) bool {
	c, ok := coreOf(s.events[i].value)
	if !ok || s.core[c] != i+1 {
		return false
	}
	micros := s.events[i].micros
	isStart, isEnd := micros == h.timestamp, micros == h.timestamp+h.duration
	switch c {
	case coreCS, coreSR, coreMS:
		return isStart
	case coreMR:
		return isStart || isEnd
	case coreWR:
		return isStart && s.core[coreMR] != 0
	case coreWS:
		return isEnd && s.core[coreMS] != 0
	}
	return isEnd
}

// keepTiming keeps the timing that the span states where its owner got another.
func (t *Translator) keepTiming(s *v1Span, owner *zipkinSpan) {
	if s.timestamp != 0 && s.timestamp != owner.timestamp {
		t.keepOdd("start_us", intValue(s.timestamp), RuleV1)
	}
	if s.duration != 0 && s.duration != owner.duration {
		t.keepOdd("duration_us", intValue(s.duration), RuleV1)
	}
}
