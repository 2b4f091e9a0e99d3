package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/fault"
	"github.com/ot2otel/ot2otel/internal/problem"
)

// destinationsPath is where a file has its list of destinations.
const destinationsPath = "destinations"

// readFile reads a file as a layer. Variables for ${…} come from lookup.
func readFile(name string, lookup lookupFunc) *layer {
	content, err := os.ReadFile(name)
	if err != nil {
		l := newLayer()
		l.errs = append(l.errs, fault.Errorf(problemFile, "configuration file: %w", err))
		return l
	}
	return parseFile(name, content, lookup)
}

// parseFile reads YAML as a layer. It finds all errors, not only the first.
func parseFile(name string, content []byte, lookup lookupFunc) *layer {
	f := &file{layer: newLayer(), name: name, lookup: lookup, whole: "the file"}
	var doc, second yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	err := decoder.Decode(&doc)
	if err != nil && !errors.Is(err, io.EOF) {
		f.errs = append(f.errs, fault.Errorf(problemSyntax, "%s: %s", name, yamlMessage(err)))
		return f.layer
	}
	if decoder.Decode(&second) == nil {
		f.fail(&second, problemSyntax, "a second document: only the first would be read")
	}
	if len(doc.Content) > 0 && !isNull(doc.Content[0]) {
		f.group(doc.Content[0], "", fileTree())
	}
	return f.layer
}

// yamlMessage turns the parser's "yaml: line 3: …" into "line 3: …".
func yamlMessage(err error) string { return strings.TrimPrefix(err.Error(), "yaml: ") }

// A file is a YAML file while it is read.
type file struct {
	*layer
	name   string
	lookup lookupFunc
	whole  string // what is being read: the file or a destination in it
}

// group reads a mapping whose own path is prefix without its dot.
func (f *file) group(n *yaml.Node, prefix string, t tree) {
	n = target(n)
	if n.Kind != yaml.MappingNode {
		f.fail(n, problemSyntax, "%s holds keys of its own, not %s", f.title(prefix), kindName(n))
		return
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if line := seen[key.Value]; line != 0 {
			f.fail(key, problemSyntax, "%q stands twice: also in line %d", prefix+key.Value, line)
			continue
		}
		seen[key.Value] = key.Line
		f.entry(key, value, prefix, t)
	}
}

// entry reads one key of a mapping.
func (f *file) entry(key, value *yaml.Node, prefix string, t tree) {
	path := prefix + key.Value
	switch kind, known := t[path]; {
	case !known:
		f.fail(key, problemKey, "unknown key %q%s", path, t.hint(path))
	case isNull(value):
		// `key:` with nothing after it leaves the key alone
	case kind == groupType:
		f.group(value, path+".", t)
	case kind == destinationsType:
		f.list(target(value))
	default:
		f.value(target(value), path, kind)
	}
}

// value reads a key of the type kind.
func (f *file) value(n *yaml.Node, path, kind string) {
	text, err := f.text(n, kind)
	if err != nil {
		f.errs = append(f.errs, fmt.Errorf("%s: %s: %w", f.at(n), path, err))
		return
	}
	f.settings[path] = Setting{text, f.at(n)}
}

// text is a value as a flag would have it: lists with commas, headers as
// percent-encoded name=value pairs.
func (f *file) text(n *yaml.Node, kind string) (string, error) {
	switch {
	case n.Kind == yaml.SequenceNode && kind == "list":
		return f.listText(n)
	case n.Kind == yaml.MappingNode && kind == "headers":
		return f.pairsText(n)
	}
	return f.scalar(n)
}

func (f *file) listText(n *yaml.Node) (string, error) {
	var items []string
	for _, item := range n.Content {
		s, err := f.scalar(item)
		if err != nil {
			return "", err
		}
		items = append(items, s)
	}
	return strings.Join(items, ","), nil
}

func (f *file) pairsText(n *yaml.Node) (string, error) {
	var pairs []string
	for i := 0; i+1 < len(n.Content); i += 2 {
		s, err := f.scalar(n.Content[i+1])
		if err != nil {
			return "", err
		}
		pairs = append(pairs, escapeHeader(n.Content[i].Value)+"="+escapeHeader(s))
	}
	return strings.Join(pairs, ","), nil
}

func (f *file) scalar(n *yaml.Node) (string, error) {
	n = target(n)
	if isNull(n) {
		return "", nil
	}
	if n.Kind != yaml.ScalarNode {
		return "", fault.Errorf(problemSyntax, "expected one value, not %s", kindName(n))
	}
	return substitute(n.Value, f.lookup)
}

// list reads the destinations.
func (f *file) list(n *yaml.Node) {
	if n.Kind != yaml.SequenceNode {
		f.fail(n, problemSyntax, "%s is a list of destinations, not %s", destinationsPath, kindName(n))
		return
	}
	f.listed = true
	for _, entry := range n.Content {
		inner := &file{layer: newLayer(), name: f.name, lookup: f.lookup, whole: "a destination"}
		inner.group(entry, "", blockTree())
		f.errs = append(f.errs, inner.errs...)
		f.destinations = append(f.destinations, block{origin: f.at(entry), settings: inner.settings})
	}
}

// fail notes an error and where it stands.
func (f *file) fail(n *yaml.Node, p problem.Problem, format string, args ...any) {
	f.errs = append(f.errs, fault.Errorf(p, "%s: "+format, append([]any{f.at(n)}, args...)...))
}

// at says where n stands.
func (f *file) at(n *yaml.Node) string { return f.name + ":" + strconv.Itoa(n.Line) }

// target follows an alias to what it stands for.
func target(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

func kindName(n *yaml.Node) string {
	switch n.Kind {
	case yaml.SequenceNode:
		return "a list"
	case yaml.MappingNode:
		return "a mapping"
	}
	return fmt.Sprintf("%q", n.Value)
}

// title is what messages call the group with this prefix.
func (f *file) title(prefix string) string {
	if prefix == "" {
		return f.whole
	}
	return strconv.Quote(strings.TrimSuffix(prefix, "."))
}
