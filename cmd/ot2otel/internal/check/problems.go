package check

import "github.com/ot2otel/ot2otel/internal/problem"

// Problems are what only a check finds.
var Problems = []problem.Problem{
	problemUnreachable, problemCertificate, problemExport, problemBuffer, problemLoopback, problemMemory,
}

var (
	problemUnreachable = problem.Problem{
		ID:      "OT2-K001",
		Summary: "a destination cannot be reached",
		Cause:   "The name of its host does not resolve, nothing listens at the port, or something between drops the packets.",
		Fix:     "Check host and port of the endpoint, and network policies. OTLP is 4317 for gRPC and 4318 for HTTP.",
	}
	problemCertificate = problem.Problem{
		ID:      "OT2-K002",
		Summary: "a destination's certificate expires soon",
		Cause:   "The certificate that the backend shows is valid for less than 14 days.",
		Fix:     "See that it is renewed. Until then spans are sent; afterwards they wait in the queue.",
	}
	problemExport = problem.Problem{
		ID:      "OT2-K003",
		Summary: "a destination does not take OTLP",
		Cause:   "The address answers, but an empty OTLP request was not taken: TLS where there is none or none where there is, a certificate that is not trusted, the wrong protocol or path, or a missing token.",
		Fix:     "The detail has the backend's own words. x509: set tls.ca_file. 404 or UNIMPLEMENTED: correct endpoint or protocol. 401 or UNAUTHENTICATED: correct headers.",
	}
	problemBuffer = problem.Problem{
		ID:      "OT2-K004",
		Summary: "the kernel will not grant the receive buffer",
		Cause:   "A receive_buffer is more than net.core.rmem_max. Bursts of packets that do not fit into what is granted are lost before the program sees them.",
		Fix:     "sysctl -w net.core.rmem_max=4194304 on the host, or ask for less.",
	}
	problemLoopback = problem.Problem{
		ID:      "OT2-K005",
		Summary: "nobody outside this container will reach the listeners",
		Cause:   "They bind to the loopback interface, which every container has for itself. Containers of the same pod share one.",
		Fix:     "Set OT2OTEL_LISTEN_HOST=0.0.0.0, unless this is a sidecar.",
	}
	problemMemory = problem.Problem{
		ID:      "OT2-K006",
		Summary: "the queues may outgrow the container",
		Cause:   "Together the queues may take more than half of the memory limit, and the program needs some memory beside them. When the limit is reached the kernel ends it, and what was queued is lost.",
		Fix:     "Lower queue.max_bytes or raise the limit.",
	}
)
