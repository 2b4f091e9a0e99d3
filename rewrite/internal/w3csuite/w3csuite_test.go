package w3csuite

import (
	"net/http"
	"strings"
	"testing"
)

// TestCases shows that there are 41 cases, and that each of them fails for a
// service that sends no headers, so none passes by itself.
func TestCases(t *testing.T) {
	cases := Cases()
	if len(cases) != 41 {
		t.Errorf("%d cases, want 41", len(cases))
	}
	names := map[string]bool{}
	for _, c := range cases {
		if names[c.Name] {
			t.Errorf("%s is there twice", c.Name)
		}
		names[c.Name] = true
		silent := func([]Header, int) ([]http.Header, error) { return []http.Header{{}, {}, {}}, nil }
		if err := c.Run(silent); err == nil || !strings.Contains(err.Error(), c.Name) {
			t.Errorf("%s: error %v for a service that sends nothing", c.Name, err)
		}
	}
}

// TestCopier shows that a service that copies what it gets passes few cases.
func TestCopier(t *testing.T) {
	var passed []string
	for _, c := range Cases() {
		err := c.Run(func(request []Header, calls int) (all []http.Header, err error) {
			for range calls {
				h := http.Header{}
				for _, line := range request {
					h.Add(line.Name, strings.Trim(line.Value, " \t"))
				}
				all = append(all, h)
			}
			return all, nil
		})
		if err == nil {
			passed = append(passed, c.Name)
		}
	}
	if len(passed) > 10 {
		t.Errorf("a service that copies passes %d cases: %q", len(passed), passed)
	}
}
