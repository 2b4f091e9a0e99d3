package ingest

import (
	"errors"
	"fmt"
	"html"
	"mime"
	"net/http"

	"github.com/ot2otel/ot2otel/internal/thrift"
	"github.com/ot2otel/ot2otel/translate"
)

// JaegerHTTP returns the handler of the Jaeger collector's port 14268:
//
//	POST /api/traces   a jaeger.thrift Batch in the binary protocol
//
//	202  taken
//	400  the Content-Type or the Batch cannot be read
//	408  the body came too slowly
//	413  the body is over limits.Body
//	415  the Content-Encoding is neither gzip nor deflate
//	503  the Sink took nothing for as long as Intake.Wait; Retry-After is set
//
// Codes and texts are those of Jaeger 1.57 where it has any; it answers 405
// to other methods and 404 to other paths. The query (format=jaeger.thrift) is
// ignored, as there.
func JaegerHTTP(in *Intake, limits Limits) http.Handler {
	return &jaegerHTTP{newHTTPLane(in.lane(ListenerJaegerHTTP, requestReasons), limits)}
}

type jaegerHTTP struct{ *httpLane }

func (h *jaegerHTTP) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path != "/api/traces":
		http.NotFound(w, r)
	case r.Method != http.MethodPost:
		w.WriteHeader(http.StatusMethodNotAllowed) // without Allow, as the original
	default:
		h.post(w, r)
	}
}

func (h *jaegerHTTP) post(w http.ResponseWriter, r *http.Request) {
	no := h.try(w, r)
	if no == nil {
		w.WriteHeader(http.StatusAccepted)
		return
	}
	h.turnAway(no, r.RemoteAddr)
	no.explain(w.Header())
	http.Error(w, jaegerAnswer(no), no.status())
}

func (h *jaegerHTTP) try(w http.ResponseWriter, r *http.Request) *refusal {
	if no := thriftType(r.Header.Get("Content-Type")); no != nil {
		return no
	}
	x := h.acquire()
	defer h.release(x)
	body, no := h.read(x, w, r)
	if no != nil {
		return no
	}
	no = h.takeRequest(translate.JaegerBatch, body)
	if no != nil {
		no.answer = jaegerWords(body, no.err)
	}
	return no
}

// thriftType refuses a Content-Type other than those of the binary protocol.
func thriftType(header string) *refusal {
	media, _, err := mime.ParseMediaType(header)
	switch {
	case err != nil:
		return &refusal{reason: reasonContentType, err: err, answer: fmt.Sprintf("Cannot parse content type: %v", err)}
	case media != "application/x-thrift" && media != "application/vnd.apache.thrift.binary":
		return &refusal{
			reason: reasonContentType,
			err:    fmt.Errorf("unsupported content type %q", media),
			answer: "Unsupported content type: " + html.EscapeString(media),
		}
	}
	return nil
}

// jaegerWords returns Jaeger's own answer to a body that cannot be read where
// that is a simple one, and nothing where err names the place better.
func jaegerWords(body []byte, err error) string {
	e, ok := errors.AsType[*thrift.Error](err)
	switch {
	case !ok:
		return ""
	case len(body) == 0:
		return unreadableBody + "*jaeger.Batch field 0 read error: EOF"
	case e.Offset == 0 && e.Reason == thrift.BadType:
		return fmt.Sprintf(unreadableBody+"Unknown data type %d", body[0])
	}
	return ""
}

const unreadableBody = "Unable to process request body: "

// jaegerAnswer is what the sender is told of a refusal.
func jaegerAnswer(no *refusal) string {
	switch {
	case no.answer != "":
		return no.answer
	case no.reason == reasonQueue:
		return fmt.Sprintf("Cannot submit Jaeger batch: %v", no.err)
	}
	return unreadableBody + no.err.Error()
}
