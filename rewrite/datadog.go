package rewrite

import (
	"strconv"
	"strings"
)

// extractDatadog reads
//
//	x-datadog-trace-id: decimal            ; the low 64 bits
//	x-datadog-parent-id: decimal           ; the sender's span
//	x-datadog-sampling-priority: integer   ; above 0: keep
//	x-datadog-tags: k=v *( "," k=v )       ; _dd.p.tid=<16 hex digits>: the high 64 bits
//
// A malformed _dd.p.tid is ignored, as by Datadog's clients.
func extractDatadog(h *headers, c *Context) (bool, error) {
	traceID, parentID := h.first(slotDDTrace), h.first(slotDDParent)
	if traceID == "" && parentID == "" {
		return false, nil
	}
	trace, err := strconv.ParseUint(traceID, 10, 64)
	if err != nil || trace == 0 {
		return false, h.invalid(slotDDTrace, traceID, "want a decimal number, not zero")
	}
	span, err := strconv.ParseUint(parentID, 10, 64)
	if err != nil || span == 0 {
		return false, h.invalid(slotDDParent, parentID, "want a decimal number, not zero")
	}
	c.TraceID, c.SpanID = TraceID{High: h.datadogHigh(), Low: trace}, SpanID(span)
	if priority, err := strconv.Atoi(h.first(slotDDPriority)); err == nil {
		c.Sampling = Deny
		if priority > 0 {
			c.Sampling = Accept
		}
	}
	return true, nil
}

func (h *headers) datadogHigh() uint64 {
	values := h.values(slotDDTags)
	for _, tags := range values {
		for more := true; more; {
			var tag string
			tag, tags, more = cut(tags, ',')
			high, ok := strings.CutPrefix(tag, "_dd.p.tid=")
			if !ok || len(high) != 16 || hasUpper(high) {
				continue
			}
			if v, ok := parseHex64(high); ok {
				return v
			}
		}
	}
	return 0
}
