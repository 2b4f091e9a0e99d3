package translate_test

import (
	"testing"

	"github.com/ot2otel/ot2otel/translate"
)

func TestZipkinEndpoints(t *testing.T) { // Z-12 to Z-18
	for _, test := range []struct {
		name, members string
		want          attrMap
		note          string
	}{
		{"local", `"localEndpoint":{"ipv4":"10.0.0.1","port":80}`, attrMap{
			"network.local.address": "10.0.0.1", "network.local.port": int64(80),
		}, ""},
		{"IPv6 alone", `"localEndpoint":{"ipv6":"2001:db8::1"}`, attrMap{
			"network.local.address": "2001:db8::1", "ot2otel.zipkin.local.ipv6": nil,
		}, ""},
		{"both", `"remoteEndpoint":{"ipv6":"2001:db8::1","ipv4":"10.0.0.1"}`, attrMap{
			"network.peer.address": "10.0.0.1", "ot2otel.zipkin.remote.ipv6": "2001:db8::1",
		}, ""},
		{"IPv4 as IPv6", `"localEndpoint":{"ipv6":"::ffff:10.0.0.1"}`, attrMap{"network.local.address": "10.0.0.1"}, ""},
		{"IPv4 twice", `"localEndpoint":{"ipv4":"10.0.0.1","ipv6":"::FFFF:10.0.0.1"}`, attrMap{
			"network.local.address": "10.0.0.1", "ot2otel.zipkin.local.ipv6": nil,
		}, ""},
		{"IPv6 as IPv4", `"localEndpoint":{"ipv4":"::1"}`, attrMap{"network.local.address": "::1"}, ""},
		{"zone", `"localEndpoint":{"ipv6":"fe80::1%eth0"}`, attrMap{"network.local.address": "fe80::1%eth0"}, ""},
		{"a name for an address", `"localEndpoint":{"ipv4":"h1","ipv6":"::1"}`, attrMap{
			"network.local.address": "::1", "ot2otel.zipkin.local.ipv4": "h1",
		}, "ip.invalid"},
		{"a number for an address", `"remoteEndpoint":{"ipv4":7}`, attrMap{"ot2otel.zipkin.remote.ipv4": "7"}, "ip.invalid"},
		{"not UTF-8", "\"remoteEndpoint\":{\"ipv4\":\"\xff\"}", attrMap{"ot2otel.zipkin.remote.ipv4": []byte("\xff")}, "ip.invalid"},
		{"no port", `"localEndpoint":{"port":0},"remoteEndpoint":{"port":-1}`, attrMap{
			"network.local.port": nil, "network.peer.port": nil, "ot2otel.zipkin.remote.port": nil,
		}, ""},
		{"port as text", `"localEndpoint":{"port":"80"}`, attrMap{"network.local.port": int64(80)}, ""},
		{"port out of range", `"localEndpoint":{"port":65536}`, attrMap{
			"network.local.port": nil, "ot2otel.zipkin.local.port": int64(65536),
		}, "port.invalid"},
		{"no number for a port", `"localEndpoint":{"port":"http"}`, attrMap{"ot2otel.zipkin.local.port": "http"}, "port.invalid"},
		{"empty", `"localEndpoint":{},"remoteEndpoint":{"serviceName":""}`, attrMap{"peer.service": nil}, ""},
		{"peer", `"remoteEndpoint":{"serviceName":"db"}`, attrMap{"peer.service": "db", "service.peer.name": "db"}, ""},
		{"peer as tagged", `"remoteEndpoint":{"serviceName":"db"},` + tagsOf("peer.service", "db"), attrMap{
			"peer.service": "db", "service.peer.name": "db", "ot2otel.zipkin.remote.service_name": nil,
		}, ""},
		{"peer tagged otherwise", `"remoteEndpoint":{"serviceName":"db"},` + tagsOf("peer.service", "DB"), attrMap{
			"peer.service": "DB", "service.peer.name": "DB", "ot2otel.zipkin.remote.service_name": "db",
		}, ""},
		{"tags come first", `"remoteEndpoint":{"ipv4":"10.0.0.1","port":81},` + tagsOf("peer.ipv4", "10.0.0.2", "peer.port", "80"), attrMap{
			"network.peer.address": "10.0.0.2", "network.peer.port": int64(80),
			"ot2otel.zipkin.remote.ipv4": "10.0.0.1", "ot2otel.zipkin.remote.port": int64(81),
		}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := attrsOf(t, v2Span(t, test.members).Attributes)
			wantAttrs(t, got, test.want)
			if test.note != "" {
				wantNote(t, got, test.note)
			}
		})
	}
}

// Addresses in the binary formats are bytes: as many as they have to be.
func TestZipkinPackedAddresses(t *testing.T) {
	for _, test := range []struct {
		endpoint string // message Endpoint
		want     attrMap
	}{
		{"\x12\x04\x0a\x00\x00\x01", attrMap{"network.local.address": "10.0.0.1"}},
		{"\x1a\x10\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01", attrMap{"network.local.address": "2001:db8::1"}},
		{"\x1a\x10\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\x0a\x00\x00\x01", attrMap{"network.local.address": "10.0.0.1"}},
		{"\x12\x03\x01\x02\x03", attrMap{"ot2otel.zipkin.local.ipv4": []byte{1, 2, 3}, "network.local.address": nil}},
		{"\x12\x00", attrMap{"network.local.address": nil}},
	} {
		span := "\n\x0812345678\x1a\x0812345678\x42" + string(rune(len(test.endpoint))) + test.endpoint
		payload := "\n" + string(rune(len(span))) + span
		s := translated(t, defaults, translate.ZipkinV2Proto, []byte(payload)).span(t)
		wantAttrs(t, attrsOf(t, s.Attributes), test.want)
	}
}

func TestZipkinOldEndpoints(t *testing.T) {
	s := v2JSON(t, translate.Config{OldEndpoints: true}, v2(
		`"localEndpoint":{"ipv4":"10.0.0.1","port":80},"remoteEndpoint":{"ipv4":"10.0.0.2","port":81}`)).span(t)
	wantAttrs(t, attrsOf(t, s.Attributes), attrMap{
		"net.host.ip": "10.0.0.1", "net.host.port": int64(80), "net.peer.ip": "10.0.0.2", "net.peer.port": int64(81),
		"network.local.address": nil, "network.peer.address": nil,
	})
}
