// Package translate turns payloads of legacy tracing clients into OTLP.
//
// It is pure: bytes in, bytes out. It knows no socket, clock, goroutine or log.
//
//	payload ──reader──► span ──rules──► span ──writer──► ResourceSpans
//
// A reader, one per wire format, fills a borrowed span, whose strings alias the
// payload and which is used again for the next one. It knows syntax only. The
// rules give the span its meaning; they know neither bytes of the source nor
// those of OTLP. One writer, in otlp.go, appends the span; it alone knows OTLP's
// field numbers. Spans are put together by resource and scope (group.go).
//
// # The rules
//
// They are those of the mapping specification, whose ids ("J-72") stand at the
// code that follows them, and are what [Rule.String] returns. They are in files
// by what they are about:
//
//	ids, times, flags, kind, status, scope      fields of a span
//	parent, unshare                             references, and spans that share an id
//	event, errorlog, baggage                    logs
//	resource, ip                                the process
//	normal                                      what OTLP demands of all attributes
//	otel, tracestate                            what OpenTelemetry's exporters put into tags
//	semconv                                     stable names for old keys
//
// Nothing that a payload holds is lost. What OTLP has no field for goes to
// attributes with the prefix ot2otel., the residue: earlier values of repeated
// keys (ot2otel.dup.<key>), the bytes of strings that are not UTF-8
// (ot2otel.raw.<key>), ids and times that had to be replaced. What was mended
// is told by codes in ot2otel.notes ([Note]) and counted in the [Report].
//
// The same payload always gives the same bytes, whatever the Translator has
// read before.
package translate
