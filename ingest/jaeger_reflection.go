package ingest

import (
	"google.golang.org/grpc"
	"google.golang.org/grpc/reflection"
	reflectionv1 "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/grpc/reflection/grpc_reflection_v1alpha"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	_ "google.golang.org/protobuf/types/known/durationpb"  // imported by jaegerFiles
	_ "google.golang.org/protobuf/types/known/timestamppb" // imported by jaegerFiles
)

// serveReflection lets tools ask s for its services and their messages, in the
// protocol's present version and in the one that older tools speak.
func serveReflection(s *grpc.Server) {
	files := newJaegerFiles()
	o := reflection.ServerOptions{Services: s, DescriptorResolver: files}
	reflectionv1.RegisterServerReflectionServer(s, reflection.NewServerV1(o))
	grpc_reflection_v1alpha.RegisterServerReflectionServer(s, reflection.NewServer(o))
}

// jaegerFiles resolves the descriptors of Jaeger's API and, beyond those, all
// that the program has.
type jaegerFiles struct{ own *protoregistry.Files }

// newJaegerFiles makes the descriptors from the text below: Jaeger's generated
// code would bring a second protobuf library into the program.
func newJaegerFiles() jaegerFiles {
	files := jaegerFiles{own: new(protoregistry.Files)}
	for _, text := range []string{modelProto, collectorProto} {
		file, err := protodesc.NewFile(parseProto(text), files)
		if err == nil {
			err = files.own.RegisterFile(file)
		}
		if err != nil {
			panic(err) // the text is wrong
		}
	}
	return files
}

// FindFileByPath implements [protodesc.Resolver].
func (f jaegerFiles) FindFileByPath(path string) (protoreflect.FileDescriptor, error) {
	if file, err := f.own.FindFileByPath(path); err == nil {
		return file, nil
	}
	return protoregistry.GlobalFiles.FindFileByPath(path)
}

// FindDescriptorByName implements [protodesc.Resolver].
func (f jaegerFiles) FindDescriptorByName(name protoreflect.FullName) (protoreflect.Descriptor, error) {
	if d, err := f.own.FindDescriptorByName(name); err == nil {
		return d, nil
	}
	return protoregistry.GlobalFiles.FindDescriptorByName(name)
}

// jaegerPackage is the protobuf package of Jaeger's API.
const jaegerPackage = "jaeger.api_v2"

// What follows is as much of Jaeger's IDL as PostSpans needs.

const collectorProto = `
file collector.proto
package jaeger.api_v2
import model.proto

message PostSpansRequest {
  Batch batch = 1
}
message PostSpansResponse {
}
service CollectorService {
  PostSpans PostSpansRequest PostSpansResponse
}
`

const modelProto = `
file model.proto
package jaeger.api_v2
import google/protobuf/timestamp.proto
import google/protobuf/duration.proto

enum ValueType {
  STRING = 0
  BOOL = 1
  INT64 = 2
  FLOAT64 = 3
  BINARY = 4
}
message KeyValue {
  string key = 1
  ValueType v_type = 2
  string v_str = 3
  bool v_bool = 4
  int64 v_int64 = 5
  double v_float64 = 6
  bytes v_binary = 7
}
message Log {
  google.protobuf.Timestamp timestamp = 1
  repeated KeyValue fields = 2
}
enum SpanRefType {
  CHILD_OF = 0
  FOLLOWS_FROM = 1
}
message SpanRef {
  bytes trace_id = 1
  bytes span_id = 2
  SpanRefType ref_type = 3
}
message Process {
  string service_name = 1
  repeated KeyValue tags = 2
}
message Span {
  bytes trace_id = 1
  bytes span_id = 2
  string operation_name = 3
  repeated SpanRef references = 4
  uint32 flags = 5
  google.protobuf.Timestamp start_time = 6
  google.protobuf.Duration duration = 7
  repeated KeyValue tags = 8
  repeated Log logs = 9
  Process process = 10
  string process_id = 11
  repeated string warnings = 12
}
message Batch {
  repeated Span spans = 1
  Process process = 2
}
`
