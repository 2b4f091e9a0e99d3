package translate

import (
	"bytes"
	"strings"
	"testing"
)

// A batch of one span, with id 1 and the name "op", from process "shop".
func tinyBatch(service string) []byte {
	var b bytes.Buffer
	b.WriteString("\x0c\x00\x01\x0b\x00\x01\x00\x00\x00" + string(rune(len(service))) + service + "\x00")
	b.WriteString("\x0f\x00\x02\x0c\x00\x00\x00\x01")
	b.WriteString("\x0a\x00\x03\x00\x00\x00\x00\x00\x00\x00\x01\x0b\x00\x05\x00\x00\x00\x02op\x00\x00")
	return b.Bytes()
}

// A big payload's space is not kept.
func TestScratchIsGivenBack(t *testing.T) {
	tr := New(Config{})
	big := append(tinyBatch("shop"), make([]byte, bigPayload)...) // trailing bytes are ignored
	for _, payload := range [][]byte{tinyBatch("shop"), big, tinyBatch("shop")} {
		out, report, err := tr.Append(nil, JaegerBatch, payload, 1)
		if err != nil || report.Spans != 1 || len(out) == 0 {
			t.Fatalf("%d bytes, report %+v, error %v", len(out), report, err)
		}
		if kept := cap(tr.groups.spans) > 0; kept != (len(payload) < bigPayload) {
			t.Errorf("space kept after %d bytes: %v", len(payload), kept)
		}
	}
}

// The process of the payload before is used again only if it is the same, to
// the byte and in the same protocol.
func TestKnownProcess(t *testing.T) {
	tr := New(Config{})
	for _, service := range []string{"shop", "shop", "shoe", "sho", "", "", "shop"} {
		payload := tinyBatch(service)
		got, report, err := tr.Append(nil, JaegerBatch, payload, 1)
		if err != nil {
			t.Fatal(err)
		}
		want, wantReport, err := New(Config{}).Append(nil, JaegerBatch, payload, 1)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) || report != wantReport {
			t.Errorf("service %q: report %+v, want %+v", service, report, wantReport)
		}
	}
}

// The names and ids that the mapping gives rules and notes, without gaps.
func TestNames(t *testing.T) {
	for r := range numRules {
		if r.String() == "" {
			t.Errorf("rule %d has no id", r)
		}
	}
	for n := range Note(NumNotes) {
		if n.String() == "" {
			t.Errorf("note %d has no code", n)
		}
	}
	for f := JaegerCompact; f <= ZipkinV2Proto; f++ {
		if strings.Contains(f.String(), " ") {
			t.Errorf("format %d has no name", f)
		}
	}
}
