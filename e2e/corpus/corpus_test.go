package corpus

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const root = "../.."

// TestEveryCase reads all that the manifests say and point at.
func TestEveryCase(t *testing.T) {
	names, err := Names(root, "*")
	if err != nil || len(names) == 0 {
		t.Fatalf("%d cases, %v", len(names), err)
	}
	readme, err := os.ReadFile(filepath.Join(root, "testdata", "corpus", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		m, err := Load(root, name)
		if err != nil {
			t.Error(err)
			continue
		}
		if m.Case != name || !strings.Contains(string(readme), "| "+name+" |") {
			t.Errorf("%s: the manifest calls it %q; it has to be in README.md", name, m.Case)
		}
		for _, c := range m.Captures {
			checkCapture(t, m, c)
		}
		for _, s := range m.Spans {
			checkTags(t, m, s.Tags)
			for _, l := range s.Logs {
				checkTags(t, m, l.Fields)
			}
		}
	}
}

// checkCapture compares a payload with the size and sum taken at the capture.
func checkCapture(t *testing.T, m *Manifest, c Capture) {
	t.Helper()
	payload, err := m.Payload(c)
	if err != nil {
		t.Errorf("%s: %v", m.Case, err)
	}
	if c.Meta == "" {
		return
	}
	var meta struct {
		Sum string `json:"sha256"`
	}
	text, err := os.ReadFile(filepath.Join(m.dir, c.Meta))
	if err != nil {
		t.Errorf("%s: %v", m.Case, err)
	} else if err := json.Unmarshal(text, &meta); err != nil {
		t.Errorf("%s: %s: %v", m.Case, c.Meta, err)
	}
	if sum := fmt.Sprintf("%x", sha256.Sum256(payload)); meta.Sum != "" && sum != meta.Sum {
		t.Errorf("%s: %s has changed since it was captured", m.Case, c.File)
	}
}

func checkTags(t *testing.T, m *Manifest, tags []Tag) {
	t.Helper()
	for _, tag := range tags {
		if _, err := tag.Value(); err != nil {
			t.Errorf("%s: %v", m.Case, err)
		}
	}
}

// TestReplayHTTP sends a chunked request and one with a length.
func TestReplayHTTP(t *testing.T) {
	tests := []struct {
		name, query, agent string
		length             int64
	}{
		{"jaeger-node-http-baggage", "", "", -1},
		{"jaeger-go-http-rich-128", "format=jaeger.thrift", "Go-http-client/1.1", 3778},
	}
	for _, tt := range tests {
		m, err := Load(root, tt.name)
		if err != nil {
			t.Fatal(err)
		}
		want, err := m.Payload(m.Captures[0])
		if err != nil {
			t.Fatal(err)
		}
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			got, err := io.ReadAll(r.Body)
			if err != nil || string(got) != string(want) {
				t.Errorf("%s: body of %d bytes (%v), want %d", tt.name, len(got), err, len(want))
			}
			if r.URL.Path != "/api/traces" || r.URL.RawQuery != tt.query || r.ContentLength != tt.length {
				t.Errorf("%s: %s, length %d, want query %q, length %d", tt.name, r.URL, r.ContentLength, tt.query, tt.length)
			}
			if tt.agent != "" && r.UserAgent() != tt.agent {
				t.Errorf("%s: user agent %q, want %q", tt.name, r.UserAgent(), tt.agent)
			}
			w.WriteHeader(http.StatusAccepted)
		}))
		if err := m.Replay(t.Context(), Ports{14268: s.Listener.Addr().String()}); err != nil {
			t.Error(err)
		}
		s.Close()
	}
}

// TestReplaySaysWhatWasRefused names case, payload and answer.
func TestReplaySaysWhatWasRefused(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "too much", http.StatusServiceUnavailable)
	}))
	defer s.Close()
	m, err := Load(root, "jaeger-go-http-rich-128")
	if err != nil {
		t.Fatal(err)
	}
	err = m.Replay(t.Context(), Ports{14268: s.Listener.Addr().String()})
	for _, part := range []string{"jaeger-go-http-rich-128", "001-http-14268.bin", "503", "too much"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("error %v, want %q in it", err, part)
		}
	}
}

// TestReplayUDP sends the largest datagrams there are, in order.
func TestReplayUDP(t *testing.T) {
	m, err := Load(root, "jaeger-go-udp-split")
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := m.Replay(t.Context(), Ports{6831: conn.LocalAddr().String()}); err != nil {
		t.Fatal(err)
	}
	for _, c := range m.Captures {
		want, err := m.Payload(c)
		if err != nil {
			t.Fatal(err)
		}
		buf := make([]byte, 65536)
		n, _, err := conn.ReadFrom(buf)
		if err != nil || string(buf[:n]) != string(want) {
			t.Errorf("%s: %d bytes came (%v), want %d", c.File, n, err, len(want))
		}
	}
}
