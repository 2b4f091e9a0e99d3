package export

import (
	"fmt"
	"io"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"google.golang.org/grpc"
)

// A compressor compresses requests and decompresses responses, for HTTP and
// gRPC alike. It serves many requests at a time.
//
// Compression is the largest part of what a span costs, so both algorithms
// run at their fastest level: gzip 1 takes a fifth of the time of gzip 6.
type compressor struct {
	name    Compression
	writers sync.Pool // of resetWriter
	open    func(io.Reader) (io.Reader, error)
}

type resetWriter interface {
	io.WriteCloser
	Reset(io.Writer)
}

// newCompressor returns nil for NoCompression.
func newCompressor(c Compression) *compressor {
	switch c {
	case Gzip:
		return &compressor{name: c, writers: sync.Pool{New: newGzipWriter}, open: openGzip}
	case Zstd:
		return &compressor{name: c, writers: sync.Pool{New: newZstdWriter}, open: openZstd}
	}
	return nil
}

func newGzipWriter() any {
	w, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	if err != nil {
		panic(fmt.Sprintf("gzip has no level %d", gzip.BestSpeed))
	}
	return w
}

// newZstdWriter keeps to one goroutine and a window that costs little memory;
// a larger one finds next to nothing more in spans.
func newZstdWriter() any {
	w, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest),
		zstd.WithEncoderConcurrency(1), zstd.WithLowerEncoderMem(true), zstd.WithWindowSize(512<<10))
	if err != nil {
		panic("zstd refuses its options: " + err.Error())
	}
	return w
}

func openGzip(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }

func openZstd(r io.Reader) (io.Reader, error) {
	const window = 8 << 20 // what every decoder should support
	d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(window), zstd.WithDecoderLowmem(true))
	if err != nil {
		return nil, err
	}
	return d.IOReadCloser(), nil
}

// Do writes data to w, compressed. Its name and Type's are what grpc asks for.
func (c *compressor) Do(w io.Writer, data []byte) error {
	z := c.writers.Get().(resetWriter)
	defer c.writers.Put(z)
	z.Reset(w)
	if _, err := z.Write(data); err != nil {
		return err
	}
	return z.Close()
}

// Type returns the name by which both sides know the algorithm.
func (c *compressor) Type() string { return string(c.name) }

// A decompressor reads responses, which some servers compress as the request was.
type decompressor struct{ *compressor }

// Do reads one byte more than a response may have and leaves it to grpc to notice.
func (d decompressor) Do(r io.Reader) ([]byte, error) {
	z, err := d.open(r)
	if err != nil {
		return nil, err
	}
	if closer, ok := z.(io.Closer); ok {
		defer closer.Close()
	}
	return io.ReadAll(io.LimitReader(z, maxGRPCResponse+1))
}

// compressing returns the options for a connection with compression. grpc's
// newer way is a registry for the whole process, which may only be written
// during initialisation and would change what our own servers offer.
func compressing(c Compression) []grpc.DialOption {
	z := newCompressor(c)
	if z == nil {
		return nil
	}
	return []grpc.DialOption{
		grpc.WithCompressor(z),                 //nolint:staticcheck // see above
		grpc.WithDecompressor(decompressor{z}), //nolint:staticcheck // see above
	}
}
