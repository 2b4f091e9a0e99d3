package config

import (
	"strings"

	"github.com/spf13/pflag"
)

// Flags are the flags of a command line that set keys. Commands share them:
// only one of them runs.
type Flags struct {
	layer *layer
	file  string
	set   *pflag.FlagSet
}

// NewFlags returns a flag for each key, one for the file and one for destinations.
func NewFlags() *Flags {
	f := &Flags{layer: newLayer(), set: pflag.NewFlagSet("", pflag.ContinueOnError)}
	f.set.SortFlags = false
	f.set.StringVarP(&f.file, "config", "c", "", "YAML file to read (env "+FileVariable+")")
	for _, k := range keys() {
		f.add(k)
	}
	usage := "a destination, written name=…,endpoint=… with the keys under export; repeatable, and in place of any list in the file"
	f.set.Var(&destinationFlag{f.layer}, "destination", usage)
	return f
}

func (f *Flags) add(k key[Config]) {
	value := &keyFlag{layer: f.layer, path: k.Path, name: k.Flag(), kind: k.kind()}
	flag := f.set.VarPF(value, value.name, "", k.Doc)
	flag.DefValue = k.Default
	if value.kind == "bool" {
		flag.NoOptDefVal = "true"
	}
}

// AddTo adds the flags to those of a command: all of them, or, where groups
// are named, those whose path begins with one, and that of the file.
func (f *Flags) AddTo(fs *pflag.FlagSet, groups ...string) {
	fs.SortFlags = false
	f.set.VisitAll(func(flag *pflag.Flag) {
		if len(groups) == 0 || flag.Name == "config" || hasGroup(flag, groups) {
			fs.AddFlag(flag)
		}
	})
}

// AddShort adds the flags of one group under names that do without the
// group's: --inbound for --sidecar-inbound. The others are added as they are,
// or, where some of the group are named in only, but that of the file left out.
func (f *Flags) AddShort(fs *pflag.FlagSet, group string, only ...string) {
	fs.SortFlags = false
	f.set.VisitAll(func(flag *pflag.Flag) {
		inGroup := hasGroup(flag, []string{group})
		switch {
		case inGroup && (len(only) == 0 || hasGroup(flag, only)):
			fs.AddFlag(shortened(flag, group))
		case !inGroup && (len(only) == 0 || flag.Name == "config"):
			fs.AddFlag(flag)
		}
	})
}

// shortened is a flag without the name of its group.
func shortened(flag *pflag.Flag, group string) *pflag.Flag {
	short, value := *flag, *flag.Value.(*keyFlag)
	value.name = strings.TrimPrefix(flag.Name, group+"-")
	short.Name, short.Value = value.name, &value
	return &short
}

func hasGroup(flag *pflag.Flag, groups []string) bool {
	k, ok := flag.Value.(*keyFlag)
	for _, g := range groups {
		if ok && (k.path == g || strings.HasPrefix(k.path, g+".")) {
			return true
		}
	}
	return false
}

// A keyFlag notes what a flag says. It is checked later, with all the rest,
// so that all errors come out at once.
type keyFlag struct {
	layer            *layer
	path, name, kind string
}

func (f *keyFlag) String() string { return f.layer.settings[f.path].Text }
func (f *keyFlag) Type() string   { return f.kind }
func (f *keyFlag) Set(text string) error {
	f.layer.settings[f.path] = Setting{text, "flag --" + f.name}
	return nil
}

type destinationFlag struct{ layer *layer }

func (f *destinationFlag) String() string { return "" }
func (f *destinationFlag) Type() string   { return "name=…,endpoint=…" }
func (f *destinationFlag) Set(text string) error {
	f.layer.addDestinations("flag --destination", []string{text})
	return nil
}
