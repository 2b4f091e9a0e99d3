package config

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/nearest"
	"github.com/ot2otel/ot2otel/rewrite"
)

// injectable are the formats that can be written.
func injectable() rewrite.Formats {
	var set rewrite.Formats
	for _, f := range rewrite.AllFormats().List() {
		if f.CanInject() {
			set |= rewrite.FormatsOf(f)
		}
	}
	return set
}

// oneFormat is a format that can be written.
func oneFormat(at *rewrite.Format) Value {
	var choices []choice[rewrite.Format]
	for _, f := range injectable().List() {
		choices = append(choices, choice[rewrite.Format]{f.String(), f})
	}
	return oneOf(at, choices...)
}

// formats is a list of those among a set.
func formats(at *[]rewrite.Format, among rewrite.Formats) Value {
	return listOf(at, func(name string) (rewrite.Format, error) { return formatAmong(name, among) }, rewrite.Format.String)
}

func formatAmong(name string, among rewrite.Formats) (rewrite.Format, error) {
	f, err := rewrite.ParseFormat(name)
	switch {
	case err == nil && among.Has(f):
		return f, nil
	case err == nil:
		return 0, fmt.Errorf("%s can only be read: not one of %s", f, among)
	}
	return 0, fmt.Errorf("%w%s", err, nearest.Hint(name, strings.Split(among.String(), ", ")))
}

// orAuto is a list of formats, or auto for nil, which leaves it to other keys.
func orAuto(at *[]rewrite.Format, among rewrite.Formats) Value {
	const auto = "auto"
	v := formats(at, among).(place[[]rewrite.Format])
	parse, show := v.parse, v.show
	v.parse = func(s string) ([]rewrite.Format, error) {
		if strings.EqualFold(s, auto) {
			return nil, nil
		}
		list, err := parse(s)
		return append([]rewrite.Format{}, list...), err // empty is not nil
	}
	v.show = func(list []rewrite.Format) string {
		if list == nil {
			return auto
		}
		return show(list)
	}
	return v
}

// checkedList is a list of words that check has no objection to.
func checkedList[T any](at *[]string, check func([]string) (T, error)) Value {
	v := list(at).(place[[]string])
	parse := v.parse
	v.parse = func(s string) ([]string, error) {
		words, err := parse(s)
		if err == nil {
			_, err = check(words)
		}
		return words, err
	}
	return v
}

// listOf is a list, separated by commas, of what parse reads and show shows.
func listOf[T any](at *[]T, parse func(string) (T, error), show func(T) string) Value {
	return place[[]T]{at, "list", func(s string) (all []T, err error) {
		var words []string
		if err := list(&words).Set(s); err != nil {
			return nil, err
		}
		for _, word := range words {
			item, itemErr := parse(word)
			all, err = append(all, item), errors.Join(err, itemErr)
		}
		return all, err
	}, func(all []T) string {
		words := make([]string, len(all))
		for i, item := range all {
			words[i] = show(item)
		}
		return strings.Join(words, ",")
	}}
}

// fraction is a number from 0 to 1.
func fraction(at *float64) Value {
	show := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
	return place[float64]{at, "fraction", func(s string) (float64, error) {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil || !(v >= 0 && v <= 1) {
			return 0, fmt.Errorf("%q is not a number from 0 to 1", s)
		}
		return v, nil
	}, show}
}
