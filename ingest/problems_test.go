package ingest

import (
	"regexp"
	"slices"
	"testing"
)

func TestProblemsAreDocumentedOnce(t *testing.T) {
	form := regexp.MustCompile(`^OT2-I\d{3}$`)
	seen := make(map[string]bool)
	for _, p := range Problems {
		if !form.MatchString(p.ID) || seen[p.ID] {
			t.Errorf("id %q is malformed or taken", p.ID)
		}
		seen[p.ID] = true
		if p.Summary == "" || p.Cause == "" || p.Fix == "" {
			t.Errorf("%s lacks a text: %+v", p.ID, p)
		}
	}
}

func TestEveryRefusalHasADocumentedProblem(t *testing.T) {
	for _, reason := range slices.Concat(packetReasons.refused, packetReasons.dropped, requestReasons.refused) {
		if p := problemOf(reason); !slices.Contains(Problems, p) {
			t.Errorf("the problem of reason %s, %s, is not in Problems", reason, p.ID)
		}
	}
}
