package backend

import (
	"cmp"
	"compress/gzip"
	"fmt"
	"io"
	"mime"
	"net/http"

	"github.com/klauspost/compress/zstd"
	tracev1 "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"
)

// serveHTTP takes POST /v1/traces. What it refuses it remembers, because the
// exporter under test may not say.
func (b *Backend) serveHTTP(w http.ResponseWriter, r *http.Request) {
	if err := b.receive(r); err != nil {
		b.refuse(err)
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", r.Header.Get("Content-Type"))
}

func (b *Backend) receive(r *http.Request) error {
	if r.Method != http.MethodPost || r.URL.Path != "/v1/traces" {
		return fmt.Errorf("%s %s is not POST /v1/traces", r.Method, r.URL.Path)
	}
	body, err := read(r)
	if err != nil {
		return err
	}
	m, protocol, err := decode(r.Header.Get("Content-Type"), body)
	if err != nil {
		return err
	}
	return b.take(m, Request{
		Protocol:    protocol,
		Compression: cmp.Or(r.Header.Get("Content-Encoding"), "none"),
		Tenant:      r.Header.Get("x-tenant"),
	})
}

// read returns the body without its compression.
func read(r *http.Request) ([]byte, error) {
	switch encoding := r.Header.Get("Content-Encoding"); encoding {
	case "":
		return io.ReadAll(r.Body)
	case "gzip":
		z, err := gzip.NewReader(r.Body)
		if err != nil {
			return nil, err
		}
		return io.ReadAll(z)
	case "zstd":
		z, err := zstd.NewReader(r.Body)
		if err != nil {
			return nil, err
		}
		defer z.Close()
		return io.ReadAll(z)
	default:
		return nil, fmt.Errorf("Content-Encoding %q", encoding)
	}
}

func decode(contentType string, body []byte) (*tracev1.ExportTraceServiceRequest, string, error) {
	media, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return nil, "", fmt.Errorf("Content-Type %q: %w", contentType, err)
	}
	m := &tracev1.ExportTraceServiceRequest{}
	switch media {
	case "application/x-protobuf":
		return m, "http/protobuf", proto.Unmarshal(body, m)
	case "application/json":
		return m, "http/json", unmarshalJSON(body, m)
	}
	return nil, "", fmt.Errorf("Content-Type %q", contentType)
}
