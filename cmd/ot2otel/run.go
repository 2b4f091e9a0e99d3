package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/config"
	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/footprint"
	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/proxy"
	"github.com/ot2otel/ot2otel/export"
)

func newRun(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "run",
		Short: "Run the proxy; the same as no command at all",
		Long: `Runs the proxy until SIGTERM or SIGINT. It then takes no more spans, sends
what it has for up to shutdown_timeout, and ends. A second signal ends it at once.

Each flag is also a key of the file and a variable: --log-level is log.level and
OT2OTEL_LOG_LEVEL; those of the destination stand under export in the file. Flags
beat variables, variables beat the file. The OTEL_EXPORTER_OTLP_* variables work
as everywhere. "ot2otel config print" shows what is in force, and why.`,
		Example: `  ot2otel run --endpoint https://otlp.example:4317 --headers api-key=abc
  ot2otel run --config /etc/ot2otel.yaml --log-format json
  ot2otel run --destination name=a,endpoint=http://a:4317 --destination name=b,endpoint=http://b:4318`,
		Args: arguments(cobra.NoArgs),
	}
	a.serveWith(c)
	return c
}

// serveWith makes c run the proxy with flags of its own.
func (a *app) serveWith(c *cobra.Command) {
	a.flags.AddTo(c.Flags())
	c.RunE = func(c *cobra.Command, _ []string) error {
		loaded, err := config.Load(a.environ, a.flags)
		if err != nil {
			return usageError(err)
		}
		return a.serve(c.Context(), loaded)
	}
}

// serve runs the proxy until ctx ends or a listener does.
func (a *app) serve(ctx context.Context, c *config.Loaded) error {
	log := newLogger(a.stderr, c.Log)
	build := proxy.ThisBuild()
	p, err := proxy.Start(c.Config, proxy.Options{
		Build: build, Log: log, Console: a.stdout, Style: export.Style{Color: a.colors(a.stdout)},
	})
	if err != nil {
		return err
	}
	a.announce(log, build, c, p)
	if err := footprint.Trim(); err != nil {
		log.Debug("memory that only starting needed stays", "error", err)
	}
	var failure error
	select {
	case <-ctx.Done():
		log.Info("stopping", "cause", context.Cause(ctx), "shutdown_timeout", c.ShutdownTimeout)
	case failure = <-p.Failed():
	}
	if err := errors.Join(failure, shutdown(ctx, p, c)); err != nil {
		return err
	}
	return interrupted(ctx)
}

// shutdown drains the proxy for as long as the configuration allows.
func shutdown(ctx context.Context, p *proxy.Proxy, c *config.Loaded) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.ShutdownTimeout)
	defer cancel()
	if err := p.Shutdown(ctx); err != nil {
		return fmt.Errorf("stopped after a shutdown_timeout of %s: %w", c.ShutdownTimeout, err)
	}
	return nil
}
