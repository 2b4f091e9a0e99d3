package ingest

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ot2otel/ot2otel/internal/pb"
)

const (
	someTraceID = "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10"
	someSpanID  = "\x11\x12\x13\x14\x15\x16\x17\x18"
)

// otlpSpan returns a span with every field, valid but for those that are
// given, each encoded with its tag.
func otlpSpan(fields map[int]string) string {
	key := message(1, "key")
	value := message(9, key+message(2, message(1, "value")))
	all := map[int]string{
		1: message(1, someTraceID), 2: message(2, someSpanID), 3: message(3, "a=b"), 4: message(4, someSpanID), 5: message(5, "name"),
		6: "\x30\x02", 7: fixed64(7, 10), 8: fixed64(8, 20), 9: value, 10: "\x50\x01",
		11: message(11, fixed64(1, 15)+message(2, "event")), 12: "\x60\x01",
		13: message(13, message(1, someTraceID)+message(2, someSpanID)), 14: "\x70\x01",
		15: message(15, message(2, "broken")+"\x18\x02"), 16: "\x85\x01\x01\x00\x00\x00",
	}
	maps.Copy(all, fields)
	span := ""
	for _, num := range slices.Sorted(maps.Keys(all)) {
		span += all[num]
	}
	return span
}

func fixed64(num int, v uint64) string { return string(pb.AppendFixed64(nil, num, v)) }

// anyValue nests a value in n lists.
func anyValue(n int, leaf string) string {
	for range n {
		leaf = message(5, message(1, leaf))
	}
	return leaf
}

func TestSpanFaults(t *testing.T) {
	attribute := func(value string) string { return message(1, "k") + message(2, value) }
	for _, tt := range []struct {
		name   string
		fields map[int]string
		fault  string
	}{
		{name: "none"},
		{name: "no trace id", fields: map[int]string{1: ""}, fault: "span without trace_id"},
		{name: "empty trace id", fields: map[int]string{1: message(1, "")}, fault: "trace_id of 0 bytes"},
		{name: "short trace id", fields: map[int]string{1: message(1, someSpanID)}, fault: "trace_id of 8 bytes"},
		{name: "long trace id", fields: map[int]string{1: message(1, someTraceID+"x")}, fault: "trace_id of 17 bytes"},
		{name: "zero trace id", fields: map[int]string{1: message(1, strings.Repeat("\x00", 16))}, fault: "trace_id of zeros only"},
		{name: "trace id of another type", fields: map[int]string{1: "\x08\x01"}, fault: "span without trace_id"},
		{name: "no span id", fields: map[int]string{2: ""}, fault: "span without span_id"},
		{name: "short span id", fields: map[int]string{2: message(2, "x")}, fault: "span_id of 1 bytes"},
		{name: "zero span id", fields: map[int]string{2: message(2, strings.Repeat("\x00", 8))}, fault: "span_id of zeros only"},
		{name: "no parent", fields: map[int]string{4: ""}},
		{name: "empty parent", fields: map[int]string{4: message(4, "")}},
		{name: "zero parent", fields: map[int]string{4: message(4, strings.Repeat("\x00", 8))}},
		{name: "long parent", fields: map[int]string{4: message(4, someTraceID)}, fault: "parent_span_id of 16 bytes"},
		{name: "state not UTF-8", fields: map[int]string{3: message(3, "\xff")}, fault: `trace_state "\xff" is not UTF-8`},
		{name: "name not UTF-8", fields: map[int]string{5: message(5, "caf\xe9")}, fault: `name "caf\xe9" is not UTF-8`},
		{name: "no name", fields: map[int]string{5: ""}},
		{name: "ends as it starts", fields: map[int]string{8: fixed64(8, 10)}},
		{name: "ends before it starts", fields: map[int]string{8: fixed64(8, 9)}, fault: "end 9 before start 10"},
		{name: "never ends", fields: map[int]string{8: ""}, fault: "end 0 before start 10"},
		{name: "no times", fields: map[int]string{7: "", 8: ""}},
		{name: "late", fields: map[int]string{7: fixed64(7, math.MaxUint64), 8: fixed64(8, math.MaxUint64)}},
		{name: "key not UTF-8", fields: map[int]string{9: message(9, message(1, "\xff"))}, fault: `key of an attribute "\xff" is not UTF-8`},
		{name: "value not UTF-8", fields: map[int]string{9: message(9, attribute(message(1, "\xff")))}, fault: `value of an attribute "\xff" is not UTF-8`},
		{name: "bytes value not UTF-8", fields: map[int]string{9: message(9, attribute(message(7, "\xff")))}},
		{name: "deep value not UTF-8", fields: map[int]string{9: message(9, attribute(anyValue(10, message(1, "\xff"))))}, fault: `value of an attribute "\xff" is not UTF-8`},
		{name: "value in a map not UTF-8", fields: map[int]string{9: message(9, attribute(message(6, message(1, attribute(message(1, "\xff"))))))}, fault: `value of an attribute "\xff" is not UTF-8`},
		{name: "values as deep as allowed", fields: map[int]string{9: message(9, attribute(anyValue(49, message(1, "x"))))}},
		{name: "values too deep", fields: map[int]string{9: message(9, attribute(anyValue(50, message(1, "x"))))}, fault: "messages nested deeper than 100"},
		{name: "attribute cut", fields: map[int]string{9: message(9, "\x0a\x05k")}, fault: "5 bytes in 1 bytes left"},
		{name: "event name not UTF-8", fields: map[int]string{11: message(11, message(2, "\xff"))}, fault: `name of an event "\xff" is not UTF-8`},
		{name: "event attribute not UTF-8", fields: map[int]string{11: message(11, message(3, message(1, "\xff")))}, fault: `key of an attribute "\xff" is not UTF-8`},
		{name: "link without ids", fields: map[int]string{13: message(13, "")}, fault: "link without trace_id"},
		{name: "link of zeros", fields: map[int]string{13: message(13, message(1, someTraceID)+message(2, "\x00\x00\x00\x00\x00\x00\x00\x00"))}, fault: "span_id of a link of zeros only"},
		{name: "link state not UTF-8", fields: map[int]string{13: message(13, message(3, "\xff")+message(1, someTraceID)+message(2, someSpanID))}, fault: `trace_state of a link "\xff" is not UTF-8`},
		{name: "link attribute not UTF-8", fields: map[int]string{13: message(13, message(4, message(1, "\xff"))+message(1, someTraceID)+message(2, someSpanID))}, fault: `key of an attribute "\xff" is not UTF-8`},
		{name: "status not UTF-8", fields: map[int]string{15: message(15, message(2, "\xff"))}, fault: `message of the status "\xff" is not UTF-8`},
		{name: "unknown field", fields: map[int]string{200: message(200, "\xff")}},
		{name: "cut", fields: map[int]string{200: "\x0a"}, fault: "input ends inside length"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			span := []byte(otlpSpan(tt.fields))
			err := spanFault(span, false)
			if quiet := spanFault(span, true); (quiet == nil) != (err == nil) {
				t.Errorf("fault %v, but quietly %v", err, quiet)
			}
			switch {
			case err == nil && tt.fault != "":
				t.Errorf("no fault found, want %q", tt.fault)
			case err != nil && (tt.fault == "" || !strings.HasSuffix(err.Error(), tt.fault)):
				t.Errorf("fault %q, want %q", err, tt.fault)
			}
		})
	}
}

// What is bad around spans costs those inside, and no others.
func TestFaultsAroundSpans(t *testing.T) {
	span := message(2, otlpSpan(nil))
	scope := message(2, message(1, message(1, "lib"))+span+span+message(3, "url"))
	badKey := message(1, message(1, "\xff"))
	good := message(1, message(1, message(1, message(1, "k")))+scope+message(3, "url"))
	for _, tt := range []struct {
		name     string
		resource string
		bad      int
		why      string
		spans    int // beside the two of the good resource
	}{
		{name: "nothing", resource: good, spans: 2},
		{name: "resource", resource: message(1, message(1, badKey)+scope), bad: 2, why: `resource 2, scope 1, span 1: key of an attribute "\xff" is not UTF-8`},
		{name: "resource behind its spans", resource: message(1, scope+message(1, badKey)), bad: 2, why: `resource 2, scope 1, span 1: key of an attribute "\xff" is not UTF-8`},
		{name: "schema of the resource", resource: message(1, scope+message(3, "\xff")), bad: 2, why: `resource 2, scope 1, span 1: schema_url of the resource "\xff" is not UTF-8`},
		{name: "scope", resource: message(1, message(2, message(1, message(1, "\xff"))+span)+scope), bad: 1, spans: 2, why: `resource 2, scope 1, span 1: name or version of the scope "\xff" is not UTF-8`},
		{name: "attribute of the scope", resource: message(1, scope+message(2, span+message(1, message(3, message(1, "\xff"))))), bad: 1, spans: 2, why: `resource 2, scope 2, span 1: key of an attribute "\xff" is not UTF-8`},
		{name: "schema of the scope", resource: message(1, message(2, span+message(3, "\xff"))), bad: 1, why: `resource 2, scope 1, span 1: schema_url of the scope "\xff" is not UTF-8`},
		{name: "no spans", resource: message(1, message(1, badKey))},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var v validation
			if err := v.request([]byte(good + tt.resource + good)); err != nil {
				t.Fatal(err)
			}
			if v.bad.spans != tt.bad || v.spans != 4+tt.spans {
				t.Errorf("%d good and %d bad spans, want %d and %d", v.spans, v.bad.spans, 4+tt.spans, tt.bad)
			}
			if why := fmt.Sprint(v.bad.why); tt.bad > 0 && why != tt.why {
				t.Errorf("because %s, want %s", why, tt.why)
			}
			if !strings.HasPrefix(string(v.good), good) || !strings.HasSuffix(string(v.good), good) {
				t.Errorf("the good resources around it have changed: %q", v.good)
			}
		})
	}
}

// A request whose spans cannot be told apart is refused as a whole.
func TestValidationOfBrokenRequests(t *testing.T) {
	span := message(2, otlpSpan(nil))
	for name, request := range map[string]string{
		"cut request":           message(1, message(2, span))[:20],
		"cut resource":          message(1, message(2, span)+"\x12"),
		"cut scope":             message(1, message(2, span+"\x12\x7f")),
		"field of the scope":    message(1, message(2, span+"\x0a\x7f")),
		"field of the resource": message(1, "\x0a\x7f"),
		"wire type":             "\x0f",
	} {
		t.Run(name, func(t *testing.T) {
			var v validation
			if err := v.request([]byte(request)); err == nil {
				t.Errorf("no error; %d good and %d bad spans", v.spans, v.bad.spans)
			}
		})
	}
}

// Good spans come out as they went in, bad ones do not, whatever the mix.
func TestValidationKeepsExactlyTheGood(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		good, bad := 0, 0
		var in, want string
		for range rapid.IntRange(0, 4).Draw(t, "resources") {
			var scopes, goodScopes string
			for range rapid.IntRange(0, 3).Draw(t, "scopes") {
				var spans, goodSpans string
				for _, valid := range rapid.SliceOfN(rapid.Bool(), 0, 4).Draw(t, "spans") {
					if valid {
						good++
						spans += message(2, otlpSpan(nil))
						goodSpans += message(2, otlpSpan(nil))
						continue
					}
					bad++
					spans += message(2, otlpSpan(map[int]string{2: ""}))
				}
				around := message(1, message(1, "lib"))
				scopes += message(2, around+spans)
				if goodSpans != "" {
					goodScopes += message(2, around+goodSpans)
				}
			}
			in += message(1, scopes+message(3, "url"))
			if goodScopes != "" {
				want += message(1, goodScopes+message(3, "url"))
			}
		}
		var v validation
		if err := v.request([]byte(in)); err != nil {
			t.Fatal(err)
		}
		if string(v.good) != want || v.spans != good || v.bad.spans != bad {
			t.Fatalf("%d good and %d bad spans in %q, want %d and %d in %q", v.spans, v.bad.spans, v.good, good, bad, want)
		}
	})
}

// Whatever comes in: what validation lets through is good in its own eyes,
// and every span is accounted for.
func FuzzOTLPValidate(f *testing.F) {
	f.Add([]byte(readFile(f, otlpCapture)))
	f.Add([]byte(message(1, message(2, message(2, otlpSpan(nil))+message(2, otlpSpan(map[int]string{1: ""}))))))
	f.Fuzz(func(t *testing.T, request []byte) {
		var first, second validation
		if err := first.request(request); err != nil {
			return
		}
		if n, err := countSpans(request); err != nil || n != first.spans+first.bad.spans {
			t.Fatalf("%d good and %d bad spans of %d, %v", first.spans, first.bad.spans, n, err)
		}
		if err := second.request(first.good); err != nil || second.bad.spans > 0 || second.spans != first.spans {
			t.Fatalf("of %d good spans %d are bad: %v, %v", first.spans, second.bad.spans, second.bad.why, err)
		}
		if string(second.good) != string(first.good) {
			t.Fatalf("changed %q to %q", first.good, second.good)
		}
	})
}
