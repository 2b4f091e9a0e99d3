package ingest

import (
	"net/netip"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"
)

// A grpcMethod is a unary method whose requests are payloads.
type grpcMethod struct {
	*lane
	service, name string
	// take deals with a request that peer sent and returns the response, encoded.
	take func(request []byte, peer any) (rawResponse, *refusal)
}

func (m *grpcMethod) path() string { return "/" + m.service + "/" + m.name }

// register adds the method to s. To grpc it is one with a stream of responses,
// which looks the same on the wire; but as such it also hears of requests that
// could not be received, and can count them.
func (m *grpcMethod) register(s *grpc.Server) {
	s.RegisterService(&grpc.ServiceDesc{
		ServiceName: m.service,
		Streams:     []grpc.StreamDesc{{StreamName: m.name, Handler: m.handle, ServerStreams: true}},
	}, nil)
}

func (m *grpcMethod) handle(_ any, stream grpc.ServerStream) error {
	caller := callerOf(stream)
	var request rawRequest
	if err := stream.RecvMsg(&request); err != nil {
		m.turnAway(unreceived(err), caller)
		return err // grpc has told the sender
	}
	defer request.free()
	response, no := m.take(request.bytes(), caller)
	if no != nil {
		m.turnAway(no, caller)
		return no.grpcStatus().Err()
	}
	return stream.SendMsg(response)
}

// callerOf returns who sent the request.
func callerOf(stream grpc.ServerStream) any {
	p, ok := peer.FromContext(stream.Context())
	if !ok {
		return netip.AddrPort{}
	}
	return p.Addr
}

// unreceived is the refusal of a request that grpc could not receive.
func unreceived(err error) *refusal {
	no := &refusal{reason: reasonMalformed, err: err}
	switch status.Code(err) {
	case codes.ResourceExhausted:
		no.reason = reasonTooLarge
	case codes.DeadlineExceeded:
		no.reason = reasonTimeout
	case codes.Canceled, codes.Unavailable:
		no.reason = reasonRead
	}
	return no
}

// grpcCode is the code that says what the sender can do about it.
func (no *refusal) grpcCode() codes.Code {
	switch no.reason {
	case reasonQueue:
		return codes.Unavailable
	case reasonTooLarge:
		return codes.ResourceExhausted
	case reasonTimeout:
		return codes.DeadlineExceeded
	case reasonPanic:
		return codes.Internal
	}
	return codes.InvalidArgument
}

// grpcStatus says what was wrong, and when to try again if that may help.
func (no *refusal) grpcStatus() *status.Status {
	s := status.New(no.grpcCode(), no.err.Error())
	if no.reason != reasonQueue {
		return s
	}
	detailed, err := s.WithDetails(&errdetails.RetryInfo{RetryDelay: durationpb.New(retryAfter)})
	if err != nil {
		return s
	}
	return detailed
}
