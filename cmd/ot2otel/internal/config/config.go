// Package config turns a file, the environment and flags into one checked
// Config, and knows for every value where it came from.
//
// keys.go and its neighbours hold one table. From it come the names in the
// file, the variables and the flags, their defaults, their help and the
// annotated configs/ot2otel.yaml.
package config

import (
	"time"

	"github.com/ot2otel/ot2otel/export"
	"github.com/ot2otel/ot2otel/ingest"
	"github.com/ot2otel/ot2otel/translate"
)

// A Config is everything that can be chosen, checked and typed.
type Config struct {
	// ListenHost is the host that listeners bind to where their own address names none.
	ListenHost string
	Jaeger     Jaeger
	Zipkin     Zipkin
	OTLP       OTLP
	Mapping    translate.Config
	Sidecar    Sidecar
	// Export is what the file says under export: the only destination, or
	// what those of the list Destinations have in common.
	Export export.Config
	// Destinations are those to send to; none means the console.
	Destinations []export.Config
	Admin        Admin
	// ShutdownTimeout bounds the draining of queues at the end.
	ShutdownTimeout time.Duration
	Log             Log
}

// Jaeger has the listeners for what Jaeger clients send.
type Jaeger struct {
	Compact, Binary UDP
	HTTP, GRPC      HTTP
}

// Zipkin has the listeners for what Zipkin clients send.
type Zipkin struct {
	Compact UDP
	HTTP    HTTP // gRPC as well
}

// OTLP has the listeners for what is OTLP already.
type OTLP struct {
	GRPC, HTTP HTTP
	Validate   bool // every span, before it is passed on
}

// A UDP listener.
type UDP struct {
	Enabled        bool
	Address        string
	MaxPacketBytes int
	Readers        int // 0: two, or one on a single processor
	ReceiveBuffer  int // bytes to ask the kernel for; 0: do not ask
}

// An HTTP listener, or a gRPC one, which is HTTP, too.
type HTTP struct {
	Enabled bool
	Address string
	Limits  ingest.Limits
	Wait    time.Duration // how long a request is held while the queue is full
}

// Admin has the health and metrics listeners.
type Admin struct {
	Addresses []string
}

// Log says what is logged and how.
type Log struct {
	Level  string // debug, info, warn, error
	Format string // text, json
}

// Bind completes the address of a listener: where it has no host, that is ListenHost.
func (c *Config) Bind(address string) string { return join(c.ListenHost, address) }
