package rewrite

// extractOT reads what OpenTracing's basictracer defined and LightStep's clients
// took over:
//
//	ot-tracer-traceid: 1*32HEX ; 64 bits, zeros on the left stripped; LightStep also 128
//	ot-tracer-spanid: 1*16HEX  ; zeros on the left stripped
//	ot-tracer-sampled: true | false | 1 | 0
func extractOT(h *headers, c *Context) (bool, error) {
	traceID, spanID := h.first(slotOTTrace), h.first(slotOTSpan)
	if traceID == "" && spanID == "" {
		return false, nil
	}
	trace, ok := parseTraceID(traceID)
	if !ok || trace.IsZero() {
		return false, h.invalid(slotOTTrace, traceID, "want 1 to 32 hex digits, not all zero")
	}
	span, ok := parseHex64(spanID)
	if !ok || span == 0 {
		return false, h.invalid(slotOTSpan, spanID, "want 1 to 16 hex digits, not all zero")
	}
	c.TraceID, c.SpanID = trace, SpanID(span)
	c.Sampling = parseB3Sampled(h.first(slotOTSampled))
	return true, nil
}

// injectOT writes ids in 16 digits, which all readers take: lightstep-go refuses
// 128 bits, OpenTelemetry's propagator refuses an id with its zeros stripped.
func injectOT(w *writer, c *Context) {
	id := c.TraceID
	if id.Low != 0 {
		id.High = 0
	}
	w.begin(slotOTTrace)
	w.buf = appendTraceID(w.buf, id)
	w.end(slotOTTrace)
	w.spanID(slotOTSpan, c.SpanID)
	if c.Sampling.Sampled() {
		w.set(slotOTSampled, "true")
	} else {
		w.set(slotOTSampled, "false")
	}
}
