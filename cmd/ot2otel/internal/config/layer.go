package config

import (
	"maps"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/fault"
)

// A Setting is what someone gave a key, and where.
type Setting struct {
	Text   string
	Origin string // "default", "ot2otel.yaml:12", "env OT2OTEL_SEMCONV", "flag --semconv"
}

// A layer is what one source says: the defaults, the file, the environment
// or the flags.
type layer struct {
	settings     map[string]Setting // by path
	destinations []block
	listed       bool // the source has a list of destinations, if only an empty one
	errs         []error
	notes        []error
}

// A block is one entry of the list of destinations.
type block struct {
	origin   string
	settings map[string]Setting // by path below export
}

func newLayer() *layer { return &layer{settings: map[string]Setting{}} }

// over puts l on top of below: what l says wins.
func (l *layer) over(below *layer) *layer {
	merged := &layer{settings: maps.Clone(below.settings)}
	put(merged.settings, l.settings, exportGroup)
	merged.destinations, merged.listed = below.destinations, below.listed
	if l.listed {
		merged.destinations, merged.listed = l.destinations, true
	}
	merged.errs = append(below.errs, l.errs...)
	merged.notes = append(below.notes, l.notes...)
	return merged
}

func defaults() *layer {
	l := newLayer()
	for _, k := range keys() {
		l.settings[k.Path] = Setting{k.Default, originDefault}
	}
	return l
}

const originDefault = "default"

// resolve types and checks what the layer says.
func (l *layer) resolve() (*Config, []error) {
	c, errs := new(Config), l.errs
	for _, k := range keys() {
		if err := k.apply(c, l.settings[k.Path]); err != nil {
			errs = append(errs, err)
		}
	}
	destinations, more := l.resolveDestinations()
	c.Destinations = destinations
	if errs == nil {
		more = append(more, c.Sidecar.check()...)
	}
	return c, distinct(append(append(errs, more...), c.loops()...))
}

// distinct leaves out errors with the same text: what destinations share would be reported for each.
func distinct(errs []error) (some []error) {
	seen := map[string]bool{}
	for _, err := range errs {
		if !seen[err.Error()] {
			some = append(some, err)
		}
		seen[err.Error()] = true
	}
	return some
}

// apply sets k in t to what s says.
func (k key[T]) apply(t *T, s Setting) error {
	if err := k.at(t).Set(s.Text); err != nil {
		return fault.Errorf(problemValue, "%s: %s: %w", s.Origin, k.Path, err)
	}
	return nil
}
