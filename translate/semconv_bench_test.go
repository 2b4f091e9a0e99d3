package translate

import "testing"

// Spans as clients send them.
var (
	httpClientSpan = tags{
		"component": "net/http", "http.method": "GET", "http.url": "https://pay.example:8443/v3/charge?id=17", "http.status_code": 402,
		"peer.service": "payments", "peer.ipv4": "192.0.2.17", "peer.port": 8443, "sampler.type": "const", "customer": "c-77", "retry": 2,
	}
	httpServerSpan = tags{
		"component": "net/http", "http.method": "POST", "http.url": "http://shop.example/checkout?step=2", "http.status_code": 500,
		"peer.ipv4": "192.0.2.17", "peer.port": 52114, "http.user_agent": "curl/8", "http.host": "shop.example",
	}
	dbSpan = tags{
		"component": "java-jdbc", "db.type": "sql", "db.instance": "inventory", "db.user": "app",
		"db.statement": "SELECT qty FROM stock WHERE sku = ?", "peer.service": "postgres", "peer.hostname": "db1.shop.internal",
		"peer.port": 5432.0, "rows": 2,
	}
	messageSpan = tags{"message_bus.destination": "orders", "peer.service": "kafka", "peer.address": "broker-1.kafka:9092"}
	secretSpan  = tags{"http.method": "get", "http.url": "HTTPS://u:p@h/a?sig=x", "http.status_code": "200"}
	otelSpan    = tags{
		"http.target": "/a?x=1", "http.flavor": "2.0", "net.peer.ip": "10.0.0.1", "net.host.name": "h", "net.transport": "ip_tcp",
		"peer.ipv6": []byte("0123456789abcdef"), "peer.address": "[::1]:80", "db.redis.database_index": 7,
		"code.namespace": "shop.Cart", "code.function": "add", "net.protocol.name": "HTTP", "grpc.status_code": 5,
	}
	untaggedSpan = tags{"rows": 2, "cache.hit": true}
)

var semconvSpans = []struct {
	name string
	kind spanKind
	in   tags
}{
	{"http client", kindClient, httpClientSpan},
	{"http server", kindServer, httpServerSpan},
	{"db", kindClient, dbSpan},
	{"message", kindProducer, messageSpan},
	{"secret", kindClient, secretSpan},
	{"old OTel", kindServer, otelSpan},
	{"untagged", kindInternal, untaggedSpan},
}

// applyAgain does for a span what applySemconv does, and takes it back.
func applyAgain(tr *Translator, a *attrs, tagged []attr, has keySet, kind spanKind) {
	a.list = append(a.list[:0], tagged...)
	a.has = has
	tr.text.reset()
	tr.notes = tr.notes[:0]
	tr.applySemconv(a, kind)
}

func TestSemconvAllocatesNothing(t *testing.T) {
	for _, s := range semconvSpans {
		for _, mode := range []Semconv{SemconvDup, SemconvRename} {
			tr := New(Config{Semconv: mode, RPC: true, RedactURLQuery: true})
			a := attrsOf(s.in)
			tagged, has := append([]attr(nil), a.list...), a.has
			if n := testing.AllocsPerRun(100, func() { applyAgain(tr, a, tagged, has, s.kind) }); n != 0 {
				t.Errorf("%s, mode %d: %v allocations", s.name, mode, n)
			}
		}
	}
}

func BenchmarkSemconv(b *testing.B) {
	for _, s := range semconvSpans {
		for name, mode := range map[string]Semconv{"dup": SemconvDup, "rename": SemconvRename, "raw": SemconvRaw} {
			b.Run(s.name+"/"+name, func(b *testing.B) {
				tr := New(Config{Semconv: mode})
				a := attrsOf(s.in)
				tagged, has := append([]attr(nil), a.list...), a.has
				b.ReportAllocs()
				for b.Loop() {
					applyAgain(tr, a, tagged, has, s.kind)
				}
			})
		}
	}
}
