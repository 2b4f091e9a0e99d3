package translate

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tags are attributes as a test writes them: the values are strings, ints,
// float64s, bools and []bytes.
type tags map[string]any

// A semconvCase is one line of the mapping's tables, or an edge that it names.
type semconvCase struct {
	name   string
	kind   spanKind // the zero kind behaves as any but SERVER
	config Config
	in     tags
	adds   tags     // what SemconvDup adds
	moves  []string // what SemconvRename takes out besides
	notes  []string
}

// testSemconv runs each case in all three modes.
func testSemconv(t *testing.T, cases []semconvCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			both := maps.Clone(c.in)
			maps.Copy(both, c.adds)
			c.check(t, SemconvDup, both, c.notes)
			for _, key := range c.moves {
				delete(both, key)
			}
			c.check(t, SemconvRename, both, c.notes)
			c.check(t, SemconvRaw, c.in, nil)
		})
	}
}

func (c *semconvCase) check(t *testing.T, mode Semconv, want tags, notes []string) {
	t.Helper()
	config := c.config
	config.Semconv = mode
	tr := New(config)
	a := attrsOf(c.in)
	tr.redactURLs(a)
	tr.applySemconv(a, c.kind)
	if diff := cmp.Diff(want, tagsOf(t, a)); diff != "" {
		t.Errorf("mode %d, kind %d (-want +got):\n%s", mode, c.kind, diff)
	}
	if diff := cmp.Diff(notes, notesOf(tr)); diff != "" {
		t.Errorf("mode %d: notes (-want +got):\n%s", mode, diff)
	}
}

func attrsOf(in tags) *attrs {
	a := new(attrs)
	for _, key := range slices.Sorted(maps.Keys(in)) {
		a.list = append(a.list, tagOf(key, in[key]))
	}
	a.settle()
	return a
}

func tagOf(key string, x any) attr {
	return attr{key: key, value: valueFrom(x), id: keyOf(key), rule: RuleTag}
}

func valueFrom(x any) value {
	switch x := x.(type) {
	case string:
		return stringValue(x)
	case int:
		return intValue(int64(x))
	case float64:
		return doubleValue(x)
	case bool:
		return boolValue(x)
	case []byte:
		return bytesValue(string(x))
	}
	panic(fmt.Sprintf("no tag can be a %T", x))
}

// tagsOf returns the live attributes of a, of which no two may have the same key.
func tagsOf(t *testing.T, a *attrs) tags {
	t.Helper()
	out := make(tags)
	for _, x := range a.list {
		if x.gone {
			continue
		}
		if _, twice := out[x.key]; twice {
			t.Errorf("%s is there twice", x.key)
		}
		out[x.key] = x.plain()
	}
	return out
}

// plain is the opposite of valueFrom.
func (v value) plain() any {
	switch v.kind {
	case kindString:
		return v.str
	case kindInt:
		return int(v.int())
	case kindDouble:
		return v.double()
	case kindBool:
		return v.bool()
	}
	return []byte(v.str)
}

func notesOf(tr *Translator) (notes []string) {
	for _, n := range tr.notes {
		notes = append(notes, tr.noteText(n))
	}
	return notes
}

func TestSemconvConflicts(t *testing.T) { // mapping 6.6
	testSemconv(t, []semconvCase{
		{name: "S-1 same value", in: tags{"http.status_code": 200, "http.response.status_code": 200}, moves: []string{"http.status_code"}},
		{name: "S-1 same value, other type", in: tags{"http.status_code": 200.0, "http.response.status_code": 200}},
		{name: "S-1 other value", in: tags{"http.status_code": 200, "http.response.status_code": 404},
			notes: []string{"semconv.conflict:http.status_code"}},
		{name: "S-1 one note for two targets", in: tags{"http.target": "/a?x", "url.path": "/b", "url.query": "y"},
			notes: []string{"semconv.conflict:http.target"}},
		{name: "S-1 one of two targets", in: tags{"peer.hostname": "h", "peer.port": 80, "network.peer.port": 81},
			adds: tags{"server.address": "h", "server.port": 80}, moves: []string{"peer.hostname"}, notes: []string{"semconv.conflict:peer.port"}},
		{name: "S-2 the upper row wins", in: tags{"db.instance": "a", "db.name": "b"},
			adds: tags{"db.namespace": "a"}, moves: []string{"db.instance"}, notes: []string{"semconv.conflict:db.name"}},
		{name: "S-2 both say the same", in: tags{"db.instance": "a", "db.name": "a"},
			adds: tags{"db.namespace": "a"}, moves: []string{"db.instance", "db.name"}},
		{name: "S-2 a rename before a URL's part", kind: kindServer, in: tags{"http.url": "http://h/a", "http.path": "/b", "net.host.name": "n"},
			adds:  tags{"url.full": "http://h/a", "url.scheme": "http", "url.path": "/b", "server.address": "n"},
			moves: []string{"http.path", "net.host.name"}, notes: []string{"semconv.conflict:http.url"}},
	})
}
