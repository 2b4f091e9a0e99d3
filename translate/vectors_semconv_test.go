package translate_test

import "testing"

// The mapping's vectors about semantic conventions, with Jaeger's input.

func TestVector37Method(t *testing.T) {
	for method, want := range map[string]attrMap{
		"get": {"http.request.method": "GET", "http.request.method_original": "get", "http.method": "get"},
		"FOO": {"http.request.method": "_OTHER", "http.request.method_original": "FOO", "http.method": "FOO"},
	} {
		wantAttrs(t, attrsOf(t, spanResult(t, defaults, withTags("http.method", method)).Attributes), want)
	}
}

func TestVector38URL(t *testing.T) {
	for _, test := range []struct {
		kind, url string
		want      attrMap
	}{
		{"client", "https://u:p@h:8443/a%20b?x=1#f", attrMap{
			"url.full":       "https://REDACTED:REDACTED@h:8443/a%20b?x=1#f",
			"http.url":       "https://REDACTED:REDACTED@h:8443/a%20b?x=1#f",
			"server.address": "h", "server.port": int64(8443),
		}},
		{"server", "http://h/a?x=1", attrMap{
			"url.scheme": "http", "url.path": "/a", "url.query": "x=1", "server.port": int64(80),
		}},
		{"server", "/a?x", attrMap{"url.path": "/a", "url.query": "x", "url.full": nil}},
	} {
		s := spanResult(t, defaults, withTags("span.kind", test.kind, "http.url", test.url))
		wantAttrs(t, attrsOf(t, s.Attributes), test.want)
	}
}

func TestVector39PeerSide(t *testing.T) {
	for kind, want := range map[string]attrMap{
		"client": {"server.address": "h", "server.port": int64(80), "network.peer.port": int64(80)},
		"server": {"client.address": "h", "client.port": int64(80)},
	} {
		s := spanResult(t, defaults, withTags("span.kind", kind, "peer.hostname", "h", "peer.port", 80))
		wantAttrs(t, attrsOf(t, s.Attributes), want)
	}
}

func TestVector40DB(t *testing.T) {
	s := spanResult(t, defaults,
		withTags("db.type", "sql", "db.instance", "customers", "db.statement", "SELECT 1", "db.user", "u"))
	wantAttrs(t, attrsOf(t, s.Attributes), attrMap{
		"db.system.name": "other_sql", "db.namespace": "customers", "db.query.text": "SELECT 1",
		"db.type": "sql", "db.instance": "customers", "db.statement": "SELECT 1", "db.user": "u",
	})
	s = spanResult(t, defaults, withTags("db.type", "Postgres"))
	wantAttrs(t, attrsOf(t, s.Attributes), attrMap{"db.system.name": "postgresql"})
}
