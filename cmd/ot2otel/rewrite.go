package main

import (
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/net/http/httpguts"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/config"
	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/fault"
	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/nearest"
	"github.com/ot2otel/ot2otel/rewrite"
)

func newRewrite(a *app) *cobra.Command {
	var output output
	w := rewriting{app: a, peer: "127.0.0.1"}
	c := &cobra.Command{
		Use:   "rewrite",
		Short: "Show what trace headers become, and why",
		Long: `Rewrites the trace headers of one request as "ot2otel sidecar" would, and prints
the headers that come out, the trace context, and why. The inbound leg is a request to
the app, the outbound leg one that the app makes. Each flag is also a key under sidecar
in the file, which --config names.`,
		Example: `  ot2otel rewrite --leg outbound --app jaeger -H 'uber-trace-id: a3ce929d0e0e4736:c0c1c2c3c4c5c6c7:0:1'
  ot2otel rewrite --leg inbound --app b3single -H 'traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
  ot2otel rewrite --leg outbound --app jaeger -o json \
      --memory 'traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' --memory 'tracestate: rojo=1' \
      -H 'uber-trace-id: a3ce929d0e0e4736:c0c1c2c3c4c5c6c7:00f067aa0ba902b7:1'
  ot2otel rewrite --leg outbound --config ot2otel.yaml --host api.example.com -H 'b3: 0'`,
		Args: arguments(cobra.NoArgs),
	}
	c.Flags().SortFlags = false
	c.Flags().StringVar(&w.leg, "leg", "", "which way the request goes: "+strings.Join(legs, " or "))
	c.Flags().StringArrayVarP(&w.headers, "header", "H", nil, "a header of the request, 'name: value'; repeatable, also with the same name")
	c.Flags().StringArrayVar(&w.memory, "memory", nil, "a header of an earlier request that the inbound leg saw; repeatable")
	c.Flags().StringVar(&w.client, "client", "", "tag jaeger.version of the app's spans, such as Go-2.30.0: what trace_id_to_app=auto goes by")
	c.Flags().StringVar(&w.peer, "peer", w.peer, "address that an inbound request comes from, for --trust")
	c.Flags().StringVar(&w.host, "host", "", "host that an outbound request goes to, for --egress; empty: one that may have headers")
	output.flag(c, "text", "json")
	a.flags.AddShort(c.Flags(), config.SidecarGroup, config.HeaderGroups()...)
	must(c.RegisterFlagCompletionFunc("leg", cobra.FixedCompletions(legs, cobra.ShellCompDirectiveNoFileComp)))
	completeValues(c)
	c.RunE = func(*cobra.Command, []string) error {
		answer, err := w.answer()
		if err != nil {
			return usageError(err)
		}
		if output == "json" {
			return printJSON(a.stdout, answer)
		}
		answer.print(a.stdout)
		return nil
	}
	return c
}

var legs = []string{"inbound", "outbound"}

// A rewriting is of the headers of one request.
type rewriting struct {
	*app
	leg             string
	headers, memory []string // as the flags have them
	client          string
	peer, host      string
}

// answer rewrites the headers. All its errors are of usage.
func (w *rewriting) answer() (*rewritten, error) {
	loaded, err := config.Load(w.environ, w.flags)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(legs, w.leg) {
		return nil, fault.Errorf(problemFlag, "flag --leg: %q is not one of %s%s", w.leg, strings.Join(legs, ", "), nearest.Hint(w.leg, legs))
	}
	peer, err := netip.ParseAddr(w.peer)
	if err != nil {
		return nil, fault.Errorf(problemFlag, "flag --peer: %q is not an IP address", w.peer)
	}
	before, err := readHeaders("memory", w.memory)
	if err != nil {
		return nil, err
	}
	headers, err := readHeaders("header", w.headers)
	if err != nil {
		return nil, err
	}
	r, err := loaded.Sidecar.Headers.Rewriter(rewrite.NewMemory(rewrite.MemoryConfig{}))
	if err != nil {
		return nil, err
	}
	r.LearnClient(w.client)
	if len(before) > 0 {
		r.Inbound(rewrite.Header(before), peer)
	}
	return w.rewrite(r, headers, peer), nil
}

func (w *rewriting) rewrite(r *rewrite.Rewriter, h http.Header, peer netip.Addr) *rewritten {
	came := h.Clone()
	var result rewrite.Result
	if w.leg == "inbound" {
		result = r.Inbound(rewrite.Header(h), peer)
	} else {
		result = r.Outbound(rewrite.Header(h), w.host)
	}
	return newRewritten(came, h, &result)
}

// readHeaders reads what a flag says, 'name: value' each.
func readHeaders(flag string, lines []string) (http.Header, error) {
	h := http.Header{}
	for _, line := range lines {
		name, value, ok := strings.Cut(line, ":")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		if !ok || !httpguts.ValidHeaderFieldName(name) || !httpguts.ValidHeaderFieldValue(value) {
			return nil, fault.Errorf(problemHeader, "flag --%s: %s is not a header such as 'b3: 0'", flag, quote(line))
		}
		h.Add(name, value)
	}
	return h, nil
}

// quote is a text in quotes, cut if it is long.
func quote(text string) string { return fmt.Sprintf("%q", short(text)) }
