package judge

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// stable lists which stable keys a legacy tag may turn into (mapping 6.2), for
// the tags that the corpus holds.
var stable = map[string][]string{
	"db.instance":             {"db.namespace"},
	"db.statement":            {"db.query.text"},
	"db.type":                 {"db.system.name"},
	"http.method":             {"http.request.method", "http.request.method_original"},
	"http.status_code":        {"http.response.status_code"},
	"http.url":                {"url.full", "url.scheme", "url.path", "url.query", "server.address", "server.port"},
	"message_bus.destination": {"messaging.destination.name"},
	"peer.hostname":           {"server.address", "client.address"},
	"peer.ipv4":               {"network.peer.address"},
	"peer.port":               {"network.peer.port", "server.port", "client.port"},
	"peer.service":            {"service.peer.name"},
}

// twins are the stable keys that hold the very value of a legacy tag, numbers as integers.
var twins = map[string]string{
	"db.instance": "db.namespace", "db.statement": "db.query.text", "http.method": "http.request.method",
	"http.status_code": "http.response.status_code", "message_bus.destination": "messaging.destination.name",
	"peer.port": "network.peer.port", "peer.service": "service.peer.name",
}

// withTwins returns a with the stable twins of its tags added.
func withTwins(a attributes) attributes {
	all := maps.Clone(a)
	for source, target := range twins {
		v, ok := a[source]
		if !ok {
			continue
		}
		if n, err := strconv.ParseInt(text(v), 10, 64); err == nil && numeric(target) {
			v = n
		}
		all[target] = v
	}
	return all
}

func numeric(key string) bool {
	return strings.HasSuffix(key, ".port") || strings.HasSuffix(key, ".status_code")
}

// derivable says whether key may have been made from one of the attributes
// that were asked for.
func derivable(key string, from attributes, failed bool) bool {
	if key == "error.type" {
		return failed // rule J-77
	}
	for source := range from {
		if slices.Contains(stable[source], key) {
			return true
		}
	}
	return false
}

// process lists what a Jaeger client says about its process by itself, and
// what the mapping makes of that (rules J-34 to J-38).
var process = []string{
	"hostname", "ip", "jaeger.version", "client-uuid",
	"host.name", "host.ip", "service.instance.id", "ot2otel.notes",
}

func (c *comparison) mayDescribeProcess(key string) bool {
	if c.want.service == "" && key == "service.name" { // the manifest does not know it
		return true
	}
	return slices.Contains(process, key) || strings.HasPrefix(key, "telemetry.sdk.")
}
