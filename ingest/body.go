package ingest

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
)

// An httpLane is a lane whose payloads are the bodies of HTTP requests.
type httpLane struct {
	*lane
	limit int64     // largest body, as sent and decompressed
	spare sync.Pool // of *exchange
}

func newHTTPLane(l *lane, limits Limits) *httpLane {
	return &httpLane{lane: l, limit: limits.withDefaults().Body}
}

// An exchange is the memory that one request needs, used again by later ones.
type exchange struct {
	sent source
	gzip gzip.Reader
	zlib io.Reader // nil until it is needed
	body []byte
}

func (l *httpLane) acquire() *exchange {
	if x, ok := l.spare.Get().(*exchange); ok {
		return x
	}
	return new(exchange)
}

func (l *httpLane) release(x *exchange) {
	x.sent = source{}
	if cap(x.body) <= maxSpare {
		l.spare.Put(x)
	}
}

// read returns the body of r, decompressed. It is valid until x is released.
func (l *httpLane) read(x *exchange, w http.ResponseWriter, r *http.Request) ([]byte, *refusal) {
	encoding := strings.Join(r.Header.Values("Content-Encoding"), ", ")
	decode, known := decoders[strings.ToLower(encoding)]
	switch {
	case !known:
		return nil, &refusal{reason: reasonContentEncoding, err: fmt.Errorf("unsupported Content-Encoding %q", encoding)}
	case r.ContentLength > l.limit:
		return nil, l.tooLarge()
	}
	x.sent = source{r: http.MaxBytesReader(w, r.Body, l.limit)}
	plain, err := decode(x)
	if err == nil {
		x.body, err = readUpTo(x.body[:0], plain, l.limit)
	}
	if err != nil {
		return nil, l.unread(x.sent.err, err)
	}
	return x.body, nil
}

// decoders undo each Content-Encoding that is taken.
var decoders = map[string]func(*exchange) (io.Reader, error){
	"":         (*exchange).identity,
	"identity": (*exchange).identity,
	"gzip":     (*exchange).gunzip,
	"x-gzip":   (*exchange).gunzip,
	"deflate":  (*exchange).inflate,
}

// acceptEncoding is decoders for a client that asks.
const acceptEncoding = "gzip, deflate"

func (x *exchange) identity() (io.Reader, error) { return &x.sent, nil }
func (x *exchange) gunzip() (io.Reader, error)   { return &x.gzip, x.gzip.Reset(&x.sent) }

// inflate undoes deflate, which to HTTP means the zlib format (RFC 9110, 8.4.1.2).
func (x *exchange) inflate() (_ io.Reader, err error) {
	if z, ok := x.zlib.(zlib.Resetter); ok {
		return x.zlib, z.Reset(&x.sent, nil)
	}
	x.zlib, err = zlib.NewReader(&x.sent)
	return x.zlib, err
}

func (l *httpLane) tooLarge() *refusal {
	return &refusal{reason: reasonTooLarge, err: fmt.Errorf("body of more than %d bytes", l.limit)}
}

// unread is the refusal of a body that could not be read for err, when sentErr
// is what happened to the connection.
func (l *httpLane) unread(sentErr, err error) *refusal {
	switch {
	case errors.Is(err, errOverLimit), errors.As(err, new(*http.MaxBytesError)):
		return l.tooLarge()
	case errors.Is(sentErr, os.ErrDeadlineExceeded):
		return &refusal{reason: reasonTimeout, err: err}
	case sentErr != nil:
		return &refusal{reason: reasonRead, err: err}
	}
	return &refusal{reason: reasonCompression, err: err}
}

// A source remembers the error of a connection, so that it is not taken for one
// of the compression.
type source struct {
	r   io.Reader
	err error
}

func (s *source) Read(b []byte) (int, error) {
	n, err := s.r.Read(b)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

var errOverLimit = errors.New("over the limit")

// readUpTo appends to dst what r holds, no more than limit bytes. It does not
// believe what anyone says about the size: memory grows with what arrives.
func readUpTo(dst []byte, r io.Reader, limit int64) ([]byte, error) {
	for {
		if len(dst) == cap(dst) {
			dst = slices.Grow(dst, max(len(dst), 16<<10))
		}
		n, err := r.Read(dst[len(dst):cap(dst)])
		dst = dst[:len(dst)+n]
		switch {
		case int64(len(dst)) > limit:
			return dst, errOverLimit
		case err == io.EOF:
			return dst, nil
		case err != nil:
			return dst, err
		}
	}
}
