package demo

import (
	"bytes"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/uber/jaeger-client-go"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/ot2otel/ot2otel/export"
)

// A story is what the demo has to tell.
type story struct {
	services []*service
	sent     []*jaeger.Span
	got      ptrace.Traces
	style    export.Style

	text bytes.Buffer
}

// tell writes to out what the clients sent, and beside it what came out.
func (s *story) tell(out io.Writer) error {
	s.line("A shop whose services know nothing of OpenTelemetry sent %d spans:\n", len(s.sent))
	s.tellServices()
	s.line("\nThis is the OTLP that the proxy made of them:\n")
	if err := export.WriteTree(&s.text, s.got, s.style); err != nil {
		return err
	}
	s.line("What services said in OpenTracing's words, and what it became:\n")
	s.tellWords()
	_, err := out.Write(s.text.Bytes())
	return err
}

func (s *story) line(format string, args ...any) { fmt.Fprintf(&s.text, format+"\n", args...) }

// rows writes lines with columns, which are separated by tabs, one below the other.
func (s *story) rows(write func(w io.Writer)) {
	table := tabwriter.NewWriter(&s.text, 0, 0, 3, ' ', 0)
	write(table)
	_ = table.Flush() // a Buffer takes everything
}

func (s *story) tellServices() {
	s.rows(func(w io.Writer) {
		fmt.Fprintln(w, "  service\tclient\tsends\tspans")
		for _, service := range s.services {
			fmt.Fprintf(w, "  %s\tjaeger-client %s\t%s\t%d\n",
				service.name, jaeger.JaegerClientVersion, service.wire, len(service.notes.spans))
		}
	})
}

// tellWords shows each word by the first span that says it.
func (s *story) tellWords() {
	came := index(s.got)
	s.rows(func(w io.Writer) {
		for _, word := range words {
			for _, span := range s.sent {
				said, got := word.said(span), came[idsOf(span)]
				if said != "" && len(got) > 0 {
					fmt.Fprintf(w, "  %s\t→ %s\n", said, word.became(got[0]))
					break
				}
			}
		}
	})
}
