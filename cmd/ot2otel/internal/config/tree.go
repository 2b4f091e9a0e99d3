package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/nearest"
)

// A tree has the paths that a file may use, with the names of their types.
// Those of mappings that hold keys have the type groupType.
type tree map[string]string

const (
	groupType        = "group"
	destinationsType = "destinations"
)

// fileTree is that of a whole file.
func fileTree() tree {
	t := treeOf(keys())
	t[destinationsPath] = destinationsType
	return t
}

// blockTree is that of one destination in the list.
func blockTree() tree { return treeOf(exportKeys) }

func treeOf[T any](keys []key[T]) tree {
	t := tree{}
	for _, k := range keys {
		t[k.Path] = k.kind()
		for i, c := range k.Path {
			if c == '.' {
				t[k.Path[:i]] = groupType
			}
		}
	}
	return t
}

// hint proposes the path nearest to one that does not exist: one spelled
// alike, or one of the same name in another group.
func (t tree) hint(path string) string {
	paths := slices.Sorted(maps.Keys(t))
	if near := nearest.Hint(path, paths); near != "" {
		return near
	}
	name := path[strings.LastIndex(path, ".")+1:]
	for _, p := range paths {
		if strings.HasSuffix(p, "."+name) {
			return fmt.Sprintf("; did you mean %q?", p)
		}
	}
	return ""
}
