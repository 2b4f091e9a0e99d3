package sidecar_test

import (
	"bufio"
	"context"
	_ "embed"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ot2otel/ot2otel/rewrite"
)

//go:embed testdata/service.js
var nodeService []byte

// TestW3CSuiteNode is TestW3CSuite around services of Node.js. jaeger-client
// 3.15 mangles ids of 128 bits; the sidecar gives it 64 bits, unless told otherwise.
func TestW3CSuiteNode(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("no Node.js here")
	}
	if testing.Short() && os.Getenv("CI") != "true" {
		t.Skip("installs packages")
	}
	type way struct {
		wide  string
		width rewrite.Width
	}
	for version, ways := range map[string][]way{
		"3.15.0": {{"", rewrite.WidthAuto}, {"", rewrite.Width64}},
		"3.19.0": {{"", rewrite.WidthAuto}, {"wide", rewrite.Width128}},
	} {
		t.Run("jaeger-client "+version, func(t *testing.T) {
			dir := installNode(t, "jaeger-client@"+version)
			for _, w := range ways {
				t.Run(fmt.Sprintf("width %d %s", w.width, w.wide), func(t *testing.T) {
					address, stdin := startNode(t, node, dir, w.wide)
					s := newSide(t, rewrite.Config{App: rewrite.Jaeger, TraceIDToApp: w.width}, address)
					fmt.Fprintln(stdin, s.out)
					runSuite(t, s.in)
				})
			}
		})
	}
}

// installNode installs a package into a directory of its own.
func installNode(t *testing.T, pkg string) (dir string) {
	dir = t.TempDir()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", dir, pkg)
	if out, err := c.CombinedOutput(); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("npm install %s: %v\n%s", pkg, err, out)
		}
		t.Skipf("npm install %s: %v\n%s", pkg, err, out)
	}
	if err := os.WriteFile(filepath.Join(dir, "service.js"), nodeService, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// startNode starts the service and returns its address. It is told that of its
// proxy on its standard input.
func startNode(t *testing.T, node, dir, wide string) (address string, stdin io.Writer) {
	c := exec.Command(node, "service.js", wide)
	c.Dir = dir
	c.Stderr = os.Stderr
	stdin, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line), stdin
}
