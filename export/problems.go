package export

import "github.com/ot2otel/ot2otel/internal/problem"

var (
	problemUnreachable = problem.Problem{
		ID:      "OT2-E001",
		Summary: "backend does not answer; sending again and again",
		Cause: "No connection, no TLS handshake, no answer within the timeout, or UNAVAILABLE, which is how gRPC says all of that. " +
			"Spans wait in the queue meanwhile; none is lost until it is full.",
		Fix: "Look at error= in the log line: connection refused means a wrong host or port or a backend that is down; " +
			"x509 means tls.ca_file; \"first record does not look like a TLS handshake\" means https:// for a backend without TLS. " +
			"`ot2otel check` tries the endpoint at once.",
	}
	problemBusy = problem.Problem{
		ID:      "OT2-E002",
		Summary: "backend asks to wait; sending again and again",
		Cause: "The backend, or a proxy before it, answered with a status that means \"not now\", such as UNAVAILABLE, 429 or 503. " +
			"Spans wait in the queue for as long as it asked.",
		Fix: "Give the backend more room or send it less. A status of 502 or 504 comes from a proxy that does not reach it.",
	}
	problemUnauthorized = problem.Problem{
		ID:      "OT2-E003",
		Summary: "backend does not let us in; holding spans back and trying now and then",
		Cause: "The answer was 401, 403, UNAUTHENTICATED or PERMISSION_DENIED: a token is missing, wrong or expired. " +
			"Spans wait in the queue instead of being dropped, so that a renewed token loses none.",
		Fix: "Correct headers (OTEL_EXPORTER_OTLP_HEADERS) or the client certificate. With strict: true such spans are dropped.",
	}
	problemNoService = problem.Problem{
		ID:      "OT2-E004",
		Summary: "backend has no OTLP traces there; holding spans back and trying now and then",
		Cause: "The answer was 404 or UNIMPLEMENTED: something listens at the endpoint, but it takes no OTLP traces at that " +
			"path, or not with this protocol or compression. Spans wait in the queue instead of being dropped.",
		Fix: "Check the path (endpoint gets /v1/traces appended, traces_endpoint is used as it is), the protocol, and that OTLP is " +
			"enabled in the backend. With strict: true such spans are dropped.",
	}
	problemRefused = problem.Problem{
		ID:      "OT2-E005",
		Summary: "backend refused spans for good; they are dropped",
		Cause: "The answer was one after which a request must not be repeated, such as 400 or INVALID_ARGUMENT. " +
			"The batch was divided and sent in parts to find the spans that the backend minds; only those were dropped, " +
			"unless it refused everything.",
		Fix: "error= holds the backend's own words. If all spans are refused, check that endpoint and protocol belong together.",
	}
	problemTooLarge = problem.Problem{
		ID:      "OT2-E006",
		Summary: "backend takes smaller requests only; spans that are too large are dropped",
		Cause: "The answer was 413, or RESOURCE_EXHAUSTED without a time to wait. The request was sent again in parts, and later " +
			"requests are made as small as the backend needs. A span too large on its own is dropped.",
		Fix: "Raise the limit of the backend or of a proxy before it, or lower batch.max_bytes.",
	}
	problemRejected = problem.Problem{
		ID:      "OT2-E007",
		Summary: "backend took a request but not all of its spans",
		Cause:   "The answer was a partial success: the backend counted spans that it rejected. They are not sent again.",
		Fix:     "error= holds the backend's own words about what it did not like.",
	}
	problemWarning = problem.Problem{
		ID:      "OT2-E008",
		Summary: "backend took a request and has a warning",
		Cause:   "The answer was a partial success that rejects no span: a message from the backend to whoever sends.",
		Fix:     "error= holds the message. Nothing was lost.",
	}
	problemQueueFull = problem.Problem{
		ID:      "OT2-E009",
		Summary: "queue is full; new spans are dropped",
		Cause:   "This destination takes spans more slowly than they come, or not at all, while another one still took them.",
		Fix:     "See to the destination first; a larger queue.max_bytes bridges a longer outage.",
	}
	problemShutdown = problem.Problem{
		ID:      "OT2-E010",
		Summary: "spans were still waiting at the end and are dropped",
		Cause:   "The time for draining at shutdown was over before the backend had taken everything.",
		Fix:     "Raise shutdown_timeout, or see why the backend is slow or down.",
	}
	problemBadVariable = problem.Problem{
		ID:      "OT2-E011",
		Summary: "a standard variable has a value that it cannot have",
		Cause:   "An OTEL_EXPORTER_OTLP_ variable is set to something that the OpenTelemetry specification gives no meaning.",
		Fix:     "Correct the variable that is named; what it may hold stands beside it.",
	}
	problemObsoleteVariable = problem.Problem{
		ID:      "OT2-E012",
		Summary: "an obsolete standard variable is set",
		Cause:   "OTEL_EXPORTER_OTLP_SPAN_INSECURE and _METRIC_INSECURE were renamed by the OpenTelemetry specification.",
		Fix:     "Use OTEL_EXPORTER_OTLP_TRACES_INSECURE; better, begin the endpoint with http:// or https://, which decides by itself.",
	}
)

// Problems returns every problem of this package that a user can meet, in the order of ids.
func Problems() []problem.Problem {
	return []problem.Problem{
		problemUnreachable, problemBusy, problemUnauthorized, problemNoService, problemRefused, problemTooLarge,
		problemRejected, problemWarning, problemQueueFull, problemShutdown, problemBadVariable, problemObsoleteVariable,
	}
}
