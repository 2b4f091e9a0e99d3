package ingest

import (
	"cmp"
	"time"
)

// Limits bound what an HTTP or gRPC listener spends on its clients. Where a
// field is 0, the default stands.
type Limits struct {
	// Body is the size of the largest request body or gRPC message in bytes, as
	// sent and decompressed alike: 16 MiB.
	Body int64
	// Connections is how many may be open at once; more wait to be accepted: 4096.
	Connections int
	// HeaderBytes is the size of the largest request header: 64 KiB.
	HeaderBytes int
	// Header is how long the header of a request may take: 2 s.
	Header time.Duration
	// Read is how long a whole request may take: 30 s.
	Read time.Duration
	// Write is how long the answer may take from the end of the header on, so it
	// has to cover Read and Intake.Wait: Read and another 30 s.
	Write time.Duration
	// Idle is how long a connection may stay open between requests: 5 minutes,
	// longer than any known client keeps one, so that none meets a closed
	// connection and loses what it was about to send.
	Idle time.Duration
	// Streams is how many requests an HTTP/2 connection may carry at once: 128.
	Streams uint32
	// Age is how long a gRPC connection may last before its client is asked to
	// open another, which costs no call: 1 hour.
	Age time.Duration
}

func (l Limits) withDefaults() Limits {
	l.Body = cmp.Or(l.Body, 16<<20)
	l.Connections = cmp.Or(l.Connections, 4096)
	l.HeaderBytes = cmp.Or(l.HeaderBytes, 64<<10)
	l.Header = cmp.Or(l.Header, 2*time.Second)
	l.Read = cmp.Or(l.Read, 30*time.Second)
	l.Write = cmp.Or(l.Write, l.Read+30*time.Second)
	l.Idle = cmp.Or(l.Idle, 5*time.Minute)
	l.Streams = cmp.Or(l.Streams, 128)
	l.Age = cmp.Or(l.Age, time.Hour)
	return l
}
