package config

import (
	"regexp"
	"strings"
	"sync"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/fault"
)

// A lookupFunc finds a variable in the environment, as os.LookupEnv does.
type lookupFunc func(name string) (string, bool)

// reference returns the pattern of what follows the dollar sign in ${NAME} or
// ${NAME:-default}. Most files have none.
var reference = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\{([A-Za-z_][A-Za-z0-9_]*)(:-([^}]*))?\}`)
})

// substitute replaces the references in the text of one value: ${NAME} and
// ${NAME:-default}, which also stands in for an empty variable. $$ is a dollar
// sign. What a variable holds is text, never YAML, and is not looked at again.
func substitute(text string, lookup lookupFunc) (string, error) {
	before, rest, found := strings.Cut(text, "$")
	if !found {
		return text, nil
	}
	var b strings.Builder
	for ; found; before, rest, found = strings.Cut(rest, "$") {
		b.WriteString(before)
		value, after, err := expand(rest, lookup)
		if err != nil {
			return "", err
		}
		b.WriteString(value)
		rest = after
	}
	b.WriteString(before)
	return b.String(), nil
}

// expand returns the meaning of what follows a dollar sign, and what comes after that.
func expand(s string, lookup lookupFunc) (value, after string, err error) {
	if after, ok := strings.CutPrefix(s, "$"); ok {
		return "$", after, nil
	}
	m := reference().FindStringSubmatch(s)
	if m == nil {
		return "", "", fault.Errorf(problemSubstitution, "a dollar sign that no {NAME} follows: write $$ for the sign itself")
	}
	value, ok := lookup(m[1])
	switch hasDefault := m[2] != ""; {
	case hasDefault && value == "":
		value = m[3]
	case !ok && !hasDefault:
		return "", "", fault.Errorf(problemSubstitution, "the variable %s is not set", m[1])
	}
	return value, s[len(m[0]):], nil
}
