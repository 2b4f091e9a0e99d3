package proxy

import "github.com/ot2otel/ot2otel/internal/problem"

// Problems are what can go wrong with the proxy as a whole.
var Problems = []problem.Problem{problemPort, problemBind, problemServe, problemBackend, problemGivesWay, problemSidecar, problemMemory}

var (
	problemPort = problem.Problem{
		ID:      "OT2-P001",
		Summary: "a port is in use",
		Cause:   "Another program listens at the address: an agent or collector that is still there, or a second ot2otel.",
		Fix:     "Stop the other program, or give the key that the message names another port. `ss -lptu` shows who holds a port. A listener that is not wanted is turned off with enabled: false.",
	}
	problemBind = problem.Problem{
		ID:      "OT2-P002",
		Summary: "an address cannot be bound",
		Cause:   "The host is none of this machine's, or the system does not let this user have the port.",
		Fix:     "Correct the key that the message names, or listen_host. 0.0.0.0 means every interface.",
	}
	problemServe = problem.Problem{
		ID:      "OT2-P004",
		Summary: "a listener has ended",
		Cause:   "The system took away a socket. The program stops, so that whatever supervises it can start it anew.",
		Fix:     "See the error in the message; a lack of file descriptors is the usual reason.",
	}
	problemBackend = problem.Problem{
		ID:      "OT2-P005",
		Summary: "a destination cannot be set up",
		Cause:   "A file that the destination names, such as a certificate, cannot be read or used.",
		Fix:     "Correct the key that the message names. The container image runs as a user that is not root.",
	}
	problemGivesWay = problem.Problem{
		ID:      "OT2-P006",
		Summary: "an OTLP listener gives way",
		Cause:   "Nobody has chosen its address, 4317 or 4318, and another program has the port, or a destination is there: a backend or Collector on the same machine. The proxy runs without the listener, so that spans are never sent to itself.",
		Fix:     "To take OTLP here, too, give the key that the message names another port, such as :5317. To be rid of this warning, set enabled: false for that listener.",
	}
	problemSidecar = problem.Problem{
		ID:      "OT2-P007",
		Summary: "the sidecar cannot be set up",
		Cause:   "The file that sidecar.upstream_ca_file names cannot be read or has no certificates, or an address under sidecar cannot be used.",
		Fix:     "Correct the key that the message names. The container image runs as a user that is not root.",
	}
	problemMemory = problem.Problem{
		ID:      "OT2-P008",
		Summary: "the sidecar's memory file cannot be used",
		Cause:   "The file that sidecar.memory.file names cannot be read or written, or holds something else. The program runs without it: requests of traces that began before it started keep the short ids that the app has.",
		Fix:     "Let the key name a file in a directory that exists and that the program's user may write to. A file that is damaged can be deleted.",
	}
)
