package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var idPattern = regexp.MustCompile(`OT2-[A-Z][0-9A-Z]{3}\b`)

// Every id is explained once, with a cause and a fix.
func TestProblemsAreComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range allProblems() {
		if seen[p.ID] || idPattern.FindString(p.ID) != p.ID {
			t.Errorf("%q is not an id of its own", p.ID)
		}
		seen[p.ID] = true
		if p.Summary == "" || p.Cause == "" || p.Fix == "" {
			t.Errorf("%s says not enough: %+v", p.ID, p)
		}
	}
}

// Every id in the code of the program is explained, and everything explained can happen: the
// problem is used by more than the list of its package.
func TestEveryIDInCodeIsExplained(t *testing.T) {
	explained := map[string]bool{}
	for _, p := range allProblems() {
		explained[p.ID] = true
	}
	declared := map[string]string{} // id by the directory and name of its variable
	uses := map[string]int{}
	walkCode(t, func(dir string, f *ast.File) {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				for _, id := range idPattern.FindAllString(n.Value, -1) {
					if !explained[id] {
						t.Errorf("%s has the id %s, which nobody explains", dir, id)
					}
				}
			case *ast.ValueSpec:
				if len(n.Values) == 1 {
					if id := declaredID(n.Values[0]); id != "" {
						declared[dir+"."+n.Names[0].Name] = id
					}
				}
			case *ast.Ident:
				uses[dir+"."+n.Name]++
			}
			return true
		})
	})
	if len(declared) != len(explained) {
		t.Errorf("%d problems are declared, %d are explained", len(declared), len(explained))
	}
	for name, id := range declared {
		if uses[name] < 3 { // its declaration, the list, and whoever reports it
			t.Errorf("%s (%s) is explained and never happens", id, name)
		}
	}
}

// declaredID returns the id in a literal of a Problem.
func declaredID(e ast.Expr) string {
	literal, ok := e.(*ast.CompositeLit)
	if !ok || len(literal.Elts) == 0 {
		return ""
	}
	field, ok := literal.Elts[0].(*ast.KeyValueExpr)
	if !ok {
		return ""
	}
	value, ok := field.Value.(*ast.BasicLit)
	if !ok {
		return ""
	}
	return idPattern.FindString(value.Value)
}

const module = "github.com/ot2otel/ot2otel/"

// walkCode visits every file of ours that is in the program.
func walkCode(t *testing.T, visit func(dir string, f *ast.File)) {
	t.Helper()
	seen := map[string]bool{}
	var walk func(dir string)
	walk = func(dir string) {
		if seen[dir] {
			return
		}
		seen[dir] = true
		files, err := filepath.Glob(filepath.Join("../..", dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			visit(dir, f)
			for _, spec := range f.Imports {
				if ours, ok := strings.CutPrefix(strings.Trim(spec.Path.Value, `"`), module); ok {
					walk(ours)
				}
			}
		}
	}
	walk("cmd/ot2otel")
	if !seen["export"] || !seen["internal/thrift"] {
		t.Fatalf("only met %v", seen)
	}
}
