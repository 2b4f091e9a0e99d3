package config

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/nearest"
)

// A Value is a place in a Config together with its type: how it is read from
// text and shown as text. What String returns, Set takes.
type Value interface {
	Set(text string) error
	String() string
	Type() string // the type's name in help: "size", "debug|info|warn|error"
}

// A place is a Value for any type that has a reading and a showing function.
type place[T any] struct {
	at    *T
	name  string
	parse func(string) (T, error)
	show  func(T) string
}

func (p place[T]) Set(text string) error {
	v, err := p.parse(strings.TrimSpace(text))
	if err == nil {
		*p.at = v
	}
	return err
}

func (p place[T]) String() string { return p.show(*p.at) }
func (p place[T]) Type() string   { return p.name }

func text(at *string) Value {
	return place[string]{at, "text", func(s string) (string, error) { return s, nil }, func(s string) string { return s }}
}

func boolean(at *bool) Value { return place[bool]{at, "bool", parseBool, strconv.FormatBool} }

// negated is a bool whose place holds the opposite of what is written.
func negated(at *bool) Value {
	parse := func(s string) (bool, error) { v, err := parseBool(s); return !v, err }
	return place[bool]{at, "bool", parse, func(v bool) string { return strconv.FormatBool(!v) }}
}

func parseBool(s string) (bool, error) {
	v, err := strconv.ParseBool(strings.ToLower(s))
	if err != nil {
		return false, fmt.Errorf("%q is neither true nor false", s)
	}
	return v, nil
}

// number is a whole number in a range.
func number(at *int, least, most int) Value {
	return place[int]{at, "number", func(s string) (int, error) {
		n, err := strconv.Atoi(s)
		if err != nil {
			return 0, fmt.Errorf("%q is not a whole number", s)
		}
		return n, within(n, least, most, strconv.Itoa)
	}, strconv.Itoa}
}

// duration is a length of time, such as 200ms or 1m30s.
func duration(at *time.Duration, least, most time.Duration) Value {
	return place[time.Duration]{at, "duration", func(s string) (time.Duration, error) {
		d, err := time.ParseDuration(s)
		if err != nil {
			return 0, fmt.Errorf("%q is not a duration such as 200ms, 5s or 1m30s", s)
		}
		return d, within(d, least, most, showDuration)
	}, showDuration}
}

// timeLimit is a duration that 0 does not bound, which its place says with -1.
func timeLimit(at *time.Duration, most time.Duration) Value {
	var d time.Duration
	limit := duration(&d, 0, most)
	return place[time.Duration]{at, limit.Type(), func(s string) (time.Duration, error) {
		if err := limit.Set(s); err != nil || d > 0 {
			return d, err
		}
		return -1, nil
	}, func(d time.Duration) string { return showDuration(max(d, 0)) }}
}

// showDuration leaves out the zero units that time.Duration.String ends with: 5m, not 5m0s.
func showDuration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

func within[T int | time.Duration](v, least, most T, show func(T) string) error {
	if v < least || v > most {
		return fmt.Errorf("%s is not between %s and %s", show(v), show(least), show(most))
	}
	return nil
}

// A choice is a name and what it stands for.
type choice[T any] struct {
	name string
	is   T
}

// oneOf is a value that has one of a few names. The first name of a value is the one shown.
func oneOf[T comparable](at *T, choices ...choice[T]) Value {
	names := make([]string, len(choices))
	for i, c := range choices {
		names[i] = c.name
	}
	return place[T]{at, strings.Join(names, "|"), func(s string) (v T, err error) {
		for _, c := range choices {
			if strings.EqualFold(c.name, s) {
				return c.is, nil
			}
		}
		return v, fmt.Errorf("%q is not one of %s%s", s, strings.Join(names, ", "), nearest.Hint(s, names))
	}, func(v T) string {
		i := slices.IndexFunc(choices, func(c choice[T]) bool { return c.is == v })
		return names[i]
	}}
}

// oneNameOf is oneOf where the name is the value.
func oneNameOf(at *string, names ...string) Value {
	choices := make([]choice[string], len(names))
	for i, n := range names {
		choices[i] = choice[string]{n, n}
	}
	return oneOf(at, choices...)
}

// list is names separated by commas.
func list(at *[]string) Value {
	return place[[]string]{at, "list", func(s string) ([]string, error) {
		var items []string
		for item := range strings.SplitSeq(s, ",") {
			if item = strings.TrimSpace(item); item != "" {
				items = append(items, item)
			}
		}
		return items, nil
	}, func(items []string) string { return strings.Join(items, ",") }}
}
