package translate

import "math/bits"

// stability is how far the conventions stand by a target's name.
type stability uint8

const (
	stable      stability = iota
	candidate             // release candidate: mapped only with Config.RPC
	development           // may move again: SemconvRename keeps the original, too
)

// A fit is how well a value says what a target wants.
type fit uint8

const (
	unfit fit = iota // not at all: the target gets nothing
	spare            // only for want of anything better: it gives way without a note
	lossy            // well, but it does not convert back to exactly the original
	exact            // and it converts back to exactly the original, type included
)

// A conversion makes of a key's value what one of its targets wants. It looks
// at the other attributes and the kind of the span where the mapping says so.
type conversion func(m *mapper, v value) (value, fit)

// A mapper applies rows to one collection of attributes. Each Translator has one.
type mapper struct {
	t     *Translator
	attrs *attrs
	kind  spanKind
	// moved are the keys whose value stands under the stable key, too, and
	// kept those that have to stay nevertheless.
	moved, kept keySet

	url      once[urlParts] // http.url
	endpoint once[endpoint] // peer.address
	host     once[hostPort] // http.host
}

// A once keeps the parts of a tag that several rows want a part of.
type once[T any] struct {
	done, ok bool
	parts    T
}

// of returns the parts of v, which is the same at every call.
func (o *once[T]) of(v value, split func(string) (T, bool)) (*T, bool) {
	if !o.done {
		o.done = true
		if v.kind == kindString {
			o.parts, o.ok = split(v.str)
		}
	}
	return &o.parts, o.ok
}

// applySemconv gives the tags of a span their stable keys (mapping section 6).
// Repeated keys are resolved by then, URLs hold no credentials, and the span's
// kind is known.
func (t *Translator) applySemconv(a *attrs, kind spanKind) {
	if t.config.Semconv == SemconvRaw {
		return
	}
	m := &t.mapper
	*m = mapper{t: t, attrs: a, kind: kind}
	m.run(&spanRenames)
	m.run(&spanDerivations)
	m.removeMoved()
}

// applyResourceSemconv does the same for the attributes of a resource.
func (t *Translator) applyResourceSemconv(a *attrs) {
	if t.config.Semconv == SemconvRaw {
		return
	}
	m := &t.mapper
	*m = mapper{t: t, attrs: a}
	m.run(&resourcePlan)
	m.removeMoved()
}

// run applies the rows of p for the keys that are there.
func (m *mapper) run(p *plan) {
	for w := range p.keys {
		for set := p.keys[w] & m.attrs.has[w]; set != 0; set &= set - 1 {
			key := keyID(w*64 + bits.TrailingZeros64(set))
			for i := p.first[key]; i < p.first[key+1]; i++ {
				m.apply(&p.rows[i], p.rules[i])
			}
		}
	}
}

func (m *mapper) apply(r *row, rule Rule) {
	if r.stability == candidate && !m.t.config.RPC {
		return
	}
	v, f := r.convert(m, m.attrs.get(r.key).value)
	if f == unfit {
		return
	}
	target := m.side(r.target)
	if there := m.attrs.get(target); there != nil && there.value != v {
		m.giveWay(r.key, f)
		return
	}
	m.attrs.derive(target, r.key, v, rule)
	if f == exact && r.stability != development {
		m.moved.add(r.key)
	}
}

// giveWay leaves the target with another value as it is and the key where it stands (rule S-1).
func (m *mapper) giveWay(key keyID, f fit) {
	if f == spare || m.kept.has(key) {
		return
	}
	m.kept.add(key)
	m.t.note(NoteSemconvConflict, keyNames[key])
}

// removeMoved takes out the keys that SemconvRename replaces. They had to stay
// till now for other rows to look at.
func (m *mapper) removeMoved() {
	if m.t.config.Semconv != SemconvRename {
		return
	}
	for w := range m.moved {
		for set := m.moved[w] &^ m.kept[w]; set != 0; set &= set - 1 {
			m.attrs.remove(keyID(w*64 + bits.TrailingZeros64(set)))
		}
	}
}

// side resolves the targets that depend on which side of a call the span is:
// the peer of a server is the client, that of all others is a server.
func (m *mapper) side(target keyID) keyID {
	server := m.kind == kindServer
	switch {
	case target == sideAddress && server:
		return keyClientAddress
	case target == sideAddress:
		return keyServerAddress
	case target == sidePort && server:
		return keyClientPort
	case target == sidePort:
		return keyServerPort
	}
	return target
}

// onServer restricts a conversion to spans of kind SERVER.
func onServer(convert conversion) conversion {
	return func(m *mapper, v value) (value, fit) {
		if m.kind != kindServer {
			return value{}, unfit
		}
		return convert(m, v)
	}
}

// ifAbsent makes a conversion give way to any value that the target has.
func ifAbsent(convert conversion) conversion {
	return func(m *mapper, v value) (value, fit) {
		v, f := convert(m, v)
		return v, min(f, spare)
	}
}

// constant is the conversion for keys whose presence says what the target wants.
func constant(s string) conversion {
	return func(*mapper, value) (value, fit) { return stringValue(s), lossy }
}
