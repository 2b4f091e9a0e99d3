package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/check"
	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/config"
	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/proxy"
)

func newCheck(a *app) *cobra.Command {
	var output output
	o := check.Options{Version: proxy.ThisBuild().Version, Environ: a.environ, Root: os.DirFS("/")}
	c := &cobra.Command{
		Use:   "check",
		Short: "Check configuration, ports and destinations before a roll-out",
		Long: `Checks that the configuration is valid, that every port is free or held by an
ot2otel that runs already, and that every destination can be reached and takes OTLP,
by sending it a request without spans. Ends with exit code 3 if a check fails.`,
		Example: `  ot2otel check --endpoint https://otlp.example:4317
  ot2otel check --config ot2otel.yaml --pre
  ot2otel check -o json`,
		Args: arguments(cobra.NoArgs),
	}
	a.flags.AddTo(c.Flags())
	output.flag(c, "text", "json")
	c.Flags().BoolVar(&o.Pre, "pre", false, "look at the host as well: receive buffers, container, memory")
	c.Flags().DurationVar(&o.Timeout, "check-timeout", 5*time.Second, "how long to try to reach a destination")
	c.RunE = func(c *cobra.Command, _ []string) error {
		results := a.check(c.Context(), o)
		if output == "json" {
			if err := printJSON(a.stdout, results); err != nil {
				return err
			}
		} else {
			a.printResults(results)
		}
		if slices.ContainsFunc(results, func(r check.Result) bool { return r.Status == check.Failed }) {
			return &exitError{code: exitGate}
		}
		return nil
	}
	return c
}

// check does not look further than a configuration that is wrong.
func (a *app) check(ctx context.Context, o check.Options) []check.Result {
	loaded, err := config.Load(a.environ, a.flags)
	if err != nil {
		return check.Configuration(nil, "", err)
	}
	results := check.Configuration(notes(loaded), "valid: "+describe(loaded), nil)
	return append(results, check.Run(ctx, &loaded.Config, o)...)
}

// printResults prints one line for each check, under headings, and what to do
// about those that failed.
func (a *app) printResults(results []check.Result) {
	group, by := "", map[check.Status]int{}
	var ids []string
	for _, r := range results {
		if r.Group != group {
			group = r.Group
			fmt.Fprintln(a.stdout, group)
		}
		by[r.Status]++
		a.printResult(r)
		if r.ID != "" && !slices.Contains(ids, r.ID) {
			ids = append(ids, r.ID)
		}
	}
	fmt.Fprintf(a.stdout, "\n%d passed, %s, %d failed\n", by[check.OK], count(by[check.Warning], "warning"), by[check.Failed])
	if len(ids) > 0 {
		fmt.Fprintln(a.stdout, "cause and fix: ot2otel explain", strings.Join(ids, " "))
	}
}

func (a *app) printResult(r check.Result) {
	mark := map[check.Status]string{check.OK: "√", check.Warning: "‼", check.Failed: "×"}[r.Status]
	if r.Subject != "" {
		r.Subject = fmt.Sprintf("%-16s ", r.Subject)
	}
	if r.ID != "" {
		r.ID = "  [" + r.ID + "]"
	}
	fmt.Fprintf(a.stdout, "  %s %s%s%s\n", mark, r.Subject, r.Detail, r.ID)
	if r.Status == check.Failed {
		fmt.Fprintf(a.stdout, "      %s\n", r.Fix)
	}
}
