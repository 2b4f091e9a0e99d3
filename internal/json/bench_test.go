package json

import (
	"strconv"
	"strings"
	"testing"
)

// spans is a payload of n spans as Zipkin clients write them.
func spans(n int) []byte {
	var b strings.Builder
	b.WriteByte('[')
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		id := strconv.FormatUint(0xa3ce929d0e0e0000+uint64(i), 16)
		b.WriteString(`{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","id":"` + id + `","parentId":"00f067aa0ba902b7",` +
			`"kind":"CLIENT","name":"get /api/cart","timestamp":1795216111347000,"duration":91250,` +
			`"localEndpoint":{"serviceName":"front-end","ipv4":"10.0.3.17","port":8080},` +
			`"remoteEndpoint":{"serviceName":"cart","ipv4":"10.0.7.2","port":9090},` +
			`"annotations":[{"timestamp":1795216111347200,"value":"connected"},{"timestamp":1795216111437000,"value":"first byte \u0026 \"more\""}],` +
			`"tags":{"http.method":"GET","http.path":"/api/cart","http.status_code":"200","http.url":"http://cart:9090/api/cart?id=77",` +
			`"component":"okhttp","customer.tier":"gold","retry":"0","cache.hit":"false"}}`)
	}
	b.WriteByte(']')
	return []byte(b.String())
}

// BenchmarkReader reads every name and value of 20 spans: with Reader, which
// has jsontext check them first, and with the scanner that would be its
// alternative. The library is to be kept while it costs at most twice as much.
func BenchmarkReader(b *testing.B) {
	data := spans(20)
	b.Run("jsontext", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		var r Reader
		for b.Loop() {
			r.Reset(data)
			walk(&r)
			if r.Err() != nil {
				b.Fatal(r.Err())
			}
		}
	})
	b.Run("scanner", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		var s scanner
		for b.Loop() {
			s.Reset(data)
			walkScanner(&s)
			if s.Err() != nil {
				b.Fatal(s.Err())
			}
		}
	})
}

func walk(r *Reader) {
	switch r.Kind() {
	case Object:
		for range r.Object() {
			walk(r)
		}
	case Array:
		for range r.Array() {
			walk(r)
		}
	case String:
		_ = r.String()
	default:
		r.Raw()
	}
}

func walkScanner(r *scanner) {
	switch r.Kind() {
	case Object:
		for range r.Object() {
			walkScanner(r)
		}
	case Array:
		for range r.Array() {
			walkScanner(r)
		}
	case String:
		_ = r.String()
	default:
		r.Raw()
	}
}
