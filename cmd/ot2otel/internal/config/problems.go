package config

import "github.com/ot2otel/ot2otel/internal/problem"

// Problems are what can be wrong with a configuration.
var Problems = []problem.Problem{
	problemFile, problemSyntax, problemKey, problemValue, problemVariable,
	problemSubstitution, problemDestination, problemIgnored, problemLoop, problemSidecar,
}

var (
	problemFile = problem.Problem{
		ID:      "OT2-C001",
		Summary: "the configuration file cannot be read",
		Cause:   "The file that --config or OT2OTEL_CONFIG names does not exist or may not be opened.",
		Fix:     "Check the path and the file's permissions; the container image runs as a user that is not root.",
	}
	problemSyntax = problem.Problem{
		ID:      "OT2-C002",
		Summary: "the configuration file is not what it should be",
		Cause:   "The file is not YAML, or something stands where something else is expected: a list where one value belongs, a key given twice.",
		Fix:     "The message names the line. `ot2otel config print --defaults` prints a file with every key in its place.",
	}
	problemKey = problem.Problem{
		ID:      "OT2-C003",
		Summary: "unknown key",
		Cause:   "The file or a destination has a key that does not exist. Nothing is ignored silently, so that a mistyped key cannot leave a default in force unnoticed.",
		Fix:     "Use the name that the message proposes, or look it up with `ot2otel config print --defaults`.",
	}
	problemValue = problem.Problem{
		ID:      "OT2-C004",
		Summary: "invalid value",
		Cause:   "A key, a variable or a flag has a value of the wrong type, out of range, or not among the names it may have.",
		Fix:     "The message says what is possible. Sizes are written 64MiB, durations 200ms or 1m30s.",
	}
	problemVariable = problem.Problem{
		ID:      "OT2-C005",
		Summary: "unknown variable",
		Cause:   "A variable in the environment begins with OT2OTEL_ and is no key. Variables that Kubernetes makes for a service called ot2otel are not meant.",
		Fix:     "Use the name that the message proposes. A variable is the key in capitals, with underscores for dots, without a leading export.",
	}
	problemSubstitution = problem.Problem{
		ID:      "OT2-C006",
		Summary: "a ${…} cannot be replaced",
		Cause:   "A value in the file refers to a variable of the environment that is not set, or is not written ${NAME} or ${NAME:-default}.",
		Fix:     "Set the variable, or write ${NAME:-} to take nothing instead. A dollar sign itself is written $$.",
	}
	problemDestination = problem.Problem{
		ID:      "OT2-C007",
		Summary: "a destination is incomplete or contradicts itself",
		Cause:   "A destination of the list has no endpoint, has the name of another, or has settings that do not go together.",
		Fix:     "Give each destination a name of its own and an endpoint.",
	}
	problemIgnored = problem.Problem{
		ID:      "OT2-C008",
		Summary: "a standard variable is not used",
		Cause:   "An OTEL_ variable has a value that means nothing here. The OpenTelemetry specification wants such a value to be ignored with a warning, as other programs may share the environment.",
		Fix:     "Correct the variable, or set the key of the same meaning to silence the warning.",
	}
	problemLoop = problem.Problem{
		ID:      "OT2-C009",
		Summary: "a destination is this proxy itself",
		Cause:   "The endpoint of a destination is the address of an OTLP listener of this proxy, so every span would come back for ever.",
		Fix:     "Correct the endpoint, or give the listener that the message names another address or enabled: false.",
	}
	problemSidecar = problem.Problem{
		ID:      "OT2-C010",
		Summary: "the sidecar's keys contradict each other",
		Cause:   "The keys under sidecar are valid one by one, but not together: an upstream that is named twice or that no port leads to, an app at the sidecar's own port, a header name that has characters no header may have.",
		Fix:     "Change one of the keys that the message names. docs/sidecar.md has configurations that work.",
	}
)
