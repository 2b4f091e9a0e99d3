package export

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
)

// An httpClient posts requests in protobuf or, encoded anew, in JSON.
type httpClient struct {
	client     *http.Client
	url        *url.URL
	header     http.Header
	compressor *compressor // nil for none
	json       bool
	timeout    time.Duration
	buffers    sync.Pool // of *bytes.Buffer, for compressed requests
}

const (
	contentProtobuf = "application/x-protobuf"
	contentJSON     = "application/json"
)

func newHTTP(c Config, userAgent string) (*httpClient, error) {
	transport, err := newTransport(c)
	if err != nil {
		return nil, err
	}
	h := &httpClient{
		client:     &http.Client{Transport: transport, CheckRedirect: stay},
		url:        c.requestURL(),
		header:     http.Header{"User-Agent": {userAgent}, "Content-Type": {contentProtobuf}},
		compressor: newCompressor(c.Compression),
		json:       c.Protocol == HTTPJSON,
		timeout:    c.Timeout,
		buffers:    sync.Pool{New: func() any { return new(bytes.Buffer) }},
	}
	if h.json {
		h.header.Set("Content-Type", contentJSON)
	}
	if h.compressor != nil {
		h.header.Set("Content-Encoding", h.compressor.Type())
	}
	for key, value := range c.Headers {
		h.header.Set(key, string(value))
	}
	return h, nil
}

// stay makes a redirect an answer like any other: spans and tokens go where the configuration says and nowhere else.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

func newTransport(c Config) (*http.Transport, error) {
	t := &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxIdleConnsPerHost:    c.Senders,
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
		DisableCompression:     true, // a response is small, unless it is a bomb
		ForceAttemptHTTP2:      true,
		HTTP2:                  &http.HTTP2Config{SendPingTimeout: 30 * time.Second, PingTimeout: 15 * time.Second},
	}
	if !c.usesTLS() {
		return t, nil
	}
	config, err := c.TLS.config()
	t.TLSClientConfig = config
	return t, err
}

// Export is described at Client.
func (h *httpClient) Export(ctx context.Context, request []byte) error {
	ctx, cancel := withTimeout(ctx, h.timeout)
	defer cancel()
	body, release, err := h.encode(request)
	if err != nil {
		return &Failure{Verdict: Refused, Status: "unencodable", Message: err.Error()}
	}
	defer release()
	loan := &loan{data: body}
	defer loan.end()
	response, err := h.client.Do(h.post(ctx, loan))
	if err != nil {
		return &Failure{Verdict: Again, Status: noAnswer, Message: clip(reason(err))}
	}
	defer response.Body.Close()
	return readResponse(response)
}

// post returns the request. GetBody lets net/http repeat one that met a
// connection which the server was just closing.
func (h *httpClient) post(ctx context.Context, body *loan) *http.Request {
	r := &http.Request{
		Method: http.MethodPost, URL: h.url, Host: h.url.Host, Header: h.header.Clone(),
		ContentLength: int64(len(body.data)), Body: body.reader(),
		GetBody: func() (io.ReadCloser, error) { return body.reader(), nil },
	}
	return r.WithContext(ctx)
}

// encode returns the body for a request; it may be used until release is called.
func (h *httpClient) encode(request []byte) (body []byte, release func(), err error) {
	if h.json {
		if request, err = toJSON(request); err != nil {
			return nil, nil, err
		}
	}
	if h.compressor == nil {
		return request, func() {}, nil
	}
	buffer := h.buffers.Get().(*bytes.Buffer)
	buffer.Reset()
	if err := h.compressor.Do(buffer, request); err != nil {
		return nil, nil, fmt.Errorf("compress request with %s: %w", h.compressor.Type(), err)
	}
	return buffer.Bytes(), func() { h.buffers.Put(buffer) }, nil
}

func toJSON(request []byte) ([]byte, error) {
	r := ptraceotlp.NewExportRequest()
	if err := r.UnmarshalProto(request); err != nil {
		return nil, fmt.Errorf("read request to write it as JSON: %w", err)
	}
	return r.MarshalJSON()
}

// reason leaves out the URL, which the log line has in a safer form.
func reason(err error) string {
	var in *url.Error
	if errors.As(err, &in) {
		return in.Err.Error()
	}
	return err.Error()
}

// Close ends idle connections; the others end with their requests.
func (h *httpClient) Close() error {
	h.client.CloseIdleConnections()
	return nil
}

// A loan is bytes lent to net/http, which may go on to read a request's body
// after its response has come. When the loan has ended it cannot.
type loan struct {
	mu    sync.Mutex
	data  []byte
	ended bool
}

var errLoanEnded = errors.New("request is over")

func (l *loan) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = true
}

func (l *loan) reader() io.ReadCloser { return &loanReader{loan: l} }

type loanReader struct {
	*loan
	read int
}

func (r *loanReader) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended {
		return 0, errLoanEnded
	}
	n := copy(p, r.data[r.read:])
	r.read += n
	if n == 0 && len(p) > 0 {
		return 0, io.EOF
	}
	return n, nil
}

func (r *loanReader) Close() error { return nil }
