package fault

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/ot2otel/ot2otel/internal/problem"
)

func TestErrors(t *testing.T) {
	cause := errors.New("cause")
	a := Errorf(problem.Problem{ID: "OT2-A001"}, "a: %w", cause)
	b := Errorf(problem.Problem{ID: "OT2-B001"}, "b")
	if a.Error() != "a: cause  [OT2-A001]" || !errors.Is(a, cause) {
		t.Errorf("a is %v", a)
	}
	joined := errors.Join(a, nil, errors.Join(b, cause), fmt.Errorf("wrapped: %w", a))
	if got := IDs(joined); !slices.Equal(got, []string{"OT2-A001", "OT2-B001"}) {
		t.Errorf("ids are %q", got)
	}
	if got := len(Each(joined)); got != 4 {
		t.Errorf("%d errors were joined", got)
	}
	if Each(nil) != nil || IDs(nil) != nil {
		t.Error("no error is one")
	}
}
