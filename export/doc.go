// Package export is everything that waits: it takes encoded spans at any pace
// and gets them to OTLP backends at theirs.
//
//	Fanout.Put ─► Destination.Put ─► Queue ─► senders ─► Client ─► backend
//	              (one per backend)  bytes,   retry,     gRPC, HTTP/protobuf,
//	                                 batches  divide     HTTP/JSON, console
//
// A payload is a run of encoded fields `ResourceSpans resource_spans = 1` of an
// ExportTraceServiceRequest. Two payloads one after the other are a valid
// request, so a batch is payloads put side by side, and nothing is decoded
// between Put and the wire.
//
// # What becomes of a span
//
// Every span that a destination's Put took is counted once when it leaves:
//
//	put = sent + rejected + dropped (for any reason but queue_full) + still queued
//
// sent means that the backend answered success; rejected that it answered
// partial success and named a number of spans it did not want; dropped that
// the span is lost, and why. The counter of failed spans stands beside these:
// it counts spans in attempts that failed, most of which are tried again.
//
// # What follows which answer
//
//	answer                                             what is done
//	OK, 2xx                                            sent
//	OK, 2xx with partial_success                       sent and rejected, never repeated
//	CANCELLED DEADLINE_EXCEEDED ABORTED OUT_OF_RANGE   same bytes again, later
//	UNAVAILABLE DATA_LOSS, 429 502 503 504,
//	no answer at all
//	RESOURCE_EXHAUSTED with RetryInfo                  same bytes again, later
//	RESOURCE_EXHAUSTED without it, 413                 too large: divided
//	401 403 404 UNAUTHENTICATED PERMISSION_DENIED      held: same bytes again, later
//	UNIMPLEMENTED
//	any other                                          refused: divided
//
// Later is after a random part of 0.5 s, 1 s, 2 s and so on up to 30 s, or
// after what RetryInfo or Retry-After asks for, which holds back the whole
// destination. There is no last attempt: what bounds waiting is the queue.
//
// A request that is too large or refused is divided: its halves are sent on
// their own, down to the single span, so that one bad span costs itself and
// not its batch. When a backend refuses half after half, the rest is dropped.
//
// The OTLP specification says to drop where this holds and where this divides.
// Config.Strict does as it says.
package export
