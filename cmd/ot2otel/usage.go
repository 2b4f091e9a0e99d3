package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// helpWidth is how many columns help may take.
const helpWidth = 100

// usage prints what follows the description in a command's help. It does
// without a template: the template package would keep the linker from leaving
// out what is never called, which is a sixth of the program.
func usage(c *cobra.Command) error {
	w := c.OutOrStderr()
	fmt.Fprintf(w, "Usage:\n  %s\n", c.UseLine())
	if c.Example != "" {
		fmt.Fprintf(w, "\nExamples:\n%s\n", c.Example)
	}
	usageCommands(w, c)
	if c.HasAvailableLocalFlags() {
		fmt.Fprintf(w, "\nFlags:\n%s", shown(c).FlagUsagesWrapped(helpWidth))
	}
	if !c.HasParent() {
		fmt.Fprintf(w, "\n\"%s run --help\" lists all flags, \"%[1]s help COMMAND\" explains a command.\n", c.Name())
	}
	return nil
}

// shown are the flags that the help of c lists. The first help that a user sees
// should fit on a screen, so the root leaves most of them to "run".
func shown(c *cobra.Command) *pflag.FlagSet {
	if c.HasParent() {
		return c.LocalFlags()
	}
	few := pflag.NewFlagSet("", pflag.ContinueOnError)
	few.SortFlags = false
	for _, name := range []string{"config", "listen-host", "endpoint", "help"} {
		few.AddFlag(c.Flag(name))
	}
	return few
}

func usageCommands(w io.Writer, c *cobra.Command) {
	if !c.HasAvailableSubCommands() {
		return
	}
	fmt.Fprint(w, "\nCommands:\n")
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			fmt.Fprintf(w, "  %s%s  %s\n", sub.Name(), strings.Repeat(" ", max(0, 10-len(sub.Name()))), sub.Short)
		}
	}
}
