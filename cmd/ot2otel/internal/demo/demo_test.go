package demo

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/ot2otel/ot2otel/ingest"
	"github.com/ot2otel/ot2otel/translate"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestRun shows the demo's whole story, through real sockets.
func TestRun(t *testing.T) {
	o, out := options(t)
	if err := Run(t.Context(), o); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	for _, part := range []string{
		"front-end", "user", "cart", "payment", "mail",
		"→ kind Client", "→ status Error", "→ http.request.method=GET", "event exception",
		"Nothing was lost",
	} {
		if !strings.Contains(out.String(), part) {
			t.Errorf("the story has no %q:\n%s", part, out)
		}
	}
	t.Log(out)
}

// options are those of a proxy made of its parts: listeners on free ports, and
// a sink that decodes.
func options(t *testing.T) (Options, *bytes.Buffer) {
	t.Helper()
	output := NewOutput()
	in := &ingest.Intake{Translate: translate.Config{}, Sink: sink{output}, Metrics: ingest.NewMetrics(nil), Log: slog.New(slog.DiscardHandler)}
	udp, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	packets := &ingest.UDP{Listener: ingest.ListenerJaegerCompact, Format: translate.JaegerCompact, Intake: in}
	requests := ingest.NewServer(ingest.JaegerHTTP(in, ingest.Limits{}), ingest.Limits{}, in.Log)
	var served sync.WaitGroup
	served.Go(func() { packets.Serve(udp) })
	served.Go(func() {
		if err := requests.Serve(tcp); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() {
		if err := errors.Join(udp.Close(), requests.Shutdown(context.Background())); err != nil {
			t.Error(err)
		}
		served.Wait()
	})
	out := &bytes.Buffer{}
	return Options{
		Agent: udp.LocalAddr().String(), Collector: "http://" + tcp.Addr().String() + "/api/traces",
		Output: output, Out: out,
	}, out
}

// A sink hands what the listeners put to the Output.
type sink struct{ Output }

func (s sink) Put(data []byte, _ int) error { return s.Export(context.Background(), data) }
