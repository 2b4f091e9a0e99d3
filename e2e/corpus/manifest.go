// Package corpus reads the recorded client traffic in testdata/corpus: the
// payloads that published clients sent, and beside them what each client had
// been asked to record.
package corpus

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// A Manifest describes one case: the client, the payloads it sent, and the
// spans that the program under capture asked it for.
type Manifest struct {
	Case     string `json:"case"`
	Client   Client `json:"client"`
	Protocol string `json:"protocol"`
	// Program names the sequence of calls; cases of one program differ in client and transport only.
	Program string `json:"program"`
	// Service is the service that the program was told to be; a Span may name its own.
	Service string `json:"service"`
	// Config is how the client was set up, in words of the capture.
	Config      map[string]any `json:"config"`
	ProcessTags []Tag          `json:"process_tags"`
	Captures    []Capture      `json:"captures"`
	Spans       []Span         `json:"spans"`
	OnWire      OnWire         `json:"on_wire"`
	Extra       Extra          `json:"extra"`

	dir string
}

// A Client is the library that sent the payloads.
type Client struct {
	Language string `json:"language"` // go, node, ruby, python
	Name     string `json:"name"`     // module or package
	Version  string `json:"version"`
}

// A Capture is one payload, in the order of sending.
type Capture struct {
	Seq       int    `json:"seq"`
	Transport string `json:"transport"` // udp, http, grpc
	Port      int    `json:"port"`      // the port it was sent to: the protocol's standard one
	File      string `json:"file"`      // the payload; empty for a request without a body
	Meta      string `json:"meta"`      // the HTTP or gRPC request around it
}

// A Span is what the program asked the client to record. Times are Unix
// microseconds, ids are hexadecimal digits as the client showed them: of any
// case and without leading zeros.
type Span struct {
	Key           string      `json:"key"` // the program's own name for it
	Service       string      `json:"service"`
	Operation     string      `json:"operation"`
	TraceID       string      `json:"trace_id"`
	SpanID        string      `json:"span_id"`
	ParentSpanID  string      `json:"parent_span_id"`
	References    []Reference `json:"references"`
	Start         int64       `json:"start_unix_us"`
	Duration      int64       `json:"duration_us"`
	Tags          []Tag       `json:"tags"`
	Logs          []Log       `json:"logs"`
	BaggageSet    []Baggage   `json:"baggage_set"`
	Debug         bool        `json:"debug"`             // the client says that the debug flag is set
	DebugIDHeader string      `json:"debug_id_header"`   // the trace was started by this jaeger-debug-id
	RPCServer     bool        `json:"rpc_server_option"` // started by ext.RPCServerOption or its like
}

// A Reference is an OpenTracing reference to another span.
type Reference struct {
	Type    string `json:"type"` // child_of, follows_from
	TraceID string `json:"trace_id"`
	SpanID  string `json:"span_id"`
}

// A Log is an OpenTracing log record, or what a client without such was given in its place.
type Log struct {
	Time       int64  `json:"unix_us"`
	Fields     []Tag  `json:"fields"`
	Annotation string `json:"annotation"`
}

// A Baggage is one SetBaggageItem, always a string.
type Baggage struct {
	Key   string `json:"k"`
	Value string `json:"v"`
}

// OnWire is what the captures were found to hold.
type OnWire struct {
	Spans   int      `json:"spans"`
	NotSent []string `json:"not_sent"` // Span keys
	// DiffersFromAsked says where the client sent another time than it was given:
	// "pay duration 900 sent as 899", "call start -1 us".
	DiffersFromAsked []string `json:"differs_from_asked"`
}

// Extra holds what a program did beside its spans.
type Extra struct {
	ExtractHTTPHeaders []Probe `json:"extract_http_headers"`
}

// A Probe is a span started from a set of HTTP headers. Its name on the wire is "probe:" and Name.
type Probe struct {
	Name  string `json:"name"`
	Child *struct {
		TraceID      string `json:"trace_id"`
		SpanID       string `json:"span_id"`
		ParentSpanID string `json:"parent_span_id"`
		Sampled      bool   `json:"sampled"`
	} `json:"child"`
}

// Patterns of the cases, by what their payloads hold.
var (
	JaegerThrift = []string{"jaeger-go-*", "jaeger-node-*", "jaeger-ruby-*", "otel-go-jaeger-*", "otel-node-jaeger-*"}
	JaegerGRPC   = []string{"jaeger-agent-grpc-*"}
	Zipkin       = []string{"zipkin-*", "aiozipkin-*", "py-zipkin-*", "otel-go-zipkin-*", "otel-node-zipkin-*"}
	OTLP         = []string{"otlp-*", "otel-go-headers-*"}
)

// Load reads the case in testdata/corpus/name below root, the root of the repository.
func Load(root, name string) (*Manifest, error) {
	m := &Manifest{dir: filepath.Join(root, "testdata", "corpus", name)}
	text, err := os.ReadFile(filepath.Join(m.dir, "manifest.json"))
	if err != nil {
		return nil, fmt.Errorf("case %s: %w", name, err)
	}
	if err := json.Unmarshal(text, m); err != nil {
		return nil, fmt.Errorf("case %s: manifest.json: %w", name, err)
	}
	return m, nil
}

// Names lists the cases whose folders match one of the patterns of
// filepath.Match, in order.
func Names(root string, patterns ...string) ([]string, error) {
	var names []string
	for _, p := range patterns {
		found, err := filepath.Glob(filepath.Join(root, "testdata", "corpus", p, "manifest.json"))
		if err != nil {
			return nil, fmt.Errorf("pattern %q: %w", p, err)
		}
		for _, f := range found {
			names = append(names, filepath.Base(filepath.Dir(f)))
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// Serves says whether s was started as the server's side of a call. The
// program rpc always starts its span "serve" so; not every manifest tells.
func (m *Manifest) Serves(s Span) bool {
	return s.RPCServer || m.Program == "rpc" && s.Key == "serve"
}

// Payload returns the bytes of a capture, nil if it has none.
func (m *Manifest) Payload(c Capture) ([]byte, error) {
	if c.File == "" {
		return nil, nil
	}
	return os.ReadFile(filepath.Join(m.dir, c.File))
}
