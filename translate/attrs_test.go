package translate

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// repeated returns attributes with the same known key and the values 0 to n-1.
func repeated(n int64) *attrs {
	a := new(attrs)
	for i := range n {
		a.list = append(a.list, attr{key: "event", id: keyEvent, value: intValue(i)})
	}
	a.settle()
	return a
}

// chain returns the values of the attributes with key event, from the live one on.
func chain(a *attrs) (values []int64) {
	if !a.has.has(keyEvent) {
		return nil
	}
	for i := int(a.at[keyEvent]); i >= 0; i = int(a.list[i].before) - 1 {
		values = append(values, a.list[i].int())
	}
	return values
}

func TestTake(t *testing.T) {
	for pos, want := range [][]int64{{2, 1}, {2, 0}, {1, 0}} {
		a := repeated(3)
		a.take(pos)
		if diff := cmp.Diff(want, chain(a)); diff != "" {
			t.Errorf("without %d (-want +got):\n%s", pos, diff)
		}
		if live := a.get(keyEvent); live.gone {
			t.Errorf("without %d: %d is gone, too", pos, live.int())
		}
	}
	a := repeated(1)
	a.take(0)
	if a.get(keyEvent) != nil {
		t.Error("the only one is still there")
	}
}

func TestRename(t *testing.T) {
	a := repeated(2)
	a.rename(keyEvent, keyMessage)
	x := a.get(keyMessage)
	if x == nil || x.key != "message" || x.int() != 1 || x.from != keyEvent || a.get(keyEvent) != nil {
		t.Errorf("renamed to %+v", x)
	}
	a.rename(keyEvent, keyStack)
	a.derive(keyStack, keyOther, intValue(7), RuleErrorLog)
	a.rename(keyMessage, keyStack)
	if a.get(keyStack).int() != 7 || a.get(keyMessage) == nil {
		t.Error("an attribute was overwritten")
	}
}

func TestDerive(t *testing.T) {
	a := repeated(1)
	if a.derive(keyEvent, keyOther, intValue(7), RuleEvent) || a.get(keyEvent).int() != 0 {
		t.Error("an attribute was overwritten")
	}
	a.remove(keyEvent)
	if !a.derive(keyEvent, keyOther, intValue(7), RuleEvent) || a.get(keyEvent).int() != 7 {
		t.Error("no attribute was derived")
	}
}

func TestFindBeyondScan(t *testing.T) {
	a := new(attrs)
	for i := range 3 * maxScan {
		a.list = append(a.list, attr{key: string(rune('a' + i%50))})
	}
	for _, test := range []struct{ end, want int }{
		{3 * maxScan, 52}, {53, 52}, {52, 2}, {3, 2}, {2, -1},
	} {
		a.forget()
		if got := a.find("c", test.end); got != test.want {
			t.Errorf("before %d: found at %d, want %d", test.end, got, test.want)
		}
	}
}
