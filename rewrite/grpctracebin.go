package rewrite

import (
	"encoding/base64"
	"encoding/binary"
	"strings"
)

const grpcTraceBinSize = 29

// extractGRPC reads
//
//	version  0x00
//	field 0  0x00 trace-id[16]
//	field 1  0x01 span-id[8]
//	field 2  0x02 options[1] ; bit 1: sampled
//
// in base64, padded or not; gRPC's own metadata has it already decoded.
func extractGRPC(h *headers, c *Context) (bool, error) {
	values := h.values(slotGRPC)
	if len(values) == 0 {
		return false, nil
	}
	b, ok := decodeBin(values[0])
	if !ok || b[0] != 0 || b[1] != 0 || b[18] != 1 || b[27] != 2 {
		return false, h.invalid(slotGRPC, values[0], "want 29 bytes: version 0, trace id, span id, options")
	}
	c.TraceID = TraceID{binary.BigEndian.Uint64(b[2:]), binary.BigEndian.Uint64(b[10:])}
	c.SpanID = SpanID(binary.BigEndian.Uint64(b[19:]))
	c.Sampling = Deny
	if b[28]&1 != 0 {
		c.Sampling = Accept
	}
	if !c.hasIDs() {
		return false, h.invalid(slotGRPC, values[0], "an id is zero")
	}
	return true, nil
}

func decodeBin(s string) (b [grpcTraceBinSize]byte, ok bool) {
	if len(s) == grpcTraceBinSize {
		return [grpcTraceBinSize]byte([]byte(s)), true
	}
	s = strings.TrimRight(trim(s), "=")
	if base64.RawStdEncoding.DecodedLen(len(s)) != grpcTraceBinSize {
		return b, false
	}
	n, err := base64.RawStdEncoding.Decode(b[:], []byte(s))
	return b, err == nil && n == grpcTraceBinSize
}
