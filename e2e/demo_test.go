package e2e

import (
	"context"
	"fmt"
	"net"
	"os/exec"
	"strings"
	"testing"
)

// TestDemo runs what the README tells a newcomer to run, and again while
// something has the agent's port: it uses another and says which.
func TestDemo(t *testing.T) {
	t.Run("first", func(t *testing.T) {
		demo(t)
	})
	t.Run("agent's port is taken", func(t *testing.T) {
		if taken, err := net.ListenPacket("udp", "127.0.0.1:6831"); err == nil { // else it is anyway
			defer taken.Close()
		}
		if out := demo(t); strings.Contains(out, "UDP 127.0.0.1:6831") {
			t.Errorf("the demo says that it listens where another does:\n%s", out)
		}
	})
}

func demo(t *testing.T) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	out, err := exec.CommandContext(ctx, binary, "demo").CombinedOutput()
	if err != nil {
		t.Errorf("demo: %v", err)
	}
	for _, part := range []string{"front-end", "payment", "confirm order", "Nothing was lost"} {
		if !strings.Contains(string(out), part) {
			t.Errorf("the demo does not say %q:\n%s", part, out)
		}
	}
	return string(out)
}

// TestWithoutBackend shows that the proxy does something on a bare machine: it
// draws traces, and says how to send them somewhere.
func TestWithoutBackend(t *testing.T) {
	p := start(t, nil)
	m := load(t, "jaeger-go-udp-rich-64")
	if err := m.Replay(t.Context(), p.ports()); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"HTTP POST /checkout", "SELECT stock", "OTEL_EXPORTER_OTLP_ENDPOINT"} {
		eventually(t, "the console", func() error {
			if !strings.Contains(p.log.String(), part) {
				return fmt.Errorf("no %q", part)
			}
			return nil
		})
	}
}
