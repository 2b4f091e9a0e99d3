package rewrite

// What a baggage header may hold (W3C Baggage, section "Limits").
const (
	maxMembers = 64
	maxBaggage = 8192
)

// baggageOctet is what the value of a member may consist of.
var baggageOctet = func() (set charset) {
	for c := 0x21; c <= 0x7e; c++ {
		set[c] = c != '"' && c != ',' && c != ';' && c != '\\'
	}
	return set
}()

// parseBaggage reads one baggage header:
//
//	list     = member *( OWS "," OWS member )
//	member   = key OWS "=" OWS value *( OWS ";" OWS property )
//	key      = token
//	value    = *baggage-octet ; percent-encoded UTF-8
//	property = any printable characters here: they are passed on
//
// and calls yield for every member; ok is false for one that is malformed,
// which then has a Text only.
func parseBaggage(header string, yield func(m Member, ok bool)) {
	for more := true; more; {
		var text string
		text, header, more = cut(header, ',')
		if text != "" {
			m, ok := parseMember(text)
			yield(m, ok)
		}
	}
}

func parseMember(text string) (Member, bool) {
	pair, properties, _ := cut(text, ';')
	key, value, ok := cut(pair, '=')
	value = trim(value)
	if !ok || !token.has(key) || len(key) > maxKey || value != "" && !baggageOctet.has(value) || !printable(properties) {
		return Member{Text: text}, false
	}
	return Member{Key: key, Value: unescape(value, false), Text: text}, true
}

func printable(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] > '~' || s[i] < ' ' && s[i] != '\t' {
			return false
		}
	}
	return true
}
