package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/config"
)

func newConfig(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "config",
		Short: "Print or validate the configuration",
		Args:  arguments(cobra.NoArgs),
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newConfigPrint(a), newConfigValidate(a))
	return c
}

func newConfigPrint(a *app) *cobra.Command {
	var output output
	var defaults bool
	c := &cobra.Command{
		Use:   "print",
		Short: "Print every value in force and where it comes from",
		Long: `Prints the configuration that "ot2otel run" would have with the same file,
variables and flags: every key, its value, and whether that comes from a line of the
file, a variable, a flag or is the default. Secrets are hidden.`,
		Example: `  ot2otel config print
  ot2otel config print --config ot2otel.yaml --log-level debug
  ot2otel config print --defaults > ot2otel.yaml     an annotated file to begin with`,
		Args: arguments(cobra.NoArgs),
	}
	a.flags.AddTo(c.Flags())
	output.flag(c, "yaml", "json")
	c.Flags().BoolVar(&defaults, "defaults", false, "print an annotated file with every key and its default instead")
	c.RunE = func(*cobra.Command, []string) error {
		if defaults {
			_, err := a.stdout.Write(config.Annotated())
			return err
		}
		loaded, err := config.Load(a.environ, a.flags)
		if err != nil {
			return usageError(err)
		}
		if output == "json" {
			return printJSON(a.stdout, loaded.Items())
		}
		_, err = a.stdout.Write(loaded.YAML())
		return err
	}
	return c
}

func newConfigValidate(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:     "validate",
		Short:   "Check the configuration without touching the network",
		Example: "  ot2otel config validate --config ot2otel.yaml",
		Args:    arguments(cobra.NoArgs),
	}
	a.flags.AddTo(c.Flags())
	c.RunE = func(*cobra.Command, []string) error {
		loaded, err := config.Load(a.environ, a.flags)
		if err != nil {
			return usageError(err)
		}
		for _, note := range notes(loaded) {
			fmt.Fprintln(a.stderr, "note:", note)
		}
		_, err = fmt.Fprintln(a.stdout, "valid:", describe(loaded))
		return err
	}
	return c
}
