package main

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/config"
	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/fault"
	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/proxy"
	"github.com/ot2otel/ot2otel/export"
)

// announce says that the proxy has started: one screen for people, or one line
// and the notes as warnings where logs are for machines.
func (a *app) announce(log *slog.Logger, build proxy.Build, c *config.Loaded, p *proxy.Proxy) {
	if c.Log.Format == "json" {
		logStart(log, build, c, p)
		return
	}
	var b strings.Builder
	fmt.Fprintf(&b, "ot2otel %s   config: %s\n", build.Version, describe(c))
	for i, l := range p.Listeners() {
		fmt.Fprintf(&b, "  %-4s  %-16s %s/%s\n", heading(i, "in"), l.Name, l.Addr, l.Addr.Network())
	}
	for i, d := range c.Destinations {
		fmt.Fprintf(&b, "  %-4s  %-16s %s   from %s\n", heading(i, "out"), d.Protocol, label(d), c.EndpointOrigin(i))
	}
	if len(c.Destinations) == 0 {
		fmt.Fprintf(&b, "  %-4s  %-16s %s\n", "out", "console", "traces are drawn on standard output")
	}
	for _, note := range notes(c, p.Notes()...) {
		fmt.Fprintf(&b, "  %-4s  %s\n", "note", note)
	}
	fmt.Fprintln(a.stderr, b.String())
}

func logStart(log *slog.Logger, build proxy.Build, c *config.Loaded, p *proxy.Proxy) {
	var in, out []string
	for _, l := range p.Listeners() {
		in = append(in, l.Name+" "+l.Addr.String()+"/"+l.Addr.Network())
	}
	for _, d := range c.Destinations {
		out = append(out, string(d.Protocol)+" "+label(d))
	}
	log.Info("started", "version", build.Version, "config", describe(c), "in", in, "out", out)
	for _, note := range notes(c, p.Notes()...) {
		if f, ok := errors.AsType[*fault.Error](note); ok {
			log.Warn(f.Err.Error(), "id", f.Problem.ID)
		}
	}
}

// notes are worth saying at every start, more among them.
func notes(c *config.Loaded, more ...error) []error {
	all := slices.Concat(c.Notes, more)
	if len(c.Destinations) > 0 {
		return all
	}
	return append(all, fault.Errorf(problemConsole, "to send spans to a backend: OTEL_EXPORTER_OTLP_ENDPOINT=http://host:4317, or --endpoint"))
}

// heading is a word for the first of several lines.
func heading(i int, word string) string {
	if i == 0 {
		return word
	}
	return ""
}

// label is the endpoint in force, and the destination's name unless that is in it.
func label(d export.Config) string {
	endpoint := cmp.Or(d.TracesEndpoint, d.Endpoint)
	if strings.Contains(endpoint, d.Name) {
		return endpoint
	}
	return endpoint + " (" + d.Name + ")"
}

// describe tells how much was configured and how.
func describe(c *config.Loaded) string {
	n := c.Count()
	return fmt.Sprintf("%s, %s, %s", cmp.Or(c.File, "no file"), count(n.Env, "variable"), count(n.Flags, "flag"))
}

// count is a number of things.
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
