package config

import (
	"bytes"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A writer writes keys as YAML. Dotted paths become nested mappings; keys of
// one group have to come one after the other.
type writer struct {
	bytes.Buffer
	base   string   // indentation of everything
	bullet bool     // the next line begins an entry of a list
	group  []string // the mappings that are open
}

// key writes one key with comment lines above and a comment beside it.
func (w *writer) key(path, value, above, beside string) {
	parts := strings.Split(path, ".")
	groups, name := parts[:len(parts)-1], parts[len(parts)-1]
	depth := w.common(groups)
	sameGroup := depth == len(groups) && depth == len(w.group) && depth > 0
	if above != "" && w.Len() > 0 && !sameGroup {
		w.WriteByte('\n')
	}
	for i := depth; i < len(groups); i++ {
		w.line(i, groups[i]+":")
	}
	w.group = groups
	for paragraph := range strings.SplitSeq(above, "\n") {
		for _, line := range wrap(paragraph, 96-2*len(groups)) {
			w.line(len(groups), "# "+line)
		}
	}
	if beside != "" {
		beside = "  # " + beside
	}
	w.line(len(groups), name+": "+value+beside)
}

// common is how many of groups are open already.
func (w *writer) common(groups []string) int {
	n := 0
	for n < len(groups) && n < len(w.group) && groups[n] == w.group[n] {
		n++
	}
	return n
}

func (w *writer) line(depth int, text string) {
	indent := w.base + strings.Repeat("  ", depth)
	if w.bullet {
		indent, w.bullet = indent[:len(indent)-2]+"- ", false
	}
	w.WriteString(indent + text + "\n")
}

// wrap breaks text into lines of at most width letters, between words.
func wrap(text string, width int) (lines []string) {
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	if line == "" {
		return lines
	}
	return append(lines, line)
}

// yamlText is a value of a Value's type as YAML has it.
func yamlText(kind, value string) string {
	switch kind {
	case "bool", "number", "size", "duration":
		return value
	case "list":
		var items []string
		for item := range strings.SplitSeq(value, ",") {
			if item != "" {
				items = append(items, quoted(item))
			}
		}
		return "[" + strings.Join(items, ", ") + "]"
	case "headers":
		if value == "" {
			return "{}"
		}
	}
	return quoted(value)
}

// quoted is a string with quotes where YAML needs them.
func quoted(s string) string {
	plain, err := yaml.Marshal(s)
	if err != nil || string(plain) != s+"\n" || strings.HasPrefix(s, ":") {
		return strconv.Quote(s)
	}
	return s
}
