package export

import (
	"io"
	"math"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
	"google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// maxResponse is the limit that the OTLP specification sets a client, in bytes.
const maxResponse = 4 << 20

const unreadResponse = "the response is larger than 4 MiB and was not read"

// readResponse tells what an HTTP response means and reads its body to the
// end, so that the connection can be used again.
func readResponse(r *http.Response) error {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxResponse+1))
	unread := len(body) > maxResponse
	success := r.StatusCode >= 200 && r.StatusCode < 300
	switch {
	case success && unread:
		return &Partial{Message: unreadResponse}
	case success && err != nil:
		return nil // the status has said it all; only a warning can be lost
	case success:
		return httpPartial(r.Header, body)
	case unread:
		return &Failure{Verdict: Refused, Status: strconv.Itoa(r.StatusCode), Message: unreadResponse}
	}
	return &Failure{
		Verdict: httpVerdict(r.StatusCode),
		Status:  strconv.Itoa(r.StatusCode),
		Message: clip(httpMessage(r, body)),
		Asked:   retryAfter(r.Header.Get("Retry-After"), time.Now()),
	}
}

// httpVerdict is the table of the OTLP specification, except for Held; see the package comment.
func httpVerdict(code int) Verdict {
	switch code {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return Again
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound:
		return Held
	case http.StatusRequestEntityTooLarge:
		return TooLarge
	}
	return Refused
}

// retryAfter reads the header: seconds, or a date in any of HTTP's three
// forms. What asks for nothing, in the past or in no known form, is 0.
func retryAfter(value string, now time.Time) time.Duration {
	value = strings.TrimSpace(value)
	if value == "" {
		return 0
	}
	if strings.Trim(value, "0123456789") == "" {
		seconds, err := strconv.ParseInt(value, 10, 64)
		if err != nil || seconds > int64(math.MaxInt64/time.Second) {
			return math.MaxInt64 // more than can be counted; Retry.MaxAsked caps it
		}
		return time.Duration(seconds) * time.Second
	}
	date, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	return max(date.Sub(now), 0)
}

// httpMessage returns the backend's own words, else where a redirect leads,
// else what the code is called.
func httpMessage(r *http.Response, body []byte) string {
	message := statusMessage(mediaType(r.Header), body)
	if to := r.Header.Get("Location"); message == "" && to != "" {
		message = "redirects to " + to + ", where we do not follow"
	}
	if message == "" {
		message = http.StatusText(r.StatusCode)
	}
	return message
}

// statusMessage reads the Status that OTLP puts into the body of a refusal;
// proxies on the way rather put a line of text.
func statusMessage(mediaType string, body []byte) string {
	var s status.Status
	var err error
	switch mediaType {
	case contentProtobuf:
		err = proto.Unmarshal(body, &s)
	case contentJSON:
		err = protojson.UnmarshalOptions{DiscardUnknown: true}.Unmarshal(body, &s)
	case "text/plain":
		s.Message, _, _ = strings.Cut(strings.TrimSpace(string(body)), "\n")
	}
	if err != nil {
		return ""
	}
	return s.Message
}

func mediaType(h http.Header) string {
	t, _, _ := mime.ParseMediaType(h.Get("Content-Type"))
	return t
}

// httpPartial reads the body of a success. One that cannot be read is a success all the same.
func httpPartial(h http.Header, body []byte) error {
	if mediaType(h) != contentJSON {
		return partialSuccess(body)
	}
	r := ptraceotlp.NewExportResponse()
	if err := r.UnmarshalJSON(body); err != nil {
		return nil
	}
	return asPartial(r)
}

// partialSuccess reads an encoded ExportTraceServiceResponse.
//
//	message ExportTraceServiceResponse { ExportTracePartialSuccess partial_success = 1; }
//	message ExportTracePartialSuccess { int64 rejected_spans = 1; string error_message = 2; }
func partialSuccess(response []byte) error {
	if len(response) == 0 {
		return nil
	}
	r := ptraceotlp.NewExportResponse()
	if err := r.UnmarshalProto(response); err != nil {
		return nil
	}
	return asPartial(r)
}

func asPartial(r ptraceotlp.ExportResponse) error {
	p := r.PartialSuccess()
	rejected := int(max(p.RejectedSpans(), 0))
	if rejected == 0 && p.ErrorMessage() == "" {
		return nil
	}
	return &Partial{Rejected: rejected, Message: clip(p.ErrorMessage())}
}
