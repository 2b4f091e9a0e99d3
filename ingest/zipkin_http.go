package ingest

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"net/http"
	"path"
	"strings"

	"google.golang.org/grpc"

	"github.com/ot2otel/ot2otel/translate"
)

// Zipkin returns the handler of the Zipkin server's port 9411:
//
//	POST /api/v2/spans   a list of spans: v2 JSON or protobuf, v1 JSON or Thrift
//	POST /api/v1/spans   the same
//	GET  /health /info   what about says
//	gRPC zipkin.proto3.SpanService/Report   a list of spans in v2 protobuf
//
// What a list is in shows at its beginning, so neither the path nor the
// Content-Type has to tell the truth (mapping 2.7).
//
//	202  taken; an empty body or list, too
//	400  the body cannot be read
//	408  the body came too slowly
//	413  the body is over limits.Body
//	415  the Content-Encoding is neither gzip nor deflate
//	503  the Sink took nothing for as long as Intake.Wait; Retry-After is set
//
// Texts are the Zipkin server's where it has any; it answers 405 to other
// methods and 404 to other paths. gRPC is answered as by [GRPCServer]; as it
// needs HTTP/2, serve the handler with [NewH2CServer].
func Zipkin(in *Intake, limits Limits, about ZipkinAbout) http.Handler {
	l := newHTTPLane(in.lane(ListenerZipkin, requestReasons), limits)
	return &zipkinPort{httpLane: l, about: about, grpc: newZipkinGRPC(l.lane, limits)}
}

type zipkinPort struct {
	*httpLane
	about ZipkinAbout
	grpc  *grpc.Server
}

// ServeHTTP takes one more slash than necessary for none: base addresses that
// end in one are common in clients' configurations.
func (h *zipkinPort) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if isGRPC(r) {
		h.serveGRPC(w, r)
		return
	}
	switch path.Clean(r.URL.Path) {
	case "/api/v1/spans", "/api/v2/spans":
		h.spans(w, r)
	case "/health":
		onlyGet(h.about.health)(w, r)
	case "/info":
		onlyGet(h.about.info)(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (h *zipkinPort) spans(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		notAllowed(w, http.MethodPost)
		return
	}
	no := h.try(w, r)
	if no == nil {
		w.WriteHeader(http.StatusAccepted)
		return
	}
	h.turnAway(no, r.RemoteAddr)
	no.explain(w.Header())
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(no.status())
	_, _ = io.WriteString(w, zipkinAnswer(no)) // whoever hung up does not want it
}

func (h *zipkinPort) try(w http.ResponseWriter, r *http.Request) *refusal {
	x := h.acquire()
	defer h.release(x)
	body, no := h.read(x, w, r)
	if no != nil {
		return no
	}
	text := bytes.TrimSpace(body)
	if len(text) == 0 {
		return h.deliver(nil, new(translate.Report), 0)
	}
	f := translate.DetectZipkin(body, r.Header.Get("Content-Type"))
	no = h.takeRequest(f, body)
	if no != nil && text[0] != '[' && (f == translate.ZipkinV1JSON || f == translate.ZipkinV2JSON) {
		no.answer = fmt.Sprintf("Expected a %s encoded list\n", zipkinEncoding(r))
	}
	return no
}

// zipkinEncoding is what the Zipkin server calls the encoding that r claims to have.
func zipkinEncoding(r *http.Request) string {
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	v1 := strings.Contains(r.URL.Path, "/v1/")
	switch {
	case v1 && media == "application/x-thrift":
		return "THRIFT"
	case v1:
		return "JSON_V1"
	case media == "application/x-protobuf":
		return "PROTO3"
	}
	return "JSON_V2"
}

// zipkinAnswer is what the sender is told of a refusal.
func zipkinAnswer(no *refusal) string {
	switch {
	case no.answer != "":
		return no.answer
	case no.reason == reasonCompression:
		return "Cannot gunzip spans"
	case no.reason == reasonQueue:
		return fmt.Sprintf("Cannot store spans: %v\n", no.err)
	}
	return fmt.Sprintf("Cannot read spans: %v\n", no.err)
}
