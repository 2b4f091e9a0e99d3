package sidecar_test

import (
	"testing"

	"github.com/openzipkin/zipkin-go/propagation/b3"

	"github.com/ot2otel/ot2otel/rewrite"
	"github.com/ot2otel/ot2otel/rewrite/internal/w3csuite"
)

// A configured app is one with the configuration of its sidecar.
type configured struct {
	app    app
	config rewrite.Config
}

// TestW3CSuite: an unmodified legacy service behind the sidecar is a correct
// member of W3C traces, in all 41 cases.
func TestW3CSuite(t *testing.T) {
	if n := len(w3csuite.Cases()); n != 41 {
		t.Fatalf("the suite has %d cases, want 41", n)
	}
	for name, c := range map[string]configured{
		"jaeger-client-go, 64 bits":         {newJaegerApp(t, false), rewrite.Config{App: rewrite.Jaeger, TraceIDToApp: rewrite.Width64}},
		"jaeger-client-go, 128 bits":        {newJaegerApp(t, true), rewrite.Config{App: rewrite.Jaeger, TraceIDToApp: rewrite.Width128}},
		"jaeger-client-go, nothing is set":  {newJaegerApp(t, true), rewrite.Config{App: rewrite.Jaeger}},
		"jaeger-client-go, no legacy out":   {newJaegerApp(t, false), rewrite.Config{App: rewrite.Jaeger, LegacyOut: rewrite.LegacyDrop}},
		"zipkin-go, x-b3-*, join":           {newZipkinApp(t), rewrite.Config{App: rewrite.B3Multi, B3Join: rewrite.Yes}},
		"zipkin-go, x-b3-*, nothing is set": {newZipkinApp(t), rewrite.Config{App: rewrite.B3Multi}},
		"zipkin-go, b3":                     {newZipkinApp(t, b3.WithSingleHeaderOnly()), rewrite.Config{App: rewrite.B3Single, B3Join: rewrite.Yes}},
		"zipkin-go, 64 bits":                {newZipkinApp(t), rewrite.Config{App: rewrite.B3Multi, TraceIDToApp: rewrite.Width64}},
	} {
		t.Run(name, func(t *testing.T) { runSuite(t, behind(t, c).in) })
	}
}
