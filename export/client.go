package export

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// A Client sends requests to one backend.
type Client interface {
	// Export sends an encoded ExportTraceServiceRequest once. It returns nil
	// when the backend took all of it, a *Partial when it took it but not
	// every span, else a *Failure. It has no use for request after it returns.
	// Where the Client is an io.Closer, its Destination closes it in the end.
	Export(ctx context.Context, request []byte) error
}

// A Verdict says what follows from a Failure.
type Verdict uint8

// The verdicts; the package comment lists the answers behind each.
const (
	Again    Verdict = iota // the same bytes may do later
	Held                    // the same bytes may do once someone has mended the configuration
	Refused                 // these bytes never will
	TooLarge                // nor these, but parts of them may
)

// verdictNames are the values of the label result.
var verdictNames = [...]string{Again: "again", Held: "held", Refused: "refused", TooLarge: "too_large"}

func (v Verdict) String() string { return verdictNames[v] }

// A Failure is a request that the backend did not take, or not that we know.
type Failure struct {
	Verdict Verdict
	Status  string        // "UNAVAILABLE" or "503"; noAnswer where there was none
	Message string        // the backend's own words, or what went wrong on the way
	Asked   time.Duration // how long the backend asked to wait; 0 if it did not
}

// noAnswer is the Status of a request without an answer.
const noAnswer = "no_answer"

func (f *Failure) Error() string {
	if f.Message == "" {
		return f.Status
	}
	return f.Status + ": " + f.Message
}

// A Partial is a request that the backend took without some of its spans, or with a warning.
type Partial struct {
	Rejected int    // spans; 0 for a warning only
	Message  string // the backend's own words
}

func (p *Partial) Error() string {
	if p.Rejected == 0 {
		return p.Message
	}
	return fmt.Sprintf("%d spans rejected: %s", p.Rejected, p.Message)
}

// NewClient returns the Client for c, which should be valid. version goes into
// the User-Agent. Nothing is connected before the first Export.
func NewClient(c Config, version string) (Client, error) {
	c = c.WithDefaults()
	if err := c.Validate(); err != nil {
		return nil, err
	}
	userAgent := "ot2otel/" + version
	if c.Protocol == GRPC {
		return newGRPC(c, userAgent)
	}
	return newHTTP(c, userAgent)
}

// maxMessage bounds how much of a backend's own words is kept, in bytes.
const maxMessage = 400

func clip(message string) string {
	if len(message) > maxMessage {
		message = message[:maxMessage] + "…"
	}
	return strings.ToValidUTF8(message, "\uFFFD")
}

// withTimeout is context.WithTimeout where there is one.
func withTimeout(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	if d < 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, d)
}
