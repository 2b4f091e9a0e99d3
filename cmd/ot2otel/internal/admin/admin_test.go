package admin

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

func TestPaths(t *testing.T) {
	up := Status{UpSince: time.Now().Add(-time.Minute)}
	full := Status{UpSince: up.UpSince, Busy: "the queue is 95% full"}
	for _, c := range []struct {
		path   string
		status Status
		code   int
		body   string
	}{
		{"/", Status{}, 503, `{"status":"Server not available","upSince":"0001-01-01T00:00:00Z","uptime":""}`},
		{"/", up, 200, `{"status":"Server available","upSince":`},
		{"/", full, 200, `{"status":"Server available","upSince":`},
		{"/no/such/path", up, 200, `{"status":"Server available","upSince":`},
		{"/livez", Status{}, 200, "ok"},
		{"/readyz", Status{}, 503, "not up"},
		{"/readyz", up, 200, "ok"},
		{"/readyz", full, 503, "the queue is 95% full"},
		{"/metrics", Status{}, 200, "ot2otel_test 1"},
	} {
		registry := prometheus.NewRegistry()
		gauge := prometheus.NewGauge(prometheus.GaugeOpts{Name: "ot2otel_test"})
		gauge.Set(1)
		registry.MustRegister(gauge)
		w := httptest.NewRecorder()
		Handler(registry, func() Status { return c.status }).ServeHTTP(w, httptest.NewRequest("GET", c.path, nil))
		if w.Code != c.code || !strings.Contains(w.Body.String(), c.body) {
			t.Errorf("GET %s with %+v: %d %q, want %d %q", c.path, c.status, w.Code, w.Body, c.code, c.body)
		}
	}
}

// The health document has the fields and forms of Jaeger's.
func TestHealthIsJaegers(t *testing.T) {
	w := httptest.NewRecorder()
	since := time.Now().Add(-time.Minute).UTC()
	health(w, Status{UpSince: since})
	var body map[string]string
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
		t.Fatal(err)
	}
	if got, err := time.Parse(time.RFC3339Nano, body["upSince"]); err != nil || !got.Equal(since) {
		t.Errorf("upSince is %q", body["upSince"])
	}
	if d, err := time.ParseDuration(body["uptime"]); err != nil || d < time.Minute {
		t.Errorf("uptime is %q", body["uptime"])
	}
	if w.Header().Get("Content-Type") != "application/json" || len(body) != 3 {
		t.Errorf("got %s, %v", w.Header(), body)
	}
}
