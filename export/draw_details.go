package export

import (
	"fmt"
	"hash/crc32"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// details writes what stands below a span's line, each line after the gutter.
func (d *drawing) details(n *node, gutter string) {
	if message := n.span.Status().Message(); n.failed() && message != "" {
		d.line(gutter, d.red("✗ "+printable(clipRunes(message))))
	}
	d.wrap(gutter, append(d.identity(n), d.items(n.span.Attributes())...))
	for _, e := range n.span.Events().All() {
		d.wrap(gutter, append([]string{d.event(n, e)}, d.items(e.Attributes())...))
	}
	for _, l := range n.span.Links().All() {
		to := d.bold("→ trace " + l.TraceID().String() + " #" + l.SpanID().String())
		d.wrap(gutter, append([]string{to}, d.items(l.Attributes())...))
	}
}

// identity is the little that is neither in the line nor an attribute.
func (d *drawing) identity(n *node) []string {
	ids := "#" + n.span.SpanID().String()
	if n.orphan {
		ids += " below #" + n.span.ParentSpanID().String() + ", which is not here"
	}
	parts := []string{d.dim(ids)}
	if n.span.Status().Code() == ptrace.StatusCodeOk {
		parts = append(parts, d.dim("status=ok"))
	}
	if s := n.span.TraceState().AsRaw(); s != "" {
		parts = append(parts, d.dim("tracestate=")+showString(s))
	}
	if name := n.scope.Name(); name != "" {
		parts = append(parts, d.dim("scope=")+showString(strings.TrimSpace(name+" "+n.scope.Version())))
	}
	return parts
}

// event says when after the span's start it was.
func (d *drawing) event(n *node, e ptrace.SpanEvent) string {
	name := printable(e.Name())
	if name == "" {
		name = "(event)"
	}
	when := "+" + showDuration(e.Timestamp()-n.span.StartTimestamp())
	if e.Timestamp() < n.span.StartTimestamp() {
		when = "-" + showDuration(n.span.StartTimestamp()-e.Timestamp())
	}
	if name == "exception" {
		return d.dim(when) + " " + d.red(name)
	}
	return d.dim(when) + " " + d.bold(name)
}

// items shows attributes in their order, without those named.
func (d *drawing) items(attributes pcommon.Map, without ...string) []string {
	items := make([]string, 0, attributes.Len())
	for key, value := range attributes.All() {
		if !slices.Contains(without, key) {
			items = append(items, d.dim(printable(key)+"=")+showValue(value))
		}
	}
	return items
}

// wrap writes items after gutter, as many to a line as fit.
func (d *drawing) wrap(gutter string, items []string) {
	line, width := "", 0
	for _, item := range items {
		n := visible(item)
		if width > 0 && visible(gutter)+width+2+n > d.width {
			d.line(gutter, line)
			line, width = "", 0
		}
		if width > 0 {
			line, width = line+"  ", width+2
		}
		line, width = line+item, width+n
	}
	if width > 0 {
		d.line(gutter, line)
	}
}

func (d *drawing) line(gutter, text string) {
	fmt.Fprintf(d, "%s%s\n", d.dim(gutter), text)
}

// maxValue is how many characters of a value are shown.
const maxValue = 160

func clipRunes(s string) string {
	if utf8.RuneCountInString(s) <= maxValue {
		return s
	}
	return string([]rune(s)[:maxValue]) + "…"
}

func showValue(v pcommon.Value) string {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		return showString(v.Str())
	case pcommon.ValueTypeBytes:
		return clipRunes(fmt.Sprintf("0x%x", v.Bytes().AsRaw()))
	}
	return printable(clipRunes(v.AsString()))
}

// showString puts in quotes what would not be seen to be one value without them.
func showString(s string) string {
	s = clipRunes(s)
	if s == "" || strings.ContainsAny(s, ` "`) || strings.ContainsFunc(s, unprintable) {
		return strconv.Quote(s)
	}
	return s
}

func unprintable(r rune) bool { return !unicode.IsPrint(r) || r == utf8.RuneError }

// printable spells out what a terminal might obey: anything may be in a span.
func printable(s string) string {
	if !strings.ContainsFunc(s, unprintable) {
		return s
	}
	quoted := strconv.Quote(s)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}

// visible is the number of columns of a text, colours aside.
func visible(s string) int {
	n, escape := 0, false
	for _, r := range s {
		switch {
		case r == '\x1b':
			escape = true
		case !escape:
			n++
		case r == 'm':
			escape = false
		}
	}
	return n
}

// A paint colours text, or leaves it as it is.
type paint bool

func (p paint) with(code, text string) string {
	if !p || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (p paint) bold(s string) string { return p.with("1", s) }
func (p paint) dim(s string) string  { return p.with("2", s) }
func (p paint) red(s string) string  { return p.with("31", s) }

// service shows a service in its own colour.
func (p paint) service(name string) string { return p.like(name, printable(name)) }

// like shows text in the colour of a service.
func (p paint) like(service, text string) string {
	codes := [...]string{"36", "33", "32", "35", "34", "96", "93", "92", "95", "94"}
	return p.with(codes[crc32.ChecksumIEEE([]byte(service))%uint32(len(codes))], text)
}
