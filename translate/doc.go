// Package translate turns payloads of legacy tracing clients into OTLP.
//
// It is pure: bytes in, bytes out. A reader, one per wire format, fills a
// borrowed span; the rules give the span its meaning; one writer appends it
// as OTLP.
package translate
