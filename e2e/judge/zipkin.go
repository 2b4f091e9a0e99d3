package judge

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/ot2otel/ot2otel/e2e/corpus"
)

// zipkinHabits is what a client makes of OpenTracing's data model in Zipkin's:
// tags are texts, each key once, logs are annotations, and there are no links.
// Process tags are tags of every span.
type zipkinHabits struct {
	// events says what comes of a log: its annotations, after the mapping (Z-30, Z-31).
	events func(record) []event
	// otel is what the SDK does that feeds the client, if one does.
	otel *otelHabits
	// moved are tags that become a part of an endpoint, with the attribute that
	// has it then; with none, the client loses the tag.
	moved map[string]string
	// kind says which kind is sent of a span that was given one, or none: ""; nil: that one.
	kind func(s *sent, given string) string
	// tags are added by the client.
	tags func(*sent) []field
	// home returns the attributes of the local endpoint; nil: it has no address.
	home func(*sent) []field
	// noProcess says that process tags are lost.
	noProcess bool
	// joins says that the server's side of a call is always marked as shared, also with an id of its own.
	joins bool
	// oneWay says that producers and consumers have no duration.
	oneWay bool
	// clock says that times are the client's own: it cannot be given any.
	clock bool
	// noProbes says that the spans of the manifest's probes were not sent.
	noProbes bool
	// quirks are what single spans suffer, by case and key.
	quirks map[string]quirk
}

// A quirk is what a client does to one span.
type quirk struct {
	noService bool   // it cannot send the endpoint, and so not the service's name
	noHome    bool   // it does not send its address
	noEnd     bool   // the end is not known
	noLogs    bool   // its logs are lost
	stray     string // an annotation of the client's own
	after     int64  // its time, from the start of the span in microseconds
}

// apply turns s, in the words of OpenTracing, into what the client sends.
func (h *zipkinHabits) apply(s *sent, m *corpus.Manifest) {
	if !h.noProcess {
		s.tags = append(s.tags, s.process...)
	}
	s.process, s.baggage, s.added = nil, nil, nil
	if h.otel != nil {
		s.tags, s.scopeVersion = h.otel.tags(s.tags), h.otel.scopeVersion
	}
	h.relate(s)
	h.moveTags(s)
	if h.tags != nil {
		s.tags = append(s.tags, h.tags(s)...)
	}
	s.tags = lastOnly(s.tags)
	for i, t := range s.tags {
		s.tags[i].value = asTag(t.value)
	}
	if h.home != nil {
		s.ends = append(s.ends, h.home(s)...)
	}
	s.clock = h.clock
	s.suffer(h.quirks[m.Case+" "+s.key])
}

// suffer applies a quirk.
func (s *sent) suffer(q quirk) {
	if q.noService {
		s.service = "unknown_service"
	}
	if q.noService || q.noHome {
		s.ends = nil
	}
	if q.noEnd {
		s.duration = 0
	}
	if q.noLogs {
		s.logs = nil
	}
	if q.stray != "" {
		s.strays = eventsNamed(record{time: s.start + q.after}, q.stray)
	}
}

// asTag prints a value as the text of a tag, if it is none yet.
func asTag(v any) string {
	switch v := v.(type) {
	case []any:
		b, err := json.Marshal(v)
		if err != nil {
			return err.Error()
		}
		return string(b)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return text(v)
}

// relate leaves one parent, whatever the reference is called, and no links. The
// server's half of a shared id keeps the reference that says so.
func (h *zipkinHabits) relate(s *sent) {
	refs, half := s.refs, ref{"child_of", s.trace, s.id}
	s.refs = nil
	if slices.Contains(refs, half) || h.joins && s.serves {
		s.refs = []ref{half}
	} else if len(refs) > 0 && isZero(s.parent) && refs[0].trace == s.trace {
		s.parent = refs[0].id
	}
}

// moveTags takes away the tags that are none in Zipkin's model.
func (h *zipkinHabits) moveTags(s *sent) {
	kind := ""
	if v, ok := last(s.tags, "span.kind"); ok {
		kind = text(v)
	}
	s.tags = slices.DeleteFunc(s.tags, func(t field) bool {
		to, moved := h.moved[t.key]
		if moved && to != "" {
			s.ends = append(s.ends, field{to, t.value})
		}
		return moved || t.key == "span.kind"
	})
	if h.kind != nil {
		kind = h.kind(s, kind)
	}
	if kind != "" {
		s.tags = append(s.tags, field{"span.kind", kind})
	}
	if h.oneWay && (kind == "producer" || kind == "consumer") {
		s.duration = 0
	}
}

// lastOnly keeps the last of repeated tags: Zipkin's are a map.
func lastOnly(tags []field) (kept []field) {
	for i, t := range tags {
		if !has(tags[i+1:], t.key) {
			kept = append(kept, t)
		}
	}
	return kept
}

// The endpoint that the programs under capture told their clients to be at.
var (
	homeIPv4 = []field{{"network.local.address", "10.20.30.40"}, {"network.local.port", int64(8080)}}
	homeIPv6 = []field{{"network.local.address", "2001:db8::1"}, {"network.local.port", int64(8081)}}
)

// always is the home of clients that send it with every span.
func always(*sent) []field { return homeIPv4 }

// atRoots is that of clients that forget it after the first span of a trace.
func atRoots(s *sent) []field {
	if isZero(s.parent) {
		return homeIPv4
	}
	return nil
}

// peers are the addresses, and the broker, of the other sides of calls there.
// Which of them a span has, the manifests do not tell.
var peers = []field{
	{"network.peer.address", "192.0.2.17"}, {"network.peer.port", int64(52114)},
	{"network.peer.address", "192.0.2.44"}, {"network.peer.port", int64(5432)},
	{"network.peer.address", "192.0.2.99"}, {"network.peer.port", int64(9092)},
	{"peer.service", "kafka"}, {"service.peer.name", "kafka"},
	{"service.peer.name", "payments"}, {"service.peer.name", "postgres"}, {"service.peer.name", "shop-prices"},
}

// mayBePeer says whether an attribute is of the remote endpoint of a span.
func (s *sent) mayBePeer(key string, value any) bool {
	return s.zipkin != nil && slices.Contains(peers, field{key, value})
}

// zipkinStatus is rule Z-41.
func zipkinStatus(words string) (ptrace.StatusCode, string) {
	switch strings.ToLower(words) {
	case "false":
		return ptrace.StatusCodeUnset, ""
	case "", "true":
		return ptrace.StatusCodeError, ""
	}
	return ptrace.StatusCodeError, words
}
