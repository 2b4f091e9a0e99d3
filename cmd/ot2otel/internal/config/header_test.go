package config

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ot2otel/ot2otel/export"
)

// Whatever a header holds, as text it can be read again.
func TestHeadersRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.MapOfN(rapid.StringN(1, 20, -1), rapid.Custom(func(t *rapid.T) export.Secret {
			return export.Secret(rapid.String().Draw(t, "value"))
		}), 1, 5).Draw(t, "headers")
		var got map[string]export.Secret
		if err := headers(&got).Set(showHeaders(want)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b export.Secret) bool { return string(a) == string(b) })); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	})
}
