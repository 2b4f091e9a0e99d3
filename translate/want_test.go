package translate_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
)

// wantAttrs checks that got has every attribute of want; one that is to be
// absent is nil in want.
func wantAttrs(t *testing.T, got, want attrMap) {
	t.Helper()
	for key, v := range want {
		if diff := cmp.Diff(v, got[key]); diff != "" {
			t.Errorf("attribute %s (-want +got):\n%s", key, diff)
		}
	}
}

func wantStatus(t *testing.T, s *tracepb.Span, code tracepb.Status_StatusCode, message string) {
	t.Helper()
	if s.Status.GetCode() != code || s.Status.GetMessage() != message {
		t.Errorf("status %v %q, want %v %q", s.Status.GetCode(), s.Status.GetMessage(), code, message)
	}
}

func wantNote(t *testing.T, got attrMap, note string) {
	t.Helper()
	notes, _ := got["ot2otel.notes"].([]any)
	for _, n := range notes {
		if n == note {
			return
		}
	}
	t.Errorf("notes %v, want %q among them", notes, note)
}
