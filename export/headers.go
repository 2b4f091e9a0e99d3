package export

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"
)

// checkHeaders refuses what cannot be sent and what belongs to the protocol.
func (c Config) checkHeaders() error {
	var errs []error
	for _, key := range slices.Sorted(maps.Keys(c.Headers)) {
		if reason := headerFault(key, string(c.Headers[key])); reason != "" {
			errs = append(errs, &FieldError{"headers", "", fmt.Sprintf("header %q %s", key, reason)})
		}
	}
	return errors.Join(errs...)
}

// headerFault never quotes the value, which is a secret.
func headerFault(key, value string) string {
	lower := strings.ToLower(key)
	switch {
	case !httpguts.ValidHeaderFieldName(key):
		return "has characters that a header's name cannot have"
	case strings.HasPrefix(lower, "grpc-"), slices.Contains([]string{
		"content-type", "content-encoding", "content-length", "transfer-encoding", "connection", "te", "host"}, lower):
		return "is the protocol's own and cannot be set"
	case !httpguts.ValidHeaderFieldValue(value):
		return "has a value with characters that a header cannot have"
	}
	return ""
}
