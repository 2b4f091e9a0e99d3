package proxy

import (
	"context"
	"errors"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/fault"
	"github.com/ot2otel/ot2otel/export"
)

// destinations makes what the configuration asks for, but does not start it.
func (p *Proxy) destinations(o Options) error {
	metrics := export.NewMetrics(p.registry)
	add := func(c export.Config, client export.Client) error {
		d, err := export.NewDestination(c, client, metrics, o.Log)
		if err == nil {
			p.fanout = append(p.fanout, d)
		}
		return err
	}
	switch {
	case o.Client != nil:
		return add(export.Config{Name: "client"}, o.Client)
	case len(p.config.Destinations) == 0:
		return add(export.Config{Name: "console", Senders: 1}, export.NewConsole(o.Console, o.Style))
	}
	var errs []error
	for _, c := range p.config.Destinations {
		client, err := export.NewClient(c, o.Build.Version)
		if err == nil {
			err = add(c, client)
		}
		if err != nil {
			errs = append(errs, fault.Errorf(problemBackend, "destination %s: %w", c.Name, err))
		}
	}
	if errs != nil {
		errs = append(errs, p.fanout.Drain(context.Background()))
	}
	return errors.Join(errs...)
}
