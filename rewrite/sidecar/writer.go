package sidecar

import (
	"net/http"
	"sync"
)

// A plainWriter keeps the server from adding headers of its own to an answer.
type plainWriter struct{ http.ResponseWriter }

// WriteHeader implements http.ResponseWriter.
func (w plainWriter) WriteHeader(status int) {
	if status >= 200 {
		h := w.Header()
		for _, name := range [...]string{"Date", "Content-Type", "Content-Length"} {
			if _, ok := h[name]; !ok {
				h[name] = nil
			}
		}
	}
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap is for http.ResponseController.
func (w plainWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// buffers are those that bodies are copied through, shared by all proxies.
type buffers struct{}

const bufferSize = 32 << 10

var bufferPool = sync.Pool{New: func() any { return new([bufferSize]byte) }}

// Get implements httputil.BufferPool.
func (buffers) Get() []byte { return bufferPool.Get().(*[bufferSize]byte)[:] }

// Put implements httputil.BufferPool.
func (buffers) Put(b []byte) { bufferPool.Put((*[bufferSize]byte)(b)) }
