// Package check tries whether the proxy would work here, before it does.
package check

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/config"
	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/fault"
	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/proxy"
	"github.com/ot2otel/ot2otel/export"
	"github.com/ot2otel/ot2otel/internal/problem"
)

// A Status is how a check ended.
type Status string

// The statuses.
const (
	OK      Status = "ok"
	Warning Status = "warning"
	Failed  Status = "failed"
)

// A Result is what one check found.
type Result struct {
	Group   string `json:"group"`   // "configuration", "ports", "destinations", "host"
	Subject string `json:"subject"` // what was checked
	Status  Status `json:"status"`
	ID      string `json:"id,omitempty"` // of the problem, unless OK
	Detail  string `json:"detail"`
	Fix     string `json:"fix,omitempty"`
}

// Options say how much to check.
type Options struct {
	Version string        // for the User-Agent
	Timeout time.Duration // of each attempt to reach something
	Pre     bool          // look at the host as well
	Environ []string
	// Root is the file system of the host, for what the kernel shows in files.
	Root fs.FS
}

// Configuration is the result of loading it: err joins what is wrong.
func Configuration(notes []error, summary string, err error) (all []Result) {
	for _, err := range fault.Each(err) {
		all = append(all, ofError(Failed, err))
	}
	if err == nil {
		all = append(all, ok("%s", summary))
	}
	for _, note := range notes {
		all = append(all, ofError(Warning, note))
	}
	return in("configuration", all...)
}

// in puts results into a group.
func in(group string, all ...Result) []Result {
	for i := range all {
		all[i].Group = group
	}
	return all
}

// about says what a result is about.
func about(subject string, r Result) Result {
	r.Subject = subject
	return r
}

func ok(format string, args ...any) Result {
	return Result{Status: OK, Detail: fmt.Sprintf(format, args...)}
}

// found is the result of meeting a problem.
func found(status Status, p problem.Problem, format string, args ...any) Result {
	return Result{Status: status, ID: p.ID, Detail: fmt.Sprintf(format, args...), Fix: p.Fix}
}

// ofError is what an error amounts to.
func ofError(status Status, err error) Result {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return found(status, f.Problem, "%s", strings.TrimSuffix(err.Error(), "  ["+f.Problem.ID+"]"))
	}
	return Result{Status: status, Detail: err.Error()}
}

// Run checks everything but the configuration itself.
func Run(ctx context.Context, c *config.Config, o Options) []Result {
	all := in("ports", ports(ctx, c, o)...)
	for _, d := range c.Destinations {
		all = append(all, in("destinations", tryDestination(ctx, d, o)...)...)
	}
	if o.Pre {
		all = append(all, in("host", host(c, o)...)...)
	}
	return all
}

func tryDestination(ctx context.Context, d export.Config, o Options) (all []Result) {
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	for _, r := range destination(ctx, d, o.Version) {
		all = append(all, about(d.Name, r))
	}
	return all
}

// ports tries to bind every address. Those of an ot2otel that runs are as good as free.
func ports(ctx context.Context, c *config.Config, o Options) (all []Result) {
	running := isRunning(ctx, c, o.Timeout)
	addresses, notes := proxy.Addresses(c)
	for _, a := range addresses {
		err := a.Free()
		r := ok("%s/%s is free", a.Host, a.Network)
		switch {
		case err != nil && running:
			r = ok("%s/%s is in use by the ot2otel that runs here", a.Host, a.Network)
		case err != nil && a.Optional:
			r = ofError(Warning, err)
		case err != nil:
			r = ofError(Failed, err)
		}
		all = append(all, about(a.Name, r))
	}
	for _, note := range notes {
		all = append(all, about("otlp", ofError(Warning, note)))
	}
	return all
}

// isRunning reports whether an ot2otel answers at one of the admin addresses.
func isRunning(ctx context.Context, c *config.Config, timeout time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return slices.ContainsFunc(c.Admin.Addresses, func(address string) bool {
		metrics, err := get(ctx, "http://"+c.Bind(address)+"/metrics")
		return err == nil && strings.Contains(metrics, "ot2otel_build_info")
	})
}

// get returns the beginning of what a URL holds.
func get(ctx context.Context, url string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	transport := &http.Transport{DisableKeepAlives: true}
	answer, err := (&http.Client{Transport: transport}).Do(request)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	return string(body), err
}
