package demo

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/ext"
	"github.com/uber/jaeger-client-go"
)

// A service is one program of the shop, with a tracer of its own. In real life
// it would be a process on some other machine.
type service struct {
	name, wire string
	tracer     opentracing.Tracer
	closer     io.Closer // flushes the tracer
	notes      *notebook
	mux        *http.ServeMux
	server     *http.Server
	addr       string
	client     http.Client
}

// newService starts a service without anything to serve yet. It reports its
// spans to sender; the ids of traces that it begins have 64 or 128 bits.
func newService(name, wire string, sender jaeger.Transport, bits int) (*service, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &service{name: name, wire: wire, notes: &notebook{}, mux: http.NewServeMux(), addr: l.Addr().String()}
	s.client.Transport = &http.Transport{}
	s.server = &http.Server{Handler: s.mux}
	s.tracer, s.closer = jaeger.NewTracer(name,
		jaeger.NewConstSampler(true),
		jaeger.NewCompositeReporter(jaeger.NewRemoteReporter(sender), s.notes),
		jaeger.TracerOptions.Gen128Bit(bits == 128),
	)
	go func() { _ = s.server.Serve(l) }()
	return s, nil
}

// close stops the service as a deployment would: requests first, then the
// spans that the client still holds.
func (s *service) close() error {
	err := s.server.Shutdown(context.Background())
	s.client.CloseIdleConnections()
	if closeErr := s.closer.Close(); err == nil {
		err = closeErr
	}
	return err
}

// handle makes do the handler of a path, inside a span of kind server that
// continues the trace in the request's headers. do returns the HTTP status.
func (s *service) handle(path string, do func(ctx context.Context, r *http.Request) int) {
	s.mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
		caller, _ := s.tracer.Extract(opentracing.HTTPHeaders, opentracing.HTTPHeadersCarrier(r.Header))
		span := s.tracer.StartSpan(r.Method+" "+path, ext.RPCServerOption(caller))
		defer span.Finish()
		ext.Component.Set(span, "net/http")
		ext.HTTPMethod.Set(span, r.Method)
		ext.HTTPUrl.Set(span, r.URL.String())
		status := do(opentracing.ContextWithSpan(r.Context(), span), r)
		ext.HTTPStatusCode.Set(span, uint16(status))
		w.WriteHeader(status)
	})
}

// get calls another service, inside a span of kind client whose context goes
// along in the headers.
func (s *service) get(ctx context.Context, to *service, path string) (int, error) {
	span, ctx := opentracing.StartSpanFromContextWithTracer(ctx, s.tracer, "GET "+to.name, ext.SpanKindRPCClient)
	defer span.Finish()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+to.addr+path, nil)
	if err != nil {
		return 0, err
	}
	ext.PeerService.Set(span, to.name)
	ext.HTTPMethod.Set(span, r.Method)
	ext.HTTPUrl.Set(span, r.URL.String())
	if err := s.tracer.Inject(span.Context(), opentracing.HTTPHeaders, opentracing.HTTPHeadersCarrier(r.Header)); err != nil {
		return 0, err
	}
	resp, err := s.client.Do(r)
	if err != nil {
		return 0, fmt.Errorf("%s calls %s: %w", s.name, to.name, err)
	}
	defer resp.Body.Close()
	ext.HTTPStatusCode.Set(span, uint16(resp.StatusCode))
	if resp.StatusCode >= http.StatusBadRequest {
		ext.Error.Set(span, true)
	}
	return resp.StatusCode, nil
}

// A notebook is a reporter beside the real one: it writes down what the client
// was asked to send.
type notebook struct {
	mu    sync.Mutex
	spans []*jaeger.Span
}

// Report implements [jaeger.Reporter].
func (n *notebook) Report(span *jaeger.Span) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.spans = append(n.spans, span)
}

// Close implements [jaeger.Reporter].
func (n *notebook) Close() {}
