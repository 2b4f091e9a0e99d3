package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/proxy"
)

func newVersion(a *app) *cobra.Command {
	var output output
	c := &cobra.Command{
		Use:     "version",
		Short:   "Print which version this is",
		Example: "  ot2otel version\n  ot2otel version -o json",
		Args:    arguments(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			b := proxy.ThisBuild()
			if output == "json" {
				return printJSON(a.stdout, b)
			}
			_, err := fmt.Fprintln(a.stdout, "ot2otel", b.Version, b.Revision, b.Go, b.Platform)
			return err
		},
	}
	output.flag(c, "text", "json")
	return c
}

func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
