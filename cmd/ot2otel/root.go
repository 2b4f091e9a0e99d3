package main

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/fault"
	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/nearest"
)

const rootLong = `ot2otel stands where the Jaeger agent and collector stood: it takes what
OpenTracing clients send and passes it on as OTLP. Without a destination it
draws the traces on the console.

  6831/udp 6832/udp   Jaeger clients, Thrift compact and binary
  14268               Jaeger clients over HTTP
  14269 14271         health and metrics

Without a command it runs the proxy, like "ot2otel run".`

const rootExample = `  ot2otel demo                                      see it work, with a small shop of legacy services
  ot2otel                                           run on this host and draw traces on the console
  ot2otel --endpoint http://tempo:4317              send to a backend
  OTEL_EXPORTER_OTLP_ENDPOINT=http://tempo:4317 ot2otel --listen-host 0.0.0.0
  ot2otel translate packet.bin --why                what a payload becomes, and which rule did it`

// newRoot returns the tree of commands.
func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:           "ot2otel",
		Short:         "Takes spans of OpenTracing clients and sends them on as OTLP",
		Long:          rootLong,
		Example:       rootExample,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          a.noSuchCommand,
	}
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.SetFlagErrorFunc(flagError)
	root.SetUsageFunc(usage)
	a.serveWith(root)
	completeValues(root)
	root.AddCommand(newRun(a), newSidecar(a), newDemo(a), newTranslate(a), newRewrite(a), newCheck(a), newConfig(a), newExplain(a), newVersion(a))
	return root
}

// noSuchCommand is the check of the root's arguments, which are commands that do not exist.
func (a *app) noSuchCommand(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range root.Commands() {
		names = append(names, c.Name())
	}
	return usageError(fault.Errorf(problemCommand, "unknown command %q%s", args[0], nearest.Hint(args[0], names)))
}

// arguments makes the error of a check of arguments one of usage.
func arguments(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if err := check(c, args); err != nil {
			return usageError(fault.Errorf(problemCommand, "%s%w", inCommand(c), err))
		}
		return nil
	}
}

// flagError names the flag nearest to one that does not exist.
func flagError(c *cobra.Command, err error) error {
	if errors.Is(err, pflag.ErrHelp) {
		return err
	}
	hint := ""
	if unknown, ok := errors.AsType[*pflag.NotExistError](err); ok {
		var names []string
		c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
		hint = nearest.Hint("--"+unknown.GetSpecifiedName(), names)
	}
	return usageError(fault.Errorf(problemFlag, "%s%w%s", inCommand(c), err, hint))
}

// inCommand begins a message about the arguments of c.
func inCommand(c *cobra.Command) string {
	if !c.HasParent() {
		return ""
	}
	return strings.TrimPrefix(c.CommandPath(), c.Root().Name()+" ") + ": "
}

// completeValues completes the flags of c that have few values, also for the
// commands that share them.
func completeValues(c *cobra.Command) {
	c.Flags().VisitAll(func(f *pflag.Flag) {
		_, done := c.GetFlagCompletionFunc(f.Name)
		if values := strings.Split(f.Value.Type(), "|"); len(values) > 1 && !done {
			must(c.RegisterFlagCompletionFunc(f.Name, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)))
		}
	})
}

// must is for errors that only a wrong program can cause.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
