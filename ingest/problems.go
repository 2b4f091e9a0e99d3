package ingest

import "github.com/ot2otel/ot2otel/internal/problem"

// Problems are the warnings of this package. In the log, the ID is the
// attribute "id" and the Summary the message.
var Problems = []problem.Problem{
	problemUnreadable, problemTooLarge, problemPanic, problemDropped, problemHeader,
	problemSlow, problemBuffer, problemReceive, problemOverflow, problemClientLoss, problemInvalid,
}

var (
	problemUnreadable = problem.Problem{
		ID:      "OT2-I001",
		Summary: "payload could not be read",
		Cause:   "A packet or request body is not what its port takes: cut short, damaged, of another protocol, or sent to the wrong port. It is refused as a whole; the attribute reason is also a label of ot2otel_refused_payloads_total.",
		Fix:     "Find the sender by the attribute peer. UDP 6831 and 5775 take Thrift compact, 6832 Thrift binary, POST /api/traces on 14268 a bare Thrift binary batch, 9411 what Zipkin takes, 4317 and 4318 OTLP. Many packets of reason truncated are cut on the way: lower the client's packet size.",
	}
	problemTooLarge = problem.Problem{
		ID:      "OT2-I002",
		Summary: "payload is over the limit",
		Cause:   "A packet or a request body, compressed or not, is larger than this listener takes, and was refused unread.",
		Fix:     "Let the client send smaller batches, or raise the listener's limit.",
	}
	problemPanic = problem.Problem{
		ID:      "OT2-I003",
		Summary: "defect while taking a payload",
		Cause:   "The program met a payload it was not made for. That payload is lost, nothing else is.",
		Fix:     "Report it with the log line: the attribute stack says where it happened.",
	}
	problemDropped = problem.Problem{
		ID:      "OT2-I004",
		Summary: "payload was not taken by the queue",
		Cause:   "Spans come in faster than the backend takes them, or the backend is down, and the queue is full. Senders over HTTP and gRPC were told to try again; what came over UDP is lost and counted in ot2otel_udp_dropped_spans_total.",
		Fix:     "See the warnings about the destination, and its metrics. Give the queue more room for the outages you expect.",
	}
	problemHeader = problem.Problem{
		ID:      "OT2-I005",
		Summary: "request has a header that is not taken",
		Cause:   "The Content-Type or the Content-Encoding of a request is not among those its path takes, or the body is not compressed as it says.",
		Fix:     "POST /api/traces takes application/x-thrift, POST /v1/traces application/x-protobuf and application/json, 9411 any type; all of them plain, gzip or deflate (zlib).",
	}
	problemSlow = problem.Problem{
		ID:      "OT2-I006",
		Summary: "request ended before its body did",
		Cause:   "The sender hung up inside the body, or sent it so slowly that the time for it was over.",
		Fix:     "Look for crashing senders, short client timeouts or a proxy between that cuts requests off.",
	}
	problemBuffer = problem.Problem{
		ID:      "OT2-I007",
		Summary: "receive buffer is much smaller than requested",
		Cause:   "The kernel limits the buffer in which packets wait until they are read. A burst that does not fit is lost before the program sees it.",
		Fix:     "On Linux: sysctl -w net.core.rmem_max=4194304, or ask for less if the load is small.",
	}
	problemReceive = problem.Problem{
		ID:      "OT2-I008",
		Summary: "packets cannot be received",
		Cause:   "The system reports errors on the socket. The listener goes on trying; what the kernel dropped meanwhile is lost.",
		Fix:     "See the attribute error; a lack of memory or file descriptors is the usual reason.",
	}
	problemOverflow = problem.Problem{
		ID:      "OT2-I009",
		Summary: "packets were dropped by the kernel",
		Cause:   "Packets came faster than they were read, and the receive buffer was full. They are lost, and counted in ot2otel_udp_kernel_dropped_packets_total.",
		Fix:     "Give the process more CPU or the buffer more room (see OT2-I007), or spread the senders over several instances.",
	}
	problemClientLoss = problem.Problem{
		ID:      "OT2-I010",
		Summary: "a client lost spans before they came here",
		Cause:   "A Jaeger client numbers its batches and says how many spans it had to drop. Some batches never arrived, or the client's queue was full, a span was too large for a packet, or sending failed. See ot2otel_client_lost_batches_total and ot2otel_client_dropped_spans_total, by service.",
		Fix:     "full_queue: give the client's reporter a larger queue or a shorter flush interval. too_large: let it send to 14268 over HTTP, or put less into tags and logs. Lost batches: look for OT2-I009, and for a network between the client and this host.",
	}
	problemInvalid = problem.Problem{
		ID:      "OT2-I011",
		Summary: "OTLP spans break the rules of OTLP",
		Cause:   "Validation is on, and spans of a request have ids of a wrong length or of zeros only, strings that are not UTF-8, or end before they start. They were left out, and the sender was told; the good ones beside them were taken.",
		Fix:     "The attribute error names the first such span. Update the sender's SDK, or turn validation off to pass everything on as it is.",
	}
)

// problemOf returns what a refusal for reason is an instance of.
func problemOf(reason string) problem.Problem {
	switch reason {
	case reasonTooLarge:
		return problemTooLarge
	case reasonPanic:
		return problemPanic
	case reasonQueue:
		return problemDropped
	case reasonContentType, reasonContentEncoding, reasonCompression:
		return problemHeader
	case reasonTimeout, reasonRead:
		return problemSlow
	case reasonInvalid:
		return problemInvalid
	}
	return problemUnreadable
}
