package sidecar

import "github.com/ot2otel/ot2otel/internal/problem"

// Problems are the warnings of this package. In the log, the ID is the
// attribute "id" and the Summary the message; both are also in the answer to a
// request that could not be passed on.
var Problems = []problem.Problem{
	problemUpstream, problemLoop, problemRoute, problemHeaders, problemRewrite, problemTunnel,
}

var (
	problemUpstream = problem.Problem{
		ID:      "OT2-S001",
		Summary: "no answer from where the request goes",
		Cause:   "The sidecar could not connect to the app or to the service that the app asked for, or the connection broke before the answer came. The request was answered with 502; without the sidecar the client would have seen the connection fail.",
		Fix:     "The attribute error says what happened. On the inbound leg, see whether the app listens where the second address of sidecar.inbound says. More such warnings within 10 seconds are logged at level debug, and all are counted in ot2otel_sidecar_failed_requests_total.",
	}
	problemLoop = problem.Problem{
		ID:      "OT2-S002",
		Summary: "the request would come back to this proxy",
		Cause:   "The host of the request, or the app's address, leads to the port that the request came in on. It was answered with 508.",
		Fix:     "Inbound: give sidecar.inbound the app's own port after the equals sign. Outbound: the request names the sidecar as its host instead of the service; set it as the proxy (HTTP_PROXY) or as an upstream.",
	}
	problemRoute = problem.Problem{
		ID:      "OT2-S003",
		Summary: "the request does not say where to go",
		Cause:   "A request to the outbound port names no host, or a scheme that is neither http nor https; or a CONNECT came to a port that is no forward proxy, in another CONNECT, or over HTTP/2.",
		Fix:     "Let the app use the outbound port as its HTTP proxy.",
	}
	problemHeaders = problem.Problem{
		ID:      "OT2-S004",
		Summary: "the request has too many header fields",
		Cause:   "A request has more header fields than the limit, which no real client comes near. It was answered with 431.",
		Fix:     "Look at the attribute peer for a client that goes wrong or means harm.",
	}
	problemRewrite = problem.Problem{
		ID:      "OT2-S005",
		Summary: "defect while rewriting trace headers",
		Cause:   "The program met headers it was not made for. The request went on with its headers as they came.",
		Fix:     "Report it with the log line.",
	}
	problemTunnel = problem.Problem{
		ID:      "OT2-S006",
		Summary: "an encrypted connection passes through, its trace headers cannot be rewritten",
		Cause:   "The app encrypts its request itself, so the sidecar, set as its proxy, sees nothing of it. Such connections are counted in ot2otel_sidecar_tunnels_total.",
		Fix:     "Name the host in sidecar.upstreams and let the app ask for it in plaintext (http://): the sidecar then encrypts.",
	}
)
