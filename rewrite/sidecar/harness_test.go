package sidecar_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ot2otel/ot2otel/rewrite/internal/w3csuite"
)

// An order is what a service is asked to do: to make a POST request to URL,
// with Arguments as its body and the trace headers that belong to it.
type order struct {
	URL       string  `json:"url"`
	Arguments []order `json:"arguments"`
}

// runSuite runs the W3C suite against the service at address, which takes POST
// requests with a list of orders.
func runSuite(t *testing.T, address string) {
	h := &harness{service: address}
	h.address = serve(t, h)
	for _, c := range w3csuite.Cases() {
		t.Run(c.Name, func(t *testing.T) {
			if err := c.Run(h.exchange); err != nil {
				t.Error(err)
			}
		})
	}
}

// A harness stands on both sides of a service.
type harness struct {
	service, address string

	mu    sync.Mutex
	calls []http.Header
}

// ServeHTTP takes the calls that the service makes.
func (h *harness) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.calls = append(h.calls, r.Header)
}

// exchange is a w3csuite.Exchange. It writes the request by hand: an HTTP
// client would mend the headers.
func (h *harness) exchange(lines []w3csuite.Header, calls int) ([]http.Header, error) {
	h.mu.Lock()
	h.calls = nil
	h.mu.Unlock()
	body, err := json.Marshal(slices.Repeat([]order{{URL: "http://" + h.address + "/", Arguments: []order{}}}, calls))
	if err != nil {
		return nil, err
	}
	text := fmt.Sprintf("POST /test HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\nConnection: close\r\n", h.service, len(body))
	for _, line := range lines {
		text += line.Name + ":" + line.Value + "\r\n"
	}
	if err := exchange(h.service, text+"\r\n"+string(body)); err != nil {
		return nil, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.calls, nil
}

// exchange sends a request and wants 200.
func exchange(address, request string) error {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	if _, err := io.WriteString(c, request); err != nil {
		return err
	}
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", res.Status, answer)
	}
	return err
}
