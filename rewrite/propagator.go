package rewrite

import "errors"

// A Format is a propagator by itself, for programs that make their own spans:
// interceptors of gRPC, producers and consumers of messages.

// Extract reads what the carrier says in this format, baggage too, into c. It
// returns false if there are no ids; c then holds what else was said. An error
// names the header that cannot be read.
func (f Format) Extract(carrier Carrier, c *Context) (bool, error) {
	*c = Context{}
	if f == 0 || f >= numFormats {
		return false, errors.New("no such format")
	}
	j := newJob(&Rewriter{config: Config{App: f}, names: standardNames})
	j.start(carrier, &leg{reads: FormatsOf(f), items: f.prefixes()})
	ok, err := formats[f].extract(&j.h, c)
	if ok {
		c.Format = f
	}
	j.gather()
	for i := range j.members {
		c.Baggage = append(c.Baggage, j.members[i].Member)
	}
	return ok, err
}

// Inject writes c in this format and leaves other formats alone. It does
// nothing for a format that is only read (CanInject), and writes no ids if c
// has none.
func (f Format) Inject(carrier Carrier, c *Context) {
	if !f.CanInject() {
		return
	}
	j := newJob(&Rewriter{config: Config{App: f}, names: standardNames})
	l := &leg{inject: []Format{f}, reads: FormatsOf(f), injects: FormatsOf(f)}
	j.start(carrier, l)
	l.items = 1 << j.prefixFor(f)
	j.ctx, j.stateSampled = *c, c.Sampling.Sampled()
	j.credit = 4 * maxBaggage // the caller's own baggage, however it has to be escaped
	for _, m := range c.Baggage {
		j.members = append(j.members, member{Member: m})
	}
	if c.hasIDs() || f.isB3() && c.Sampling != Undecided {
		j.put(f, &j.ctx)
	}
	j.giveBaggage()
	j.clean()
	j.w.apply(carrier)
}

// Fields returns the names of the headers of this format, without the prefixes
// of those that hold one baggage item each.
func (f Format) Fields() (names []string) {
	for s := slot(0); s < numSlots; s++ {
		if slots[s].format == f && f != 0 {
			names = append(names, slots[s].name)
		}
	}
	return names
}
