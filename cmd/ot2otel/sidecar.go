package main

import (
	"github.com/spf13/cobra"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/config"
	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/fault"
)

func newSidecar(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "sidecar",
		Short: "Run the proxy beside one app and rewrite its trace headers",
		Long: `Runs the proxy as "ot2otel run" does, and stands in the path of one app's HTTP and
gRPC calls as well: requests to the app come in at an inbound port, requests of the app
go out through an outbound port, its HTTP proxy. The app's trace headers are rewritten,
so that it shares traces with services that speak W3C trace context. The app sends its
spans to this proxy, too, at the ports that a Jaeger agent had.

The flags of the sidecar stand here without their group: --inbound is the key
sidecar.inbound of the file. "ot2otel rewrite" shows what becomes of given headers.`,
		Example: `  ot2otel sidecar --inbound :8080=127.0.0.1:3000 --outbound :15001
      and for the app: HTTP_PROXY=http://127.0.0.1:15001, and its port 8080 for everyone else
  ot2otel sidecar --app b3multi --inbound :8080=:3000 --outbound :15001 --endpoint http://tempo:4317
  ot2otel sidecar --inbound :8080=:3000 --upstreams :9001=https://payments.example --egress cluster,.example
  ot2otel sidecar --config configs/sidecar.yaml`,
		Args: arguments(cobra.NoArgs),
	}
	a.flags.AddShort(c.Flags(), config.SidecarGroup)
	completeValues(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		loaded, err := config.Load(a.environ, a.flags)
		if err != nil {
			return usageError(err)
		}
		if !loaded.Sidecar.Enabled() {
			return usageError(fault.Errorf(problemNoPort, "sidecar: no port to listen at: give at least one of --inbound, --outbound, --upstreams and --ext-proc"))
		}
		return a.serve(c.Context(), loaded)
	}
	return c
}
