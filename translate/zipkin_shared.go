package translate

// A hashedHost is a host and the hash of its canonical form. Neighbours mostly
// have the same.
type hashedHost struct {
	endpoint zipkinEndpoint
	hash     uint64
	known    bool
}

// hostHash returns the hash of a host's canonical form.
func (t *Translator) hostHash(e *zipkinEndpoint) uint64 {
	h := &t.zipkin.host
	if !h.known || h.endpoint != *e {
		mark := len(t.text.buf)
		*h = hashedHost{*e, hashString(t.canonical(e)), true}
		t.text.buf = t.text.buf[:mark]
	}
	return h.hash
}

// zipkinShared gives a server half an id of its own, and other spans the
// parent that has got one (mapping 5.6).
func (t *Translator) zipkinShared(z *zipkinSpan) {
	s := &t.span
	if z.isServerHalf {
		host := t.canonical(&z.local)
		if z.again > 0 {
			host = t.text.concat(host, "\x01", t.text.decimal(int64(z.again)))
		}
		t.unshare(host)
		return
	}
	if z.shared {
		t.residue(&s.attrs, "zipkin.shared", "", boolValue(true), RuleSharedOff)
	}
	if t.mayBeReparented() && t.isShared(sharedKey(s.traceID, s.parent, t.hostHash(&z.local))) {
		t.reparent(t.canonical(&z.local))
	}
}
