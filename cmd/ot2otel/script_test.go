package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"ot2otel": main})
}

// TestScript runs testdata/script: sessions with the program as a user has
// them, one for each promise.
func TestScript(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the program some hundred times")
	}
	payloads, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	configs, err := filepath.Abs("../../configs")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		Cmds:                scriptCommands,
		Setup: func(e *testscript.Env) error {
			e.Setenv("PAYLOADS", payloads)
			e.Setenv("CONFIGS", configs)
			e.Setenv("NO_COLOR", "1")
			return nil
		},
	})
}
