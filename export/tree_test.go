package export

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", file)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Error(diff)
	}
}

// A sketch builds traces for drawing; times are in microseconds.
type sketch struct {
	ptrace.Traces
	services map[string]ptrace.SpanSlice
}

func newSketch() *sketch { return &sketch{ptrace.NewTraces(), map[string]ptrace.SpanSlice{}} }

func (s *sketch) service(name string) ptrace.SpanSlice {
	spans, ok := s.services[name]
	if !ok {
		rs := s.ResourceSpans().AppendEmpty()
		rs.Resource().Attributes().PutStr("service.name", name)
		rs.Resource().Attributes().PutStr("host.name", name+"-1")
		spans = rs.ScopeSpans().AppendEmpty().Spans()
		s.services[name] = spans
	}
	return spans
}

var sketchStart = time.Date(2026, 11, 20, 12, 0, 1, 123_000_000, time.UTC)

func (s *sketch) span(service, name string, kind ptrace.SpanKind, id, parent byte, from, to int) ptrace.Span {
	span := s.service(service).AppendEmpty()
	span.SetTraceID(pcommon.TraceID{0x5b, 0x8a, 15: 0xf2})
	span.SetSpanID(pcommon.SpanID{0xaa, 7: id})
	if parent != 0 {
		span.SetParentSpanID(pcommon.SpanID{0xaa, 7: parent})
	}
	span.SetName(name)
	span.SetKind(kind)
	at := func(µs int) pcommon.Timestamp {
		return pcommon.NewTimestampFromTime(sketchStart.Add(time.Duration(µs) * time.Microsecond))
	}
	span.SetStartTimestamp(at(from))
	span.SetEndTimestamp(at(to))
	return span
}

// shop is a trace of three services with an error, events, a link and a span whose parent is missing.
func shop() ptrace.Traces {
	s := newSketch()
	root := s.span("frontend", "POST /checkout", ptrace.SpanKindServer, 1, 0, 0, 182_400)
	root.Attributes().PutStr("http.request.method", "POST")
	root.Attributes().PutStr("url.path", "/checkout")
	root.Attributes().PutInt("http.response.status_code", 502)
	root.Attributes().PutStr("user_agent.original", "Mozilla/5.0 (X11; Linux x86_64)")
	root.Attributes().PutStr("http.method", "POST")
	root.Status().SetCode(ptrace.StatusCodeError)
	s.span("frontend", "reserve", ptrace.SpanKindClient, 2, 1, 4_000, 49_100).Attributes().PutStr("peer.service", "inventory")
	reserve := s.span("inventory", "Reserve", ptrace.SpanKindServer, 3, 2, 6_500, 47_000)
	reserve.Attributes().PutInt("items", 3)
	reserve.TraceState().FromRaw("vendor=x")
	miss := reserve.Events().AppendEmpty()
	miss.SetName("cache miss")
	miss.SetTimestamp(reserve.StartTimestamp() + 1_500_000)
	miss.Attributes().PutStr("key", "cart-17")
	charge := s.span("payments", "Charge", ptrace.SpanKindServer, 4, 1, 60_000, 180_000)
	charge.Status().SetCode(ptrace.StatusCodeError)
	charge.Status().SetMessage("card declined")
	exception := charge.Events().AppendEmpty()
	exception.SetName("exception")
	exception.SetTimestamp(charge.StartTimestamp() + 110_000_000)
	exception.Attributes().PutStr("exception.type", "CardDeclined")
	exception.Attributes().PutStr("exception.stacktrace", "CardDeclined: no\n\tat charge.go:17\n"+strings.Repeat("\tat x\n", 100))
	s.span("payments", "audit", ptrace.SpanKindInternal, 5, 4, 170_000, 170_500).Status().SetCode(ptrace.StatusCodeOk)
	restock := s.span("inventory", "restock", ptrace.SpanKindConsumer, 6, 9, 181_000, 182_000)
	link := restock.Links().AppendEmpty()
	link.SetTraceID(reserve.TraceID())
	link.SetSpanID(reserve.SpanID())
	link.Attributes().PutStr("opentracing.ref_type", "follows_from")
	return s.Traces
}

func drawn(t *testing.T, td ptrace.Traces, s Style) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteTree(&b, td, s); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTreeOfAShop(t *testing.T) {
	golden(t, "shop.txt", []byte(drawn(t, shop(), Style{})))
	golden(t, "shop-color.txt", []byte(drawn(t, shop(), Style{Color: true})))
}

// TestTreeShapes: each span is drawn once, whatever the parent ids say.
func TestTreeShapes(t *testing.T) {
	const internal, client, server = ptrace.SpanKindInternal, ptrace.SpanKindClient, ptrace.SpanKindServer
	for name, c := range map[string]struct {
		build func(*sketch)
		want  []string // the tree column
	}{
		"siblings by start": {func(s *sketch) {
			s.span("a", "root", internal, 1, 0, 0, 9)
			s.span("a", "late", internal, 2, 1, 5, 6)
			s.span("a", "early", internal, 3, 1, 2, 3)
		}, []string{"root", "├─ early", "└─ late"}},
		"zipkin's shared id": {func(s *sketch) {
			s.span("b", "serve", server, 2, 1, 2, 8)
			s.span("a", "root", internal, 1, 0, 0, 9)
			s.span("b", "work", internal, 3, 2, 3, 4)
			s.span("a", "call", client, 2, 1, 1, 9)
		}, []string{"root", "└─ call", "   └─ serve", "      └─ work"}},
		"own parent":     {func(s *sketch) { s.span("a", "x", internal, 1, 1, 0, 1) }, []string{"x"}},
		"ring":           {func(s *sketch) { s.span("a", "x", internal, 1, 2, 0, 1); s.span("a", "y", internal, 2, 1, 1, 2) }, []string{"x", "└─ y"}},
		"two roots":      {func(s *sketch) { s.span("a", "y", internal, 2, 0, 1, 2); s.span("a", "x", internal, 1, 0, 0, 1) }, []string{"x", "y"}},
		"no parent here": {func(s *sketch) { s.span("a", "x", internal, 1, 7, 0, 1); s.span("a", "y", internal, 2, 1, 0, 1) }, []string{"x", "└─ y"}},
		"no name":        {func(s *sketch) { s.span("", "", internal, 1, 0, 0, 1) }, []string{"(no name)"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSketch()
			c.build(s)
			if diff := cmp.Diff(c.want, treeColumn(drawn(t, s.Traces, Style{}))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

var rowPattern = regexp.MustCompile(`(?m)^((?:│  |   |├─ |└─ )*\S.*?)  .*█`)

// treeColumn returns the first column of each span's line.
func treeColumn(text string) (column []string) {
	for _, row := range rowPattern.FindAllStringSubmatch(text, -1) {
		column = append(column, row[1])
	}
	return column
}

// TestTreeObeysNothing: what a terminal could take for a command is spelled out.
func TestTreeObeysNothing(t *testing.T) {
	s := newSketch()
	evil := "\x1b[2J\r\nfake line\u202e\xff"
	span := s.span(evil, evil, ptrace.SpanKindServer, 1, 0, 0, 1)
	span.Attributes().PutStr(evil, evil)
	span.TraceState().FromRaw(evil)
	span.Status().SetCode(ptrace.StatusCodeError)
	span.Status().SetMessage(evil)
	span.Events().AppendEmpty().SetName(evil)
	span.Attributes().PutEmptySlice("list").AppendEmpty().SetStr(evil)
	text := drawn(t, s.Traces, Style{})
	if strings.ContainsAny(text, "\x1b\r\u202e") || !utf8.ValidString(text) || strings.Contains(text, "\nfake") {
		t.Errorf("%q", text)
	}
}

// TestDeepTreeStaysSmall: indentation ends somewhere, so that a long chain is not drawn as a square.
func TestDeepTreeStaysSmall(t *testing.T) {
	td := ptrace.NewTraces()
	spans := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans()
	const n = 20_000
	for i := range n {
		s := spans.AppendEmpty()
		s.SetTraceID(pcommon.TraceID{1})
		s.SetSpanID(pcommon.SpanID{1, 5: byte(i >> 16), 6: byte(i >> 8), 7: byte(i)})
		if i > 0 {
			s.SetParentSpanID(pcommon.SpanID{1, 5: byte((i - 1) >> 16), 6: byte((i - 1) >> 8), 7: byte(i - 1)})
		}
	}
	text := drawn(t, td, Style{})
	if got := strings.Count(text, "(no name)"); got != n || len(text) > n*400 {
		t.Errorf("%d of %d spans in %d bytes", got, n, len(text))
	}
}

// TestTracesInOrder of time, and the same text from the same spans in any order.
func TestTracesInOrder(t *testing.T) {
	build := func(order ...int) string {
		td := ptrace.NewTraces()
		for _, i := range order {
			s := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty()
			s.SetTraceID(pcommon.TraceID{byte(9 - i/2)})
			s.SetSpanID(pcommon.SpanID{byte(i + 1)})
			s.SetStartTimestamp(pcommon.Timestamp(1 + i/2))
		}
		return drawn(t, td, Style{})
	}
	want := build(0, 1, 2, 3, 4, 5)
	if got := build(5, 2, 0, 4, 3, 1); got != want {
		t.Error(cmp.Diff(want, got))
	}
	if first, last := strings.Index(want, "trace 09"), strings.Index(want, "trace 07"); first < 0 || last < first {
		t.Error(want)
	}
}

func TestDurations(t *testing.T) {
	for ns, want := range map[int64]string{
		0: "0ns", 999: "999ns", 1000: "1.00µs", 9_994: "9.99µs", 9_996: "10.0µs", 182_400_000: "182ms", 1_500_000: "1.50ms",
		999_400_000: "999ms", 999_999_999: "1.00s", 1_000_000_000: "1.00s", 59_000_000_000: "59.0s", 61_400_000_000: "1m1s", -1: "ends<start",
	} {
		if got := showDuration(pcommon.Timestamp(ns)); got != want {
			t.Errorf("%d: %s, want %s", ns, got, want)
		}
	}
}
