package config

import (
	"strings"
	"testing"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/fault"
	"github.com/ot2otel/ot2otel/export"
)

// A destination that is an OTLP listener of ours is an error that names both,
// unless nobody has chosen the listener's address: then it gives way.
func TestLoop(t *testing.T) {
	for _, c := range []struct {
		environ string
		loop    string // the key that is named
	}{
		{"OT2OTEL_OTLP_GRPC_ADDRESS=:5317 OT2OTEL_ENDPOINT=http://localhost:5317", "otlp.grpc.address"},
		{"OT2OTEL_OTLP_HTTP_ADDRESS=:5318 OT2OTEL_ENDPOINT=http://127.0.0.1:5318/x", "otlp.http.address"},
		{"OT2OTEL_OTLP_GRPC_ADDRESS=127.0.0.1:4317 OT2OTEL_ENDPOINT=localhost OT2OTEL_INSECURE=true", "otlp.grpc.address"},
		{"OT2OTEL_LISTEN_HOST=:: OT2OTEL_OTLP_GRPC_ADDRESS=:5317 OT2OTEL_ENDPOINT=http://[::1]:5317", "otlp.grpc.address"},
		{"OT2OTEL_LISTEN_HOST=proxy OT2OTEL_OTLP_GRPC_ADDRESS=:5317 OT2OTEL_ENDPOINT=http://Proxy:5317", "otlp.grpc.address"},
		{"OT2OTEL_OTLP_GRPC_ADDRESS=0.0.0.0:5317 OT2OTEL_ENDPOINT=http://tempo:5317", ""},
		{"OT2OTEL_OTLP_GRPC_ADDRESS=:5317 OT2OTEL_OTLP_GRPC_ENABLED=false OT2OTEL_ENDPOINT=http://localhost:5317", ""},
		{"OT2OTEL_OTLP_GRPC_ADDRESS=:5317 OT2OTEL_ENDPOINT=http://10.0.0.1:5317", ""},
		{"OT2OTEL_LISTEN_HOST=0.0.0.0 OT2OTEL_OTLP_GRPC_ADDRESS=:5317 OT2OTEL_ENDPOINT=http://[::1]:5317", ""},
		{"OT2OTEL_ENDPOINT=http://localhost:4317", ""},
	} {
		_, err := Load(strings.Fields(c.environ), nil)
		switch {
		case c.loop == "" && err != nil:
			t.Errorf("%s: %v", c.environ, err)
		case c.loop != "" && (strings.Join(fault.IDs(err), " ") != problemLoop.ID || !strings.Contains(err.Error(), c.loop)):
			t.Errorf("%s: got %v, want an error that names %s", c.environ, err, c.loop)
		}
	}
}

func TestTarget(t *testing.T) {
	for _, c := range []struct {
		c       export.Config
		address string
		tls     bool
		known   bool
	}{
		{export.Config{Endpoint: "http://a:4317"}, "a:4317", false, true},
		{export.Config{Endpoint: "https://a"}, "a:https", true, true},
		{export.Config{Endpoint: "https://[::1]:1/x"}, "[::1]:1", true, true},
		{export.Config{Endpoint: "a:4317"}, "a:4317", true, true},
		{export.Config{Endpoint: "a", Insecure: true}, "a:4317", false, true},
		{export.Config{Endpoint: "http://a:1", TracesEndpoint: "http://b:2"}, "b:2", false, true},
		{export.Config{Endpoint: "dns:///a:1"}, "", false, false},
		{export.Config{Endpoint: "unix:/run/x"}, "", false, false},
	} {
		address, tls, known := Target(c.c)
		if address != c.address || tls != c.tls || known != c.known {
			t.Errorf("%s %s: %s, %t, %t", c.c.Endpoint, c.c.TracesEndpoint, address, tls, known)
		}
	}
}
