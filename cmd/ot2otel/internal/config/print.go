package config

import (
	"fmt"
	"strings"
)

// An Item is one key's value as it is shown: secrets are hidden.
type Item struct {
	Key    string `json:"key"`
	Value  string `json:"value"`
	Origin string `json:"origin"`
}

// Items returns every key with its value and where that came from; those of
// the list of destinations under destinations[0] and so on.
func (l *Loaded) Items() []Item {
	var items []Item
	for _, k := range keys() {
		items = append(items, item(k, &l.Config, l.merged.settings[k.Path]))
	}
	if !l.merged.listed {
		return items
	}
	for i, b := range l.merged.blocks() {
		for _, k := range exportKeys {
			x := item(k, &l.Destinations[i], b.settings[k.Path])
			x.Key = fmt.Sprintf("%s[%d].%s", destinationsPath, i, k.Path)
			items = append(items, x)
		}
	}
	return items
}

func item[T any](k key[T], t *T, s Setting) Item {
	value := k.at(t).String()
	if k.Secret && value != "" {
		value = hidden
	}
	return Item{k.Path, value, s.Origin}
}

const hidden = "(secret)"

// EndpointOrigin is where the endpoint of destination i comes from.
func (l *Loaded) EndpointOrigin(i int) string { return endpointOrigin(l.merged.blocks()[i].settings) }

// A Count says how much of a configuration came from where.
type Count struct{ File, Env, Flags int }

// Count tells how many keys and destinations the file, variables and flags have set.
func (l *Loaded) Count() (c Count) {
	for _, s := range l.merged.settings {
		c.add(s.Origin)
	}
	for _, b := range l.merged.destinations {
		c.add(b.origin)
	}
	return c
}

func (c *Count) add(origin string) {
	switch {
	case origin == originDefault:
	case strings.HasPrefix(origin, "env "):
		c.Env++
	case strings.HasPrefix(origin, "flag "):
		c.Flags++
	default:
		c.File++
	}
}

// YAML returns the configuration as a file with the origin of each value
// beside it. But for its secrets it could be loaded again.
func (l *Loaded) YAML() []byte {
	var w writer
	for _, k := range keys() {
		x := item(k, &l.Config, l.merged.settings[k.Path])
		w.key(k.Path, yamlText(k.kind(), x.Value), "", x.Origin)
	}
	if !l.merged.listed {
		return w.Bytes()
	}
	w.group, w.base = nil, ""
	w.line(0, destinationsPath+":")
	for i, b := range l.merged.blocks() {
		w.base, w.bullet, w.group = "    ", true, nil
		for _, k := range exportKeys {
			x := item(k, &l.Destinations[i], b.settings[k.Path])
			w.key(k.Path, yamlText(k.kind(), x.Value), "", x.Origin)
		}
	}
	return w.Bytes()
}
