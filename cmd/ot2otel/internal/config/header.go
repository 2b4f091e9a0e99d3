package config

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/ot2otel/ot2otel/export"
)

// headers are name=value pairs separated by commas, percent-encoded, as the
// OTEL_EXPORTER_OTLP_HEADERS variable has them.
func headers(at *map[string]export.Secret) Value {
	return place[map[string]export.Secret]{at, "headers", parseHeaders, showHeaders}
}

func parseHeaders(s string) (map[string]export.Secret, error) {
	var all map[string]export.Secret
	for pair := range strings.SplitSeq(s, ",") {
		if strings.TrimSpace(pair) == "" {
			continue
		}
		name, value, err := parseHeader(pair)
		if err != nil {
			return nil, err
		}
		if all == nil {
			all = map[string]export.Secret{}
		}
		all[name] = export.Secret(value)
	}
	return all, nil
}

// parseHeader reads one name=value. Its errors do not quote the value, which may be a secret.
func parseHeader(pair string) (name, value string, err error) {
	name, value, ok := strings.Cut(pair, "=")
	if !ok {
		return "", "", errors.New("a header without \"=\": write name=value, and %2C for a comma inside a value")
	}
	if name, err = url.PathUnescape(strings.TrimSpace(name)); err != nil || name == "" {
		return "", "", errors.New("a header without a usable name")
	}
	if value, err = url.PathUnescape(strings.TrimSpace(value)); err != nil {
		return "", "", fmt.Errorf("header %q: a %% that no two hex digits follow: write %%25", name)
	}
	return name, value, nil
}

func showHeaders(all map[string]export.Secret) string {
	pairs := make([]string, 0, len(all))
	for name, value := range all {
		pairs = append(pairs, escapeHeader(name)+"="+escapeHeader(string(value)))
	}
	slices.Sort(pairs)
	return strings.Join(pairs, ",")
}

// escapeHeader hides the characters that mean something in a list of headers.
func escapeHeader(s string) string { return strings.ReplaceAll(url.PathEscape(s), "=", "%3D") }
