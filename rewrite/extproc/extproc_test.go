package extproc_test

import (
	"context"
	"net"
	"testing"

	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	processor "github.com/envoyproxy/go-control-plane/envoy/service/ext_proc/v3"
	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/ot2otel/ot2otel/rewrite"
	"github.com/ot2otel/ot2otel/rewrite/extproc"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	trace = "4bf92f3577b34da6a3ce929d0e0e4736"
	low   = "a3ce929d0e0e4736"
	span  = "00f067aa0ba902b7"
	child = "c0c1c2c3c4c5c6c7"
)

// serve returns a client of a server for a Jaeger app.
func serve(t *testing.T, change func(*rewrite.Config)) processor.ExternalProcessorClient {
	t.Helper()
	config := rewrite.Config{App: rewrite.Jaeger, LegacyOut: rewrite.LegacyDrop, Memory: rewrite.NewMemory(rewrite.MemoryConfig{})}
	if change != nil {
		change(&config)
	}
	r, err := rewrite.New(config)
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server, ended := extproc.New(r, nil), make(chan error, 1)
	go func() { ended <- server.Serve(ln) }()
	conn, err := grpc.NewClient(ln.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
		if err := server.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return processor.NewExternalProcessorClient(conn)
}

// open opens the stream of a request that goes the way of leg.
func open(t *testing.T, c processor.ExternalProcessorClient, leg string) processor.ExternalProcessor_ProcessClient {
	t.Helper()
	stream, err := c.Process(metadata.AppendToOutgoingContext(t.Context(), extproc.LegKey, leg))
	if err != nil {
		t.Fatal(err)
	}
	return stream
}

func exchange(t *testing.T, s processor.ExternalProcessor_ProcessClient, r *processor.ProcessingRequest) *processor.ProcessingResponse {
	t.Helper()
	if err := s.Send(r); err != nil {
		t.Fatal(err)
	}
	answer, err := s.Recv()
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// headers is the message about request headers, given as names and values.
func headers(source string, namesAndValues ...string) *processor.ProcessingRequest {
	m := &core.HeaderMap{}
	for i := 0; i < len(namesAndValues); i += 2 {
		m.Headers = append(m.Headers, &core.HeaderValue{Key: namesAndValues[i], RawValue: []byte(namesAndValues[i+1])})
	}
	r := &processor.ProcessingRequest{Request: &processor.ProcessingRequest_RequestHeaders{RequestHeaders: &processor.HttpHeaders{Headers: m}}}
	if source != "" {
		r.Attributes = map[string]*structpb.Struct{"envoy.filters.http.ext_proc": {
			Fields: map[string]*structpb.Value{"source.address": structpb.NewStringValue(source)},
		}}
	}
	return r
}

// change is a mutation in short: what is set, and with nothing after it what is removed.
func change(t *testing.T, answer *processor.ProcessingResponse) map[string][]string {
	t.Helper()
	m := answer.GetRequestHeaders().GetResponse().GetHeaderMutation()
	if m == nil {
		t.Fatalf("no mutation in %v", answer)
	}
	got := map[string][]string{}
	for _, name := range m.RemoveHeaders {
		got[name] = nil
	}
	for _, o := range m.SetHeaders {
		if replaces := o.AppendAction == core.HeaderValueOption_OVERWRITE_IF_EXISTS_OR_ADD; replaces != (len(got[o.Header.Key]) == 0) {
			t.Errorf("%s is set by %s", o.Header.Key, o.AppendAction)
		}
		got[o.Header.Key] = append(got[o.Header.Key], string(o.Header.RawValue))
	}
	return got
}

// Propagation vectors B2 and C1, each request in a stream of its own.
func TestBothLegs(t *testing.T) {
	c := serve(t, nil)
	in := exchange(t, open(t, c, "inbound"), headers("", ":method", "GET", ":authority", "app",
		"traceparent", "00-"+trace+"-"+span+"-01", "tracestate", "rojo=1", "tracestate", "congo=2", "accept", "*/*"))
	want := map[string][]string{"traceparent": nil, "tracestate": nil, "uber-trace-id": {low + ":" + span + ":0:1"}}
	if diff := cmp.Diff(want, change(t, in)); diff != "" {
		t.Errorf("inbound (-want +got):\n%s", diff)
	}
	out := exchange(t, open(t, c, "outbound"), headers("", ":authority", "stock", "uber-trace-id", low+":"+child+":0:1"))
	want = map[string][]string{"uber-trace-id": nil, "traceparent": {"00-" + trace + "-" + child + "-01"}, "tracestate": {"rojo=1,congo=2"}}
	if diff := cmp.Diff(want, change(t, out)); diff != "" {
		t.Errorf("outbound (-want +got):\n%s", diff)
	}
}

// Nothing is changed about a request without trace headers.
func TestNothingToDo(t *testing.T) {
	got := change(t, exchange(t, open(t, serve(t, nil), "inbound"), headers("", ":path", "/", "accept", "a", "accept", "b")))
	if len(got) != 0 {
		t.Errorf("changes %v", got)
	}
}

// Trust goes by the peer that Envoy tells, egress by the request's host.
func TestTrustAndEgress(t *testing.T) {
	c := serve(t, func(c *rewrite.Config) {
		var err error
		if c.Trust, err = rewrite.ParseTrust([]string{"10.0.0.0/8"}); err != nil {
			t.Fatal(err)
		}
	})
	for _, test := range []struct {
		leg, source, host string
		want              map[string][]string
	}{
		{"inbound", "10.1.2.3:4", "app", map[string][]string{"traceparent": nil, "uber-trace-id": {low + ":" + span + ":0:1"}}},
		{"inbound", "10.1.2.3", "app", map[string][]string{"traceparent": nil, "uber-trace-id": {low + ":" + span + ":0:1"}}},
		{"inbound", "203.0.113.9:4", "app", map[string][]string{"traceparent": nil}},
		{"inbound", "", "app", map[string][]string{"traceparent": nil}},
		{"outbound", "", "api.example.com", map[string][]string{"traceparent": nil}},
		{"outbound", "", "stock:8080", map[string][]string{}},
	} {
		answer := exchange(t, open(t, c, test.leg), headers(test.source, ":authority", test.host, "traceparent", "00-"+trace+"-"+span+"-01"))
		if diff := cmp.Diff(test.want, change(t, answer)); diff != "" {
			t.Errorf("%s from %q to %s (-want +got):\n%s", test.leg, test.source, test.host, diff)
		}
	}
}

// Whatever else Envoy is configured to ask is answered in kind.
func TestAnswersInKind(t *testing.T) {
	s := open(t, serve(t, nil), "inbound")
	exchange(t, s, headers("", "accept", "a"))
	for _, r := range []*processor.ProcessingRequest{
		{Request: &processor.ProcessingRequest_RequestBody{RequestBody: &processor.HttpBody{Body: []byte("x")}}},
		{Request: &processor.ProcessingRequest_RequestTrailers{RequestTrailers: &processor.HttpTrailers{}}},
		{Request: &processor.ProcessingRequest_ResponseHeaders{ResponseHeaders: &processor.HttpHeaders{}}},
		{Request: &processor.ProcessingRequest_ResponseBody{ResponseBody: &processor.HttpBody{}}},
		{Request: &processor.ProcessingRequest_ResponseTrailers{ResponseTrailers: &processor.HttpTrailers{}}},
	} {
		asked := r.ProtoReflect().WhichOneof(r.ProtoReflect().Descriptor().Oneofs().ByName("request"))
		a := exchange(t, s, r).ProtoReflect()
		answered := a.WhichOneof(a.Descriptor().Oneofs().ByName("response"))
		if answered == nil || answered.Name() != asked.Name() {
			t.Errorf("%s is answered by %v", asked.Name(), answered)
		}
	}
	if err := s.CloseSend(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Recv(); err == nil {
		t.Error("the stream goes on after its end")
	}
}

// A stream that does not say which way its request goes is refused, with words for whoever configured it.
func TestNoLeg(t *testing.T) {
	_, err := open(t, serve(t, nil), "sideways").Recv()
	if status.Code(err) != codes.InvalidArgument {
		t.Errorf("error is %v", err)
	}
}
