package config

import (
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the annotated file from the table of keys")

const annotatedFile = "../../../../configs/ot2otel.yaml"

// The annotated file has every key with its default and doc, because it is
// what the table says.
func TestAnnotatedFileIsTheTable(t *testing.T) {
	want := Annotated()
	if *update {
		if err := os.WriteFile(annotatedFile, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(annotatedFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("configs/ot2otel.yaml is not what the keys say; run this test with -update (-want +got):\n%s", diff)
	}
}

// Loading it changes nothing, and does set every key.
func TestAnnotatedFileLoadsAsDefaults(t *testing.T) {
	defaults := mustLoad(t, nil)
	all := mustLoad(t, []string{FileVariable + "=" + annotatedFile})
	if diff := cmp.Diff(defaults.Config, all.Config); diff != "" {
		t.Errorf("the annotated file is not the defaults (-default +file):\n%s", diff)
	}
	for _, item := range all.Items() {
		if item.Origin == originDefault {
			t.Errorf("%s is not in the file", item.Key)
		}
	}
}

func mustLoad(t *testing.T, environ []string) *Loaded {
	t.Helper()
	l, err := Load(environ, nil)
	if err != nil {
		t.Fatal(err)
	}
	return l
}
