package ingest

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/ot2otel/ot2otel/internal/json"
	"github.com/ot2otel/ot2otel/internal/pb"
	"github.com/ot2otel/ot2otel/internal/thrift"
	"github.com/ot2otel/ot2otel/translate"
)

// A refusal says why a payload was not accepted.
type refusal struct {
	reason string // one of those below: a metric's label
	spans  int    // how many spans it costs; 0 if the payload was never read
	err    error  // what was wrong
	answer string // the same in the words of the server we stand in for; "" if it had none
	stack  string // what panicked and where, for the log alone
}

// Why payloads are refused, beside the reasons of the packages that read them.
const (
	reasonMalformed = "malformed" // unreadable in a way that has no name of its own
	reasonMethod    = "method"    // a call of a method that is not served
	reasonEmpty     = "empty"     // a packet of no bytes
	reasonTooLarge  = "too_large" // over the listener's limit
	reasonPanic     = "panic"     // a defect of ours, which cost only this payload
	reasonQueue     = "queue"     // the Sink did not take it
)

// Why requests are refused, beside all of the above.
const (
	reasonContentType     = "content_type"     // a media type the path does not take
	reasonContentEncoding = "content_encoding" // a compression that is not known
	reasonCompression     = "compression"      // not compressed as it says
	reasonTimeout         = "timeout"          // the body came too slowly
	reasonRead            = "read"             // the sender hung up inside the body
	reasonInvalid         = "invalid"          // readable, but every span breaks OTLP's rules
)

// reasons are those for which a listener can turn payloads away.
type reasons struct {
	refused []string // unreadable, or the sender is told
	dropped []string // readable, and the sender cannot be told
}

// unreadableReasons has those of the wire formats first; they share most names.
var unreadableReasons = []string{
	thrift.Truncated, thrift.OversizedCount, thrift.BadType, thrift.BadLength,
	thrift.BadVarint, thrift.TooDeep, thrift.BadMessage, pb.BadField, json.BadSyntax,
	reasonMalformed, reasonMethod, reasonEmpty, reasonTooLarge, reasonPanic,
}

var (
	packetReasons  = reasons{refused: unreadableReasons, dropped: []string{reasonQueue}}
	requestReasons = reasons{refused: append([]string{
		reasonQueue, reasonContentType, reasonContentEncoding, reasonCompression, reasonTimeout, reasonRead, reasonInvalid,
	}, unreadableReasons...)}
)

// unreadable is the refusal of a payload that err says cannot be read.
func unreadable(err error) *refusal {
	reason := cmp.Or(thrift.Reason(err), pb.Reason(err), jsonReason(err), reasonMalformed)
	if errors.Is(err, translate.ErrMethod) {
		reason = reasonMethod
	}
	return &refusal{reason: reason, err: err}
}

func jsonReason(err error) string {
	if e, ok := errors.AsType[*json.Error](err); ok {
		return e.Reason
	}
	return ""
}

// panicked is the refusal of a payload that made us panic with value. It has to
// be called while that lasts.
func panicked(value any) *refusal {
	return &refusal{
		reason: reasonPanic,
		err:    errors.New("internal error"),
		stack:  fmt.Sprintf("%v\n%s", value, debug.Stack()),
	}
}

// status is the HTTP status that says what the sender can do about it.
func (no *refusal) status() int {
	switch no.reason {
	case reasonTimeout:
		return http.StatusRequestTimeout
	case reasonTooLarge:
		return http.StatusRequestEntityTooLarge
	case reasonContentEncoding:
		return http.StatusUnsupportedMediaType
	case reasonPanic:
		return http.StatusInternalServerError
	case reasonQueue:
		return http.StatusServiceUnavailable
	}
	return http.StatusBadRequest
}

// retryAfter is how long a sender is asked to wait before it tries again.
const retryAfter = time.Second

// explain sets the headers that belong to the status.
func (no *refusal) explain(h http.Header) {
	switch no.reason {
	case reasonQueue:
		h.Set("Retry-After", strconv.Itoa(int(retryAfter.Seconds())))
	case reasonContentEncoding:
		h.Set("Accept-Encoding", acceptEncoding)
	}
}
