package judge

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// zipkinClients are those that send Zipkin's model, by the name in the manifests.
var zipkinClients = map[string]client{
	"github.com/openzipkin/zipkin-go":                                         {value: printed, zipkin: &zipkinHabits{events: asText, home: always}},
	"github.com/openzipkin-contrib/zipkin-go-opentracing on zipkin-go v0.4.3": {value: printedJSON, zipkin: &zipkinGo},
	"github.com/openzipkin/zipkin-go-opentracing (module openzipkin-contrib)": {value: printed, zipkin: &zipkinGo03},
	"zipkin (npm) + zipkin-transport-http":                                    {value: scriptValue, zipkin: &zipkinNode},
	"zipkin-javascript-opentracing (npm) on zipkin 0.22.0": {
		value: scriptValue, zipkin: &zipkinHabits{events: objectObject, kind: serverOrClient, clock: true},
	},
	"aiozipkin (Debian python3-aiozipkin)":          {value: pythonValue, zipkin: &zipkinHabits{events: asText, oneWay: true, home: always}},
	"py_zipkin (Debian python3-py-zipkin 0.15.0-2)": {value: pythonValue, zipkin: &zipkinPython},
	"go.opentelemetry.io/otel zipkin exporter, fed by sdk v1.38.0": {
		value: otelZipkinGoValue, zipkin: &zipkinHabits{events: nameAndJSON, otel: &otelZipkinGo},
	},
	"@opentelemetry/exporter-zipkin fed by sdk-trace-base 2.11.0": {
		value: otelZipkinNodeValue, zipkin: &zipkinHabits{events: eventName, otel: &otelZipkinNode, tags: serviceTag},
	},
}

var (
	zipkinGo = zipkinHabits{
		events: eachField, home: always,
		// What is given at the start is the remote endpoint; of an address that
		// comes before its port the port is lost; sampling.priority is obeyed.
		moved: map[string]string{"peer.ipv4": "network.peer.address", "peer.port": "", "sampling.priority": ""},
		// A name that is no host name leaves the spans without an endpoint.
		quirks: inAll("zipkin-go-ot-json-edge", quirk{noService: true}),
	}
	zipkinGo03 = zipkinHabits{
		// The kind counts as ext's own type only, and that is what RPCServerOption gives.
		events: logfmtOrJSON, kind: serverIfServing, tags: localComponent, noProcess: true, home: always,
	}
	zipkinNode = zipkinHabits{
		events: asText, noProbes: true, home: atRoots,
		quirks: map[string]quirk{
			// It had not ended for a second, so the client sent it as it was.
			"zipkin-node-v2-unfinished s1": {noEnd: true, stray: "zipkin-js.flush", after: 1_000_000},
			// It is a root, but not the first one of the tracer.
			"zipkin-node-v2-edge-rawtags hours": {noHome: true},
		},
	}
	zipkinPython = zipkinHabits{
		events: asText, kind: onlyRPC, joins: true, home: homeOfService,
		// The root is sent by another way, which rounds its end twice.
		quirks: map[string]quirk{"py-zipkin-v1thrift-rich root": {noLogs: true, stray: "ss", after: 218}},
	}
	otelZipkinGo   = otelHabits{scopeVersion: "0.1", error: described}
	otelZipkinNode = otelHabits{error: described} // the scope is lost
)

// inAll is a quirk of all spans of a case of the program "edge".
func inAll(name string, q quirk) map[string]quirk {
	all := map[string]quirk{}
	for _, key := range []string{"noop", "types", "raw", "long", "hours", "errs"} {
		all[name+" "+key] = q
	}
	return all
}

// homeOfService is that of the second service, which is at an IPv6 address, or of the first.
func homeOfService(s *sent) []field {
	if s.service == "shop-prices" {
		return homeIPv6
	}
	return homeIPv4
}

// serverIfServing leaves no kind but that of the server's side of a call.
func serverIfServing(s *sent, _ string) string {
	if s.serves {
		return "server"
	}
	return ""
}

// onlyRPC leaves no kinds but client and server.
func onlyRPC(_ *sent, given string) string {
	if given == "producer" || given == "consumer" {
		return ""
	}
	return given
}

// serverOrClient makes a client of whatever is no server.
func serverOrClient(_ *sent, given string) string {
	if given == "server" {
		return given
	}
	return "client"
}

// described is how OpenTelemetry's Zipkin exporters state an error.
func described(v any) []field {
	return []field{{"error", "failed: " + text(v)}, {"otel.status_code", "ERROR"}}
}

func serviceTag(s *sent) []field { return []field{{"service.name", s.service}} }

// localComponent is what becomes of the annotation "lc" of spans without a
// kind: the component, unless there is such a tag (mapping 5.7.8).
func localComponent(s *sent) []field {
	switch {
	case has(s.tags, "span.kind"):
		return nil
	case has(s.tags, "component"):
		return []field{{"lc", s.service}}
	}
	return []field{{"component", s.service}}
}

// mendedBytes replaces each byte that is not UTF-8, as Go's JSON does.
func mendedBytes(s string) string { return string([]rune(s)) }

// printedJSON is printed, but sent as JSON.
func printedJSON(v any) (any, bool) {
	p, ok := printed(v)
	return mendedBytes(p.(string)), ok
}

// printed is a value as Go prints it.
func printed(v any) (any, bool) {
	switch v := v.(type) {
	case errorText:
		return string(v), true
	case json.RawMessage:
		return fmt.Sprint(decoded(v)), true
	case string:
		return v, true
	}
	return fmt.Sprint(v), true
}

// scriptValue is a value as JavaScript prints it.
func scriptValue(v any) (any, bool) {
	switch v := v.(type) {
	case nil:
		return nil, false
	case errorText:
		return "Error: " + string(v), true
	case []byte:
		return mendedBytes(string(v)), true
	case json.RawMessage:
		if strings.HasPrefix(string(v), "[") {
			return strings.Trim(compactJSON(v), "[]"), true
		}
		return "[object Object]", true
	case string:
		return latin1(v), true
	}
	return scriptNumber(v), true
}

// scriptNumber prints numbers, and what else is no object, as JavaScript does.
func scriptNumber(v any) string {
	v, _ = nodeValue(v)
	f, ok := v.(float64)
	switch {
	case !ok:
		return fmt.Sprint(v)
	case math.IsInf(f, 0):
		return strings.TrimPrefix(strconv.FormatFloat(f, 'f', -1, 64), "+") + "inity"
	case f == 0:
		return "0"
	case math.Abs(f) < 1e-6:
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// pythonValue is a value as Python prints it.
func pythonValue(v any) (any, bool) {
	switch v := v.(type) {
	case bool:
		if v {
			return "True", true
		}
		return "False", true
	case []byte:
		return pythonBytes(v), true
	}
	return printed(v)
}

func pythonBytes(b []byte) string {
	names := map[byte]string{'\t': `\t`, '\n': `\n`, '\r': `\r`}
	var s strings.Builder
	for _, c := range b {
		switch name, ok := names[c]; {
		case ok:
			s.WriteString(name)
		case c < ' ' || c > '~':
			fmt.Fprintf(&s, `\x%02x`, c)
		default:
			s.WriteByte(c)
		}
	}
	return "b'" + s.String() + "'"
}

// otelZipkinGoValue is what the SDK for Go was given, before it is printed.
func otelZipkinGoValue(v any) (any, bool) {
	switch v := v.(type) {
	case errorText:
		return string(v), true
	case []byte:
		return hex.EncodeToString(v), true
	case string:
		return mendedBytes(v), true
	case uint64:
		return int64(v), true
	case float32:
		return float64(v), true
	case json.RawMessage:
		if list, ok := decoded(v).([]any); ok {
			return list, true
		}
		return []any{"json", compactJSON(v)}, true // as the program under capture gave it
	}
	return v, v != nil
}

// otelZipkinNodeValue is what the SDK for Node was given, printed.
func otelZipkinNodeValue(v any) (any, bool) {
	switch v := v.(type) {
	case errorText:
		return string(v), true
	case []byte:
		return hex.EncodeToString(v), true
	case json.RawMessage:
		return strings.Trim(compactJSON(v), "[]"), true
	}
	return scriptValue(v)
}
