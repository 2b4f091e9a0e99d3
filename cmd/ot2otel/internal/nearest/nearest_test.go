package nearest

import "testing"

func TestOf(t *testing.T) {
	words := []string{"semconv", "listen_host", "links", "log"}
	for name, want := range map[string]string{
		"semconf":     "semconv",
		"SEMCONV":     "semconv",
		"esmconv":     "semconv", // two neighbours swapped
		"listenhost":  "listen_host",
		"listen-host": "listen_host",
		"lnks":        "links",
		"queue":       "",
		"":            "",
		"xxxxxxxxxxx": "",
	} {
		if got := Of(name, words); got != want {
			t.Errorf("Of(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"abc", "abc", 0},
		{"abc", "acb", 1}, {"abc", "abd", 1}, {"abc", "abcd", 1}, {"kitten", "sitting", 3},
	} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
