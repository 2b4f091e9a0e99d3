package json

import (
	stdjson "encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// member is an object's member; objects are lists of them, so that order and
// repeated names can be compared.
type member struct {
	Name  string
	Value any
}

// tree reads a value of any kind.
func tree(r *Reader) any {
	switch r.Kind() {
	case Object:
		members := []member{}
		for name := range r.Object() {
			members = append(members, member{strings.Clone(name), tree(r)})
		}
		return members
	case Array:
		list := []any{}
		for range r.Array() {
			list = append(list, tree(r))
		}
		return list
	case String:
		return strings.Clone(r.String())
	case Number:
		return stdjson.Number(strings.Clone(r.Number()))
	case Bool:
		return r.Bool()
	default:
		r.Null()
		return nil
	}
}

func read(text string) (any, error) {
	var r Reader
	r.Reset([]byte(text))
	return tree(&r), r.Err()
}

func TestValues(t *testing.T) {
	tests := []struct {
		text string
		want any
	}{
		{`null`, nil},
		{` true `, true},
		{`false`, false},
		{`"a"`, "a"},
		{`""`, ""},
		{`0`, stdjson.Number("0")},
		{`-12.5e+3`, stdjson.Number("-12.5e+3")},
		{`1E9`, stdjson.Number("1E9")},
		{`[]`, []any{}},
		{"\n[ 1 ,\t2 ]\r\n", []any{stdjson.Number("1"), stdjson.Number("2")}},
		{`{}`, []member{}},
		{`{"a":1,"a":{"b":[]}}`, []member{{"a", stdjson.Number("1")}, {"a", []member{{"b", []any{}}}}}},
		{`{"a\u0062":1}`, []member{{"ab", stdjson.Number("1")}}},
		{`"\"\\\/\b\f\n\r\t"`, "\"\\/\b\f\n\r\t"},
		{`"\u00e9\uD83D\uDE00 é😀"`, "é😀 é😀"},
		{`"12345678\n12345678"`, "12345678\n12345678"},
		{`"\ud800"`, "\xed\xa0\x80"},                       // half of a pair: the bytes that say which
		{`"\udfffx"`, "\xed\xbf\xbfx"},                     // the other half alone
		{`"\ud800\u0041"`, "\xed\xa0\x80A"},                // a half, then something else
		{`"\ud800\ud800\udc00"`, "\xed\xa0\x80\U00010000"}, // a half, then a pair
		{"\"\xff\"", "\xff"},                               // not UTF-8: for the caller to judge
	}
	for _, tt := range tests {
		got, err := read(tt.text)
		if err != nil {
			t.Errorf("%s: %v", tt.text, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", tt.text, diff)
		}
	}
}

func TestErrors(t *testing.T) {
	tests := []struct{ text, reason, want string }{
		{``, Truncated, "json: at byte 0: input ends inside a value"},
		{`{"a":1`, Truncated, "json: at byte 6: input ends inside a value"},
		{`["\u12`, Truncated, "json: at byte 2: input ends inside a value"},
		{`tru`, Truncated, "json: at byte 3: input ends inside a value"},
		{`[1}`, BadSyntax, "json: at byte 2: invalid character '}' after array element (expecting ',' or ']')"},
		{`{1:2}`, BadSyntax, "json: at byte 1: invalid character '1' at start of string (expecting '\"')"},
		{`"\x"`, BadSyntax, "json: at byte 1: invalid escape sequence `\\x` in string"},
		{"\"a\nb\"", BadSyntax, "json: at byte 2: invalid character '\\n' in string (expecting non-control character)"},
		{`1 2`, BadSyntax, "json: at byte 3: more after the end"},
		{"\x00", BadSyntax, `json: at byte 0: invalid character '\x00' at start of value`},
		{strings.Repeat("[", 100_000), BadSyntax, "json: at byte 10000: exceeded max depth"},
		{strings.Repeat(`{"a":`, 100_000), BadSyntax, "json: at byte 50000: exceeded max depth"},
	}
	for _, tt := range tests {
		name := tt.text[:min(len(tt.text), 20)]
		v, err := read(tt.text)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%s: no error, read %v", name, v)
			continue
		}
		if e.Reason != tt.reason || e.Error() != tt.want {
			t.Errorf("%s: %s, %q; want %s, %q", name, e.Reason, e, tt.reason, tt.want)
		}
		if errors.Is(err, io.ErrUnexpectedEOF) != (tt.reason == Truncated) {
			t.Errorf("%s: wraps io.ErrUnexpectedEOF: %v", name, err)
		}
	}
}

func TestBadType(t *testing.T) {
	tests := []struct {
		text string
		read func(*Reader)
		want string
	}{
		{` 1`, func(r *Reader) { _ = r.String() }, "json: at byte 1: a number where a string should be"},
		{`"1"`, func(r *Reader) { r.Number() }, "json: at byte 0: a string where a number should be"},
		{`null`, func(r *Reader) { r.Bool() }, "json: at byte 0: null where a boolean should be"},
		{`true`, func(r *Reader) { r.Null() }, "json: at byte 0: a boolean where null should be"},
		{`[{}]`, func(r *Reader) {
			for range r.Object() {
				r.Skip()
			}
		}, "json: at byte 0: an array where an object should be"},
		{`{"a":1}`, func(r *Reader) {
			for range r.Array() {
				r.Skip()
			}
		}, "json: at byte 0: an object where an array should be"},
	}
	for _, tt := range tests {
		var r Reader
		r.Reset([]byte(tt.text))
		tt.read(&r)
		var e *Error
		if !errors.As(r.Err(), &e) || e.Reason != BadType || e.Error() != tt.want {
			t.Errorf("%s: %v; want %q", tt.text, r.Err(), tt.want)
		}
	}
}

// What is read after an error is zero, and the error stays the first one.
func TestErrorSticks(t *testing.T) {
	var r Reader
	r.Reset([]byte(`x "a" 1 true {"a":1}`))
	r.Null()
	first := r.Err()
	if s, n, b := r.String(), r.Number(), r.Bool(); s != "" || n != "" || b {
		t.Errorf("after an error: %q, %q, %v", s, n, b)
	}
	for name := range r.Object() {
		t.Errorf("after an error: member %q", name)
	}
	if first == nil || !errors.Is(r.Err(), first) {
		t.Errorf("error %v became %v", first, r.Err())
	}
}

func TestRaw(t *testing.T) {
	var r Reader
	r.Reset([]byte(` {"a" : [1, {"b":"]"}], "c":2} `))
	want := []string{`[1, {"b":"]"}]`, `2`}
	var got []string
	for range r.Object() {
		got = append(got, r.Raw())
	}
	if diff := cmp.Diff(want, got); diff != "" || r.Err() != nil {
		t.Errorf("%v (-want +got)\n%s", r.Err(), diff)
	}
}

// Every prefix of real input is refused as truncated.
func TestPrefixes(t *testing.T) {
	for name, data := range corpus(t) {
		if _, err := read(string(data)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		step := 1 + len(data)/2000
		for n := 0; n < len(strings.TrimRight(string(data), " \n")); n += step {
			if _, err := read(string(data[:n])); !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("%s: first %d bytes: %v", name, n, err)
			}
		}
	}
}

func TestReadsWithoutAllocating(t *testing.T) {
	text := []byte(`[{"traceId":"1","tags":{"a\n":"b\u00e9","c":[1,2.5,true,null]}}]`)
	var r Reader
	allocs := testing.AllocsPerRun(100, func() {
		r.Reset(text)
		for range r.Array() {
			for range r.Object() {
				r.Skip()
			}
		}
		r.Reset(text)
		for range r.Array() {
			for range r.Object() {
				if r.Kind() == Object {
					for range r.Object() {
						if r.Kind() == String {
							_ = r.String()
						} else {
							_ = r.Raw()
						}
					}
				} else {
					_ = r.String()
				}
			}
		}
		if r.Err() != nil {
			t.Fatal(r.Err())
		}
	})
	if allocs != 0 {
		t.Errorf("%v allocations a run", allocs)
	}
}

// We take just what encoding/json takes, and read the same.
func FuzzReader(f *testing.F) {
	for _, data := range corpus(f) {
		f.Add(string(data))
	}
	f.Add(`{"a":"\ud800\udc00\u0000","b":[-0.1e-7,[[{}]]]}`)
	f.Fuzz(func(t *testing.T, text string) {
		got, err := read(text)
		valid := stdjson.Valid([]byte(text))
		if valid && err != nil {
			if strings.Contains(err.Error(), "max depth") {
				return
			}
			t.Fatalf("refused: %v", err)
		}
		if !valid && err == nil {
			t.Fatalf("taken, but encoding/json refuses it")
		}
		if valid {
			compare(t, got, text)
		}
	})
}

// compare holds a tree against what encoding/json reads.
func compare(t *testing.T, got any, text string) {
	d := stdjson.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var want any
	if err := d.Decode(&want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(squeezed(want), standard(got)); diff != "" {
		t.Fatalf("(-encoding/json +ours)\n%s", diff)
	}
}

// standard turns a tree into what encoding/json makes: maps, the last member
// of a name, U+FFFD for what is not UTF-8.
func standard(v any) any {
	switch v := v.(type) {
	case []member:
		m := map[string]any{}
		for _, x := range v {
			m[repaired(x.Name)] = standard(x.Value)
		}
		return m
	case []any:
		for i := range v {
			v[i] = standard(v[i])
		}
		return v
	case string:
		return repaired(v)
	}
	return v
}

// repaired replaces what is not UTF-8 by U+FFFD, one for each run of it: how
// many encoding/json writes for half of a surrogate pair depends on whether it
// was escaped.
func repaired(s string) string {
	return fffds.ReplaceAllString(strings.ToValidUTF8(s, "\ufffd"), "\ufffd")
}

var fffds = regexp.MustCompile("\ufffd+")

// squeezed repairs every string of what encoding/json has read.
func squeezed(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := map[string]any{}
		for name, x := range v {
			m[repaired(name)] = squeezed(x)
		}
		return m
	case []any:
		for i := range v {
			v[i] = squeezed(v[i])
		}
	case string:
		return repaired(v)
	}
	return v
}

// corpus is the JSON of real Zipkin clients.
func corpus(t testing.TB) map[string][]byte {
	files, err := filepath.Glob("../../testdata/zipkin-v?-json/*.json*")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]byte{"small": []byte(`[{"traceId":"1","id":"2","tags":{"k\t":"v"},"n":[1.5e3,true,null]}]`)}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found[strconv.Itoa(len(found))+filepath.Base(file)] = data
	}
	return found
}
