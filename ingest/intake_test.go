package ingest

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ot2otel/ot2otel/translate"
)

// reportAppender reports whatever a test sets.
type reportAppender struct{ translate.Report }

func (a reportAppender) Append(dst []byte, _ translate.Format, src []byte, _ uint64) ([]byte, translate.Report, error) {
	return append(dst, src...), a.Report, nil
}

func TestTakeCountsWhatTheReportSays(t *testing.T) {
	r := newRig()
	report := translate.Report{Spans: 3, Blank: 2, Rejected: 1}
	report.Notes[translate.Note(0)] = 7
	r.newAppender = func() appender { return reportAppender{report} }
	l := r.lane(ListenerJaegerHTTP, requestReasons)
	w := l.newWorker()
	if no := l.take(&w, translate.JaegerBatch, []byte("12345"), 0); no != nil {
		t.Fatal(no.err)
	}
	r.wantMetrics(t, map[string]float64{
		"accepted_payloads_total jaeger-http":               1,
		"accepted_spans_total jaeger-http":                  3,
		"received_bytes_total jaeger-http":                  5,
		"blank_spans_total jaeger-http":                     2,
		"invalid_spans_total jaeger-http":                   1,
		"mapping_notes_total " + translate.Note(0).String(): 7,
	})
}

func TestPayloadWithoutSpansIsAcceptedAndNotPut(t *testing.T) {
	r := newRig()
	r.sink.fail = func() error { return errors.New("must not be called") }
	l := r.lane(ListenerJaegerHTTP, requestReasons)
	w := l.newWorker()
	if no := l.take(&w, translate.JaegerBatch, []byte("0"), 0); no != nil {
		t.Fatal(no.err)
	}
	r.wantMetrics(t, map[string]float64{
		"accepted_payloads_total jaeger-http": 1,
		"received_bytes_total jaeger-http":    1,
	})
}

func TestTakeHoldsWhileTheSinkIsFull(t *testing.T) {
	for _, tt := range []struct {
		name       string
		wait       time.Duration
		fullFor    time.Duration
		took       bool
		atMost     time.Duration // it may not wait longer than this
		wantReason string
	}{
		{name: "room at once", wait: 2 * time.Second, took: true, atMost: 0},
		{name: "room in time", wait: 2 * time.Second, fullFor: time.Second, took: true, atMost: time.Second + maxPause},
		{name: "room at the last moment", wait: 2 * time.Second, fullFor: 2 * time.Second, took: true, atMost: 2 * time.Second},
		{name: "no room", wait: 2 * time.Second, fullFor: time.Hour, atMost: 2 * time.Second, wantReason: reasonQueue},
		{name: "no waiting", wait: 0, fullFor: time.Second, atMost: 0, wantReason: reasonQueue},
		{name: "waiting turned off", wait: -1, fullFor: time.Second, atMost: 0, wantReason: reasonQueue},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig()
				start := time.Now()
				r.sink.fail = func() error {
					if time.Since(start) < tt.fullFor {
						return errFull
					}
					return nil
				}
				l := r.lane(ListenerJaegerHTTP, requestReasons)
				w := l.newWorker()
				no := l.take(&w, translate.JaegerBatch, []byte("4"), tt.wait)
				switch {
				case tt.took && no != nil:
					t.Errorf("refused: %v", no.err)
				case !tt.took && (no == nil || no.reason != tt.wantReason || no.spans != 4 || !errors.Is(no.err, errFull)):
					t.Errorf("refusal = %+v, want reason %s and 4 spans", no, tt.wantReason)
				}
				if waited := time.Since(start); waited > tt.atMost {
					t.Errorf("waited %v, want at most %v", waited, tt.atMost)
				}
			})
		})
	}
}

func TestNewReasonsAreCountedAsMalformed(t *testing.T) {
	r := newRig()
	l := r.lane(ListenerJaegerCompact, packetReasons)
	l.turnAway(&refusal{reason: "something_new", err: errFull}, "peer")
	r.wantMetrics(t, map[string]float64{"refused_payloads_total jaeger-compact malformed": 1})
}

func TestEachKindOfWarningAtMostOnceAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newReporter(newRig().Log, "x")
		for _, step := range []struct {
			kind string
			wait time.Duration
			want bool
		}{
			{kind: "a", want: true},
			{kind: "a", want: false},
			{kind: "b", want: true},
			{kind: "a", wait: 59 * time.Second, want: false},
			{kind: "a", wait: time.Second, want: true},
			{kind: "a", want: false},
		} {
			time.Sleep(step.wait)
			if got := r.due(step.kind); got != step.want {
				t.Errorf("after %v more, %s due: %v, want %v", step.wait, step.kind, got, step.want)
			}
		}
	})
}
