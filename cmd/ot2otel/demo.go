package main

import (
	"context"
	"errors"
	"io"
	"net"

	"github.com/spf13/cobra"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/config"
	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/demo"
	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/proxy"
	"github.com/ot2otel/ot2otel/export"
	"github.com/ot2otel/ot2otel/ingest"
)

func newDemo(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "demo",
		Short: "Run the proxy with a small shop of legacy services and show the traces",
		Long: `Starts the proxy and a shop in the same process, whose services call each other
over HTTP and are traced by jaeger-client-go. Shows what the clients sent and what
came out as OTLP, and ends. It needs no backend and no network but the loopback.`,
		Example: "  ot2otel demo\n  ot2otel demo --semconv rename",
		Args:    arguments(cobra.NoArgs),
	}
	a.flags.AddTo(c.Flags(), "semconv", "mapping")
	c.RunE = func(c *cobra.Command, _ []string) error {
		loaded, err := config.Load(nil, a.flags) // a demo is the same everywhere
		if err != nil {
			return usageError(err)
		}
		return a.demo(c.Context(), loaded.Config)
	}
	return c
}

// demo runs the shop against a proxy that sends to nobody but the demo.
func (a *app) demo(ctx context.Context, c config.Config) error {
	output := demo.NewOutput()
	p, err := proxy.Start(demoConfig(c), proxy.Options{
		Build: proxy.ThisBuild(), Log: newLogger(a.stderr, c.Log), Console: io.Discard, Client: output,
	})
	if err != nil {
		return err
	}
	style := export.Style{Color: a.colors(a.stdout)}
	err = demo.Run(ctx, demo.Options{
		Agent:     address(p, ingest.ListenerJaegerCompact),
		Collector: "http://" + address(p, ingest.ListenerJaegerHTTP) + "/api/traces",
		Output:    output, Out: a.stdout, Style: style,
	})
	return errors.Join(err, p.Shutdown(context.WithoutCancel(ctx)))
}

// demoConfig listens on the standard ports where they are free, and nowhere else than needed.
func demoConfig(c config.Config) config.Config {
	c.Jaeger.Compact.Address = demo.Address("udp", c.Bind(c.Jaeger.Compact.Address))
	c.Jaeger.HTTP.Address = demo.Address("tcp", c.Bind(c.Jaeger.HTTP.Address))
	c.Jaeger.Binary.Enabled, c.Jaeger.GRPC.Enabled = false, false
	c.Zipkin, c.OTLP = config.Zipkin{}, config.OTLP{}
	c.Admin.Addresses = nil
	return c
}

// address is where p listens under a name.
func address(p *proxy.Proxy, name string) string {
	for _, l := range p.Listeners() {
		if l.Name == name {
			return l.Addr.String()
		}
	}
	return net.JoinHostPort("", "0")
}
