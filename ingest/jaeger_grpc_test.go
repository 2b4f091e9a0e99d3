package ingest

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	jaegermodel "github.com/jaegertracing/jaeger-idl/model/v1"
	"github.com/jaegertracing/jaeger-idl/proto-gen/api_v2"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/mem"
	reflectionv1 "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/grpc/reflection/grpc_reflection_v1alpha"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
)

// gogoCodec is for the messages of jaeger-idl, which encode themselves.
type gogoCodec struct{}

func (gogoCodec) Name() string { return "proto" }
func (gogoCodec) Marshal(v any) (mem.BufferSlice, error) {
	b, err := v.(interface{ Marshal() ([]byte, error) }).Marshal()
	return mem.BufferSlice{mem.SliceBuffer(b)}, err
}
func (gogoCodec) Unmarshal(data mem.BufferSlice, v any) error {
	return v.(interface{ Unmarshal([]byte) error }).Unmarshal(data.Materialize())
}

// Jaeger's own stubs, and a string that is not UTF-8, which Jaeger's agent sends as it is.
func TestRealJaegerStubsOverGRPC(t *testing.T) {
	for _, compression := range []string{"identity", "gzip"} {
		t.Run(compression, func(t *testing.T) {
			r := newRealRig()
			c := dialGRPC(t, startGRPC(t, JaegerGRPC(r.Intake, Limits{})), grpc.WithDefaultCallOptions(grpc.ForceCodecV2(gogoCodec{}), grpc.UseCompressor(compression)))
			request := &api_v2.PostSpansRequest{Batch: jaegermodel.Batch{Process: jaegermodel.NewProcess("shop", nil)}}
			for i, name := range []string{"checkout", "pay", "reserve"} {
				request.Batch.Spans = append(request.Batch.Spans, &jaegermodel.Span{
					TraceID: jaegermodel.NewTraceID(0, 1), SpanID: jaegermodel.NewSpanID(uint64(i + 1)), OperationName: name,
					StartTime: time.Unix(1_700_000_000, 0), Tags: jaegermodel.KeyValues{jaegermodel.String("odd", "caf\xe9")},
				})
			}
			if _, err := api_v2.NewCollectorServiceClient(c).PostSpans(t.Context(), request); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tracedSpans, spansOf(t, r.sink.next(t))); diff != "" {
				t.Errorf("spans (-want +got):\n%s", diff)
			}
		})
	}
}

func TestJaegerGRPCHealth(t *testing.T) {
	c := grpc_health_v1.NewHealthClient(dialGRPC(t, startGRPC(t, JaegerGRPC(newRig().Intake, Limits{}))))
	for service, code := range map[string]codes.Code{"": codes.OK, "jaeger.api_v2.CollectorService": codes.OK, "nope": codes.NotFound} {
		response, err := c.Check(t.Context(), &grpc_health_v1.HealthCheckRequest{Service: service})
		wantStatus(t, err, code, false)
		if err == nil && response.Status != grpc_health_v1.HealthCheckResponse_SERVING {
			t.Errorf("%q is %v", service, response.Status)
		}
	}
}

// A tool such as grpcurl finds the method by reflection alone and calls it.
func TestJaegerGRPCReflection(t *testing.T) {
	r := newRealRig()
	c := dialGRPC(t, startGRPC(t, JaegerGRPC(r.Intake, Limits{})))
	stream, err := reflectionv1.NewServerReflectionClient(c).ServerReflectionInfo(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ask := func(q *reflectionv1.ServerReflectionRequest) *reflectionv1.ServerReflectionResponse {
		t.Helper()
		if err := stream.Send(q); err != nil {
			t.Fatal(err)
		}
		a, err := stream.Recv()
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	var services []string
	for _, s := range ask(&reflectionv1.ServerReflectionRequest{
		MessageRequest: &reflectionv1.ServerReflectionRequest_ListServices{},
	}).GetListServicesResponse().Service {
		services = append(services, s.Name)
	}
	if diff := cmp.Diff([]string{
		"grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
		"grpc.reflection.v1alpha.ServerReflection", "jaeger.api_v2.CollectorService",
	}, services); diff != "" {
		t.Errorf("services (-want +got):\n%s", diff)
	}
	var set descriptorpb.FileDescriptorSet
	for _, file := range ask(&reflectionv1.ServerReflectionRequest{
		MessageRequest: &reflectionv1.ServerReflectionRequest_FileContainingSymbol{FileContainingSymbol: "jaeger.api_v2.CollectorService"},
	}).GetFileDescriptorResponse().FileDescriptorProto {
		var f descriptorpb.FileDescriptorProto
		if err := proto.Unmarshal(file, &f); err != nil {
			t.Fatal(err)
		}
		set.File = append(set.File, &f)
	}
	files, err := protodesc.NewFiles(&set)
	if err != nil {
		t.Fatal(err)
	}
	found, err := files.FindDescriptorByName("jaeger.api_v2.CollectorService.PostSpans")
	if err != nil {
		t.Fatal(err)
	}
	method := found.(protoreflect.MethodDescriptor)
	request, response := dynamicpb.NewMessage(method.Input()), dynamicpb.NewMessage(method.Output())
	const span = `{"batch":{"process":{"serviceName":"shop"},"spans":[{"traceId":"AAAAAAAAAAE=","spanId":"AAAAAAAAAAI=","operationName":"checkout","startTime":"2026-01-01T00:00:00Z"}]}}`
	if err := protojson.Unmarshal([]byte(span), request); err != nil {
		t.Fatal(err)
	}
	if err := c.Invoke(t.Context(), postSpans, request, response); err != nil {
		t.Fatal(err)
	}
	if got := spansOf(t, r.sink.next(t)); len(got) != 1 || got[0] != "shop: checkout" {
		t.Errorf("spans %q", got)
	}
	if err := stream.CloseSend(); err != nil {
		t.Fatal(err)
	}
}

// Older tools speak the protocol's first version.
func TestJaegerGRPCReflectionOfOld(t *testing.T) {
	c := dialGRPC(t, startGRPC(t, JaegerGRPC(newRig().Intake, Limits{})))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	stream, err := grpc_reflection_v1alpha.NewServerReflectionClient(c).ServerReflectionInfo(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := stream.Send(&grpc_reflection_v1alpha.ServerReflectionRequest{
		MessageRequest: &grpc_reflection_v1alpha.ServerReflectionRequest_FileContainingSymbol{FileContainingSymbol: "jaeger.api_v2.Span"},
	}); err != nil {
		t.Fatal(err)
	}
	answer, err := stream.Recv()
	if err != nil || len(answer.GetFileDescriptorResponse().GetFileDescriptorProto()) == 0 {
		t.Errorf("answer %v, %v", answer, err)
	}
}

// The descriptors written by hand are those of jaeger-idl, as far as they go.
func TestJaegerDescriptorsAgreeWithTheIDL(t *testing.T) {
	model, _ := new(jaegermodel.Span).Descriptor()
	collector, _ := new(api_v2.PostSpansRequest).Descriptor()
	for name, zipped := range map[string][]byte{"model.proto": model, "collector.proto": collector} {
		t.Run(name, func(t *testing.T) {
			r, err := gzip.NewReader(bytes.NewReader(zipped))
			if err != nil {
				t.Fatal(err)
			}
			b, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			var idl descriptorpb.FileDescriptorProto
			if err := (proto.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(b, &idl); err != nil {
				t.Fatal(err)
			}
			file, err := newJaegerFiles().FindFileByPath(name)
			if err != nil {
				t.Fatal(err)
			}
			want := outline(&idl)
			for line := range outline(protodesc.ToFileDescriptorProto(file)) {
				if !want[line] {
					t.Errorf("not in the IDL: %s", line)
				}
			}
		})
	}
}

// outline has a line for everything in a file that goes over the wire.
func outline(file *descriptorpb.FileDescriptorProto) map[string]bool {
	lines := make(map[string]bool)
	add := func(v ...any) { lines[fmt.Sprintln(v...)] = true }
	for _, m := range file.MessageType {
		for _, f := range m.Field {
			add("message", file.GetPackage(), m.GetName(), f.GetName(), f.GetNumber(), f.GetLabel(), f.GetType(), f.GetTypeName())
		}
	}
	for _, e := range file.EnumType {
		for _, v := range e.Value {
			add("enum", file.GetPackage(), e.GetName(), v.GetName(), v.GetNumber())
		}
	}
	for _, s := range file.Service {
		for _, m := range s.Method {
			add("method", file.GetPackage(), s.GetName(), m.GetName(), m.GetInputType(), m.GetOutputType())
		}
	}
	return lines
}
