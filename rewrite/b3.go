package rewrite

// extractB3Multi reads
//
//	X-B3-TraceId: 1*32HEX        ; 16 or 32 by the specification, shorter ones occur
//	X-B3-SpanId: 1*16HEX
//	X-B3-ParentSpanId: 1*16HEX   ; absent on a root; a bad one is ignored
//	X-B3-Sampled: 0 | 1          ; also false, true, d; absent: not decided
//	X-B3-Flags: 1                ; debug, stronger than Sampled
//
// Of a header that comes several times the first value counts. Some apps pass
// on headers that they did not get as empty ones: empty is absent.
func extractB3Multi(h *headers, c *Context) (bool, error) {
	c.Sampling = parseB3Sampled(h.first(slotB3Sampled))
	if h.first(slotB3Flags) == "1" {
		c.Sampling = Debug
	}
	traceID, spanID := h.first(slotB3TraceID), h.first(slotB3SpanID)
	if traceID == "" && spanID == "" {
		return false, nil
	}
	trace, ok := parseTraceID(traceID)
	if !ok || trace.IsZero() {
		return false, h.invalid(slotB3TraceID, traceID, "want 16 or 32 hex digits, not all zero")
	}
	span, ok := parseHex64(spanID)
	if !ok || span == 0 {
		return false, h.invalid(slotB3SpanID, spanID, "want 16 hex digits, not all zero")
	}
	parent, _ := parseHex64(h.first(slotB3Parent))
	c.TraceID, c.SpanID, c.Parent = trace, SpanID(span), SpanID(parent)
	return true, nil
}

// parseB3Sampled reads a decision in any of the spellings in use.
func parseB3Sampled(s string) Sampling {
	switch {
	case s == "1" || equalFold(s, "true"):
		return Accept
	case s == "0" || equalFold(s, "false"):
		return Deny
	case s == "d":
		return Debug
	}
	return Undecided
}

func injectB3Multi(w *writer, c *Context) {
	if c.hasIDs() {
		w.begin(slotB3TraceID)
		w.buf = appendTraceID(w.buf, c.TraceID)
		w.end(slotB3TraceID)
		w.spanID(slotB3SpanID, c.SpanID)
		if c.Parent != 0 {
			w.spanID(slotB3Parent, c.Parent)
		}
	}
	switch c.Sampling {
	case Debug:
		w.set(slotB3Flags, "1")
	case Accept:
		w.set(slotB3Sampled, "1")
	case Deny:
		w.set(slotB3Sampled, "0")
	}
}

// extractB3Single reads
//
//	b3: trace "-" span [ "-" state [ "-" parent ] ]
//	b3: state
//	state = "0" | "1" | "d"
//
// A parent may also follow the span directly.
func extractB3Single(h *headers, c *Context) (bool, error) {
	if !h.usable.has(slotB3) {
		return false, nil
	}
	value, ok := h.only(slotB3)
	if !ok {
		return false, h.invalid(slotB3, value, "it came twice, with different values")
	}
	if len(value) <= 1 {
		c.Sampling = parseB3Sampled(value)
		if value != "" && c.Sampling == Undecided {
			return false, h.invalid(slotB3, value, "want 0, 1 or d")
		}
		return false, nil
	}
	if problem := parseB3(value, c); problem != "" {
		return false, h.invalid(slotB3, value, problem)
	}
	return true, nil
}

func parseB3(value string, c *Context) (problem string) {
	traceID, rest, _ := cut(value, '-')
	spanID, rest, more := cut(rest, '-')
	trace, ok1 := parseTraceID(traceID)
	span, ok2 := parseHex64(spanID)
	switch {
	case !ok1 || !ok2:
		return "want trace-span[-state[-parent]]"
	case trace.IsZero() || span == 0:
		return "an id is zero"
	}
	if more && !parseB3Rest(rest, c) {
		return "what follows the ids is no state and no parent"
	}
	c.TraceID, c.SpanID = trace, SpanID(span)
	return ""
}

func parseB3Rest(rest string, c *Context) bool {
	state, parentID, _ := cut(rest, '-')
	if len(state) == 16 && parentID == "" {
		parentID = state
	} else if len(state) != 1 {
		return false
	} else if c.Sampling = parseB3Sampled(state); c.Sampling == Undecided {
		return false
	}
	parent, ok := parseHex64(parentID)
	c.Parent = SpanID(parent)
	return ok || parentID == ""
}

func injectB3Single(w *writer, c *Context) {
	state := [...]string{Undecided: "", Deny: "0", Accept: "1", Debug: "d"}[c.Sampling]
	if !c.hasIDs() {
		w.set(slotB3, state)
		return
	}
	w.begin(slotB3)
	w.buf = append(appendTraceID(w.buf, c.TraceID), '-')
	w.buf = appendHex64(w.buf, uint64(c.SpanID))
	if state != "" {
		w.buf = append(append(w.buf, '-'), state...)
		if c.Parent != 0 {
			w.buf = appendHex64(append(w.buf, '-'), uint64(c.Parent))
		}
	}
	w.end(slotB3)
}
