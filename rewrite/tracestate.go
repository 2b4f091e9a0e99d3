package rewrite

import (
	"math"
	"strings"
)

// What tracestate may hold (W3C Trace Context level 2, section "tracestate").
const (
	maxStateMembers = 32
	maxStateKey     = 256
	maxStateValue   = 256

	// maxState is how many bytes are remembered for a legacy hop; the
	// specification asks for 512 to be propagated.
	maxState = 512
	// longState is the length of member that goes first where there is too much.
	longState = 128
)

var (
	stateKeyStart = charsetOf("abcdefghijklmnopqrstuvwxyz0123456789")
	stateKey      = charsetOf("abcdefghijklmnopqrstuvwxyz0123456789_-*/@")
)

// tracestate reads
//
//	list   = member *31( OWS "," OWS member ) ; a member may be empty
//	member = key "=" value
//	key    = ( lcalpha / DIGIT ) 0*255( lcalpha / DIGIT / "_" / "-" / "*" / "/" / "@" )
//	value  = 0*255(chr) nblkchr ; %x20-7E without "," and "=", not ending in a space
//
// All headers are one list. It returns the list in one string, without our own
// member, and that member's value. If one member is malformed the whole list is
// void.
func (h *headers) tracestate() (state, mark string) {
	values := h.values(slotTracestate)
	n, plain := 0, len(values) == 1
	for _, v := range values {
		for more := true; more; {
			var member string
			before := len(v)
			member, v, more = cut(v, ',')
			plain = plain && isWhole(member, before-len(v), more)
			if member == "" {
				continue
			}
			value, ok := stateMember(member)
			if n++; !ok || n > maxStateMembers {
				h.voidState = true
				return "", ""
			}
			h.hasState = true
			if member[:len(member)-len(value)] == markPrefix {
				mark, plain = value, false
			}
		}
	}
	if plain {
		return values[0], mark
	}
	return joinState(values), mark
}

// isWhole reports whether a member took up all of the size bytes up to the
// next one: no white space was cut from it.
func isWhole(member string, size int, comma bool) bool {
	if comma {
		size--
	}
	return member != "" && len(member) == size
}

// stateMember checks a member and returns its value.
func stateMember(member string) (value string, ok bool) {
	i := strings.IndexByte(member, '=')
	if i < 1 || i > maxStateKey || !stateKeyStart[member[0]] || !stateKey.has(member[:i]) {
		return "", false
	}
	value = member[i+1:]
	if len(value) < 1 || len(value) > maxStateValue {
		return "", false
	}
	for j := 0; j < len(value); j++ {
		if c := value[j]; c < ' ' || c > '~' || c == '=' {
			return "", false
		}
	}
	return value, true
}

// joinState joins the members of several headers, without ours.
func joinState(values []string) string {
	var b strings.Builder
	for _, v := range values {
		for more := true; more; {
			var member string
			member, v, more = cut(v, ',')
			if member == "" || strings.HasPrefix(member, markPrefix) {
				continue
			}
			if b.Len() > 0 {
				b.WriteByte(',')
			}
			b.WriteString(member)
		}
	}
	return b.String()
}

// markPrefix begins our own tracestate member. It holds what traceparent
// cannot say: "f:<hex>" the flags of uber-trace-id where debug or firehose is
// set, "s:u" that nobody has decided about sampling yet; joined by ";".
const markPrefix = "ot2otel="

// setMark takes up the sampling decision of traceparent and what our member
// adds to it. The sampled bit is the younger word where the two disagree.
func (c *Context) setMark(mark string, sampled bool) {
	c.Sampling = Deny
	if sampled {
		c.Sampling = Accept
	}
	for more := mark != ""; more; {
		var field string
		field, mark, more = cut(mark, ';')
		switch {
		case field == "s:u" && !sampled:
			c.Sampling = Undecided
		case strings.HasPrefix(field, "f:"):
			flags, ok := parseHex64(field[2:])
			if ok && flags&flagDebug != 0 && sampled {
				c.Sampling = Debug
			}
			c.Firehose = ok && flags&flagFirehose != 0
		}
	}
}

// appendMark appends our member, nothing if traceparent says it all.
func appendMark(dst []byte, c *Context) []byte {
	switch {
	case c.Sampling == Undecided && c.Firehose:
		return append(dst, markPrefix+"f:8;s:u"...)
	case c.Sampling == Undecided:
		return append(dst, markPrefix+"s:u"...)
	case c.Sampling == Debug || c.Firehose:
		return append(append(dst, markPrefix+"f:"...), "0123456789abcdef"[c.flags()&0xf])
	}
	return dst
}

// firstMembers returns the first n members of a list.
func firstMembers(state string, n int) string {
	for i := 0; i < len(state); i++ {
		if state[i] == ',' {
			if n--; n == 0 {
				return state[:i]
			}
		}
	}
	return state
}

// capState shortens a list to max bytes by whole members: long ones first,
// then from the right.
func capState(state string, max int) string {
	if len(state) <= max {
		return state
	}
	members := strings.Split(state, ",")
	size := len(state)
	for _, longer := range []int{longState, 0} {
		for i := len(members) - 1; i >= 0 && size > max; i-- {
			if len(members[i]) > longer {
				size -= len(members[i]) + 1
				members = append(members[:i], members[i+1:]...)
			}
		}
	}
	return strings.Join(members, ",")
}

// dropThreshold removes the subkey th from OpenTelemetry's own member
// (ot=th:…;rv:…): it describes a decision to sample that no longer holds.
func dropThreshold(state string) string {
	members := strings.Split(state, ",")
	kept := members[:0]
	for _, m := range members {
		if value, ok := strings.CutPrefix(m, "ot="); ok {
			if m = withoutThreshold(value); m == "" {
				continue
			}
		}
		kept = append(kept, m)
	}
	return strings.Join(kept, ",")
}

func withoutThreshold(value string) string {
	var fields []string
	for field := range strings.SplitSeq(value, ";") {
		if !strings.HasPrefix(field, "th:") {
			fields = append(fields, field)
		}
	}
	if len(fields) == 0 {
		return ""
	}
	return "ot=" + strings.Join(fields, ";")
}

// hasThreshold reports whether dropThreshold would change anything.
func hasThreshold(state string) bool {
	return strings.Contains(state, "th:") && dropThreshold(state) != state
}

// sampledByRatio decides about a trace that nobody has decided about yet, from
// the low 56 bits of its id, as OpenTelemetry's consistent samplers do.
func sampledByRatio(low uint64, ratio float64) bool {
	const randomness = 1 << 56
	threshold := uint64(math.Round((1 - min(ratio, 1)) * randomness))
	return low&(randomness-1) >= threshold
}
