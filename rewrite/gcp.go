package rewrite

import (
	"strconv"
	"strings"
)

// extractGCP reads
//
//	value = 32HEX "/" decimal [ ";o=" ( "0" / "1" / "2" / "3" ) ] ; bit 1 of o: sampled
func extractGCP(h *headers, c *Context) (bool, error) {
	if !h.usable.has(slotGCP) {
		return false, nil
	}
	value := h.first(slotGCP)
	ids, options, _ := cut(value, ';')
	traceID, spanID, _ := cut(ids, '/')
	trace, ok := parseTraceID(traceID)
	if !ok || len(traceID) != 32 || trace.IsZero() {
		return false, h.invalid(slotGCP, value, "want 32 hex digits, not all zero, before the slash")
	}
	c.TraceID = trace
	if spanID == "" {
		return false, nil
	}
	span, err := strconv.ParseUint(spanID, 10, 64)
	if err != nil || span == 0 {
		return false, h.invalid(slotGCP, value, "want a decimal number, not zero, after the slash")
	}
	c.SpanID = SpanID(span)
	if o, ok := strings.CutPrefix(options, "o="); ok && len(o) == 1 && '0' <= o[0] && o[0] <= '3' {
		c.Sampling = Deny
		if o[0]&1 != 0 {
			c.Sampling = Accept
		}
	}
	return true, nil
}
