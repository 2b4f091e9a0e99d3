package export

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// An Env is what the OTEL_EXPORTER_OTLP_* variables say.
type Env struct {
	// Config has the fields set by variables; the others are zero. Where no
	// endpoint is set, nobody asked for a destination.
	Config Config
	// Origins names the variable behind each field of Config that is set, by
	// the field names of FieldError.
	Origins map[string]string
	// Notes are about variables that were taken although something is odd about them.
	Notes []Note
}

// A Note is something worth telling the user that stops nothing.
type Note struct {
	ID   string // of the Problem that explains it
	Text string
}

const envPrefix = "OTEL_EXPORTER_OTLP_"

// FromEnv reads the variables by the rules of the OpenTelemetry specification
// ("OTLP Exporter Configuration"). An empty variable counts as not set, and
// OTEL_EXPORTER_OTLP_TRACES_X wins over OTEL_EXPORTER_OTLP_X. The error joins
// one *FieldError per variable that cannot be used, with the variable as its Field.
func FromEnv(getenv func(string) string) (Env, error) {
	r := envReader{getenv: getenv, env: Env{Origins: map[string]string{}}}
	r.endpoint()
	r.text("protocol", "PROTOCOL", func(c *Config, v string) { c.Protocol = Protocol(v) })
	r.text("compression", "COMPRESSION", func(c *Config, v string) { c.Compression = Compression(v) })
	r.text("tls.ca_file", "CERTIFICATE", func(c *Config, v string) { c.TLS.CAFile = v })
	r.text("tls.cert_file", "CLIENT_CERTIFICATE", func(c *Config, v string) { c.TLS.CertFile = v })
	r.text("tls.key_file", "CLIENT_KEY", func(c *Config, v string) { c.TLS.KeyFile = v })
	r.insecure()
	r.timeout()
	r.headers()
	r.check()
	return r.env, errors.Join(r.errs...)
}

type envReader struct {
	getenv func(string) string
	env    Env
	errs   []error
}

// lookup returns the value of the traces variable, else of the general one,
// and notes where the field came from.
func (r *envReader) lookup(field, suffix string) (value, variable string) {
	for _, variable := range []string{envPrefix + "TRACES_" + suffix, envPrefix + suffix} {
		if v := strings.TrimSpace(r.getenv(variable)); v != "" {
			r.env.Origins[field] = variable
			return v, variable
		}
	}
	return "", ""
}

func (r *envReader) text(field, suffix string, set func(*Config, string)) {
	if v, _ := r.lookup(field, suffix); v != "" {
		set(&r.env.Config, v)
	}
}

// endpoint keeps the two apart: only the general one gets a path appended.
func (r *envReader) endpoint() {
	v, variable := r.lookup("endpoint", "ENDPOINT")
	if variable == envPrefix+"TRACES_ENDPOINT" {
		r.env.Config.TracesEndpoint = v
		r.env.Origins["traces_endpoint"] = variable
		delete(r.env.Origins, "endpoint")
		return
	}
	r.env.Config.Endpoint = v
}

// insecure also knows the name that the variable had at first.
func (r *envReader) insecure() {
	const span, metric = envPrefix + "SPAN_INSECURE", envPrefix + "METRIC_INSECURE"
	v, variable := r.lookup("insecure", "INSECURE")
	if old := r.getenv(span); old != "" {
		r.note(problemObsoleteVariable.ID, "%s is obsolete: use %sTRACES_INSECURE", span, envPrefix)
		if variable != envPrefix+"TRACES_INSECURE" {
			v, variable = old, span
			r.env.Origins["insecure"] = span
		}
	}
	if r.getenv(metric) != "" {
		r.note(problemObsoleteVariable.ID, "%s is obsolete and about metrics, which do not come this way: it is ignored", metric)
	}
	r.env.Config.Insecure = strings.EqualFold(v, "true")
	if v != "" && !r.env.Config.Insecure && !strings.EqualFold(v, "false") {
		r.note(problemBadVariable.ID, "%s: %q is neither true nor false and counts as false", variable, v)
	}
}

// timeout is in milliseconds; zero means none.
func (r *envReader) timeout() {
	v, variable := r.lookup("timeout", "TIMEOUT")
	if v == "" {
		return
	}
	ms, err := strconv.ParseInt(v, 10, 64)
	switch {
	case err != nil || ms < 0 || ms > int64(24*time.Hour/time.Millisecond):
		r.fail(variable, v, "is not a number of milliseconds between 0 and one day")
	case ms == 0:
		r.env.Config.Timeout = -1
	default:
		r.env.Config.Timeout = time.Duration(ms) * time.Millisecond
	}
}

// headers reads key=value pairs separated by commas, percent-encoded as in the baggage header of W3C.
func (r *envReader) headers() {
	v, variable := r.lookup("headers", "HEADERS")
	for i, pair := range strings.Split(v, ",") {
		if strings.TrimSpace(pair) == "" {
			continue
		}
		key, value, reason := readHeader(pair)
		if reason != "" {
			r.fail(variable, "", fmt.Sprintf("entry %d %s", i+1, reason))
			continue
		}
		if r.env.Config.Headers == nil {
			r.env.Config.Headers = map[string]Secret{}
		}
		r.env.Config.Headers[key] = value
	}
}

// readHeader never quotes the value, which is a secret.
func readHeader(pair string) (key string, value Secret, reason string) {
	key, text, found := strings.Cut(pair, "=")
	key = strings.TrimSpace(key)
	if !found || key == "" {
		return "", "", "is not key=value"
	}
	decodedKey, err := url.PathUnescape(key)
	if err != nil {
		return "", "", fmt.Sprintf("has a key, %q, with a %% that two hex digits do not follow", key)
	}
	decoded, err := url.PathUnescape(strings.TrimSpace(text))
	if err != nil {
		return "", "", fmt.Sprintf("(%s) has a value with a %% that two hex digits do not follow; write %%25 for %%", key)
	}
	return decodedKey, Secret(decoded), ""
}

// check validates what was read and puts the variable's name in place of the field's.
func (r *envReader) check() {
	err := r.env.Config.Validate()
	joined, _ := err.(interface{ Unwrap() []error })
	if joined == nil {
		return
	}
	for _, err := range flatten(joined.Unwrap()) {
		var fe *FieldError
		if errors.As(err, &fe) && r.env.Origins[fe.Field] != "" {
			r.fail(r.env.Origins[fe.Field], fe.Value, fe.Reason)
		}
	}
}

// flatten undoes errors.Join.
func flatten(errs []error) (all []error) {
	for _, err := range errs {
		if joined, ok := err.(interface{ Unwrap() []error }); ok {
			all = append(all, flatten(joined.Unwrap())...)
		} else {
			all = append(all, err)
		}
	}
	return all
}

func (r *envReader) fail(variable, value, reason string) {
	r.errs = append(r.errs, &FieldError{variable, value, reason})
}

func (r *envReader) note(id, format string, args ...any) {
	r.env.Notes = append(r.env.Notes, Note{id, fmt.Sprintf(format, args...)})
}
