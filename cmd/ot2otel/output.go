package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/nearest"
)

// An output is the flag -o: one of a few ways to print.
type output string

// flag gives c the flag; the first name is the default.
func (o *output) flag(c *cobra.Command, names ...string) {
	*o = output(names[0])
	c.Flags().VarP(&outputFlag{o, names}, "output", "o", "how to print the answer")
	must(c.RegisterFlagCompletionFunc("output", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp)))
}

type outputFlag struct {
	value *output
	names []string
}

func (f *outputFlag) String() string { return string(*f.value) }
func (f *outputFlag) Type() string   { return strings.Join(f.names, "|") }
func (f *outputFlag) Set(s string) error {
	if !slices.Contains(f.names, s) {
		return fmt.Errorf("not one of %s%s", strings.Join(f.names, ", "), nearest.Hint(s, f.names))
	}
	*f.value = output(s)
	return nil
}
