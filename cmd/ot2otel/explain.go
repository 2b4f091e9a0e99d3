package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/check"
	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/config"
	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/fault"
	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/nearest"
	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/proxy"
	"github.com/ot2otel/ot2otel/export"
	"github.com/ot2otel/ot2otel/ingest"
	"github.com/ot2otel/ot2otel/internal/problem"
	"github.com/ot2otel/ot2otel/rewrite/sidecar"
)

// allProblems is everything that has an id, in the order of ids.
func allProblems() []problem.Problem {
	all := slices.Concat(problems, config.Problems, proxy.Problems, check.Problems, ingest.Problems, sidecar.Problems, export.Problems())
	slices.SortFunc(all, func(a, b problem.Problem) int { return strings.Compare(a.ID, b.ID) })
	return all
}

func newExplain(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "explain [OT2-xxxx ...]",
		Short:   "Say what an id in a message means and what to do",
		Long:    "Explains the ids that stand in errors, warnings, log lines and the output of check.\nWithout an id it lists all.",
		Example: "  ot2otel explain OT2-C003\n  ot2otel explain",
		ValidArgsFunction: func(*cobra.Command, []string, string) (ids []string, _ cobra.ShellCompDirective) {
			for _, p := range allProblems() {
				ids = append(ids, p.ID+"\t"+p.Summary)
			}
			return ids, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, ids []string) error {
			if len(ids) == 0 {
				listProblems(a.stdout)
				return nil
			}
			return explain(a.stdout, ids)
		},
	}
}

func listProblems(w io.Writer) {
	for _, p := range allProblems() {
		fmt.Fprintf(w, "%s  %s\n", p.ID, p.Summary)
	}
}

// explain explains each of ids, which may be written in lower case and
// without their prefix.
func explain(w io.Writer, ids []string) error {
	all := allProblems()
	for i, id := range ids {
		id = "OT2-" + strings.TrimPrefix(strings.ToUpper(id), "OT2-")
		at := slices.IndexFunc(all, func(p problem.Problem) bool { return p.ID == id })
		if at < 0 {
			return unknownID(id, all)
		}
		if i > 0 {
			fmt.Fprintln(w)
		}
		p := all[at]
		fmt.Fprintf(w, "%s  %s\n\nCause: %s\n\nFix: %s\n", p.ID, p.Summary, p.Cause, p.Fix)
	}
	return nil
}

func unknownID(id string, all []problem.Problem) error {
	var ids []string
	for _, p := range all {
		ids = append(ids, p.ID)
	}
	return usageError(fault.Errorf(problemID, "no problem has the id %s%s", id, nearest.Hint(id, ids)))
}
