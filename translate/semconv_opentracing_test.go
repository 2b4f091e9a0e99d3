package translate

import "testing"

func TestSemconvOpenTracingTags(t *testing.T) { // mapping 6.2
	testSemconv(t, []semconvCase{
		{name: "component", in: tags{"component": "net/http"}},
		{name: "db.instance", in: tags{"db.instance": "customers"}, adds: tags{"db.namespace": "customers"}, moves: []string{"db.instance"}},
		{name: "db.instance of redis stays text", in: tags{"db.instance": "0"}, adds: tags{"db.namespace": "0"}, moves: []string{"db.instance"}},
		{name: "db.instance as a number", in: tags{"db.instance": 0.0}},
		{name: "db.statement", in: tags{"db.statement": "SELECT 1"}, adds: tags{"db.query.text": "SELECT 1"}, moves: []string{"db.statement"}},
		{name: "db.type", in: tags{"db.type": "mysql"}, adds: tags{"db.system.name": "mysql"}, moves: []string{"db.type"}},
		{name: "db.user", in: tags{"db.user": "u"}},
		{name: "http.method", in: tags{"http.method": "GET"}, adds: tags{"http.request.method": "GET"}, moves: []string{"http.method"}},
		{name: "http.method in lower case", in: tags{"http.method": "get"},
			adds: tags{"http.request.method": "GET", "http.request.method_original": "get"}},
		{name: "http.method unknown", in: tags{"http.method": "FOO"},
			adds: tags{"http.request.method": "_OTHER", "http.request.method_original": "FOO"}},
		{name: "http.method QUERY", in: tags{"http.method": "QUERY"}, adds: tags{"http.request.method": "QUERY"}, moves: []string{"http.method"}},
		{name: "http.method known by configuration", config: Config{HTTPMethods: []string{"PURGE"}}, in: tags{"http.method": "PURGE"},
			adds: tags{"http.request.method": "PURGE"}, moves: []string{"http.method"}},
		{name: "http.method unknown by configuration", config: Config{HTTPMethods: []string{"PURGE"}}, in: tags{"http.method": "GET"},
			adds: tags{"http.request.method": "_OTHER", "http.request.method_original": "GET"}},
		{name: "http.method empty", in: tags{"http.method": ""}},
		{name: "http.method as a bool", in: tags{"http.method": true}},
		{name: "http.status_code", in: tags{"http.status_code": 200}, adds: tags{"http.response.status_code": 200}, moves: []string{"http.status_code"}},
		{name: "http.status_code as a double", in: tags{"http.status_code": 200.0}, adds: tags{"http.response.status_code": 200}},
		{name: "http.status_code as digits", in: tags{"http.status_code": " 404 "}, adds: tags{"http.response.status_code": 404}},
		{name: "http.status_code 0", in: tags{"http.status_code": 0}},
		{name: "http.status_code 99", in: tags{"http.status_code": 99}},
		{name: "http.status_code 599", in: tags{"http.status_code": 599}, adds: tags{"http.response.status_code": 599}, moves: []string{"http.status_code"}},
		{name: "http.status_code 999", in: tags{"http.status_code": 999}},
		{name: "http.status_code abc", in: tags{"http.status_code": "abc"}},
		{name: "http.status_code 200.5", in: tags{"http.status_code": 200.5}},
		{name: "message_bus.destination", in: tags{"message_bus.destination": "orders"}, adds: tags{"messaging.destination.name": "orders"}},
		{name: "peer.hostname", kind: kindClient, in: tags{"peer.hostname": "h"}, adds: tags{"server.address": "h"}, moves: []string{"peer.hostname"}},
		{name: "peer.hostname at the server", kind: kindServer, in: tags{"peer.hostname": "h"}, adds: tags{"client.address": "h"}, moves: []string{"peer.hostname"}},
		{name: "peer.hostname empty", in: tags{"peer.hostname": ""}},
		{name: "peer.ipv4", in: tags{"peer.ipv4": "10.0.0.1"}, adds: tags{"network.peer.address": "10.0.0.1"}, moves: []string{"peer.ipv4"}},
		{name: "peer.ipv4 that is none", in: tags{"peer.ipv4": "localhost"}},
		{name: "peer.ipv6", in: tags{"peer.ipv6": "2001:db8::1"}, adds: tags{"network.peer.address": "2001:db8::1"}, moves: []string{"peer.ipv6"}},
		{name: "peer.ipv6 in 16 bytes", in: tags{"peer.ipv6": []byte("\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01")},
			adds: tags{"network.peer.address": "2001:db8::1"}},
		{name: "peer.ipv6 in 15 bytes", in: tags{"peer.ipv6": []byte("\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00")}},
		{name: "peer.ipv6 beside peer.ipv4", in: tags{"peer.ipv6": "::1", "peer.ipv4": "10.0.0.1"},
			adds: tags{"network.peer.address": "10.0.0.1"}, moves: []string{"peer.ipv4"}},
		{name: "peer.port alone", in: tags{"peer.port": 80}, adds: tags{"network.peer.port": 80}, moves: []string{"peer.port"}},
		{name: "peer.port as a double", in: tags{"peer.port": 80.0}, adds: tags{"network.peer.port": 80}},
		{name: "peer.port as digits", in: tags{"peer.port": "80"}, adds: tags{"network.peer.port": 80}},
		{name: "peer.port 0", in: tags{"peer.port": 0, "peer.hostname": "h"}, adds: tags{"server.address": "h"}, moves: []string{"peer.hostname"}},
		{name: "peer.port 65536", in: tags{"peer.port": 65536}},
		{name: "peer.port beside a stable address", kind: kindServer, in: tags{"peer.port": 80, "client.address": "h"},
			adds: tags{"network.peer.port": 80, "client.port": 80}, moves: []string{"peer.port"}},
		{name: "peer.service", in: tags{"peer.service": "pay"}, adds: tags{"service.peer.name": "pay"}},
		{name: "sampling.priority", in: tags{"sampling.priority": 1}},
	})
}

// Rule J-36 makes text of an address that was sent as a number; the number
// stays among the earlier values of the key.
func TestSemconvPackedIPv4(t *testing.T) {
	for _, packed := range []any{16909060, 16909060.0} {
		tr, a := New(Config{}), attrsOf(tags{"peer.ipv4": packed})
		tr.unpackIP(a, keyPeerIPv4)
		tr.normalise(a)
		tr.applySemconv(a, kindClient)
		for _, id := range []keyID{keyPeerIPv4, keyNetworkPeerAddress} {
			if got, _ := a.text(id); got != "1.2.3.4" {
				t.Errorf("%v: %s is %q, want 1.2.3.4", packed, keyNames[id], got)
			}
		}
		if a.find("ot2otel.dup.peer.ipv4", len(a.list)) < 0 {
			t.Errorf("%v is not kept", packed)
		}
	}
}

func TestSemconvPeerAddress(t *testing.T) { // mapping 6.2, peer.address
	in := func(s string) tags { return tags{"peer.address": s} }
	testSemconv(t, []semconvCase{
		{name: "ip", in: in("10.0.0.1"), adds: tags{"network.peer.address": "10.0.0.1"}},
		{name: "ip:port", in: in("10.0.0.1:80"), adds: tags{"network.peer.address": "10.0.0.1", "network.peer.port": 80}},
		{name: "v6", in: in("::1"), adds: tags{"network.peer.address": "::1"}},
		{name: "[v6]:port", in: in("[::1]:80"), adds: tags{"network.peer.address": "::1", "network.peer.port": 80}},
		{name: "host", in: in("redis-1"), adds: tags{"server.address": "redis-1"}},
		{name: "host:port", in: in("redis-1:6379"), adds: tags{"server.address": "redis-1", "server.port": 6379}},
		{name: "host:port at the server", kind: kindServer, in: in("web:80"), adds: tags{"client.address": "web", "client.port": 80}},
		{name: "scheme", in: in("redis://:pw@cache:6379/0"), adds: tags{"server.address": "cache", "server.port": 6379}},
		{name: "jdbc", in: in("jdbc:mysql://db:3306/shop?user=u"), adds: tags{"server.address": "db", "server.port": 3306}},
		{name: "jdbc with semicolons", in: in("jdbc:sqlserver://db;databaseName=x"), adds: tags{"server.address": "db"}},
		{name: "port out of range", in: in("db:70000"), adds: tags{"server.address": "db"}},
		{name: "negative port", in: in("localhost:-1")},
		{name: "list", in: in("a:9092,b:9092")},
		{name: "path of a socket", in: in("/var/run/x.sock")},
		{name: "text", in: in("the one next door")},
		{name: "empty", in: in("")},
		{name: "number", in: tags{"peer.address": 16909060}},
		{name: "port beside it", in: tags{"peer.address": "db", "peer.port": 3306},
			adds: tags{"server.address": "db", "server.port": 3306, "network.peer.port": 3306}, moves: []string{"peer.port"}},
		{name: "another ip beside it", in: tags{"peer.address": "10.0.0.1:80", "peer.ipv4": "10.0.0.2"},
			adds: tags{"network.peer.address": "10.0.0.2"}, moves: []string{"peer.ipv4"}, notes: []string{"semconv.conflict:peer.address"}},
		{name: "another host beside it", in: tags{"peer.address": "db:3306", "peer.hostname": "proxy"},
			adds: tags{"server.address": "proxy"}, moves: []string{"peer.hostname"}, notes: []string{"semconv.conflict:peer.address"}},
	})
}

func TestSemconvURL(t *testing.T) { // mapping 6.2, http.url
	url := func(s string) tags { return tags{"http.url": s} }
	gone := []string{"http.url"}
	testSemconv(t, []semconvCase{
		{name: "client", kind: kindClient, in: url("https://h:8443/a%20b?x=1#f"),
			adds: tags{"url.full": "https://h:8443/a%20b?x=1#f", "server.address": "h", "server.port": 8443}, moves: gone},
		{name: "server", kind: kindServer, in: url("http://h/a%2Fb?x=1#f"), adds: tags{
			"url.full": "http://h/a%2Fb?x=1#f", "url.scheme": "http", "url.path": "/a%2Fb", "url.query": "x=1",
			"server.address": "h", "server.port": 80}, moves: gone},
		{name: "port of https", kind: kindClient, in: url("HTTPS://h"), adds: tags{"url.full": "HTTPS://h", "server.address": "h", "server.port": 443}, moves: gone},
		{name: "scheme in upper case", kind: kindServer, in: url("HTTP://h"),
			adds: tags{"url.full": "HTTP://h", "url.scheme": "http", "server.address": "h", "server.port": 80}, moves: gone},
		{name: "no port known", kind: kindClient, in: url("grpc://h/a"), adds: tags{"url.full": "grpc://h/a", "server.address": "h"}, moves: gone},
		{name: "port out of range", kind: kindClient, in: url("http://h:99999/"), adds: tags{"url.full": "http://h:99999/", "server.address": "h"}, moves: gone},
		{name: "IPv6", kind: kindClient, in: url("http://[::1]:80/"), adds: tags{"url.full": "http://[::1]:80/", "server.address": "::1", "server.port": 80}, moves: gone},
		{name: "no host", kind: kindClient, in: url("file:///etc/hosts"), adds: tags{"url.full": "file:///etc/hosts"}, moves: gone},
		{name: "relative, client", kind: kindClient, in: url("/a?x=1"), adds: tags{"url.path": "/a", "url.query": "x=1"}},
		{name: "relative, server", kind: kindServer, in: url("/a?x#f"), adds: tags{"url.path": "/a", "url.query": "x"}},
		{name: "relative, empty query", kind: kindServer, in: url("/a?"), adds: tags{"url.path": "/a"}},
		{name: "no slash", in: url("h/a?x=1")},
		{name: "no scheme", in: url("localhost:8080/a")},
		{name: "network path", in: url("//h/a")},
		{name: "bad host", in: url("http://{host}/a")},
		{name: "host of a socket", in: url("http+unix://%2Fvar%2Frun%2Fx.sock/info")},
		{name: "bad port", in: url("http://h:http/a")},
		{name: "control character", in: url("http://h/a\nb")},
		{name: "empty", in: url("")},
		{name: "number", in: tags{"http.url": 7}},
		{name: "host and port are there", kind: kindClient,
			in:   tags{"http.url": "http://h/a", "server.address": "proxy", "server.port": 3128},
			adds: tags{"url.full": "http://h/a"}, moves: gone},
		{name: "port of another host", kind: kindClient,
			in:   tags{"http.url": "http://h/a", "peer.hostname": "proxy"},
			adds: tags{"url.full": "http://h/a", "server.address": "proxy"}, moves: []string{"http.url", "peer.hostname"}},
		{name: "port of the peer", kind: kindClient,
			in:    tags{"http.url": "http://h/a", "peer.hostname": "h", "peer.port": 8080},
			adds:  tags{"url.full": "http://h/a", "server.address": "h", "server.port": 8080, "network.peer.port": 8080},
			moves: []string{"http.url", "peer.hostname", "peer.port"}},
	})
}
