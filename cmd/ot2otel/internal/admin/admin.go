// Package admin answers those who look after the proxy: probes and Prometheus.
//
//	/         health in the words of Jaeger's agent and collector, also for unknown paths
//	/livez    200 as long as the program answers
//	/readyz   200 when spans are taken: listeners bound and room in the queue
//	/metrics  Prometheus
package admin

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// A Status is how the proxy is.
type Status struct {
	// UpSince is when it began to take spans; zero while it does not.
	UpSince time.Time
	// Busy says why spans are not taken although it is up; empty if they are.
	Busy string
}

// Handler returns the handler of an admin port. status is called for every
// probe.
func Handler(metrics prometheus.Gatherer, status func() Status) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { health(w, status()) })
	mux.HandleFunc("/livez", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("/readyz", func(w http.ResponseWriter, _ *http.Request) { ready(w, status()) })
	mux.Handle("/metrics", promhttp.HandlerFor(metrics, promhttp.HandlerOpts{}))
	return mux
}

// health answers as Jaeger's admin port does:
//
//	200 {"status":"Server available","upSince":"2026-11-20T23:01:02.461147792Z","uptime":"4.293177922s"}
//	503 {"status":"Server not available","upSince":"0001-01-01T00:00:00Z","uptime":""}
func health(w http.ResponseWriter, s Status) {
	body := struct {
		Status  string    `json:"status"`
		UpSince time.Time `json:"upSince"`
		Uptime  string    `json:"uptime"`
	}{Status: "Server not available"}
	code := http.StatusServiceUnavailable
	if !s.UpSince.IsZero() {
		body.Status, body.UpSince, body.Uptime = "Server available", s.UpSince.UTC(), time.Since(s.UpSince).String()
		code = http.StatusOK
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(body) // whoever asked is gone if it fails
}

func ready(w http.ResponseWriter, s Status) {
	switch {
	case s.UpSince.IsZero():
		http.Error(w, "not up", http.StatusServiceUnavailable)
	case s.Busy != "":
		http.Error(w, s.Busy, http.StatusServiceUnavailable)
	default:
		fmt.Fprintln(w, "ok")
	}
}
