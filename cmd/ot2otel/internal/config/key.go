package config

import (
	"slices"
	"strings"

	"github.com/ot2otel/ot2otel/export"
)

// A Key is one thing that can be configured. It has the same meaning in a
// file, as a variable and as a flag.
type Key struct {
	Path    string // dotted place in the file
	Default string // as a user would write it
	Doc     string // what it does, in sentences
	Example string // another value worth showing; may be empty
	Secret  bool   // never shown
	Also    string // a standard variable with the same meaning, weaker than Env
}

// A key is a Key and its place in a T, which is a Config or an export.Config.
type key[T any] struct {
	Key
	at func(*T) Value
}

// exportGroup is left out of flags and variables: a destination is what
// most users name first, so it is --endpoint and OT2OTEL_QUEUE_MAX_BYTES.
const exportGroup = "export."

// EnvPrefix begins the name of every variable that is a key.
const EnvPrefix = "OT2OTEL_"

// Flag returns the name of the flag for k, without dashes before it.
func (k Key) Flag() string {
	return strings.ReplaceAll(strings.ReplaceAll(strings.TrimPrefix(k.Path, exportGroup), ".", "-"), "_", "-")
}

// Env returns the name of the variable for k.
func (k Key) Env() string {
	return EnvPrefix + strings.ToUpper(strings.ReplaceAll(strings.TrimPrefix(k.Path, exportGroup), ".", "_"))
}

// keys is the whole table in the order of the annotated file, except for the
// list of destinations, which holds blocks of exportKeys.
func keys() []key[Config] {
	all := slices.Concat(generalKeys, jaegerKeys, zipkinKeys, otlpKeys, mappingKeys, sidecarKeys)
	for _, k := range exportKeys {
		all = append(all, shared(k))
	}
	return append(all, operationKeys...)
}

// shared makes a key of a destination one of what all destinations share.
func shared(k key[export.Config]) key[Config] {
	lifted := key[Config]{k.Key, func(c *Config) Value { return k.at(&c.Export) }}
	lifted.Path = exportGroup + k.Path
	return lifted
}

// Keys returns what can be configured, in the order of the annotated file.
func Keys() []Key {
	var all []Key
	for _, k := range keys() {
		all = append(all, k.Key)
	}
	return all
}
