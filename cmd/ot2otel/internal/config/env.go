package config

import (
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/fault"
	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/nearest"
	"github.com/ot2otel/ot2otel/export"
	"github.com/ot2otel/ot2otel/internal/problem"
)

// FileVariable names the file to read where --config does not.
const FileVariable = EnvPrefix + "CONFIG"

// destinationsVariable has a list like the flag's, with semicolons between its entries.
const destinationsVariable = EnvPrefix + "DESTINATIONS"

// environment is a set of variables.
type environment map[string]string

// newEnvironment reads the form of os.Environ.
func newEnvironment(environ []string) environment {
	env := environment{}
	for _, v := range environ {
		name, value, _ := strings.Cut(v, "=")
		env[name] = value
	}
	return env
}

func (e environment) lookup(name string) (string, bool) {
	value, ok := e[name]
	return value, ok
}

// layer is what the variables say: those of OpenTelemetry, and over them ours.
func (e environment) layer() *layer { return e.own().over(e.standard()) }

// own reads the variables that begin with EnvPrefix. An empty one counts as not set.
func (e environment) own() *layer {
	l := newLayer()
	known := map[string]string{FileVariable: "", destinationsVariable: ""}
	for _, k := range Keys() {
		known[k.Env()] = k.Path
		if v := e[k.Env()]; v != "" {
			l.settings[k.Path] = Setting{v, "env " + k.Env()}
		}
	}
	if v := e[destinationsVariable]; v != "" {
		l.addDestinations("env "+destinationsVariable, strings.Split(v, ";"))
	}
	l.errs = append(l.errs, e.unknown(known)...)
	return l
}

// isServiceLink reports whether a variable is of the kind that Kubernetes puts
// into the environment of every container about each service: here, about one
// whose name begins with ot2otel.
func isServiceLink(name string) bool {
	const pattern = `_(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT(_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)$`
	return regexp.MustCompile(pattern).MatchString(name) // here, because hardly any start comes here
}

// unknown are errors for variables that are meant for us and that nobody reads.
func (e environment) unknown(known map[string]string) (errs []error) {
	for _, name := range slices.Sorted(maps.Keys(e)) {
		_, isKnown := known[name]
		if isKnown || e[name] == "" || !strings.HasPrefix(name, EnvPrefix) || isServiceLink(name) {
			continue
		}
		hint := nearest.Hint(name, slices.Sorted(maps.Keys(known)))
		errs = append(errs, fault.Errorf(problemVariable, "env %s: unknown variable%s", name, hint))
	}
	return errs
}

// standard reads the variables that OpenTelemetry defines.
func (e environment) standard() *layer {
	l := newLayer()
	env, err := export.FromEnv(func(name string) string { return e[name] })
	for _, err := range fault.Each(err) {
		l.errs = append(l.errs, fault.Errorf(problemValue, "env %w", err))
	}
	for _, note := range env.Notes {
		l.notes = append(l.notes, fault.Errorf(problem.Problem{ID: note.ID}, "%s", note.Text))
	}
	for _, k := range exportKeys {
		if variable, ok := env.Origins[k.Path]; ok && err == nil {
			l.settings[exportGroup+k.Path] = Setting{k.at(&env.Config).String(), "env " + variable}
		}
	}
	e.logLevel(l)
	return l
}

// logLevel reads OTEL_LOG_LEVEL, which an SDK in the same environment may
// understand better: what it cannot mean here is ignored with a note.
func (e environment) logLevel(l *layer) {
	const variable = "OTEL_LOG_LEVEL"
	level := strings.ToLower(e[variable])
	switch level {
	case "":
	case "debug", "info", "warn", "error":
		l.settings["log.level"] = Setting{level, "env " + variable}
	default:
		l.notes = append(l.notes, fault.Errorf(problemIgnored, "env %s: %q is no level that logs can have here", variable, e[variable]))
	}
}

// addDestinations reads entries of the form name=…,endpoint=… as the layer's list.
func (l *layer) addDestinations(origin string, entries []string) {
	l.listed = true
	for _, entry := range entries {
		if strings.TrimSpace(entry) == "" {
			continue
		}
		b, errs := parseBlock(origin, entry)
		l.destinations = append(l.destinations, b)
		l.errs = append(l.errs, errs...)
	}
}

// parseBlock reads one destination from a line: keys as in a block of the
// file, with commas between them. headers may be given several times.
func parseBlock(origin, entry string) (block, []error) {
	b := block{origin: origin, settings: map[string]Setting{}}
	var errs []error
	for pair := range strings.SplitSeq(entry, ",") {
		path, value, err := splitPair(pair)
		if err != nil {
			errs = append(errs, fault.Errorf(problemKey, "%s: %w", origin, err))
			continue
		}
		if old, ok := b.settings[path]; ok && path == "headers" {
			value = old.Text + "," + value
		}
		b.settings[path] = Setting{value, origin}
	}
	return b, errs
}

// splitPair takes key=value apart. Its errors do not quote the value.
func splitPair(pair string) (path, value string, err error) {
	path, value, ok := strings.Cut(strings.TrimSpace(pair), "=")
	if !ok {
		return "", "", errors.New("a destination is written name=…,endpoint=…; a comma inside a value is written %2C")
	}
	if t := blockTree(); t[path] == "" || t[path] == groupType {
		return "", "", errors.New("unknown key \"" + path + "\"" + t.hint(path))
	}
	return path, value, nil
}
