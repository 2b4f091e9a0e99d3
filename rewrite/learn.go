package rewrite

import (
	"strconv"
	"strings"
	"sync/atomic"
)

// learned is what an app has shown of itself.
type learned struct {
	width   atomic.Uint32 // a Width; WidthAuto: nothing known
	corrupt atomic.Bool   // it was seen to mangle 128-bit ids
	join    atomic.Bool
	jaeger  atomic.Bool   // its client is one of Jaeger's
	baggage atomic.Uint32 // a B3Baggage; B3BaggageAuto: nothing known
}

// Learned is what is known about an app.
type Learned struct {
	// Width is the width of trace ids that it can take; WidthAuto: not known.
	Width Width
	// Corrupts says that it was seen to mangle 128-bit trace ids.
	Corrupts bool
	// Joins says that its server spans share their ids with their clients'.
	Joins bool
	// Baggage is how it carries baggage with B3.
	Baggage B3Baggage
}

// Learned returns what has been learned about the app so far.
func (r *Rewriter) Learned() Learned {
	return Learned{
		Width:    Width(r.learned.width.Load()),
		Corrupts: r.learned.corrupt.Load(),
		Joins:    r.learned.join.Load(),
		Baggage:  B3Baggage(r.learned.baggage.Load()),
	}
}

// wideSince is the first version of each Jaeger client that takes 128-bit
// trace ids and reports them whole. Older ones cut them (Java), mangle them
// (Node) or cannot send the span (Python).
var wideSince = map[string]version{
	"go":     {2},
	"java":   {0, 32},
	"node":   {3, 16},
	"python": {4},
	"c++":    {},
	"cpp":    {},
	"csharp": {},
	"c#":     {},
	"php":    {1, 5},
	"ruby":   {1, 3},
}

// b3WideSince is where the client's codec for B3 was later.
var b3WideSince = map[string]version{"go": {2, 16}}

// b3Baggages is how the B3 codecs of Jaeger clients carry baggage.
var b3Baggages = map[string]B3Baggage{
	"go": B3BaggagePlain, "java": B3BaggagePlain, "node": B3BaggageJaeger, "python": B3BaggageNone,
}

// LearnClient takes up the tag jaeger.version of a process ("Go-2.30.0"),
// which its spans bring: it tells how wide a trace id the client can take.
func (r *Rewriter) LearnClient(jaegerVersion string) {
	language, number, ok := strings.Cut(strings.ToLower(jaegerVersion), "-")
	since, known := wideSince[language]
	if !ok || !known {
		return
	}
	r.learned.jaeger.Store(true)
	if r.config.App.isB3() {
		if later, ok := b3WideSince[language]; ok {
			since = later
		}
		r.learned.baggage.Store(uint32(b3Baggages[language]))
	}
	width := Width64
	if parseVersion(number).atLeast(since) {
		width = Width128
	}
	r.learned.width.Store(uint32(width))
}

// LearnShared takes up that a server span of the app shared its id with the
// client's span: the app joins spans (Config.B3Join).
func (r *Rewriter) LearnShared() { r.learned.join.Store(true) }

// learnWide takes up that the app itself sent an id of 128 bits.
func (r *Rewriter) learnWide() {
	if Width(r.learned.width.Load()) == WidthAuto {
		r.learned.width.Store(uint32(Width128))
	}
}

// wide reports whether the app is given ids of 128 bits. native says that the
// caller sent it such an id in its own format.
func (r *Rewriter) wide(native bool) bool {
	switch {
	case r.config.TraceIDToApp != WidthAuto:
		return r.config.TraceIDToApp == Width128
	case r.learned.corrupt.Load():
		return false
	}
	known := Width(r.learned.width.Load())
	return known == Width128 || known == WidthAuto && native
}

// joins reports whether the app takes the span id it receives for its own span.
func (r *Rewriter) joins() bool {
	return r.config.B3Join == Yes || r.config.B3Join == Auto && r.learned.join.Load()
}

// jaegerB3 reports whether the app is a Jaeger client that speaks B3. They read
// an absent X-B3-Sampled as no, or fail, and most do not know X-B3-Flags.
func (r *Rewriter) jaegerB3() bool {
	return r.learned.jaeger.Load() || r.b3Prefix() != noPrefix
}

// b3Prefix returns the prefix of baggage headers that a B3 app understands.
func (r *Rewriter) b3Prefix() prefix {
	how := r.config.B3Baggage
	if how == B3BaggageAuto {
		how = B3Baggage(r.learned.baggage.Load())
	}
	switch how {
	case B3BaggagePlain:
		return prefixB3
	case B3BaggageJaeger:
		return prefixJaeger
	}
	return noPrefix
}

// A version is the first numbers of a version.
type version [2]int

func parseVersion(s string) (v version) {
	for i := range v {
		var part string
		part, s, _ = strings.Cut(s, ".")
		v[i], _ = strconv.Atoi(part)
	}
	return v
}

func (v version) atLeast(w version) bool {
	return v[0] > w[0] || v[0] == w[0] && v[1] >= w[1]
}
