package config

import "strings"

const annotatedHead = `# Every key of ot2otel with its default. Copy what you change: a file needs no more than that.
#
# A key is also a flag and a variable: log.level is --log-level and OT2OTEL_LOG_LEVEL. The names of
# the keys under export do without that word: --endpoint, OT2OTEL_QUEUE_MAX_BYTES. A flag beats a
# variable, a variable beats this file. The OTEL_ variables named in brackets work as well; where
# both are set, the OT2OTEL_ one wins, and OTEL_EXPORTER_OTLP_TRACES_… wins over OTEL_EXPORTER_OTLP_….
#
# ${NAME} and ${NAME:-default} in a value are replaced from the environment; $$ is a dollar sign.
# "ot2otel config print" shows every value in force and where it comes from.
`

const annotatedTail = `
# More than one destination, each with a queue of its own. A block has the keys of export, and what
# it does not say it takes from there. --destination name=…,endpoint=… does the same.
#
#   destinations:
#     - name: tempo
#       endpoint: http://tempo:4317
#     - name: vendor
#       endpoint: https://otlp.example
#       protocol: http/protobuf
#       headers:
#         api-key: ${API_KEY}
#       queue:
#         max_bytes: 256MiB
destinations: []
`

// Annotated returns a file that has every key with its default and what it means.
func Annotated() []byte {
	var w writer
	w.WriteString(annotatedHead)
	for _, k := range keys() {
		w.key(k.Path, yamlText(k.kind(), k.Default), k.comment(), "")
	}
	w.WriteString(annotatedTail)
	return w.Bytes()
}

// comment is what the annotated file says about k: what it does, and in a
// line of its own what it might be.
func (k key[T]) comment() string {
	var notes []string
	switch kind := k.kind(); {
	case strings.Contains(kind, "|"):
		notes = append(notes, "One of "+strings.ReplaceAll(kind, "|", ", ")+".")
	case kind != "bool" && k.Example != "":
		notes = append(notes, "Example: "+k.Example)
	}
	if k.Also != "" {
		notes = append(notes, "["+k.Also+"]")
	}
	return k.Doc + "\n" + strings.Join(notes, "  ")
}

// kind is the name of the key's type.
func (k key[T]) kind() string { return k.at(new(T)).Type() }
