package translate_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"

	"github.com/ot2otel/ot2otel/translate"
)

// at returns an annotation made by a service, "value@micros service".
func at(annotations ...string) string {
	var list []string
	for _, a := range annotations {
		event, host, _ := strings.Cut(a, " ")
		value, micros, _ := strings.Cut(event, "@")
		endpoint := ""
		if host != "" {
			endpoint = fmt.Sprintf(`,"endpoint":%s`, hostOf(host))
		}
		list = append(list, fmt.Sprintf(`{"value":%q,"timestamp":%s%s}`, value, micros, endpoint))
	}
	return `"annotations":[` + strings.Join(list, ",") + "]"
}

// hostOf returns the endpoint "service" or "service:port".
func hostOf(host string) string {
	service, port, ok := strings.Cut(host, ":")
	if !ok {
		port = "0"
	}
	return fmt.Sprintf(`{"serviceName":%q,"port":%s}`, service, port)
}

// marks returns binary annotations made by a service, "key=value service".
func marks(tags ...string) string {
	var list []string
	for _, tag := range tags {
		pair, host, _ := strings.Cut(tag, " ")
		key, value, _ := strings.Cut(pair, "=")
		list = append(list, fmt.Sprintf(`{"key":%q,"value":%q,"endpoint":%s}`, key, value, hostOf(host)))
	}
	return `"binaryAnnotations":[` + strings.Join(list, ",") + "]"
}

// told says of the spans of trace 1 with id a what matters here, one a line:
// "KIND service start-end", then the names of events and a peer.
func told(t testing.TB, members ...string) string {
	t.Helper()
	r := v1JSON(t, defaults, `{"traceId":"1","id":"a","name":"n",`+strings.Join(members, ",")+`}`)
	var lines []string
	for _, s := range r.spans() {
		kind := strings.TrimPrefix(s.Kind.String(), "SPAN_KIND_")
		line := fmt.Sprintf("%s %v %d-%d", kind, r.service(t, s), s.StartTimeUnixNano/1000, s.EndTimeUnixNano/1000)
		if short(s.SpanId) != "a" {
			line += " of " + short(s.ParentSpanId)
		}
		for _, e := range s.Events {
			line += fmt.Sprintf(" %s@%d", e.Name, e.TimeUnixNano/1000)
		}
		if peer := attrsOf(t, s.Attributes)["peer.service"]; peer != nil {
			line += fmt.Sprintf(" -> %v", peer)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func TestV1Timing(t *testing.T) { // mapping 5.7, 1 to 6
	const span = `"timestamp":1000,"duration":500`
	for _, test := range []struct {
		name    string
		members []string
		want    string
	}{
		{"client", []string{at("cs@1000 web", "cr@1500 web")}, "CLIENT web 1000-1500"},
		{"server", []string{at("sr@1000 web", "ss@1500 web"), span}, "SERVER web 1000-1500"},
		{"client with the span's timing", []string{at("cs@1001 web", "cr@1499 web"), span},
			"CLIENT web 1000-1500 cs@1001 cr@1499"},
		{"both", []string{at("cs@1000 web", "sr@1100 app", "ss@1400 app", "cr@1500 web"), span},
			"CLIENT web 1000-1500\nSERVER app 1100-1400 of a"},
		{"both, the server first", []string{at("sr@1100 app", "ss@1400 app", "cs@1000 web", "cr@1500 web")},
			"SERVER app 1100-1400 of a\nCLIENT web 1000-1500"},
		{"both, one way", []string{at("cs@1000 web", "sr@1100 app")}, "CLIENT web 1000-1000\nSERVER app 1100-1100 of a"},
		{"a shared server alone", []string{at("sr@1100 app", "ss@1400 app")}, "SERVER app 1100-1400 of a"},
		{"a server without a duration", []string{at("sr@1100 app", "ss@1400 app"), `"timestamp":1100`},
			"SERVER app 1100-1400 of a"},
		{"loopback", []string{at("cs@1000 app:1", "sr@1100 app:2", "ss@1400 app:2", "cr@1500 app:1", "x@1200 app:2")},
			"CLIENT app 1000-1500\nSERVER app 1100-1400 of a x@1200"},
		{"loopback at one host", []string{at("cs@1000 app", "sr@1100 app", "ss@1400 app", "cr@1500 app", "x@1200 app")},
			"CLIENT app 1000-1500 x@1200\nSERVER app 1100-1400 of a"},
		{"what py_zipkin makes of a local span", []string{at("cs@1000 app", "sr@1000 app", "ss@1500 app", "cr@1500 app")},
			"INTERNAL app 1000-1500"},
		{"start inferred from the client's end", []string{at("cr@1500 web"), span}, "CLIENT web 1000-1500"},
		{"start inferred from the server's end", []string{at("ss@1500 web"), span}, "SERVER web 1000-1500"},
		{"both starts inferred", []string{at("cr@1500 web", "ss@1500 app"), span},
			"CLIENT web 1000-1500\nSERVER app 1000-1500 of a"},
		{"client's begin alone", []string{at("cs@1000 web")}, "CLIENT web 1000-1000"},
		{"client's end alone", []string{at("cr@1500 web")}, "CLIENT web 1500-1500 cr@1500"},
		{"client's end with other timing", []string{at("cr@1300 web"), span}, "CLIENT web 1000-1500 cr@1300"},
		{"client's begin, server's end", []string{at("cs@1000 web", "ss@1400 app")},
			"CLIENT web 1000-1000\nSERVER app 1400-1400 of a ss@1400"},
		{"core annotations made nowhere", []string{at("cs@1000", "cr@1500"), span}, "INTERNAL unknown_service 1000-1500 cs@1000 cr@1500"},
		{"local", []string{at("a@1100 app"), span}, "INTERNAL app 1000-1500 a@1100"},
		{"message sent", []string{at("ms@1000 app", "ws@1200 app")}, "PRODUCER app 1000-1200"},
		{"message sent, no more known", []string{at("ms@1000 app")}, "PRODUCER app 1000-1000"},
		{"message received", []string{at("wr@1100 app", "mr@1300 app")}, "CONSUMER app 1100-1300"},
		{"message received at once", []string{at("mr@1300 app")}, "CONSUMER app 1300-1300"},
		{"message received, timed", []string{at("mr@1000 app"), span}, "CONSUMER app 1000-1500"},
		{"both ends of a message", []string{at("ms@1000 a", "ws@1050 a", "wr@1100 b", "mr@1300 b")},
			"PRODUCER a 1000-1050\nCONSUMER b 1100-1300 of a"},
		{"both ends of a message in one service", []string{at("ms@1000 a", "mr@1300 a")},
			"PRODUCER a 1000-1000\nCONSUMER a 1300-1300 of a"},
		{"stray wire annotations", []string{at("ws@1000 app", "wr@1500 app"), span}, "INTERNAL app 1000-1500 ws@1000 wr@1500"},
		{"a core annotation twice", []string{at("cs@900 web", "cs@1000 web", "cr@1500 web")}, "CLIENT web 1000-1500 cs@900"},
		{"a server's end before its begin", []string{at("cs@1000 web", "cr@1500 web", "sr@1400 app", "ss@1100 app")},
			"CLIENT web 1000-1500\nSERVER app 1400-1400 of a"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, told(t, test.members...)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// The timing that a span states is kept where no half has it.
func TestV1KeepsTiming(t *testing.T) {
	s := v1JSON(t, defaults, `{"traceId":"1","id":"a","name":"n","timestamp":900,`+at("cs@1000 web", "cr@1500 web")+`}`).span(t)
	wantTimes(t, s, 1000, 1500)
	wantAttrs(t, attrsOf(t, s.Attributes), attrMap{"ot2otel.start_us": int64(900)})
}

func TestV1Addresses(t *testing.T) { // mapping 5.7, 7
	const client, server, both = "cs@1000 web", "sr@1100 app", "sr@1100 app"
	for _, test := range []struct {
		name    string
		members []string
		want    string
		kept    []any
	}{
		{"server's address", []string{at(client), marks("sa=true db")}, "CLIENT web 1000-1000 -> db", nil},
		{"client's address", []string{at(server), marks("ca=true web"), `"timestamp":1100`}, "SERVER app 1100-1100 -> web", nil},
		{"both, on both halves", []string{at(client, both), marks("sa=1 app2", "ca=1 web2")},
			"CLIENT web 1000-1000 -> app2\nSERVER app 1100-1100 of a -> web2", nil},
		{"Finagle's", []string{at(server), marks("ca=true app:5"), `"timestamp":1100`}, "SERVER app 1100-1100", nil},
		{"the server's own", []string{at(server), marks("ca=true app"), `"timestamp":1100`}, "SERVER app 1100-1100", nil},
		{"broker", []string{at("ms@1000 a"), marks("ma=true kafka")}, "PRODUCER a 1000-1000 -> kafka", nil},
		{"no core annotations, server's", []string{marks("sa=true db", "k=v web"), `"timestamp":1000`},
			"INTERNAL web 1000-1000 -> db", nil},
		{"no core annotations, client's", []string{marks("ca=true web", "k=v app"), `"timestamp":1000`},
			"SERVER app 1000-1000 -> web", nil},
		{"no core annotations, both", []string{marks("ca=true web", "sa=true db"), `"timestamp":1000`},
			"INTERNAL web 1000-1000 -> db", nil},
		{"both, and another host", []string{marks("ca=true web", "sa=true db", "k=v app"), `"timestamp":1000`},
			"INTERNAL app 1000-1000 -> db", []any{"ca=web"}},
		{"a second one", []string{at(client), marks("sa=true db", "sa=true db2:3306")},
			"CLIENT web 1000-1000 -> db", []any{"sa=db2:3306"}},
		{"for nobody", []string{at(server), marks("sa=true db"), `"timestamp":1100`}, "SERVER app 1100-1100", []any{"sa=db"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, told(t, test.members...)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			s := v1JSON(t, defaults, `{"traceId":"1","id":"a",`+strings.Join(test.members, ",")+`}`).spans()[0]
			var want any
			if test.kept != nil {
				want = test.kept
			}
			wantAttrs(t, attrsOf(t, s.Attributes), attrMap{"ot2otel.zipkin.addresses": want})
		})
	}
}

// A tag with the name of an address is one only if it marks an endpoint.
func TestV1TagsNamedAsAddresses(t *testing.T) {
	s := v1JSON(t, defaults, `{"traceId":"1","id":"a","binaryAnnotations":[{"key":"sa","value":"10.0.0.1"},
		{"key":"ca","value":"x","endpoint":{"serviceName":"s"}}]}`).span(t)
	wantAttrs(t, attrsOf(t, s.Attributes), attrMap{"sa": "10.0.0.1", "ca": "x"})
}

func TestV1LocalComponent(t *testing.T) { // mapping 5.7, 8
	for _, test := range []struct {
		tags []string
		want attrMap
	}{
		{[]string{"lc=spring app"}, attrMap{"component": "spring", "lc": nil}},
		{[]string{"lc=spring app", "component=x app"}, attrMap{"component": "x", "lc": "spring"}},
		{[]string{"lc= app"}, attrMap{"component": nil, "lc": nil}},
	} {
		r := v1JSON(t, defaults, `{"traceId":"1","id":"a",`+marks(test.tags...)+`}`)
		wantAttrs(t, attrsOf(t, r.span(t).Attributes), test.want)
		wantAttrs(t, r.resource(t), attrMap{"service.name": "app"})
	}
}

func TestV1Types(t *testing.T) { // mapping 5.7, 10
	for _, test := range []struct {
		members string
		want    any
		odd     bool
	}{
		{`"value":"x"`, "x", false},
		{`"value":7`, int64(7), false},
		{`"value":true`, true, false},
		{`"value":"7","type":"I64"`, int64(7), false},
		{`"value":7.0,"type":"I16"`, int64(7), false},
		{`"value":7,"type":"DOUBLE"`, 7.0, false},
		{`"value":"0.5","type":"DOUBLE"`, 0.5, false},
		{`"value":"true","type":"BOOL"`, true, false},
		{`"value":"AP8=","type":"BYTES"`, []byte("\x00\xff"), false},
		{`"value":"x","type":"STRING"`, "x", false},
		{`"type":"I64","value":"x"`, "x", true},
		{`"value":"!","type":"BYTES"`, "!", true},
		{`"value":"x","type":"UUID"`, "x", true},
		{`"value":null`, "", true},
		{`"value":[1]`, "[1]", true},
		{`"nothing":1`, "", false},
	} {
		s := v1JSON(t, defaults, `{"traceId":"1","id":"a","name":"n","timestamp":5,"binaryAnnotations":[{"key":"k",`+test.members+`}]}`).span(t)
		got := attrsOf(t, s.Attributes)
		wantAttrs(t, got, attrMap{"k": test.want})
		if noted := got["ot2otel.notes"] != nil; noted != test.odd {
			t.Errorf("%s: notes %v", test.members, got["ot2otel.notes"])
		}
	}
}

// A tag goes to the half whose endpoint it has (mapping 5.7, 11); one of a
// third service makes a third half, which cannot have the same id.
func TestV1ThirdHost(t *testing.T) {
	got := told(t, at("cs@1000 web", "cr@1500 web", "x@1200 proxy"), marks("k=v proxy"))
	if want := "CLIENT web 1000-1500\nINTERNAL proxy 1200-1200 of a x@1200"; got != want {
		t.Errorf("got %s", got)
	}
}

// v1 and v2 members in one span are both read, on either path.
func TestMixedVersions(t *testing.T) {
	span := `{"traceId":"1","id":"a","kind":"CLIENT","timestamp":1000,"duration":5,"localEndpoint":{"serviceName":"web"},
		"tags":{"a":"1"},` + at("x@1002 web") + "," + marks("b=2 web", "sa=true db") + `}`
	for _, f := range []translate.Format{translate.ZipkinV1JSON, translate.ZipkinV2JSON} {
		r := translated(t, defaults, f, list([]string{span}))
		s := r.span(t)
		wantAttrs(t, attrsOf(t, s.Attributes), attrMap{"a": "1", "b": "2", "peer.service": "db"})
		if s.Kind != clientKind || r.service(t, s) != "web" || len(s.Events) != 1 {
			t.Errorf("%v: %v", f, s)
		}
		wantTimes(t, s, 1000, 1005)
	}
}

// With sharing kept, both halves have the one id that the span had.
func TestV1KeepSharedIDs(t *testing.T) {
	r := v1JSON(t, translate.Config{KeepSharedIDs: true}, sharedV1)
	for _, kind := range []tracepb.Span_SpanKind{clientKind, serverKind} {
		if s := r.spanOf(t, kind); short(s.SpanId) != "a" {
			t.Errorf("%v: id %x", kind, s.SpanId)
		}
	}
	wantAttrs(t, attrsOf(t, r.spanOf(t, serverKind).Attributes), attrMap{"ot2otel.zipkin.shared": true})
}
