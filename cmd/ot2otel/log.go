package main

import (
	"io"
	"log/slog"
	"os"
	"slices"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/config"
)

// newLogger returns a logger that writes to w as c says.
func newLogger(w io.Writer, c config.Log) *slog.Logger {
	var level slog.Level
	must(level.UnmarshalText([]byte(c.Level)))
	options := &slog.HandlerOptions{Level: level}
	if c.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

// colors reports whether w shows colours: it is a terminal, and nobody minds
// (https://no-color.org).
func (a *app) colors(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok || slices.ContainsFunc(a.environ, unwanted) {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func unwanted(variable string) bool {
	return variable == "TERM=dumb" || len(variable) > len("NO_COLOR=") && variable[:len("NO_COLOR=")] == "NO_COLOR="
}
