package translate

import (
	"net/netip"
	"net/url"
	"strings"
	"testing"
)

var urlSeeds = []string{
	"https://u:p@h:8443/a%20b?x=1#f", "http://h", "http://h/", "http://h?", "http://h?x#f?y", "http://h#/a?x", "HTTP://H:80",
	"http://[::1]:80/", "http://[1::1.2.3.4]/", "http://[1.2.3.4]/", "http://[fe80::1%25en0]/", "http://[::1", "http://h:/", "http://h:http/", "http://a:1:2/", "http://:80/",
	"http:///a", "http://u@h@i/", "http://%41/", "http://%e4/", "http://h/%zz", "http://h/a b", "http://h/\n", "file:///a",
	"mailto:a@b", "/a?x=1", "//h/a", "a/b", "?x", "", "1http://h/", "a+b-c.d://h/", "mongodb://a:1,b:2/db", "http://a,b/", "http://h/?a?b",
}

// What net/url takes for an absolute URL with an ordinary host, splitURL takes
// for one with the same parts.
func FuzzSplitURL(f *testing.F) {
	for _, s := range urlSeeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := splitURL(s)
		if ok && got.scheme == "" {
			checkReference(t, s, got)
			return
		}
		want, err := url.Parse(s)
		if err != nil || want.Scheme == "" || !strings.Contains(s, "://") || want.Opaque != "" {
			return
		}
		if !ok {
			if host := want.Hostname(); isIP(host) || isHostName(host) {
				t.Fatalf("splitURL(%q) refuses what net/url takes: %#v", s, want)
			}
			return
		}
		checkURL(t, s, got, want)
	})
}

func checkURL(t *testing.T, s string, got urlParts, want *url.URL) {
	t.Helper()
	host, _ := url.PathUnescape(got.host)
	path, _ := url.PathUnescape(got.path)
	if !strings.EqualFold(got.scheme, want.Scheme) || host != want.Hostname() || got.port != want.Port() ||
		path != want.Path || got.query != want.RawQuery {
		t.Fatalf("splitURL(%q) = %#v, net/url has %#v", s, got, want)
	}
}

// checkReference checks what splitURL takes for a path with a query.
func checkReference(t *testing.T, s string, got urlParts) {
	t.Helper()
	s, _, _ = strings.Cut(s, "#")
	whole := got.path + "?" + got.query
	if got.host != "" || got.port != "" || !strings.HasPrefix(got.path, "/") || whole != s && whole != s+"?" {
		t.Fatalf("splitURL(%q) = %#v", s, got)
	}
}

// Redaction leaves nothing of the credentials that net/url finds, and nothing else changes.
func FuzzRedactUserinfo(f *testing.F) {
	for _, s := range urlSeeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var scratch text
		clean := scratch.redactUserinfo(s)
		if again := scratch.redactUserinfo(clean); again != clean {
			t.Fatalf("%q is redacted to %q, which is redacted to %q", s, clean, again)
		}
		want, err := url.Parse(s)
		if err != nil || want.Host == "" || want.User == nil || !strings.Contains(s, "://") {
			return
		}
		got, err := url.Parse(clean)
		if err != nil {
			t.Fatalf("%q is redacted to %q: %v", s, clean, err)
		}
		if password, _ := got.User.Password(); password != "" && password != redacted || got.User.Username() != "" && got.User.Username() != redacted {
			t.Fatalf("%q is redacted to %q", s, clean)
		}
		got.User, want.User = nil, nil
		if *got != *want {
			t.Fatalf("%q is redacted to %q: more than the credentials changes", s, clean)
		}
	})
}

func FuzzIsIP(f *testing.F) {
	for _, s := range []string{"1.2.3.4", "::1", "fe80::1%en0", "1.2.3", "host-1", "::ffff:1.2.3.4", "1:2", "1.2.3.4%1", "::1%", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		_, err := netip.ParseAddr(s)
		if got := isIP(s); got != (err == nil) && !strings.Contains(s, ":") || err == nil && !got {
			t.Errorf("isIP(%q) = %v, netip: %v", s, got, err)
		}
	})
}
