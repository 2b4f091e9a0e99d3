package translate

import "strings"

// redacted stands in for what rule N-9 takes out of URLs.
const redacted = "REDACTED"

// redactURLs takes credentials out of the URLs of a span (rule N-9), before
// replaced values of them are kept in the residue. It is the only thing that SemconvDup changes about a tag; SemconvRaw changes nothing.
func (t *Translator) redactURLs(a *attrs) {
	if t.config.Semconv == SemconvRaw {
		return
	}
	if !t.config.KeepURLUserinfo {
		t.redact(a, keyHTTPURL, (*text).redactUserinfo)
		t.redact(a, keyURLFull, (*text).redactUserinfo)
	}
	if t.config.RedactURLQuery {
		t.redact(a, keyHTTPURL, (*text).redactURLQuery)
		t.redact(a, keyHTTPTarget, (*text).redactURLQuery)
		t.redact(a, keyURLFull, (*text).redactURLQuery)
		t.redact(a, keyURLQuery, (*text).redactQuery)
	}
}

// redact changes the text of an attribute, and of those with the same key that
// it has replaced: their values may be kept beside it.
func (t *Translator) redact(a *attrs, key keyID, change func(*text, string) string) {
	if !a.has.has(key) {
		return
	}
	for i := int(a.at[key]); i >= 0; i = int(a.list[i].before) - 1 {
		x := &a.list[i]
		if x.kind != kindString {
			continue
		}
		if s := change(&t.text, x.str); s != x.str {
			x.str, x.rule = s, RuleRedact
			t.note(NoteURLRedacted, "")
		}
	}
}

// redactUserinfo replaces user and password in a URL. It does so even if the
// rest is no valid URL: the tag is kept, and credentials are no less secret in it.
func (t *text) redactUserinfo(s string) string {
	if strings.IndexByte(s, '@') < 0 {
		return s
	}
	scheme, rest, ok := cutScheme(s)
	if !ok {
		return s
	}
	authority := rest
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		authority = rest[:end]
	}
	at := strings.LastIndexByte(authority, '@')
	if at <= 0 {
		return s
	}
	stand := redacted
	if strings.IndexByte(authority[:at], ':') >= 0 {
		stand = redacted + ":" + redacted
	}
	if authority[:at] == stand {
		return s
	}
	return t.concat(scheme, "://", stand, rest[at:])
}

// redactURLQuery replaces the values of signatures in the query of a URL.
func (t *text) redactURLQuery(s string) string {
	start := strings.IndexByte(s, '?') + 1
	if start == 0 {
		return s
	}
	end := len(s)
	if fragment := strings.IndexByte(s[start:], '#'); fragment >= 0 {
		end = start + fragment
	}
	query := s[start:end]
	if clean := t.redactQuery(query); clean != query {
		return t.concat(s[:start], clean, s[end:])
	}
	return s
}

// redactQuery replaces the values of signatures in a query.
func (t *text) redactQuery(query string) string {
	mark := len(t.buf)
	for parameter := range strings.SplitSeq(query, "&") {
		name, v, _ := strings.Cut(parameter, "=")
		if v != "" && isSignature(name) {
			parameter = redacted
			t.buf = append(append(t.buf, name...), '=')
		}
		t.buf = append(append(t.buf, parameter...), '&')
	}
	t.buf = t.buf[:len(t.buf)-1]
	return t.since(mark)
}

// isSignature tells whether a query parameter is a credential of object stores and the like.
func isSignature(parameter string) bool {
	switch parameter {
	case "X-Amz-Signature", "X-Amz-Credential", "X-Amz-Security-Token", "sig", "X-Goog-Signature":
		return true
	}
	return false
}
