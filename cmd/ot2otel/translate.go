package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/config"
	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/fault"
	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/payload"
	"github.com/ot2otel/ot2otel/export"
	"github.com/ot2otel/ot2otel/translate"
)

func newTranslate(a *app) *cobra.Command {
	var output output
	var format string
	var why bool
	c := &cobra.Command{
		Use:   "translate FILE...",
		Short: "Show what captured payloads become",
		Long: `Translates payloads as they came over the wire, one a file, and prints them as
one OTLP document. "-" is standard input. The format is told by the first bytes.`,
		Example: `  ot2otel translate packet.bin
  ot2otel translate packet.bin -o tree --why
  curl -s http://host/captured | ot2otel translate - --format jaeger-batch --semconv rename
  ot2otel translate *.bin -o proto | curl --data-binary @- -H 'Content-Type: application/x-protobuf' http://backend:4318/v1/traces`,
		Args: arguments(cobra.MinimumNArgs(1)),
	}
	a.flags.AddTo(c.Flags(), "semconv", "mapping")
	output.flag(c, "json", "tree", "proto")
	c.Flags().StringVar(&format, "format", "", "format of all files: one of "+strings.Join(payload.Names(), ", "))
	c.Flags().BoolVar(&why, "why", false, "print the rule behind each part as well: after the tree, or else on standard error")
	must(c.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(payload.Names(), cobra.ShellCompDirectiveNoFileComp)))
	c.RunE = func(_ *cobra.Command, files []string) error {
		loaded, err := config.Load(a.environ, a.flags)
		if err != nil {
			return usageError(err)
		}
		t := translation{app: a, format: format, mapping: loaded.Mapping}
		if err := t.files(files); err != nil {
			return err
		}
		return t.print(output, why)
	}
	return c
}

// A translation is of several payloads into one request.
type translation struct {
	*app
	format  string // of all payloads; empty: as each one says
	mapping translate.Config

	request []byte // ResourceSpans, side by side
	reasons []translate.Explanation
}

// files translates each file.
func (t *translation) files(names []string) error {
	t.mapping.Explain = func(e translate.Explanation) { t.reasons = append(t.reasons, e) }
	translator := translate.New(t.mapping)
	for _, name := range names {
		content, received, err := t.read(name)
		if err != nil {
			return err
		}
		format, err := t.formatOf(name, content)
		if err != nil {
			return err
		}
		t.request, _, err = translator.Append(t.request, format, content, uint64(received.UnixNano()))
		if err != nil {
			return fault.Errorf(problemPayload, "%s: %w", name, err)
		}
	}
	return nil
}

// read returns the content of a file and when it was written, which stands for
// when the payload was received: the same file gives the same OTLP.
func (t *translation) read(name string) ([]byte, time.Time, error) {
	if name == "-" {
		content, err := io.ReadAll(t.stdin)
		return content, time.Now(), err
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil, time.Time{}, err
	}
	content, err := os.ReadFile(name)
	return content, info.ModTime(), err
}

func (t *translation) formatOf(name string, content []byte) (translate.Format, error) {
	if t.format != "" {
		f, err := payload.Named(t.format)
		if err != nil {
			return 0, usageError(fault.Errorf(problemFormat, "flag --format: %w", err))
		}
		return f, nil
	}
	f, ok := payload.Detect(content)
	if !ok {
		return 0, fault.Errorf(problemFormat, "%s: the first bytes (% x) fit no format; name it with --format", name, content[:min(len(content), 8)])
	}
	return f, nil
}

func (t *translation) print(output output, why bool) error {
	traces, err := (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(t.request)
	if err != nil {
		return fmt.Errorf("read the OTLP that came out: %w", err)
	}
	if why {
		w := t.stderr // a document goes on to another program
		if output == "tree" {
			w = t.stdout
		}
		defer printReasons(w, t.reasons, traces)
	}
	switch output {
	case "tree":
		return export.WriteTree(t.stdout, traces, export.Style{Color: t.colors(t.stdout)})
	case "proto":
		_, err := t.stdout.Write(t.request)
		return err
	}
	return printTraces(t.stdout, traces)
}

// printTraces prints OTLP JSON with indentation.
func printTraces(w io.Writer, traces ptrace.Traces) error {
	line, err := (&ptrace.JSONMarshaler{}).MarshalTraces(traces)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, line, "", "  "); err != nil {
		return err
	}
	b.WriteByte('\n')
	_, err = b.WriteTo(w)
	return err
}
