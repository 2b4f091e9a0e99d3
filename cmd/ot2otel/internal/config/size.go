package config

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// units are the multiples in which a size is written; those of 1000 are read and never shown.
var units = []struct {
	name  string
	bytes int64
}{
	{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10},
	{"GB", 1e9}, {"MB", 1e6}, {"KB", 1e3}, {"B", 1},
}

// size is a number of bytes: 64MiB, 512KiB, 65000.
func size[T int | int64](at *T, least, most int64) Value {
	return place[T]{at, "size", func(s string) (T, error) {
		n, err := parseSize(s)
		if err == nil && (n < least || n > most) {
			err = fmt.Errorf("%s is not between %s and %s", showSize(n), showSize(least), showSize(most))
		}
		return T(n), err
	}, func(n T) string { return showSize(int64(n)) }}
}

func parseSize(s string) (int64, error) {
	digits, unit := s, int64(1)
	for _, u := range units {
		if len(s) > len(u.name) && strings.EqualFold(s[len(s)-len(u.name):], u.name) {
			digits, unit = strings.TrimSpace(s[:len(s)-len(u.name)]), u.bytes
			break
		}
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%q is not a size such as 64MiB, 512KiB or 65000", s)
	}
	if n > math.MaxInt64/unit {
		return 0, fmt.Errorf("%q is more bytes than can be counted", s)
	}
	return n * unit, nil
}

// showSize uses the largest binary unit that needs no fraction.
func showSize(n int64) string {
	for _, u := range units[:3] {
		if n != 0 && n%u.bytes == 0 {
			return strconv.FormatInt(n/u.bytes, 10) + u.name
		}
	}
	return strconv.FormatInt(n, 10)
}
