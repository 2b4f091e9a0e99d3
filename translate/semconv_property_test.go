package translate

import (
	"maps"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// semconvKeys are all keys that a row reads or writes.
var semconvKeys = func() []string {
	keys := map[string]bool{"rpc.method": true, "mvc.controller.method": true, "code.namespace": true}
	for _, r := range SemconvTable() {
		for _, key := range []string{r.Key, r.Target, r.TargetOnServer} {
			if key != "" {
				keys[key] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(keys))
}()

// semconvValues are values that some conversion takes or only just refuses.
var semconvValues = []any{
	"", "h", "h:80", "10.0.0.1", "10.0.0.1:80", "::1", "/a?x=1", "http://h:8080/a?x=1", "https://u:p@h/", "GET", "get", "mysql", "Postgres",
	"redis", "2.0", "2", "1.1", "SPDY", "QUIC", "ip_tcp", "tcp", "unix", "inet", "ipv4", "apache_dubbo", "dubbo", "publish", "send",
	"NOT_FOUND", "5", " 200 ", "true", "HTTP", "http", "p.S", "p.S/M", "M",
	0, 5, 80, 200, -1, math.MaxInt64, 0.0, 80.0, 200.0, 0.5, math.Inf(1), true, false, []byte("h"), []byte("0123456789abcdef"),
}

func drawTags(t *rapid.T) tags {
	return rapid.MapOfN(rapid.SampledFrom(semconvKeys), rapid.SampledFrom(semconvValues), 0, 12).Draw(t, "tags")
}

func drawKind(t *rapid.T) spanKind {
	return rapid.SampledFrom([]spanKind{kindInternal, kindServer, kindClient, kindProducer, kindConsumer}).Draw(t, "kind")
}

func mapped(c Config, in tags, kind spanKind) *attrs {
	a := attrsOf(in)
	tr := New(c)
	tr.redactURLs(a)
	tr.applySemconv(a, kind)
	return a
}

// live returns the values of the live attributes.
func live(a *attrs) map[string]value {
	values := make(map[string]value)
	for _, x := range a.list {
		if !x.gone {
			values[x.key] = x.value
		}
	}
	return values
}

func TestSemconvRawChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawTags(t)
		got := mapped(Config{Semconv: SemconvRaw, RPC: true, RedactURLQuery: true}, in, drawKind(t))
		if diff := cmp.Diff(attrsOf(in).list, got.list, cmp.AllowUnexported(attr{}, value{})); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	})
}

// Dup only adds, but for credentials in URLs (N-9).
func TestSemconvDupKeepsOriginals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawTags(t)
		c := Config{RPC: rapid.Bool().Draw(t, "rpc"), KeepURLUserinfo: true}
		got := live(mapped(c, in, drawKind(t)))
		for key, x := range in {
			if got[key] != valueFrom(x) {
				t.Fatalf("%s was %v and is %v", key, x, got[key])
			}
		}
	})
}

// What rename takes out can be had back from what stands there instead,
// exactly, and what it does not take out it does not change. The stable keys
// of the payload are never changed.
func TestSemconvRenameLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, kind := drawTags(t), drawKind(t)
		c := Config{Semconv: SemconvRename, RPC: rapid.Bool().Draw(t, "rpc"), KeepURLUserinfo: true}
		got := live(mapped(c, in, kind))
		for key, x := range in {
			want := valueFrom(x)
			if v, there := got[key]; there && v == want {
				continue
			}
			if !slices.Contains(originals(key, kind, got), want) {
				t.Fatalf("%s was %#v and cannot be had back from %#v", key, x, got)
			}
		}
	})
}

// Rename adds what dup adds, but for rpc.method, and every stable key has the same value.
func TestSemconvRenameAddsWhatDupAdds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, kind := drawTags(t), drawKind(t)
		dup := live(mapped(Config{}, in, kind))
		rename := live(mapped(Config{Semconv: SemconvRename}, in, kind))
		for key, v := range dup {
			if _, original := in[key]; !original && rename[key] != v {
				t.Fatalf("%s: dup has %v, rename %v", key, v, rename[key])
			}
		}
		for key, v := range rename {
			if dup[key] != v {
				t.Fatalf("%s: rename has %v, dup %v", key, v, dup[key])
			}
		}
	})
}

// The result does not depend on the order in which a client set the tags (S-2).
func TestSemconvOrderOfTags(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, kind := drawTags(t), drawKind(t)
		c := Config{Semconv: rapid.SampledFrom([]Semconv{SemconvDup, SemconvRename}).Draw(t, "mode")}
		shuffled := attrsOf(nil)
		for _, key := range rapid.Permutation(slices.Sorted(maps.Keys(in))).Draw(t, "order") {
			shuffled.list = append(shuffled.list, tagOf(key, in[key]))
		}
		shuffled.settle()
		tr := New(c)
		tr.redactURLs(shuffled)
		tr.applySemconv(shuffled, kind)
		if diff := cmp.Diff(live(mapped(c, in, kind)), live(shuffled), cmp.AllowUnexported(value{})); diff != "" {
			t.Fatalf("(-one order +the other):\n%s", diff)
		}
	})
}

// originals converts the stable keys that key can have given back to what key had.
func originals(key string, kind spanKind, got map[string]value) (values []value) {
	side := mapper{kind: kind}
	for _, r := range slices.Concat(renames, derivations) {
		if v, there := got[keyNames[side.side(r.target)]]; there && keyNames[r.key] == key {
			values = append(values, convertBack(key, v))
		}
	}
	if service, method, ok := cutLast(got["rpc.method"].str, '/'); ok && key == "rpc.service" {
		values = append(values, stringValue(service))
	} else if ok && key == "rpc.method" {
		values = append(values, stringValue(method))
	}
	return values
}

func cutLast(s string, sep byte) (before, after string, ok bool) {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == sep {
			return s[:i], s[i+1:], true
		}
	}
	return "", "", false
}

// oldWords are what convertBack makes of the words that have changed.
var oldWords = map[string]map[string]string{
	"http.flavor":     {"2": "2.0", "3": "3.0"},
	"net.transport":   {"tcp": "ip_tcp", "udp": "ip_udp"},
	"net.sock.family": {"ipv4": "inet", "ipv6": "inet6"},
	"rpc.system":      {"dubbo": "apache_dubbo", "connectrpc": "connect_rpc"},
}

// convertBack is the opposite of the conversion that key's row has.
func convertBack(key string, v value) value {
	switch key {
	case "db.redis.database_index":
		n, _ := v.integer()
		return intValue(n)
	case "rpc.error_code", "grpc.status_code", "rpc.grpc.status_code":
		return intValue(int64(slices.Index(grpcCodes[:], v.str)))
	}
	if old, ok := oldWords[key][v.str]; ok {
		return stringValue(old)
	}
	return v
}

// A tag of a type that no conversion can use gives its target nothing.
func TestSemconvUnusableTypes(t *testing.T) {
	for _, key := range semconvKeys {
		for _, unusable := range []any{[]byte("x"), math.NaN()} {
			for kind := range kindConsumer + 1 {
				for _, x := range mapped(Config{RPC: true, RedactURLQuery: true}, tags{key: unusable}, kind).list {
					if x.key != key && (x.kind == kindBytes || x.kind == kindDouble) {
						t.Errorf("%s of %v gave %s %v", key, unusable, x.key, x.value)
					}
				}
			}
		}
	}
}
