package translate

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSemconvRedaction(t *testing.T) { // rule N-9
	const amz = "https://s3/b?X-Amz-Signature=abc&k=v&sig="
	const gcs = "/b?&X-Goog-Signature=abc&&sig=d#sig=e"
	for _, c := range []struct {
		name   string
		config Config
		key    string
		in     string
		want   string
		notes  []string
	}{
		{name: "user and password", key: "http.url", in: "https://u:p@h/a", want: "https://REDACTED:REDACTED@h/a", notes: []string{"url.redacted"}},
		{name: "password with an at sign", key: "http.url", in: "https://u:p@ss@h/a", want: "https://REDACTED:REDACTED@h/a", notes: []string{"url.redacted"}},
		{name: "password alone", key: "http.url", in: "https://:p@h/a", want: "https://REDACTED:REDACTED@h/a", notes: []string{"url.redacted"}},
		{name: "token", key: "http.url", in: "https://t@h/a", want: "https://REDACTED@h/a", notes: []string{"url.redacted"}},
		{name: "a URL that is not valid", key: "http.url", in: "https://u:p@h:port/a", want: "https://REDACTED:REDACTED@h:port/a", notes: []string{"url.redacted"}},
		{name: "url.full from the client", key: "url.full", in: "https://u:p@h/a", want: "https://REDACTED:REDACTED@h/a", notes: []string{"url.redacted"}},
		{name: "redacted before", key: "http.url", in: "https://REDACTED:REDACTED@h/a", want: "https://REDACTED:REDACTED@h/a"},
		{name: "at sign in the path", key: "http.url", in: "https://h/@a:b", want: "https://h/@a:b"},
		{name: "at sign in the query", key: "http.url", in: "https://h?m=a:b@c", want: "https://h?m=a:b@c"},
		{name: "nobody", key: "http.url", in: "https://@h/a", want: "https://@h/a"},
		{name: "not a URL", key: "http.url", in: "u:p@h", want: "u:p@h"},
		{name: "switched off", config: Config{KeepURLUserinfo: true}, key: "http.url", in: "https://u:p@h/a", want: "https://u:p@h/a"},
		{name: "raw mode", config: Config{Semconv: SemconvRaw}, key: "http.url", in: "https://u:p@h/a", want: "https://u:p@h/a"},
		{name: "signatures stay", key: "http.url", in: amz, want: amz},
		{name: "signatures", config: Config{RedactURLQuery: true}, key: "http.url", in: amz,
			want: "https://s3/b?X-Amz-Signature=REDACTED&k=v&sig=", notes: []string{"url.redacted"}},
		{name: "signatures in http.target", config: Config{RedactURLQuery: true}, key: "http.target", in: gcs,
			want: "/b?&X-Goog-Signature=REDACTED&&sig=REDACTED#sig=e", notes: []string{"url.redacted"}},
		{name: "signatures in url.query", config: Config{RedactURLQuery: true}, key: "url.query", in: "a=1&sig=x",
			want: "a=1&sig=REDACTED", notes: []string{"url.redacted"}},
		{name: "nothing to redact", config: Config{RedactURLQuery: true}, key: "http.url", in: "https://h/?signal=1&SIG=2", want: "https://h/?signal=1&SIG=2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tr := New(c.config)
			a := attrsOf(tags{c.key: c.in})
			tr.redactURLs(a)
			tr.applySemconv(a, kindClient)
			if got, _ := a.text(keyOf(c.key)); got != c.want {
				t.Errorf("%s is %q, want %q", c.key, got, c.want)
			}
			if full, ok := a.text(keyURLFull); ok && full != c.want {
				t.Errorf("url.full is %q, want %q", full, c.want)
			}
			if diff := cmp.Diff(c.notes, notesOf(tr)); diff != "" {
				t.Errorf("notes (-want +got):\n%s", diff)
			}
		})
	}
}

// Earlier values of a repeated http.url are kept, too: credentials in them are
// no less secret.
func TestSemconvRedactionOfRepeats(t *testing.T) {
	tr := New(Config{})
	a := new(attrs)
	a.list = append(a.list, tagOf("http.url", "http://u:p@a/"), tagOf("http.url", "http://b/"))
	a.settle()
	tr.redactURLs(a)
	if got, want := a.list[0].str, "http://REDACTED:REDACTED@a/"; got != want {
		t.Errorf("the earlier value is %q, want %q", got, want)
	}
}
