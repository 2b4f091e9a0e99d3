// Package nearest finds the valid name that a mistyped one was meant to be.
package nearest

import "strings"

// Of returns the word closest to name, or "" if none is close: more than a
// third of its letters would have to change.
func Of(name string, words []string) string {
	best, least := "", max(2, len(name)/3)+1
	for _, w := range words {
		if d := distance(strings.ToLower(name), strings.ToLower(w)); d < least {
			best, least = w, d
		}
	}
	return best
}

// Hint is Of as the end of a message: `; did you mean "name"?`, or nothing.
func Hint(name string, words []string) string {
	if near := Of(name, words); near != "" {
		return `; did you mean "` + near + `"?`
	}
	return ""
}

// distance is the number of letters to add, remove, replace or swap with
// their neighbour to make b of a (optimal string alignment).
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		for j := range len(b) {
			row[j+1] = min(row[j]+1, last[j+1]+1, last[j]+differs(a[i], b[j]))
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

func differs(a, b byte) int {
	if a == b {
		return 0
	}
	return 1
}
