package export

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding"
	_ "google.golang.org/grpc/encoding/gzip" // for the backend
	"google.golang.org/grpc/metadata"
)

// A call is what a backend on a real socket received.
type call struct {
	header map[string][]string // keys as they came: lower case in gRPC
	path   string
	body   []byte // decompressed
}

// grpcBackend answers calls of TraceService.Export with the bytes or error of answer.
func grpcBackend(t testing.TB, answer func(call) ([]byte, error), options ...grpc.ServerOption) (address string) {
	t.Helper()
	handle := func(_ any, stream grpc.ServerStream) error {
		var c call
		if err := stream.RecvMsg(&c.body); err != nil {
			return err
		}
		md, _ := metadata.FromIncomingContext(stream.Context())
		c.header = md
		c.path, _ = grpc.MethodFromServerStream(stream)
		response, err := answer(c)
		if err != nil {
			return err
		}
		return stream.SendMsg(response)
	}
	options = append(options, grpc.ForceServerCodecV2(rawCodec{}), grpc.UnknownServiceHandler(handle), grpc.MaxRecvMsgSize(64<<20))
	s := grpc.NewServer(options...)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = s.Serve(l)
	}()
	t.Cleanup(func() {
		s.Stop()
		<-served
	})
	return l.Addr().String()
}

// httpBackend answers posts with answer, after having read all of the body.
func httpBackend(t testing.TB, answer func(call, http.ResponseWriter)) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(decompressed(r))
		if err != nil {
			t.Errorf("backend cannot read the body: %v", err)
		}
		answer(call{r.Header, r.URL.Path, body}, w)
	}))
	t.Cleanup(s.Close)
	return s
}

func decompressed(r *http.Request) io.Reader {
	var body io.Reader = r.Body
	switch r.Header.Get("Content-Encoding") {
	case "gzip":
		body, _ = gzip.NewReader(r.Body)
	case "zstd":
		d, _ := zstd.NewReader(r.Body, zstd.WithDecoderConcurrency(1))
		body = d.IOReadCloser()
	}
	return body
}

// newClient returns a client that is closed at the end of the test.
func newClient(t testing.TB, c Config) Client {
	t.Helper()
	client, err := NewClient(c, "1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.(io.Closer).Close() })
	return client
}

// zstdForServers is what a backend registers with grpc to understand zstd.
type zstdForServers struct{}

func (zstdForServers) Name() string { return "zstd" }

func (zstdForServers) Compress(w io.Writer) (io.WriteCloser, error) {
	return zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
}

func (zstdForServers) Decompress(r io.Reader) (io.Reader, error) {
	return zstd.NewReader(r, zstd.WithDecoderConcurrency(1))
}

func init() { encoding.RegisterCompressor(zstdForServers{}) }
