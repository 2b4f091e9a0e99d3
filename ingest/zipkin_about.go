package ingest

import (
	"encoding/json"
	"net/http"
)

// ZipkinAbout is what a Zipkin server tells about itself.
type ZipkinAbout struct {
	// Version and Commit are those of the program, for /info.
	Version, Commit string
	// Health says why the program is not well, for /health; nil means that it always is.
	Health func() error
}

// zipkinHealth is the answer to /health:
//
//	{"status":"UP","zipkin":{"status":"UP","details":{"ot2otel":{"status":"UP"}}}}
//	{"status":"DOWN","zipkin":{"status":"DOWN","details":{"ot2otel":{"status":"DOWN","details":{"error":"…"}}}}}
type zipkinHealth struct {
	Status  string         `json:"status"`
	Zipkin  *zipkinHealth  `json:"zipkin,omitempty"`
	Details map[string]any `json:"details,omitempty"`
}

func (a ZipkinAbout) health(w http.ResponseWriter, _ *http.Request) {
	code, own := http.StatusOK, zipkinHealth{Status: "UP"}
	if a.Health != nil {
		if err := a.Health(); err != nil {
			code = http.StatusServiceUnavailable
			own = zipkinHealth{Status: "DOWN", Details: map[string]any{"error": err.Error()}}
		}
	}
	all := &zipkinHealth{Status: own.Status, Details: map[string]any{"ot2otel": own}}
	answerJSON(w, code, zipkinHealth{Status: own.Status, Zipkin: all})
}

// info answers {"zipkin":{"version":"1.2.3","commit":"0123abc"}}.
func (a ZipkinAbout) info(w http.ResponseWriter, _ *http.Request) {
	answerJSON(w, http.StatusOK, map[string]map[string]string{
		"zipkin": {"version": a.Version, "commit": a.Commit},
	})
}

func answerJSON(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(v) // only writing can fail, and whoever hung up does not want it
}

// onlyGet is h for the methods GET and HEAD.
func onlyGet(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			notAllowed(w, "GET, HEAD")
			return
		}
		h(w, r)
	}
}

func notAllowed(w http.ResponseWriter, methods string) {
	w.Header().Set("Allow", methods)
	w.WriteHeader(http.StatusMethodNotAllowed)
}
