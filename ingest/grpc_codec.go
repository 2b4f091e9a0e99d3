package ingest

import (
	"google.golang.org/grpc/encoding"
	_ "google.golang.org/grpc/encoding/proto" // rawCodec falls back on it
	"google.golang.org/grpc/mem"
)

// A rawCodec leaves the messages of our own methods as they are: *rawRequest
// and rawResponse. Those of other services, health and reflection, are
// protobuf's.
type rawCodec struct{ encoding.CodecV2 }

func newRawCodec() rawCodec { return rawCodec{encoding.GetCodecV2("proto")} }

// A rawRequest is a request in grpc's memory, to which free gives it back.
type rawRequest struct{ buffer mem.Buffer }

func (r *rawRequest) bytes() []byte { return r.buffer.ReadOnlyData() }
func (r *rawRequest) free()         { r.buffer.Free() }

// A rawResponse is a response that is encoded already.
type rawResponse []byte

// Unmarshal copies only if the message came in several pieces.
func (c rawCodec) Unmarshal(data mem.BufferSlice, v any) error {
	request, ok := v.(*rawRequest)
	if !ok {
		return c.CodecV2.Unmarshal(data, v)
	}
	request.buffer = data.MaterializeToBuffer(mem.DefaultBufferPool())
	return nil
}

// Marshal hands v over: it must not change any more.
func (c rawCodec) Marshal(v any) (mem.BufferSlice, error) {
	response, ok := v.(rawResponse)
	if !ok {
		return c.CodecV2.Marshal(v)
	}
	return mem.BufferSlice{mem.SliceBuffer(response)}, nil
}
