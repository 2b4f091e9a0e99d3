package export

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
)

var compressions = []Compression{NoCompression, Gzip, Zstd}

// TestGRPCRoundTrip: the backend gets the very bytes, headers and User-Agent.
func TestGRPCRoundTrip(t *testing.T) {
	request := payload(t, "a", 30, 20)
	for _, compression := range compressions {
		t.Run(string(compression), func(t *testing.T) {
			var got call
			address := grpcBackend(t, func(c call) ([]byte, error) { got = c; return nil, nil })
			client := newClient(t, Config{
				Endpoint: "http://" + address, Protocol: GRPC, Compression: compression, Headers: map[string]Secret{"X-Token": "s3cret"}})
			for range 3 { // pooled compressors and buffers
				if err := client.Export(t.Context(), request); err != nil {
					t.Fatal(err)
				}
			}
			if !bytes.Equal(got.body, request) || got.path != "/opentelemetry.proto.collector.trace.v1.TraceService/Export" {
				t.Errorf("%d bytes of %d came to %s", len(got.body), len(request), got.path)
			}
			if got.header["x-token"][0] != "s3cret" || !strings.HasPrefix(got.header["user-agent"][0], "ot2otel/1.2.3 ") ||
				got.header["content-type"][0] != "application/grpc+proto" {
				t.Errorf("metadata: %v", got.header)
			}
		})
	}
}

// TestHTTPRoundTrip: the same in HTTP, in protobuf and JSON.
func TestHTTPRoundTrip(t *testing.T) {
	request := payload(t, "a", 30, 20)
	for _, protocol := range []Protocol{HTTPProtobuf, HTTPJSON} {
		for _, compression := range compressions {
			t.Run(fmt.Sprint(protocol, " ", compression), func(t *testing.T) {
				var got call
				s := httpBackend(t, func(c call, _ http.ResponseWriter) { got = c })
				s.Start()
				client := newClient(t, Config{
					Endpoint: s.URL, Protocol: protocol, Compression: compression, Headers: map[string]Secret{"x-token": "s3cret"}})
				for range 3 {
					if err := client.Export(t.Context(), request); err != nil {
						t.Fatal(err)
					}
				}
				contentType := contentProtobuf
				if protocol == HTTPJSON {
					contentType = contentJSON
					got.body = jsonToProto(t, got.body)
				}
				if !bytes.Equal(got.body, request) || got.path != "/v1/traces" {
					t.Errorf("%d bytes of %d came to %s", len(got.body), len(request), got.path)
				}
				if got.header["X-Token"][0] != "s3cret" || got.header["User-Agent"][0] != "ot2otel/1.2.3" || got.header["Content-Type"][0] != contentType {
					t.Errorf("headers: %v", got.header)
				}
			})
		}
	}
}

func jsonToProto(t *testing.T, body []byte) []byte {
	t.Helper()
	td, err := (&ptrace.JSONUnmarshaler{}).UnmarshalTraces(body)
	if err != nil {
		t.Fatal(err)
	}
	data, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(td)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestPartialSuccessIsRead(t *testing.T) {
	response := ptraceotlp.NewExportResponse()
	response.PartialSuccess().SetRejectedSpans(7)
	response.PartialSuccess().SetErrorMessage("span without a name")
	inProto, _ := response.MarshalProto()
	inJSON, _ := response.MarshalJSON()
	s := httpBackend(t, func(c call, w http.ResponseWriter) {
		contentType := c.header["Content-Type"][0]
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write(map[string][]byte{contentJSON: inJSON, contentProtobuf: inProto}[contentType])
	})
	s.Start()
	address := grpcBackend(t, func(call) ([]byte, error) { return inProto, nil })
	for _, c := range []Config{
		{Endpoint: "http://" + address, Protocol: GRPC},
		{Endpoint: s.URL, Protocol: HTTPProtobuf},
		{Endpoint: s.URL, Protocol: HTTPJSON},
	} {
		err := newClient(t, c).Export(t.Context(), payload(t, "a", 8))
		var p *Partial
		if !errors.As(err, &p) || p.Rejected != 7 || p.Message != "span without a name" {
			t.Errorf("%s: %v", c.Protocol, err)
		}
	}
}

// TestConnectionIsKept through successes and refusals with bodies.
func TestConnectionIsKept(t *testing.T) {
	var mu sync.Mutex
	connections, n := 0, 0
	s := httpBackend(t, func(_ call, w http.ResponseWriter) {
		n++
		w.WriteHeader([]int{200, 503, 400}[n%3])
		_, _ = w.Write(bytes.Repeat([]byte("x"), 100_000))
	})
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		mu.Lock()
		defer mu.Unlock()
		if state == http.StateNew {
			connections++
		}
	}
	s.Start()
	client := newClient(t, Config{Endpoint: s.URL})
	for range 9 {
		_ = client.Export(t.Context(), payload(t, "a", 1))
	}
	if connections != 1 {
		t.Errorf("%d connections for 9 requests", connections)
	}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	elsewhere := httpBackend(t, func(c call, _ http.ResponseWriter) { t.Error("spans and token went elsewhere") })
	elsewhere.Start()
	for _, code := range []int{301, 302, 303, 307, 308} {
		s := httpBackend(t, func(_ call, w http.ResponseWriter) {
			w.Header().Set("Location", elsewhere.URL)
			w.WriteHeader(code)
		})
		s.Start()
		err := newClient(t, Config{Endpoint: s.URL, Headers: map[string]Secret{"authorization": "x"}}).Export(t.Context(), payload(t, "a", 1))
		if f := failure(t, err); f.Verdict != Refused || !strings.Contains(f.Message, "redirects to "+elsewhere.URL) {
			t.Errorf("%d: %v", code, err)
		}
	}
}

func failure(t testing.TB, err error) *Failure {
	t.Helper()
	var f *Failure
	if !errors.As(err, &f) {
		t.Fatalf("not a Failure: %v", err)
	}
	return f
}

// TestRequestIsNotReadAfterExport: the caller may write to a request as soon
// as Export returns, though it returned in the middle of sending. It needs -race.
func TestRequestIsNotReadAfterExport(t *testing.T) {
	s := httpBackend(t, func(call, http.ResponseWriter) {})
	s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) })
	s.Start()
	address := grpcBackend(t, func(call) ([]byte, error) { return nil, nil })
	request := make([]byte, 2<<20)
	for _, c := range []Config{{Endpoint: s.URL}, {Endpoint: "http://" + address, Protocol: GRPC}, {Endpoint: "http://" + address, Protocol: GRPC, Compression: Gzip}} {
		client := newClient(t, c)
		for i := range 100 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i)*50*time.Microsecond)
			_ = client.Export(ctx, request)
			request[0], request[len(request)/2], request[len(request)-1] = 1, 2, 3
			cancel()
		}
	}
}

// TestBodyEndsWithExport: net/http may keep a request's body, but can no longer read it.
func TestBodyEndsWithExport(t *testing.T) {
	client := newClient(t, Config{Endpoint: "http://h:1"}).(*httpClient)
	var kept []io.ReadCloser
	client.client.Transport = roundTrip(func(r *http.Request) *http.Response {
		again, _ := r.GetBody()
		kept = append(kept, r.Body, again)
		return &http.Response{StatusCode: 200, Body: http.NoBody}
	})
	if err := client.Export(t.Context(), payload(t, "a", 1)); err != nil {
		t.Fatal(err)
	}
	for _, body := range kept {
		if n, err := body.Read(make([]byte, 10)); n != 0 || err == nil || errors.Is(err, io.EOF) {
			t.Errorf("%d bytes after the end, %v", n, err)
		}
	}
}

type roundTrip func(*http.Request) *http.Response

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r), nil }
