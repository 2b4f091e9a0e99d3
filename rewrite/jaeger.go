package rewrite

import "strings"

// extractUber reads
//
//	value  = trace ":" span ":" parent ":" flags
//	trace  = 1*32HEX ; not zero; shorter ids are padded on the left
//	span   = 1*16HEX ; not zero
//	parent = *16HEX  ; zero or empty: not known
//	flags  = 1*2HEX  ; 1 sampled, 2 debug, 8 firehose
//
// A colon may be escaped as %3A: the clients for C# and Ruby and old ones for
// Java escape the whole value.
func extractUber(h *headers, c *Context) (bool, error) {
	if !h.usable.has(slotUber) {
		return false, nil
	}
	value, ok := h.only(slotUber)
	if !ok {
		return false, h.invalid(slotUber, value, "it came twice, with different values")
	}
	if problem := parseUber(value, c); problem != "" {
		return false, h.invalid(slotUber, value, problem)
	}
	return true, nil
}

func parseUber(value string, c *Context) (problem string) {
	var field [4]string
	for i := range field {
		var more bool
		field[i], value, more = cutColon(value)
		if more != (i < len(field)-1) {
			return "want trace:span:parent:flags"
		}
	}
	trace, ok1 := parseTraceID(field[0])
	span, ok2 := parseHex64(field[1])
	parent, ok3 := parseHex64(field[2])
	flags, ok4 := parseHex64(field[3])
	switch {
	case !ok1 || !ok2 || !ok3 && field[2] != "":
		return "an id is too long or not hex digits"
	case trace.IsZero() || span == 0:
		return "an id is zero"
	case !ok4 || len(field[3]) > 2:
		return "the flags are not one or two hex digits"
	}
	c.TraceID, c.SpanID, c.Parent = trace, SpanID(span), SpanID(parent)
	c.setFlags(uint8(flags))
	return ""
}

// cutColon returns what stands before the first colon and what is after it. The
// colons of a value are all escaped or none is.
func cutColon(s string) (head, tail string, found bool) {
	if i := strings.IndexByte(s, ':'); i >= 0 {
		return s[:i], s[i+1:], true
	}
	if i := strings.IndexByte(s, '%'); i >= 0 && len(s) >= i+3 && equalFold(s[i:i+3], "%3a") {
		return s[:i], s[i+3:], true
	}
	return s, "", false
}

// injectUber writes flags 0, 1 or 3 only: the Go client reads them as a decimal
// number. What is not decided is not sampled, and firehose has no place.
func injectUber(w *writer, c *Context) {
	w.begin(slotUber)
	w.buf = appendUber(w.buf, c)
	w.end(slotUber)
}

func appendUber(dst []byte, c *Context) []byte {
	dst = append(appendTraceID(dst, c.TraceID), ':')
	dst = append(appendHex64(dst, uint64(c.SpanID)), ':')
	if c.Parent == 0 {
		dst = append(dst, '0')
	} else {
		dst = appendHex64(dst, uint64(c.Parent))
	}
	return append(dst, ':', '0'+c.flags()&(flagSampled|flagDebug))
}

// parseJaegerBaggage reads jaeger-baggage, by which a person starts a trace with baggage:
//
//	value = [ key "=" value *( "," key "=" value ) ]
//
// all of it escaped. A part that has not exactly one "=" is ignored, as by the clients.
func parseJaegerBaggage(value string, yield func(key, value string)) {
	value = unescape(value, true)
	for more := true; more; {
		var part string
		part, value, more = cut(value, ',')
		key, v, ok := cut(part, '=')
		if ok && strings.IndexByte(v, '=') < 0 {
			yield(key, trim(v))
		}
	}
}
