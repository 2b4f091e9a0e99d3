package pb

import "testing"

func BenchmarkRead(b *testing.B) {
	in := otlp(b)
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		r := NewReader(in)
		spans := 0
		for range r.Fields() { // ExportTraceServiceRequest
			for num, t := range r.Message() { // ResourceSpans
				if num != 2 {
					r.Skip(t)
					continue
				}
				spans += readScopeSpans(&r)
			}
		}
		if spans == 0 || r.Err() != nil {
			b.Fatal(spans, r.Err())
		}
	}
}

func readScopeSpans(r *Reader) (spans int) {
	for num, t := range r.Message() {
		if num != 2 {
			r.Skip(t)
			continue
		}
		spans++
		for _, t := range r.Message() { // Span
			r.Skip(t)
		}
	}
	return spans
}
