package export

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// A Style says how trees are drawn.
type Style struct {
	Color bool // with ANSI colours
	Width int  // in columns; 0 means 100
}

// WriteTree draws the traces of td, earliest first. Each span is a line with
// service, kind, duration and its place in time; below it stand its status,
// attributes, events and links.
//
//	trace 5b8aa5a2d2c872e8321cf37308d69df2  182ms  2 spans  1 error  2026-11-20 12:00:01.123
//
//	GET /checkout  frontend   server     182ms  ████████████████████
//	│ #00f067aa0ba902b7  http.request.method=GET
//	└─ reserve     inventory  client    41.2ms  ···█████············ ✗
//	     ✗ out of stock
//	     #00f067aa0ba902b8  item.count=3
//	     +12.0ms exception  exception.type=OutOfStock
func WriteTree(w io.Writer, td ptrace.Traces, s Style) error {
	trees := collect(td)
	slices.SortStableFunc(trees, func(a, b *tree) int {
		return cmp.Or(cmp.Compare(a.start(), b.start()), bytes.Compare(a.id[:], b.id[:]))
	})
	for _, t := range trees {
		if _, err := w.Write(draw(t, s)); err != nil {
			return fmt.Errorf("write trace %s: %w", t.id, err)
		}
	}
	return nil
}

const (
	maxNameWidth    = 46
	maxServiceWidth = 20
	maxDepth        = 24 // deeper spans are drawn at this depth, lest the lines are all indentation
	barWidth        = 20
)

// A drawing is one trace on its way to text.
type drawing struct {
	bytes.Buffer
	paint
	width                   int
	start, end              pcommon.Timestamp
	nameWidth, serviceWidth int
}

// draw returns the text of a trace, with an empty line after it.
func draw(t *tree, s Style) []byte {
	d := &drawing{paint: paint(s.Color), width: s.Width, start: t.start(), end: t.end()}
	def(&d.width, 100)
	d.header(t)
	d.resources(t)
	roots := t.grow()
	for _, n := range roots {
		d.measure(n, 0)
	}
	for _, n := range roots {
		d.node(n, "", "", 0)
	}
	d.WriteByte('\n')
	return d.Bytes()
}

func (d *drawing) header(t *tree) {
	failed := 0
	for _, n := range t.nodes {
		if n.failed() {
			failed++
		}
	}
	parts := []string{
		d.bold("trace " + t.id.String()),
		showDuration(d.end - d.start),
		count(len(t.nodes), "span"),
	}
	if failed > 0 {
		parts = append(parts, d.red(count(failed, "error")))
	}
	parts = append(parts, d.dim(d.start.AsTime().Format("2006-01-02 15:04:05.000")))
	fmt.Fprintln(d, strings.Join(parts, "  "))
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// resources writes what the resources hold besides the service's name, each once.
func (d *drawing) resources(t *tree) {
	var seen []string
	for _, n := range t.nodes {
		items := d.items(n.resource.Attributes(), "service.name")
		key := n.service() + "\x00" + strings.Join(items, "\x00")
		if len(items) == 0 || slices.Contains(seen, key) {
			continue
		}
		seen = append(seen, key)
		d.wrap("  ", append([]string{d.service(n.service())}, items...))
	}
	d.WriteByte('\n')
}

// measure finds the widths of the columns.
func (d *drawing) measure(n *node, depth int) {
	name := 3*min(depth, maxDepth) + utf8.RuneCountInString(spanName(n))
	d.nameWidth = max(d.nameWidth, min(name, maxNameWidth))
	d.serviceWidth = max(d.serviceWidth, min(utf8.RuneCountInString(printable(n.service())), maxServiceWidth))
	for _, c := range n.children {
		d.measure(c, depth+1)
	}
}

// node writes a span's line, its details and its children. lead begins its
// own line, rest all lines below.
func (d *drawing) node(n *node, lead, rest string, depth int) {
	d.row(n, lead)
	gutter := rest + "  "
	if len(n.children) > 0 && depth < maxDepth {
		gutter = rest + "│ "
	}
	d.details(n, gutter)
	for i, c := range n.children {
		switch {
		case depth >= maxDepth:
			d.node(c, lead, rest, depth)
		case i == len(n.children)-1:
			d.node(c, rest+"└─ ", rest+"   ", depth+1)
		default:
			d.node(c, rest+"├─ ", rest+"│  ", depth+1)
		}
	}
}

func (d *drawing) row(n *node, lead string) {
	name, service := spanName(n), printable(n.service())
	color, mark := d.bold, ""
	if n.failed() {
		color, mark = d.red, d.red(" ✗")
	}
	fmt.Fprintf(d, "%s%s%s  %s%s  %-8s  %7s  %s%s\n",
		d.dim(lead), color(name), pad(d.nameWidth, lead+name),
		d.service(service), pad(d.serviceWidth, service),
		showKind(n.span.Kind()), showDuration(n.span.EndTimestamp()-n.span.StartTimestamp()), d.bar(n), mark)
}

// bar shows when the span was, as a part of its trace.
func (d *drawing) bar(n *node) string {
	from := min(d.column(n.span.StartTimestamp()), barWidth-1)
	to := max(d.column(n.span.EndTimestamp()), from+1)
	block := strings.Repeat("█", to-from)
	if n.failed() {
		block = d.red(block)
	} else {
		block = d.like(n.service(), block)
	}
	return d.dim(dots(from)) + block + d.dim(dots(barWidth-to))
}

// column returns where in the bar a time is.
func (d *drawing) column(t pcommon.Timestamp) int {
	if d.end == d.start || t < d.start {
		return 0
	}
	return min(int(float64(t-d.start)/float64(d.end-d.start)*barWidth), barWidth)
}

func dots(n int) string { return strings.Repeat("·", n) }

func pad(width int, text string) string {
	return strings.Repeat(" ", max(width-utf8.RuneCountInString(text), 0))
}

func spanName(n *node) string {
	if name := printable(n.span.Name()); name != "" {
		return name
	}
	return "(no name)"
}

func showKind(k ptrace.SpanKind) string {
	if k == ptrace.SpanKindUnspecified {
		return "-"
	}
	return strings.ToLower(k.String())
}

// showDuration keeps three digits.
func showDuration(ns pcommon.Timestamp) string {
	d := time.Duration(ns)
	switch {
	case d < 0:
		return "ends<start"
	case d >= time.Minute:
		return d.Round(time.Second).String()
	}
	for _, unit := range []struct {
		of   time.Duration
		name string
	}{{time.Second, "s"}, {time.Millisecond, "ms"}, {time.Microsecond, "µs"}} {
		if d >= unit.of-unit.of/2000 { // 999.5 of the smaller unit would be shown as 1000
			return threeDigits(float64(d)/float64(unit.of)) + unit.name
		}
	}
	return fmt.Sprintf("%dns", d)
}

func threeDigits(v float64) string {
	switch {
	case v < 9.995:
		return fmt.Sprintf("%.2f", v)
	case v < 99.95:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.0f", v)
}
