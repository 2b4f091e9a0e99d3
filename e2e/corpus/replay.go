package corpus

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
)

// Ports says where the payloads for a standard port go: Ports[6831] is the
// address that stands for it. Captures for other ports are left out.
type Ports map[int]string

// Replay sends the payloads of m to the addresses in ports, in the order of
// capture, as the client sent them: a datagram as a datagram, an HTTP request
// with its recorded method, path, query and headers, a gRPC message with its
// method. An answer other than 2xx or OK is an error.
func (m *Manifest) Replay(ctx context.Context, ports Ports) error {
	for _, c := range m.Captures {
		addr, ok := ports[c.Port]
		if !ok || c.File == "" {
			continue
		}
		if err := m.send(ctx, c, addr); err != nil {
			return fmt.Errorf("case %s: payload %s to %s: %w", m.Case, c.File, addr, err)
		}
	}
	return nil
}

func (m *Manifest) send(ctx context.Context, c Capture, addr string) error {
	payload, err := m.Payload(c)
	if err != nil {
		return err
	}
	switch c.Transport {
	case "udp":
		return sendUDP(addr, payload)
	case "http":
		return m.sendHTTP(ctx, c, addr, payload)
	case "grpc":
		return m.sendGRPC(ctx, c, addr, payload)
	}
	return fmt.Errorf("transport %q cannot be replayed", c.Transport)
}

func sendUDP(addr string, payload []byte) error {
	conn, err := net.Dial("udp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = conn.Write(payload)
	return err
}

// httpMeta is the recorded request around a payload, of gRPC as well.
type httpMeta struct {
	Method           string      `json:"method"`
	Path             string      `json:"path"`
	Query            string      `json:"query"`
	Headers          http.Header `json:"headers"`
	TransferEncoding []string    `json:"transfer_encoding"`
}

func (m *Manifest) meta(c Capture) (meta httpMeta, err error) {
	text, err := os.ReadFile(filepath.Join(m.dir, c.Meta))
	if err == nil {
		err = json.Unmarshal(text, &meta)
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", c.Meta, err)
	}
	return meta, err
}

func (m *Manifest) sendHTTP(ctx context.Context, c Capture, addr string, body []byte) error {
	meta, err := m.meta(c)
	if err != nil {
		return err
	}
	req, err := meta.request(ctx, addr, body)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode/100 != 2 {
		err = fmt.Errorf("answer %s: %q", resp.Status, answer)
	}
	return err
}

func (h httpMeta) request(ctx context.Context, addr string, body []byte) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, h.Method, "http://"+addr+h.Path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.URL.RawQuery = h.Query
	req.Header = h.Headers.Clone()
	if len(h.TransferEncoding) > 0 { // chunked: the length is not known in advance
		req.ContentLength = -1
	}
	return req, nil
}
