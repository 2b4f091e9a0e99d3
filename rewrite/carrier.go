package rewrite

import (
	"net/http"
	"net/textproto"
	"strings"
)

// A Carrier is a set of headers: of an HTTP request, a gRPC call or a message
// in a queue.
type Carrier interface {
	// Range calls f for every header, in any order, until f returns false. The
	// values are not changed.
	Range(f func(name string, values []string) bool)
	// Set replaces the header's values. For HTTP the name is in canonical form
	// (Uber-Trace-Id), for a text map in lower case (uber-trace-id), its baggage
	// key as the sender wrote it. The carrier may keep values.
	Set(name string, values []string)
	// Del removes the header whose name is spelled as Range gave it.
	Del(name string)
	// TextMap reports whether the carrier is a text map, in which names have
	// case and baggage values are not escaped (OpenTracing's TEXT_MAP: Kafka,
	// AMQP), and not HTTP headers.
	TextMap() bool
}

// Header is the Carrier of net/http.
type Header http.Header

// Range implements Carrier.
func (h Header) Range(f func(name string, values []string) bool) {
	for name, values := range h {
		if !f(name, values) {
			return
		}
	}
}

// Set implements Carrier.
func (h Header) Set(name string, values []string) { h[name] = values }

// Del implements Carrier.
func (h Header) Del(name string) { delete(h, name) }

// TextMap implements Carrier.
func (h Header) TextMap() bool { return false }

// Metadata is the Carrier of gRPC: convert a metadata.MD. Its names are in
// lower case.
type Metadata map[string][]string

// Range implements Carrier.
func (m Metadata) Range(f func(name string, values []string) bool) { Header(m).Range(f) }

// Set implements Carrier.
func (m Metadata) Set(name string, values []string) { m[strings.ToLower(name)] = values }

// Del implements Carrier.
func (m Metadata) Del(name string) { delete(m, name) }

// TextMap implements Carrier.
func (m Metadata) TextMap() bool { return false }

// TextMap is the Carrier of OpenTracing's TEXT_MAP format: the headers of a
// message in Kafka or AMQP.
type TextMap map[string]string

// Range implements Carrier.
func (m TextMap) Range(f func(name string, values []string) bool) {
	for name, value := range m {
		if !f(name, []string{value}) {
			return
		}
	}
}

// Set implements Carrier. A text map holds one value of a name: the last one stays.
func (m TextMap) Set(name string, values []string) { m[name] = values[len(values)-1] }

// Del implements Carrier.
func (m TextMap) Del(name string) { delete(m, name) }

// TextMap implements Carrier.
func (m TextMap) TextMap() bool { return true }

// canonical returns an HTTP header name in the form that net/http uses.
func canonical(name string) string { return textproto.CanonicalMIMEHeaderKey(name) }
