package translate

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// mappingKeys are the keys in the first column of the mapping's tables 6.2 to
// 6.4, in their order.
const mappingKeys = `
component db.instance db.statement db.type db.user error http.method http.status_code http.url
message_bus.destination peer.address peer.hostname peer.ipv4 peer.ipv6 peer.port peer.service
sampling.priority span.kind

http.path http.route http.host http.user_agent http.request.size http.response.size
http.status_message sql.query cassandra.query cassandra.keyspace mongodb.command mongodb.collection
mongodb.cluster_id kafka.topic jms.queue jms.topic rabbit.queue rabbit.exchange kafka.key
rabbit.routing_key rpc.service rpc.method rpc.error_code grpc.status_code rpc.grpc.status_code
mvc.controller.class mvc.controller.method internal.span.format sampler.type sampler.param
hostname ip jaeger.version jaeger.hostname client-uuid jaeger-debug-id

http.scheme http.target http.flavor http.client_ip http.server_name http.resend_count
http.retry_count http.request_content_length http.response_content_length
http.request_content_length_uncompressed http.response_content_length_uncompressed
http.request.header.<key> net.peer.name net.peer.port net.peer.ip net.sock.peer.addr
net.sock.peer.port net.sock.peer.name net.host.name net.host.port net.host.ip net.sock.host.addr
net.sock.host.port net.transport net.sock.family net.protocol.name net.protocol.version
net.app.protocol.name net.app.protocol.version db.system db.name db.redis.database_index
db.operation db.sql.table db.cassandra.table db.mongodb.collection db.cosmosdb.container
db.elasticsearch.cluster.name db.cassandra.coordinator.dc db.cassandra.coordinator.id
db.cassandra.consistency_level db.cassandra.idempotence db.cassandra.page_size
db.cassandra.speculative_execution_count db.connection_string db.jdbc.driver_classname
db.mssql.instance_name db.instance.id messaging.destination messaging.temp_destination
messaging.operation messaging.client_id messaging.kafka.client_id messaging.kafka.consumer.group
messaging.eventhubs.consumer.group messaging.kafka.destination.partition
messaging.kafka.message.offset rpc.system code.function code.namespace code.filepath code.lineno
code.column enduser.id enduser.role enduser.scope deployment.environment otel.library.name
otel.library.version exception.escaped error.message faas.id
`

// joinedKeys are looked at by the row of the key that they are joined with.
var joinedKeys = []string{"rpc.method", "mvc.controller.method", "code.namespace"}

func TestSemconvTableIsWhole(t *testing.T) {
	inTable := make(map[string]bool)
	for _, key := range joinedKeys {
		inTable[key] = true
	}
	for _, r := range SemconvTable() {
		inTable[r.Key] = true
	}
	for key := range strings.FieldsSeq(mappingKeys) {
		if !inTable[key] {
			t.Errorf("%s: neither a row nor among the keys that stay", key)
		}
	}
}

func TestSemconvTableKeepsOrMaps(t *testing.T) {
	mapped := make(map[string]bool)
	for _, r := range SemconvTable() {
		switch {
		case r.Target != "":
			mapped[r.Key] = true
		case mapped[r.Key]:
			t.Errorf("%s stays as it is, but there is a row for it", r.Key)
		}
		if r.Key == r.Target {
			t.Errorf("%s is its own target", r.Key)
		}
	}
}

// A plan finds the rows of a key by where they begin, and rows run in the
// order of the mapping's tables (S-2): both want them in the order of keys.
func TestSemconvRowsAreInOrder(t *testing.T) {
	for name, rows := range map[string][]row{"renames": renames, "derivations": derivations, "resourceRenames": resourceRenames} {
		if !slices.IsSortedFunc(rows, func(a, b row) int { return int(a.key) - int(b.key) }) {
			t.Errorf("%s are not in the order of keys", name)
		}
		if len(rows) > 255 {
			t.Errorf("%d rows are more than a plan can number", len(rows))
		}
	}
}

func TestSemconvTableRows(t *testing.T) {
	var got []SemconvRow
	for _, r := range SemconvTable() {
		if slices.Contains([]string{"peer.hostname", "peer.service", "db.type", "rpc.system", "http.path", "component"}, r.Key) {
			got = append(got, r)
		}
	}
	want := []SemconvRow{
		{"db.type", "db.system.name", "", "stable", RuleDBSystem},
		{"peer.hostname", "server.address", "client.address", "stable", RuleOpenTracing},
		{"peer.service", "service.peer.name", "", "development", RuleOpenTracing},
		{"http.path", "url.path", "", "stable", RuleLegacyTag},
		{"rpc.system", "rpc.system.name", "", "release candidate", RuleOldOTel},
		{"component", "", "", "", RuleOpenTracing},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Explanations name the rule behind each attribute and the key that it was made from.
func TestSemconvRules(t *testing.T) {
	a := attrsOf(tags{"db.type": "sql", "http.url": "http://u:p@h/", "http.path": "/a", "http.scheme": "http"})
	tr := New(Config{})
	tr.redactURLs(a)
	tr.applySemconv(a, kindClient)
	type origin struct {
		rule Rule
		from keyID
	}
	want := map[keyID]origin{
		keyDBSystemName: {RuleDBSystem, keyDBType},
		keyURLFull:      {RuleOpenTracing, keyHTTPURL},
		keyURLPath:      {RuleLegacyTag, keyHTTPPath},
		keyURLScheme:    {RuleOldOTel, keyHTTPScheme},
		keyHTTPURL:      {RuleRedact, keyOther},
		keyDBType:       {RuleTag, keyOther},
	}
	for id, want := range want {
		x := a.get(id)
		if got := (origin{x.rule, x.from}); got != want {
			t.Errorf("%s: rule %v from %q, want %v from %q", x.key, got.rule, keyNames[got.from], want.rule, keyNames[want.from])
		}
	}
}
