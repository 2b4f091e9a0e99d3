package ingest

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/ot2otel/ot2otel/internal/pb"
)

// OTLPHTTP returns the handler of port 4318:
//
//	POST /v1/traces   an ExportTraceServiceRequest, in protobuf or JSON
//
//	200  taken, all or in part: the body is an ExportTraceServiceResponse
//	400  the request cannot be read, or o.Validate finds no good span in it
//	408  the body came too slowly
//	413  the body is over limits.Body, which is 64 MiB if it is not set
//	415  the Content-Type is neither, or the Content-Encoding neither gzip nor deflate
//	503  the Sink took nothing for as long as Intake.Wait; Retry-After is set
//
// Answers are in the request's Content-Type; the body of a refusal is a
// google.rpc.Status.
func OTLPHTTP(in *Intake, limits Limits, o OTLP) http.Handler {
	l := in.otlpLane(ListenerOTLPHTTP, o)
	return &otlpHTTP{httpLane: newHTTPLane(l.lane, otlpLimits(limits)), otlp: l}
}

type otlpHTTP struct {
	*httpLane
	otlp *otlpLane
}

func (h *otlpHTTP) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case path.Clean(r.URL.Path) != "/v1/traces":
		http.NotFound(w, r)
	case r.Method != http.MethodPost:
		notAllowed(w, http.MethodPost)
	default:
		h.post(w, r)
	}
}

func (h *otlpHTTP) post(w http.ResponseWriter, r *http.Request) {
	form, no := formOf(r.Header.Get("Content-Type"))
	var bad rejection
	if no == nil {
		bad, no = h.try(w, r, form)
	}
	if no != nil {
		h.turnAway(no, r.RemoteAddr)
		refuseOTLP(w, form, no)
		return
	}
	h.otlp.reject(bad, r.RemoteAddr)
	h.accept(w, form, bad)
}

func (h *otlpHTTP) try(w http.ResponseWriter, r *http.Request, form otlpForm) (rejection, *refusal) {
	x := h.acquire()
	defer h.release(x)
	body, no := h.read(x, w, r)
	if no != nil {
		return rejection{}, no
	}
	return h.otlp.take(body, form)
}

// formOf returns how a request is written.
func formOf(contentType string) (otlpForm, *refusal) {
	media, _, err := mime.ParseMediaType(contentType)
	if form := otlpForm(media); err == nil && (form == otlpProtobuf || form == otlpJSON) {
		return form, nil
	}
	return "", &refusal{
		reason: reasonContentType,
		err:    fmt.Errorf("unsupported Content-Type %.100q: neither %s nor %s", contentType, otlpProtobuf, otlpJSON),
	}
}

// accept answers a request that was taken.
func (h *otlpHTTP) accept(w http.ResponseWriter, form otlpForm, bad rejection) {
	body := bad.appendResponse(nil)
	if form == otlpJSON {
		body = bad.json()
	}
	answerOTLP(w, form, http.StatusOK, body)
}

// json is appendResponse for OTLP/JSON, where an int64 is a string.
func (bad rejection) json() []byte {
	type partialSuccess struct {
		RejectedSpans string `json:"rejectedSpans"`
		ErrorMessage  string `json:"errorMessage"`
	}
	var response struct {
		PartialSuccess *partialSuccess `json:"partialSuccess,omitempty"`
	}
	if bad.spans > 0 {
		response.PartialSuccess = &partialSuccess{strconv.Itoa(bad.spans), bad.message()}
	}
	return asJSON(response)
}

// refuseOTLP answers a request that was not taken, with a Status of the RPC API:
//
//	message Status {
//	  int32 code = 1;
//	  string message = 2;
//	  repeated google.protobuf.Any details = 3;
//	}
func refuseOTLP(w http.ResponseWriter, form otlpForm, no *refusal) {
	no.explain(w.Header())
	code := no.status()
	if no.reason == reasonContentType {
		form, code = otlpProtobuf, http.StatusUnsupportedMediaType
	}
	message := strings.ToValidUTF8(no.err.Error(), "\uFFFD")
	body := pb.AppendVarint(nil, 1, uint64(no.grpcCode()))
	body = pb.AppendString(body, 2, message)
	if form == otlpJSON {
		body = asJSON(map[string]any{"code": no.grpcCode(), "message": message})
	}
	answerOTLP(w, form, code, body)
}

// asJSON encodes what cannot fail to be encoded.
func asJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

func answerOTLP(w http.ResponseWriter, form otlpForm, code int, body []byte) {
	w.Header().Set("Content-Type", string(form))
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(code)
	_, _ = w.Write(body) // whoever hung up does not want it
}
