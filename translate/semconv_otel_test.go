package translate

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSemconvOldOTelKeys(t *testing.T) { // mapping 6.4
	rc := Config{RPC: true}
	testSemconv(t, []semconvCase{
		{name: "http.scheme", in: tags{"http.scheme": "https"}, adds: tags{"url.scheme": "https"}, moves: []string{"http.scheme"}},
		{name: "http.target", in: tags{"http.target": "/a?x=1?y"}, adds: tags{"url.path": "/a", "url.query": "x=1?y"}},
		{name: "http.target without query", in: tags{"http.target": "/a?"}, adds: tags{"url.path": "/a"}},
		{name: "http.target *", in: tags{"http.target": "*"}, adds: tags{"url.path": "*"}},
		{name: "http.target of CONNECT", in: tags{"http.target": "h:443"}},
		{name: "http.flavor 1.1", in: tags{"http.flavor": "1.1"}, adds: tags{"network.protocol.version": "1.1"}, moves: []string{"http.flavor"}},
		{name: "http.flavor 2.0", in: tags{"http.flavor": "2.0"}, adds: tags{"network.protocol.version": "2"}, moves: []string{"http.flavor"}},
		{name: "http.flavor 2", in: tags{"http.flavor": "2"}, adds: tags{"network.protocol.version": "2"}},
		{name: "http.flavor 3.0", in: tags{"http.flavor": "3.0"}, adds: tags{"network.protocol.version": "3"}, moves: []string{"http.flavor"}},
		{name: "http.flavor SPDY", in: tags{"http.flavor": "SPDY"}, adds: tags{"network.protocol.name": "spdy"}},
		{name: "http.flavor QUIC", in: tags{"http.flavor": "QUIC"}, adds: tags{"network.transport": "quic"}},
		{name: "http.flavor HTTP/1.1", in: tags{"http.flavor": "HTTP/1.1"}},
		{name: "http.flavor empty", in: tags{"http.flavor": ""}},
		{name: "http.client_ip", in: tags{"http.client_ip": "10.0.0.1"}, adds: tags{"client.address": "10.0.0.1"}, moves: []string{"http.client_ip"}},
		{name: "http.server_name", in: tags{"http.server_name": "h"}, adds: tags{"server.address": "h"}, moves: []string{"http.server_name"}},
		{name: "http.resend_count", in: tags{"http.resend_count": 2}, adds: tags{"http.request.resend_count": 2}, moves: []string{"http.resend_count"}},
		{name: "http.retry_count", in: tags{"http.retry_count": "2"}, adds: tags{"http.request.resend_count": 2}},
		{name: "content length", in: tags{"http.request_content_length": 1, "http.response_content_length": 2}},
		{name: "content length uncompressed",
			in:   tags{"http.request_content_length_uncompressed": 1, "http.response_content_length_uncompressed": 2.0},
			adds: tags{"http.request.body.size": 1, "http.response.body.size": 2}},
		{name: "headers", in: tags{"http.request.header.content_type": "text/html"}},
		{name: "net.peer.name and port", kind: kindClient, in: tags{"net.peer.name": "h", "net.peer.port": 80},
			adds: tags{"server.address": "h", "server.port": 80}, moves: []string{"net.peer.name", "net.peer.port"}},
		{name: "net.peer.name and port at the server", kind: kindServer, in: tags{"net.peer.name": "h", "net.peer.port": 80},
			adds: tags{"client.address": "h", "client.port": 80}, moves: []string{"net.peer.name", "net.peer.port"}},
		{name: "net.peer.ip", in: tags{"net.peer.ip": "10.0.0.1"}, adds: tags{"network.peer.address": "10.0.0.1"}, moves: []string{"net.peer.ip"}},
		{name: "net.sock.peer", in: tags{"net.sock.peer.addr": "/x.sock", "net.sock.peer.port": 80, "net.sock.peer.name": "n"},
			adds: tags{"network.peer.address": "/x.sock", "network.peer.port": 80}, moves: []string{"net.sock.peer.addr", "net.sock.peer.port"}},
		{name: "net.host at the server", kind: kindServer, in: tags{"net.host.name": "h", "net.host.port": 80},
			adds: tags{"server.address": "h", "server.port": 80}, moves: []string{"net.host.name", "net.host.port"}},
		{name: "net.host at the client", kind: kindClient, in: tags{"net.host.name": "h", "net.host.port": 80}},
		{name: "net.host.ip", in: tags{"net.host.ip": "10.0.0.1"}, adds: tags{"network.local.address": "10.0.0.1"}, moves: []string{"net.host.ip"}},
		{name: "net.sock.host", in: tags{"net.sock.host.addr": "10.0.0.1", "net.sock.host.port": 80},
			adds: tags{"network.local.address": "10.0.0.1", "network.local.port": 80}, moves: []string{"net.sock.host.addr", "net.sock.host.port"}},
		{name: "net.transport ip_tcp", in: tags{"net.transport": "ip_tcp"}, adds: tags{"network.transport": "tcp"}, moves: []string{"net.transport"}},
		{name: "net.transport ip_udp", in: tags{"net.transport": "ip_udp"}, adds: tags{"network.transport": "udp"}, moves: []string{"net.transport"}},
		{name: "net.transport pipe", in: tags{"net.transport": "pipe"}, adds: tags{"network.transport": "pipe"}, moves: []string{"net.transport"}},
		{name: "net.transport unix", in: tags{"net.transport": "unix"}, adds: tags{"network.transport": "unix"}, moves: []string{"net.transport"}},
		{name: "net.transport inproc", in: tags{"net.transport": "inproc"}},
		{name: "net.sock.family inet", in: tags{"net.sock.family": "inet"}, adds: tags{"network.type": "ipv4"}, moves: []string{"net.sock.family"}},
		{name: "net.sock.family inet6", in: tags{"net.sock.family": "inet6"}, adds: tags{"network.type": "ipv6"}, moves: []string{"net.sock.family"}},
		{name: "net.sock.family unix", in: tags{"net.sock.family": "unix"}, adds: tags{"network.transport": "unix"}},
		{name: "net.protocol", in: tags{"net.protocol.name": "HTTP", "net.protocol.version": "1.1"},
			adds: tags{"network.protocol.name": "http", "network.protocol.version": "1.1"}, moves: []string{"net.protocol.version"}},
		{name: "net.app.protocol", in: tags{"net.app.protocol.name": "amqp", "net.app.protocol.version": "0.9"},
			adds: tags{"network.protocol.name": "amqp", "network.protocol.version": "0.9"}, moves: []string{"net.app.protocol.name", "net.app.protocol.version"}},
		{name: "db.system", in: tags{"db.system": "postgresql"}, adds: tags{"db.system.name": "postgresql"}, moves: []string{"db.system"}},
		{name: "db.name", in: tags{"db.name": "n"}, adds: tags{"db.namespace": "n"}, moves: []string{"db.name"}},
		{name: "db.redis.database_index", in: tags{"db.redis.database_index": 1}, adds: tags{"db.namespace": "1"}, moves: []string{"db.redis.database_index"}},
		{name: "db.redis.database_index as text", in: tags{"db.redis.database_index": "1"}, adds: tags{"db.namespace": "1"}},
		{name: "db.redis.database_index as a double", in: tags{"db.redis.database_index": 1.0}, adds: tags{"db.namespace": "1"}},
		{name: "db.operation", in: tags{"db.operation": "SELECT"}, adds: tags{"db.operation.name": "SELECT"}, moves: []string{"db.operation"}},
		{name: "db.sql.table", in: tags{"db.sql.table": "t"}, adds: tags{"db.collection.name": "t"}, moves: []string{"db.sql.table"}},
		{name: "db.cassandra.table", in: tags{"db.cassandra.table": "t"}, adds: tags{"db.collection.name": "t"}, moves: []string{"db.cassandra.table"}},
		{name: "db.mongodb.collection", in: tags{"db.mongodb.collection": "t"}, adds: tags{"db.collection.name": "t"}, moves: []string{"db.mongodb.collection"}},
		{name: "db.cosmosdb.container", in: tags{"db.cosmosdb.container": "t"}, adds: tags{"db.collection.name": "t"}, moves: []string{"db.cosmosdb.container"}},
		{name: "db.elasticsearch.cluster.name", in: tags{"db.elasticsearch.cluster.name": "c"}, adds: tags{"db.namespace": "c"}, moves: []string{"db.elasticsearch.cluster.name"}},
		{name: "db.cassandra.*",
			in: tags{"db.cassandra.coordinator.dc": "dc", "db.cassandra.coordinator.id": "id", "db.cassandra.consistency_level": "all",
				"db.cassandra.idempotence": true, "db.cassandra.page_size": 5000, "db.cassandra.speculative_execution_count": 0},
			adds: tags{"cassandra.coordinator.dc": "dc", "cassandra.coordinator.id": "id", "cassandra.consistency.level": "all",
				"cassandra.query.idempotent": true, "cassandra.page.size": 5000, "cassandra.speculative_execution.count": 0}},
		{name: "db keys without successor",
			in: tags{"db.user": "u", "db.connection_string": "c", "db.jdbc.driver_classname": "d", "db.mssql.instance_name": "m", "db.instance.id": "i"}},
		{name: "messaging.destination", in: tags{"messaging.destination": "d"}, adds: tags{"messaging.destination.name": "d"}},
		{name: "messaging.temp_destination", in: tags{"messaging.temp_destination": "true"}, adds: tags{"messaging.destination.temporary": true}},
		{name: "messaging.operation publish", in: tags{"messaging.operation": "publish"}, adds: tags{"messaging.operation.type": "send"}},
		{name: "messaging.operation deliver", in: tags{"messaging.operation": "deliver"}, adds: tags{"messaging.operation.type": "process"}},
		{name: "messaging.operation receive", in: tags{"messaging.operation": "receive"}, adds: tags{"messaging.operation.type": "receive"}},
		{name: "messaging.client_id", in: tags{"messaging.client_id": "c"}, adds: tags{"messaging.client.id": "c"}},
		{name: "messaging.kafka",
			in: tags{"messaging.kafka.client_id": "c", "messaging.kafka.consumer.group": "g", "messaging.kafka.destination.partition": 3, "messaging.kafka.message.offset": 9},
			adds: tags{"messaging.client.id": "c", "messaging.consumer.group.name": "g",
				"messaging.destination.partition.id": "3", "messaging.kafka.offset": 9}},
		{name: "messaging.eventhubs.consumer.group", in: tags{"messaging.eventhubs.consumer.group": "g"}, adds: tags{"messaging.consumer.group.name": "g"}},
		{name: "rpc.system", in: tags{"rpc.system": "grpc"}},
		{name: "rc: rpc.system", config: rc, in: tags{"rpc.system": "grpc"}, adds: tags{"rpc.system.name": "grpc"}, moves: []string{"rpc.system"}},
		{name: "rc: rpc.system apache_dubbo", config: rc, in: tags{"rpc.system": "apache_dubbo"}, adds: tags{"rpc.system.name": "dubbo"}, moves: []string{"rpc.system"}},
		{name: "rc: rpc.system connect_rpc", config: rc, in: tags{"rpc.system": "connect_rpc"}, adds: tags{"rpc.system.name": "connectrpc"}, moves: []string{"rpc.system"}},
		{name: "rc: rpc.system dubbo", config: rc, in: tags{"rpc.system": "dubbo"}, adds: tags{"rpc.system.name": "dubbo"}},
		{name: "code.function", in: tags{"code.function": "f", "code.namespace": "n.C"}, adds: tags{"code.function.name": "n.C.f"}},
		{name: "code.function alone", in: tags{"code.function": "f"}, adds: tags{"code.function.name": "f"}},
		{name: "code.namespace alone", in: tags{"code.namespace": "n.C"}},
		{name: "code position", in: tags{"code.filepath": "/a.go", "code.lineno": 7, "code.column": 3.0},
			adds: tags{"code.file.path": "/a.go", "code.line.number": 7, "code.column.number": 3}, moves: []string{"code.filepath", "code.lineno"}},
		{name: "enduser", in: tags{"enduser.id": "u", "enduser.role": "r", "enduser.scope": "s"}},
		{name: "resource keys on a span", in: tags{"deployment.environment": "prod", "faas.id": "arn"}},
		{name: "error.message", in: tags{"error.message": "m", "exception.escaped": false}},
	})
}

func TestSemconvResource(t *testing.T) { // mapping 6.4
	in := tags{"deployment.environment": "prod", "faas.id": "arn", "http.method": "GET"}
	for mode, want := range map[Semconv]tags{
		SemconvRaw: in,
		SemconvDup: {"deployment.environment": "prod", "faas.id": "arn", "http.method": "GET",
			"deployment.environment.name": "prod", "cloud.resource_id": "arn"},
		SemconvRename: {"faas.id": "arn", "http.method": "GET",
			"deployment.environment.name": "prod", "cloud.resource_id": "arn"},
	} {
		a := attrsOf(in)
		New(Config{Semconv: mode}).applyResourceSemconv(a)
		if diff := cmp.Diff(want, tagsOf(t, a)); diff != "" {
			t.Errorf("mode %d (-want +got):\n%s", mode, diff)
		}
	}
}
