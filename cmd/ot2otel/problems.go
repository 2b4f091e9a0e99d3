package main

import "github.com/ot2otel/ot2otel/internal/problem"

// problems are those of the command line itself.
var problems = []problem.Problem{problemFlag, problemCommand, problemID, problemFormat, problemPayload, problemConsole, problemHeader, problemNoPort}

var (
	problemFlag = problem.Problem{
		ID:      "OT2-U001",
		Summary: "unknown flag, or one without its value",
		Cause:   "The command line has a flag that the command does not know, or one that needs a value has none.",
		Fix:     "Use the name that the message proposes, or see `ot2otel help` and the command's --help.",
	}
	problemCommand = problem.Problem{
		ID:      "OT2-U002",
		Summary: "unknown command, or arguments that it does not take",
		Cause:   "The first word is none of the commands, or the command takes other arguments than those that follow it.",
		Fix:     "See `ot2otel help` for the commands and `ot2otel help COMMAND` for one of them.",
	}
	problemID = problem.Problem{
		ID:      "OT2-U003",
		Summary: "unknown id",
		Cause:   "`ot2otel explain` was asked for an id that this version does not have.",
		Fix:     "`ot2otel explain` without an id lists all of them.",
	}
	problemFormat = problem.Problem{
		ID:      "OT2-U004",
		Summary: "the format of a payload is not known",
		Cause:   "The first bytes of the file fit none of the formats, or more than one.",
		Fix:     "Name it with --format. What came to UDP 6831 is jaeger-compact, to UDP 6832 jaeger-binary, to POST /api/traces jaeger-batch.",
	}
	problemPayload = problem.Problem{
		ID:      "OT2-U005",
		Summary: "a payload could not be translated",
		Cause:   "The file is cut short or damaged, or it is not in the format that was named or recognised.",
		Fix:     "The message says at which byte reading ended. A capture has to hold the payload alone: no packet headers, no HTTP header.",
	}
	problemConsole = problem.Problem{
		ID:      "OT2-U006",
		Summary: "no destination is configured: spans go to the console",
		Cause:   "Neither export.endpoint nor a list of destinations is set, so every trace is drawn on standard output and kept nowhere.",
		Fix:     "Set OTEL_EXPORTER_OTLP_ENDPOINT, or start with --endpoint http://backend:4317.",
	}
	problemHeader = problem.Problem{
		ID:      "OT2-U007",
		Summary: "not a header",
		Cause:   "What -H or --memory was given is not a name, a colon and a value, or has characters that a header may not have.",
		Fix:     "Write it as curl wants it: -H 'uber-trace-id: 1:2:0:1'.",
	}
	problemNoPort = problem.Problem{
		ID:      "OT2-U008",
		Summary: "a sidecar without a port",
		Cause:   "`ot2otel sidecar` was started and none of sidecar.inbound, sidecar.outbound and sidecar.ext_proc is set, nor an upstream with a port of its own.",
		Fix:     "ot2otel sidecar --inbound :8080=127.0.0.1:3000 --outbound :15001, with the app's own port after the equals sign.",
	}
)
