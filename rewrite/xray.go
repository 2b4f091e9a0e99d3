package rewrite

import "strings"

// extractXRay reads
//
//	value   = field *( ";" field )
//	field   = "Root=1-" 8HEX "-" 24HEX ; the trace
//	        / "Parent=" 16HEX          ; the sender's span
//	        / "Sampled=" ( "0" / "1" / "?" )
//	        / name "=" value           ; Self, Lineage and others are ignored
//
// A load balancer sends a Root without a Parent: a trace id, but no span to be
// a child of.
func extractXRay(h *headers, c *Context) (bool, error) {
	if !h.usable.has(slotXRay) {
		return false, nil
	}
	header := h.first(slotXRay)
	for value, more := header, true; more; {
		var field string
		field, value, more = cut(value, ';')
		name, text, _ := cut(field, '=')
		if problem := xrayField(name, text, c); problem != "" {
			return false, h.invalid(slotXRay, header, problem)
		}
	}
	return c.hasIDs(), nil
}

func xrayField(name, value string, c *Context) (problem string) {
	var ok bool
	switch name {
	case "Root":
		root, one := strings.CutPrefix(value, "1-")
		c.TraceID, ok = parseTraceID(strings.Replace(root, "-", "", 1))
		if !ok || !one || len(root) != 33 || root[8] != '-' || c.TraceID.IsZero() {
			return "want Root=1-8-24 hex digits"
		}
	case "Parent":
		var parent uint64
		parent, ok = parseHex64(value)
		if c.SpanID = SpanID(parent); !ok || parent == 0 {
			return "want Parent=16 hex digits"
		}
	case "Sampled":
		c.Sampling = parseB3Sampled(value)
	}
	return ""
}
