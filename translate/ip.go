package translate

import "strconv"

// unpackIP replaces an IPv4 address that was sent as a number by its usual
// form (J-36). The number is kept as an earlier value of the key (N-3). Raw
// mode leaves values alone.
func (t *Translator) unpackIP(a *attrs, id keyID) {
	x := a.get(id)
	if x == nil || x.kind == kindString || t.config.Semconv == SemconvRaw {
		return
	}
	n, ok := x.integer()
	if !ok || n < -1<<31 || n >= 1<<32 {
		return
	}
	address := stringValue(t.text.dotted(uint32(n)))
	a.put(attr{key: x.key, value: address, id: id, from: id, rule: RulePackedIP})
}

// dotted returns the IPv4 address with the number n.
func (t *text) dotted(n uint32) string {
	mark := len(t.buf)
	for shift := 24; shift >= 0; shift -= 8 {
		t.buf = strconv.AppendUint(t.buf, uint64(n>>shift&0xff), 10)
		t.buf = append(t.buf, '.')
	}
	t.buf = t.buf[:len(t.buf)-1]
	return t.since(mark)
}
