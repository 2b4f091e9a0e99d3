package export

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// A Config says how to reach one backend and how much may wait for it.
// A zero field means its default; see WithDefaults.
type Config struct {
	// Name tells this destination from others in logs and metrics; by default host and port of the endpoint.
	Name string

	// Endpoint is where the backend is: a URL, or host:port for gRPC. For the
	// HTTP protocols v1/traces is appended to its path.
	Endpoint string
	// TracesEndpoint is a URL used as it is; it wins over Endpoint.
	TracesEndpoint string
	// Protocol by default follows from the endpoint: gRPC where that has no
	// scheme or has port 4317, HTTP/protobuf otherwise.
	Protocol Protocol
	// Insecure turns TLS off where the endpoint has no scheme to say so.
	Insecure bool
	TLS      TLS

	Headers     map[string]Secret // sent with every request
	Compression Compression       // none by default
	Timeout     time.Duration     // of one attempt; 10 s by default, none if negative

	QueueBytes int           // most bytes that wait, those being sent included; 64 MiB by default
	BatchBytes int           // most bytes of a request in protobuf before compression; 3.5 MiB by default
	BatchAge   time.Duration // longest wait for a batch to fill; 200 ms by default
	Senders    int           // requests under way at a time; 4 by default
	Retry      Retry

	// Strict follows the OTLP specification to the letter: every refusal that
	// is not retryable drops its batch. See the package comment.
	Strict bool
}

// Retry says how long to wait before a request is sent again.
type Retry struct {
	Min time.Duration // the wait before the n-th retry is a random part of Min·2ⁿ⁻¹; 0.5 s by default
	Max time.Duration // or of this, if less; 30 s by default
	// MaxAsked caps what a backend may ask for with RetryInfo or Retry-After; 10 minutes by default.
	MaxAsked time.Duration
}

// A Protocol is a way to carry OTLP, by the names of OTEL_EXPORTER_OTLP_PROTOCOL.
type Protocol string

// The three protocols of OTLP.
const (
	GRPC         Protocol = "grpc"
	HTTPProtobuf Protocol = "http/protobuf"
	HTTPJSON     Protocol = "http/json"
)

// A Compression is a way to make requests smaller, by the names of OTEL_EXPORTER_OTLP_COMPRESSION.
type Compression string

// The compressions. Zstd is not in OTLP's list, but Collectors take it.
const (
	NoCompression Compression = "none"
	Gzip          Compression = "gzip"
	Zstd          Compression = "zstd"
)

// defaultBatchBytes stays clear of 4 MiB, where many gRPC servers stop reading.
const defaultBatchBytes = 3584 << 10

// WithDefaults returns c with its zero fields set to their defaults.
func (c Config) WithDefaults() Config {
	if c.Endpoint == "" && c.TracesEndpoint == "" {
		c.Endpoint = c.defaultEndpoint()
	}
	def(&c.Protocol, c.impliedProtocol())
	def(&c.Name, c.address())
	def(&c.Compression, NoCompression)
	def(&c.Timeout, 10*time.Second)
	def(&c.QueueBytes, 64<<20)
	def(&c.BatchBytes, defaultBatchBytes)
	def(&c.BatchAge, 200*time.Millisecond)
	def(&c.Senders, 4)
	c.Retry = c.Retry.withDefaults()
	return c
}

func (r Retry) withDefaults() Retry {
	def(&r.Min, 500*time.Millisecond)
	def(&r.Max, 30*time.Second)
	def(&r.MaxAsked, 10*time.Minute)
	return r
}

// def sets *field to value if it is zero.
func def[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// A FieldError is a field of a Config that cannot be used.
type FieldError struct {
	Field  string // as in the configuration file: "endpoint", "queue.max_bytes"
	Value  string // "" where it is secret or there is none
	Reason string
}

func (e *FieldError) Error() string {
	if e.Value == "" {
		return e.Field + ": " + e.Reason
	}
	return fmt.Sprintf("%s: %q %s", e.Field, e.Value, e.Reason)
}

// Validate checks c as WithDefaults makes it, without touching disk or net.
// The error joins one *FieldError for each field that cannot be used.
func (c Config) Validate() error {
	c = c.WithDefaults()
	return errors.Join(
		c.checkEndpoint(),
		oneOf("protocol", c.Protocol, GRPC, HTTPProtobuf, HTTPJSON),
		oneOf("compression", c.Compression, NoCompression, Gzip, Zstd),
		c.checkHeaders(),
		c.TLS.validate(),
		within("queue.max_bytes", c.QueueBytes, 64<<10, 1<<40),
		within("batch.max_bytes", c.BatchBytes, 4<<10, 64<<20),
		within("batch.max_age", c.BatchAge, time.Millisecond, time.Hour),
		within("senders", c.Senders, 1, 256),
		within("retry.min", c.Retry.Min, time.Millisecond, time.Hour),
		within("retry.max", c.Retry.Max, c.Retry.Min, 24*time.Hour),
		within("retry.max_asked", c.Retry.MaxAsked, time.Millisecond, 24*time.Hour),
	)
}

func oneOf[T ~string](field string, v T, names ...T) error {
	if slices.Contains(names, v) {
		return nil
	}
	return &FieldError{field, string(v), fmt.Sprintf("is not one of %v", names)}
}

func within[T int | time.Duration](field string, v, least, most T) error {
	if v >= least && v <= most {
		return nil
	}
	return &FieldError{field, fmt.Sprint(v), fmt.Sprintf("is not between %v and %v", least, most)}
}
