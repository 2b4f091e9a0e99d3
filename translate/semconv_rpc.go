package translate

import "strings"

// toFullMethod joins rpc.service and rpc.method. The stable key is rpc.method
// again, with a new meaning: a span that has to keep the old one cannot have it.
func toFullMethod(m *mapper, service value) (value, fit) {
	method, ok := m.attrs.text(keyRPCMethod)
	if m.t.config.Semconv != SemconvRename || !ok || !joinable(service, method) {
		return value{}, unfit
	}
	m.attrs.remove(keyRPCMethod)
	return stringValue(m.t.text.concat(service.str, "/", method)), exact
}

// joinable tells whether a service and a method can be told apart again once they are joined.
func joinable(service value, method string) bool {
	return service.kind == kindString && service.str != "" && method != "" && strings.IndexByte(method, '/') < 0
}

// toRPCSystem takes rpc.system, two of whose values have other words now.
func toRPCSystem(_ *mapper, v value) (value, fit) {
	if v.kind != kindString {
		return value{}, unfit
	}
	switch v.str {
	case "apache_dubbo":
		return stringValue("dubbo"), exact
	case "connect_rpc":
		return stringValue("connectrpc"), exact
	case "dubbo", "connectrpc":
		return v, lossy // these convert back to the old words
	}
	return v, exact
}

// toRPCStatus takes a status as text: the names of gRPC's for its numbers.
func toRPCStatus(m *mapper, v value) (value, fit) {
	n, ok := v.integer()
	switch {
	case ok && 0 <= n && n < int64(len(grpcCodes)):
		return stringValue(grpcCodes[n]), exactIf(v.kind == kindInt)
	case ok && v.kind != kindString:
		return stringValue(m.t.text.decimal(n)), lossy
	case v.kind == kindString && v.str != "":
		return v, lossy // what converts back is a number
	}
	return value{}, unfit
}

// grpcCodes are the names of gRPC's status codes, by number.
var grpcCodes = [...]string{
	"OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND",
	"ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
	"ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS",
	"UNAUTHENTICATED",
}
