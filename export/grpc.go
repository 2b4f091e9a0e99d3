package export

import (
	"context"
	"strconv"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

const exportMethod = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"

// maxGRPCResponse is 4 MiB and a byte: the byte tells grpc's complaint about a
// response apart from that of a server whose own limit is 4 MiB.
const maxGRPCResponse = maxResponse + 1

// A grpcClient calls TraceService.Export with bytes that are encoded already.
type grpcClient struct {
	conn    *grpc.ClientConn
	headers metadata.MD
	timeout time.Duration
}

func newGRPC(c Config, userAgent string) (*grpcClient, error) {
	security := insecure.NewCredentials()
	if c.usesTLS() {
		config, err := c.TLS.config()
		if err != nil {
			return nil, err
		}
		security = credentials.NewTLS(config)
	}
	options := append(compressing(c.Compression),
		grpc.WithTransportCredentials(security),
		grpc.WithUserAgent(userAgent),
		grpc.WithDisableRetry(), // deliver retries, and counts it
		grpc.WithDisableServiceConfig(),
		grpc.WithMaxHeaderListSize(256<<10),
		grpc.WithConnectParams(grpc.ConnectParams{Backoff: reconnect, MinConnectTimeout: 10 * time.Second}),
		// Servers hang up on clients that ping more often, unless told otherwise.
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 5 * time.Minute, Timeout: 20 * time.Second}),
		grpc.WithDefaultCallOptions(grpc.ForceCodecV2(rawCodec{}),
			grpc.MaxCallRecvMsgSize(maxGRPCResponse), grpc.MaxCallSendMsgSize(1<<31-1)),
	)
	conn, err := grpc.NewClient(c.grpcTarget(), options...)
	if err != nil {
		endpoint, name := c.endpoint()
		return nil, &FieldError{name, endpoint, "cannot be used: " + err.Error()}
	}
	headers := metadata.MD{}
	for key, value := range c.Headers {
		headers.Set(strings.ToLower(key), string(value))
	}
	return &grpcClient{conn, headers, c.Timeout}, nil
}

// reconnect keeps gRPC's own patience shorter than ours, so that a retry meets a fresh attempt to connect.
var reconnect = backoff.Config{BaseDelay: 300 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2, MaxDelay: 5 * time.Second}

// Export is described at Client.
func (c *grpcClient) Export(ctx context.Context, request []byte) error {
	ctx, cancel := withTimeout(metadata.NewOutgoingContext(ctx, c.headers), c.timeout)
	defer cancel()
	var response []byte
	if err := c.conn.Invoke(ctx, exportMethod, request, &response); err != nil {
		s := status.Convert(err)
		if s.Code() == codes.ResourceExhausted && responseTooLarge(s.Message()) {
			return &Partial{Message: unreadResponse}
		}
		return grpcFailure(s)
	}
	return partialSuccess(response)
}

// Close ends the connection.
func (c *grpcClient) Close() error { return c.conn.Close() }

// responseTooLarge tells grpc's own complaint about a response from a server's about our request.
func responseTooLarge(message string) bool {
	limit := strconv.Itoa(maxGRPCResponse)
	return strings.HasSuffix(message, "larger than max "+limit) || strings.HasSuffix(message, " vs. "+limit+")")
}

// grpcFailure reads a status that is not OK.
func grpcFailure(s *status.Status) *Failure {
	asked, throttled := retryInfo(s)
	c := s.Code()
	if c > codes.Unauthenticated { // the last that there is
		c = codes.Unknown
	}
	return &Failure{
		Verdict: grpcVerdict(c, throttled),
		Status:  code.Code(c).String(),
		Message: clip(s.Message()),
		Asked:   asked,
	}
}

// grpcVerdict is the table of the OTLP specification, except for Held; see the package comment.
func grpcVerdict(c codes.Code, throttled bool) Verdict {
	switch c {
	case codes.Canceled, codes.DeadlineExceeded, codes.Aborted, codes.OutOfRange, codes.Unavailable, codes.DataLoss:
		return Again
	case codes.ResourceExhausted:
		if throttled {
			return Again
		}
		return TooLarge
	case codes.Unauthenticated, codes.PermissionDenied, codes.Unimplemented:
		return Held
	}
	return Refused
}

// retryInfo returns what a google.rpc.RetryInfo in the details asks for.
func retryInfo(s *status.Status) (asked time.Duration, throttled bool) {
	for _, d := range s.Details() {
		if info, ok := d.(*errdetails.RetryInfo); ok {
			return max(info.GetRetryDelay().AsDuration(), 0), true
		}
	}
	return 0, false
}
