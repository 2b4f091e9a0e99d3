package config

import (
	"cmp"
	"errors"
)

// A Loaded is a Config and where it came from.
type Loaded struct {
	Config
	// File is the file that was read; empty if none.
	File string
	// Notes are about what was accepted and is worth a warning.
	Notes []error

	merged *layer
}

// Load reads the file, the environment and the flags; a later one of these
// wins. environ has the form of os.Environ; flags may be nil.
//
// The error joins everything that is wrong anywhere, each with its place.
func Load(environ []string, flags *Flags) (*Loaded, error) {
	if flags == nil {
		flags = NewFlags()
	}
	env := newEnvironment(environ)
	name := cmp.Or(flags.file, env[FileVariable])
	merged := defaults()
	if name != "" {
		merged = readFile(name, env.lookup).over(merged)
	}
	merged = flags.layer.over(env.layer().over(merged))
	c, errs := merged.resolve()
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return &Loaded{Config: *c, File: name, Notes: merged.notes, merged: merged}, nil
}
