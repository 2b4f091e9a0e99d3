package translate

import "testing"

func TestSemconvOtherLegacyTags(t *testing.T) { // mapping 6.3
	rc := Config{RPC: true}
	testSemconv(t, []semconvCase{
		{name: "http.path", in: tags{"http.path": "/c"}, adds: tags{"url.path": "/c"}, moves: []string{"http.path"}},
		{name: "http.path empty", in: tags{"http.path": ""}},
		{name: "http.route", in: tags{"http.route": ""}},
		{name: "http.host", in: tags{"http.host": "h"}, adds: tags{"server.address": "h"}},
		{name: "http.host with a port", kind: kindServer, in: tags{"http.host": "h:8080"}, adds: tags{"server.address": "h", "server.port": 8080}},
		{name: "http.host IPv6", in: tags{"http.host": "[::1]:80"}, adds: tags{"server.address": "::1", "server.port": 80}},
		{name: "http.host of nothing", in: tags{"http.host": ":80"}},
		{name: "http.user_agent", in: tags{"http.user_agent": "curl/8"}, adds: tags{"user_agent.original": "curl/8"}, moves: []string{"http.user_agent"}},
		{name: "http.request.size", in: tags{"http.request.size": "12"}},
		{name: "http.response.size", in: tags{"http.response.size": 12}},
		{name: "http.status_message", in: tags{"http.status_message": "Not Found"}},
		{name: "sql.query", in: tags{"sql.query": "SELECT 1"}, adds: tags{"db.query.text": "SELECT 1", "db.system.name": "other_sql"}, moves: []string{"sql.query"}},
		{name: "sql.query beside db.type", in: tags{"sql.query": "SELECT 1", "db.type": "mysql"},
			adds: tags{"db.query.text": "SELECT 1", "db.system.name": "mysql"}, moves: []string{"sql.query", "db.type"}},
		{name: "sql.query beside db.system", in: tags{"sql.query": "SELECT 1", "db.system": "mysql"},
			adds: tags{"db.query.text": "SELECT 1", "db.system.name": "mysql"}, moves: []string{"sql.query", "db.system"}},
		{name: "cassandra.query", in: tags{"cassandra.query": "SELECT"}, adds: tags{"db.query.text": "SELECT", "db.system.name": "cassandra"}, moves: []string{"cassandra.query"}},
		{name: "cassandra.keyspace", in: tags{"cassandra.keyspace": "k"}, adds: tags{"db.namespace": "k", "db.system.name": "cassandra"}, moves: []string{"cassandra.keyspace"}},
		{name: "mongodb.command", in: tags{"mongodb.command": "find", "mongodb.cluster_id": "1"},
			adds: tags{"db.operation.name": "find", "db.system.name": "mongodb"}, moves: []string{"mongodb.command"}},
		{name: "mongodb.collection", in: tags{"mongodb.collection": "c"}, adds: tags{"db.collection.name": "c", "db.system.name": "mongodb"}, moves: []string{"mongodb.collection"}},
		{name: "kafka.topic", in: tags{"kafka.topic": "t", "kafka.key": "k"}, adds: tags{"messaging.destination.name": "t", "messaging.system": "kafka"}},
		{name: "jms.queue", in: tags{"jms.queue": "q"}, adds: tags{"messaging.destination.name": "q", "messaging.system": "jms"}},
		{name: "jms.topic", in: tags{"jms.topic": "t"}, adds: tags{"messaging.destination.name": "t", "messaging.system": "jms"}},
		{name: "rabbit.queue", in: tags{"rabbit.queue": "q", "rabbit.exchange": "e", "rabbit.routing_key": "r"},
			adds: tags{"messaging.destination.name": "q", "messaging.system": "rabbitmq"}},
		{name: "rabbit.exchange", in: tags{"rabbit.exchange": "e"}, adds: tags{"messaging.destination.name": "e", "messaging.system": "rabbitmq"}},
		{name: "messaging.system is there", in: tags{"kafka.topic": "t", "messaging.system": "redpanda"}, adds: tags{"messaging.destination.name": "t"}},
		{name: "rpc.service and rpc.method", in: tags{"rpc.service": "p.S", "rpc.method": "M"}},
		{name: "rpc.error_code", in: tags{"rpc.error_code": "NOT_FOUND"}},
		{name: "grpc.status_code", in: tags{"grpc.status_code": 5}},
		{name: "rc: rpc.error_code", config: rc, in: tags{"rpc.error_code": "NOT_FOUND"}, adds: tags{"rpc.response.status_code": "NOT_FOUND"}},
		{name: "rc: grpc.status_code", config: rc, in: tags{"grpc.status_code": 5}, adds: tags{"rpc.response.status_code": "NOT_FOUND"}, moves: []string{"grpc.status_code"}},
		{name: "rc: grpc.status_code as digits", config: rc, in: tags{"grpc.status_code": "16"}, adds: tags{"rpc.response.status_code": "UNAUTHENTICATED"}},
		{name: "rc: grpc.status_code 17", config: rc, in: tags{"grpc.status_code": 17}, adds: tags{"rpc.response.status_code": "17"}},
		{name: "rc: rpc.grpc.status_code as a double", config: rc, in: tags{"rpc.grpc.status_code": 0.0}, adds: tags{"rpc.response.status_code": "OK"}},
		{name: "mvc.controller", in: tags{"mvc.controller.class": "C", "mvc.controller.method": "m"}, adds: tags{"code.function.name": "C.m"}},
		{name: "mvc.controller.class alone", in: tags{"mvc.controller.class": "C"}},
		{name: "kept", in: tags{"internal.span.format": "zipkin", "sampler.type": "const", "sampler.param": true, "jaeger-debug-id": "d"}},
		{name: "process tags on a span", in: tags{"hostname": "h", "ip": "10.0.0.1", "jaeger.version": "Go-2.30.0", "jaeger.hostname": "h", "client-uuid": "u"}},
	})
}

// rpc.method means something else as a stable key, so both cannot be there (mapping 6.3).
func TestSemconvRPCMethod(t *testing.T) {
	in := tags{"rpc.service": "p.S", "rpc.method": "M"}
	dup := semconvCase{config: Config{RPC: true}, in: in}
	dup.check(t, SemconvDup, in, nil)
	dup.check(t, SemconvRename, tags{"rpc.method": "p.S/M"}, nil)
	full := tags{"rpc.service": "p.S", "rpc.method": "p.S/M"}
	joined := semconvCase{config: Config{RPC: true}, in: full}
	joined.check(t, SemconvRename, full, nil)
}
