package rewrite_test

import (
	"bufio"
	"fmt"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ot2otel/ot2otel/rewrite"
)

// The ids that the vectors use.
const (
	full   = "4bf92f3577b34da6a3ce929d0e0e4736"
	high   = "4bf92f3577b34da6"
	low    = "a3ce929d0e0e4736"
	padded = "0000000000000000a3ce929d0e0e4736"
	span   = "00f067aa0ba902b7"
	parent = "05e3ac9a4f6e3b90"
	child  = "c0c1c2c3c4c5c6c7"
	minted = "1111111111111111"
)

var idNames = strings.NewReplacer("{T}", full, "{HI}", high, "{LO}", low, "{T0}", padded,
	"{S}", span, "{P}", parent, "{C}", child, "{M}", minted)

// TestVectors runs the cases of testdata/headers/vectors; its README describes them.
func TestVectors(t *testing.T) {
	files, err := filepath.Glob("../testdata/headers/vectors/*.txt")
	if err != nil || len(files) != 8 {
		t.Fatalf("found %d files of vectors, %v; want 8", len(files), err)
	}
	for _, file := range files {
		for _, c := range readVectors(t, file) {
			t.Run(c.name, func(t *testing.T) { c.run(t) })
		}
	}
}

type vector struct {
	name   string
	config string
	steps  []vectorStep
}

type vectorStep struct {
	verb, arg string
	in, out   http.Header
	answer    string
	expect    []string
}

func readVectors(t *testing.T, file string) (cases []*vector) {
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var c *vector
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		line := idNames.Replace(lines.Text())
		switch {
		case line == "" || line[0] == '#':
		case strings.HasPrefix(line, "== "):
			c = &vector{name: line[3:]}
			cases = append(cases, c)
		case c.config == "":
			c.config = line
		case line[0] == '>':
			verb, arg, _ := strings.Cut(line[2:], " ")
			c.steps = append(c.steps, vectorStep{verb: verb, arg: arg, in: http.Header{}})
		default:
			c.steps[len(c.steps)-1].read(t, line)
		}
	}
	return cases
}

func (s *vectorStep) read(t *testing.T, line string) {
	name, value, ok := strings.Cut(line, ": ")
	if unquoted, err := strconv.Unquote(value); err == nil {
		value = unquoted
	}
	switch {
	case line == "--":
		s.out = http.Header{}
	case line[0] == '!':
		s.expect = append(s.expect, line[2:])
	case !ok && s.out != nil:
		s.answer = line
	case !ok:
		t.Fatalf("not a header: %q", line)
	case s.out == nil:
		s.in.Add(name, value)
	default:
		s.out.Add(name, value)
	}
}

func (c *vector) run(t *testing.T) {
	config, memory := vectorConfig(t, c.config)
	r, err := rewrite.New(config)
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range c.steps {
		var res rewrite.Result
		switch s.verb {
		case "inbound":
			res = r.Inbound(rewrite.Header(s.in), netip.Addr{})
		case "outbound":
			res = r.Outbound(rewrite.Header(s.in), "")
		case "span":
			s.checkSpan(t, memory)
		case "shared":
			r.LearnShared()
		case "client":
			r.LearnClient(s.arg)
		default:
			t.Fatalf("unknown step %q", s.verb)
		}
		if diff := cmp.Diff(s.out, s.in); s.out != nil && s.answer == "" && diff != "" {
			t.Errorf("step %d, %s: headers (-want +got):\n%s\n%s", i+1, s.verb, diff, strings.Join(res.Reasons(), "\n"))
		}
		told := tell(&res, r)
		for _, want := range s.expect {
			if !slices.Contains(told, want) {
				t.Errorf("step %d, %s: result tells %q, not %q", i+1, s.verb, told, want)
			}
		}
	}
}

func (s *vectorStep) checkSpan(t *testing.T, m *rewrite.Memory) {
	id, err := strconv.ParseUint(s.arg, 16, 64)
	if err != nil {
		t.Fatal(err)
	}
	got := "unknown"
	if high, ok := m.TraceHigh(id); ok {
		got = fmt.Sprintf("%016x", high)
	}
	if got != s.answer {
		t.Errorf("high half of %s is %s, want %s", s.arg, got, s.answer)
	}
}

// tell is what a vector may expect of a result.
func tell(res *rewrite.Result, r *rewrite.Rewriter) (all []string) {
	for _, k := range res.Conflict.List() {
		all = append(all, "conflict "+k)
	}
	for _, k := range res.Healed.List() {
		all = append(all, "healed "+k)
	}
	for _, n := range res.Notes {
		all = append(all, "dropped "+n.Reason.String())
	}
	if res.CorruptID {
		all = append(all, "corrupt")
	}
	switch r.Learned().Width {
	case rewrite.Width64:
		all = append(all, "width 64")
	case rewrite.Width128:
		all = append(all, "width 128")
	}
	return all
}

func vectorConfig(t *testing.T, words string) (rewrite.Config, *rewrite.Memory) {
	c := rewrite.Config{Rand: countingRand()}
	memory := rewrite.NewMemory(rewrite.MemoryConfig{})
	for word := range strings.FieldsSeq(words) {
		key, value, _ := strings.Cut(word, "=")
		var ok bool
		switch key {
		case "app":
			c.App, ok = parseFormat(value)
		case "mesh":
			c.Mesh, ok = parseList(value)
		case "extract":
			c.Inbound.Extract, ok = parseList(value)
			c.Outbound.Extract = c.Inbound.Extract
		case "width":
			c.TraceIDToApp, ok = map[string]rewrite.Width{"auto": rewrite.WidthAuto, "64": rewrite.Width64, "128": rewrite.Width128}[value]
		case "join":
			c.B3Join, ok = map[string]rewrite.Choice{"auto": rewrite.Auto, "yes": rewrite.Yes, "no": rewrite.No}[value]
		case "baggage":
			c.B3Baggage, ok = map[string]rewrite.B3Baggage{"none": rewrite.B3BaggageNone, "plain": rewrite.B3BaggagePlain, "jaeger": rewrite.B3BaggageJaeger}[value]
		case "out":
			c.LegacyOut, ok = map[string]rewrite.LegacyOut{"keep": rewrite.LegacyKeep, "heal": rewrite.LegacyHeal, "drop": rewrite.LegacyDrop}[value]
		case "deferred":
			var err error
			c.DeferredRatio, err = strconv.ParseFloat(value, 64)
			ok = err == nil
		case "memory":
			n, err := strconv.Atoi(value)
			memory = rewrite.NewMemory(rewrite.MemoryConfig{Entries: n})
			if ok = err == nil || value == "no"; value == "no" {
				memory = nil
			}
		}
		if !ok {
			t.Fatalf("configuration %q: cannot read %q", words, word)
		}
	}
	c.Memory = memory
	return c, memory
}

func parseFormat(name string) (rewrite.Format, bool) {
	f, err := rewrite.ParseFormat(name)
	return f, err == nil
}

func parseList(names string) (list []rewrite.Format, ok bool) {
	if names == "all" {
		return rewrite.AllFormats().List(), true
	}
	for name := range strings.SplitSeq(names, ",") {
		f, ok := parseFormat(name)
		if !ok {
			return nil, false
		}
		list = append(list, f)
	}
	return list, true
}

// countingRand returns 1111111111111111, 2222222222222222 and so on.
func countingRand() func() uint64 {
	n := uint64(0)
	return func() uint64 {
		n++
		return n * 0x1111111111111111
	}
}
