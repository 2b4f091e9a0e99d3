package config

import (
	"errors"
	"maps"
	"strings"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/fault"
	"github.com/ot2otel/ot2otel/export"
)

// put lays the settings upper over lower. endpoint and traces_endpoint are two ways
// to say one thing, so whichever stands above replaces both below.
func put(lower, upper map[string]Setting, group string) {
	endpoint, traces := group+"endpoint", group+"traces_endpoint"
	_, hasEndpoint := upper[endpoint]
	_, hasTraces := upper[traces]
	switch {
	case hasEndpoint && !hasTraces:
		lower[traces] = Setting{"", originDefault}
	case hasTraces && !hasEndpoint:
		lower[endpoint] = Setting{"", originDefault}
	}
	maps.Copy(lower, upper)
}

// blocks returns the destinations in force, each with every setting: its own
// over those under export. Without a list, an endpoint under export makes one.
func (l *layer) blocks() []block {
	common := l.common()
	if !l.listed {
		if common["endpoint"].Text == "" && common["traces_endpoint"].Text == "" {
			return nil
		}
		return []block{{origin: endpointOrigin(common), settings: common}}
	}
	all := make([]block, len(l.destinations))
	for i, b := range l.destinations {
		all[i] = block{origin: b.origin, settings: maps.Clone(common)}
		put(all[i].settings, b.settings, "")
	}
	return all
}

// common are the settings under export.
func (l *layer) common() map[string]Setting {
	common := map[string]Setting{}
	for path, s := range l.settings {
		if below, ok := strings.CutPrefix(path, exportGroup); ok {
			common[below] = s
		}
	}
	return common
}

// endpointOrigin is where a destination's endpoint comes from.
func endpointOrigin(settings map[string]Setting) string {
	if s := settings["traces_endpoint"]; s.Text != "" {
		return s.Origin
	}
	return settings["endpoint"].Origin
}

// resolveDestinations types and checks what the blocks say. Errors in what
// they have in common are left to the check of that.
func (l *layer) resolveDestinations() (all []export.Config, errs []error) {
	common, seen := l.common(), map[string]string{}
	for _, b := range l.blocks() {
		d := new(export.Config)
		for _, k := range exportKeys {
			if err := k.apply(d, b.settings[k.Path]); err != nil && b.settings[k.Path] != common[k.Path] {
				errs = append(errs, err)
			}
		}
		*d = d.WithDefaults()
		errs = append(errs, b.check(*d, seen)...)
		all = append(all, *d)
	}
	return all, errs
}

// check finds what is wrong with a destination as a whole. seen has the names so far.
func (b block) check(d export.Config, seen map[string]string) (errs []error) {
	if b.settings["endpoint"].Text == "" && b.settings["traces_endpoint"].Text == "" {
		return []error{fault.Errorf(problemDestination, "%s: a destination without an endpoint", b.origin)}
	}
	for _, err := range fault.Each(d.Validate()) {
		origin := b.origin
		if fe, ok := errors.AsType[*export.FieldError](err); ok && b.settings[fe.Field].Origin != originDefault {
			origin = b.settings[fe.Field].Origin
		}
		errs = append(errs, fault.Errorf(problemDestination, "%s: %w", origin, err))
	}
	if first, ok := seen[d.Name]; ok {
		errs = append(errs, fault.Errorf(problemDestination, "%s: the destination of %s is called %q, too: give each a name of its own", b.origin, first, d.Name))
	}
	seen[d.Name] = b.origin
	return errs
}
