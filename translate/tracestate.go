package translate

import "strings"

// traceState moves the tag w3c.tracestate to the span if it is one (J-16).
func (t *Translator) traceState() {
	s := &t.span
	x := s.attrs.get(keyW3CTracestate)
	if x == nil {
		return
	}
	if x.kind != kindString || !validTraceState(x.str) {
		t.note(NoteTracestateInvalid, "")
		return
	}
	s.traceState = x.str
	s.because(fieldTraceState, RuleTraceState, keyW3CTracestate)
	s.attrs.remove(keyW3CTracestate)
}

// The most members and the longest keys and values of a tracestate.
const (
	maxMembers = 32
	maxKey     = 256
	maxTenant  = 241
	maxSystem  = 14
	maxValue   = 256
)

// validTraceState reports whether s is a tracestate with at least one member
// (W3C Trace Context, section 3.3):
//
//	list   = member *31( OWS "," OWS member )      members may be empty, keys do not repeat
//	member = key "=" value
//	key    = ( a-z / 0-9 ) *255( a-z / 0-9 / "_-*/" )  or  tenant "@" system
//	value  = 1*256 printable ASCII without "," and "=", not ending in a space
func validTraceState(s string) bool {
	var keys [maxMembers]string
	n := 0
	for member := range strings.SplitSeq(s, ",") {
		member = strings.Trim(member, " \t")
		if member == "" {
			continue
		}
		key, value, ok := strings.Cut(member, "=")
		if !ok || n == maxMembers || !validStateKey(key) || !validStateValue(value) {
			return false
		}
		for _, earlier := range keys[:n] {
			if earlier == key {
				return false
			}
		}
		keys[n] = key
		n++
	}
	return n > 0
}

func validStateKey(key string) bool {
	tenant, system, ok := strings.Cut(key, "@")
	if !ok {
		return len(key) <= maxKey && validKeyPart(key)
	}
	return len(tenant) <= maxTenant && validKeyPart(tenant) &&
		len(system) <= maxSystem && validKeyPart(system) && system[0] >= 'a'
}

func validKeyPart(s string) bool {
	for i := range len(s) {
		c := s[i]
		alnum := 'a' <= c && c <= 'z' || '0' <= c && c <= '9'
		if !alnum && (i == 0 || !strings.ContainsRune("_-*/", rune(c))) {
			return false
		}
	}
	return s != ""
}

func validStateValue(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == ',' || c == '=' {
			return false
		}
	}
	return s != "" && len(s) <= maxValue
}
