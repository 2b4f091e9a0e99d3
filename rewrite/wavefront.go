package rewrite

import "strings"

// extractWavefront reads
//
//	wf-ot-traceid: UUID
//	wf-ot-spanid: UUID          ; the low 64 bits are taken
//	wf-ot-sample: true | false
func extractWavefront(h *headers, c *Context) (bool, error) {
	traceID, spanID := h.first(slotWFTrace), h.first(slotWFSpan)
	if traceID == "" && spanID == "" {
		return false, nil
	}
	trace, ok := parseUUID(traceID)
	if !ok || trace.IsZero() {
		return false, h.invalid(slotWFTrace, traceID, "want a UUID, not zero")
	}
	span, ok := parseUUID(spanID)
	if !ok || span.Low == 0 {
		return false, h.invalid(slotWFSpan, spanID, "want a UUID whose low half is not zero")
	}
	c.TraceID, c.SpanID = trace, SpanID(span.Low)
	c.Sampling = parseB3Sampled(h.first(slotWFSampled))
	return true, nil
}

// parseUUID reads 32 hex digits and the dashes between them.
func parseUUID(s string) (TraceID, bool) {
	digits := strings.ReplaceAll(s, "-", "")
	if len(digits) != 32 {
		return TraceID{}, false
	}
	return parseTraceID(digits)
}
