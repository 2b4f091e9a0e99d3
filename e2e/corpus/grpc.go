package corpus

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// sampling is the service by which agents ask for sampling strategies: such
// calls carry no spans and are left out.
const sampling = "/jaeger.api_v2.SamplingManager/"

// sendGRPC sends a recorded message as one call of the recorded method.
func (m *Manifest) sendGRPC(ctx context.Context, c Capture, addr string, message []byte) error {
	meta, err := m.meta(c)
	if err != nil || strings.HasPrefix(meta.Path, sampling) {
		return err
	}
	return Call(ctx, addr, meta.Path, message)
}

// Call calls a method, "/package.Service/Method", at addr with an encoded message.
func Call(ctx context.Context, addr, method string, message []byte) error {
	conn, err := grpc.NewClient(addr, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	err = conn.Invoke(ctx, method, message, new([]byte), grpc.ForceCodec(rawCodec{}))
	return errors.Join(err, conn.Close())
}

// rawCodec sends bytes as they are: a recorded message may hold strings that no
// generated code would encode.
type rawCodec struct{}

// Name is that of the codec that clients and servers have in common.
func (rawCodec) Name() string { return "proto" }

// Marshal returns v, which is a message in bytes.
func (rawCodec) Marshal(v any) ([]byte, error) {
	b, ok := v.([]byte)
	if !ok {
		return nil, fmt.Errorf("%T is not bytes", v)
	}
	return b, nil
}

// Unmarshal puts data into v, a place for bytes.
func (rawCodec) Unmarshal(data []byte, v any) error {
	b, ok := v.(*[]byte)
	if !ok {
		return fmt.Errorf("%T is not a place for bytes", v)
	}
	*b = append([]byte(nil), data...)
	return nil
}
