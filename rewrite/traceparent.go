package rewrite

// extractW3C reads traceparent, and tracestate with it:
//
//	traceparent = version "-" trace-id "-" parent-id "-" trace-flags
//	version     = 2HEXDIGLC  ; not ff
//	trace-id    = 32HEXDIGLC ; not all zero
//	parent-id   = 16HEXDIGLC ; not all zero
//	trace-flags = 2HEXDIGLC  ; 1 sampled, 2 random; others are ignored
//
// Version 00 ends there; a later version may go on after another "-". Two
// headers are no header, and without a valid one tracestate means nothing.
func extractW3C(h *headers, c *Context) (bool, error) {
	values := h.values(slotTraceparent)
	if len(values) == 0 {
		return false, nil
	}
	if len(values) > 1 {
		return false, h.invalid(slotTraceparent, values[1], "it came twice")
	}
	flags, problem := parseTraceparent(trim(values[0]), c)
	if problem != "" {
		return false, h.invalid(slotTraceparent, values[0], problem)
	}
	c.Random = flags&randomFlag != 0
	state, mark := h.tracestate()
	c.State = state
	c.setMark(mark, flags&sampledFlag != 0)
	return true, nil
}

const (
	sampledFlag = 1
	randomFlag  = 2

	traceparentSize = 55
)

// parseTraceparent reads the ids of s into c; problem says what is wrong with it.
func parseTraceparent(s string, c *Context) (flags uint64, problem string) {
	if len(s) < traceparentSize || s[2] != '-' || s[35] != '-' || s[52] != '-' {
		return 0, "want 2-32-16-2 digits"
	}
	if hasUpper(s[:traceparentSize]) {
		return 0, "upper-case digits"
	}
	version, ok1 := parseHex64(s[:2])
	trace, ok2 := parseTraceID(s[3:35])
	span, ok3 := parseHex64(s[36:52])
	flags, ok4 := parseHex64(s[53:traceparentSize])
	switch {
	case !ok1 || !ok2 || !ok3 || !ok4:
		return 0, "not hex digits"
	case version == 0xff:
		return 0, "version ff"
	case version == 0 && len(s) > traceparentSize:
		return 0, "too long for version 00"
	case len(s) > traceparentSize && s[traceparentSize] != '-':
		return 0, "no dash after the flags"
	case trace.IsZero() || span == 0:
		return 0, "an id is zero"
	}
	c.TraceID, c.SpanID = trace, SpanID(span)
	return flags, ""
}

// injectW3C writes version 00. The flag random is never set for an id that was
// made with 64 bits.
func injectW3C(w *writer, c *Context) {
	w.begin(slotTraceparent)
	w.buf = appendTraceparent(w.buf, c)
	w.end(slotTraceparent)
}

func appendTraceparent(dst []byte, c *Context) []byte {
	dst = append(dst, "00-"...)
	dst = append(appendTraceID32(dst, c.TraceID), '-')
	dst = append(appendHex64(dst, uint64(c.SpanID)), '-')
	flags := byte('0')
	if c.Sampling.Sampled() {
		flags |= sampledFlag
	}
	if c.Random && c.TraceID.High != 0 {
		flags |= randomFlag
	}
	return append(dst, '0', flags)
}
