package ingest

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/ot2otel/ot2otel/translate"
)

// serveZipkin starts a Server with the Zipkin handler.
func serveZipkin(t testing.TB, r *rig, limits Limits) string {
	t.Helper()
	return startHTTP(t, NewH2CServer(Zipkin(r.Intake, limits, ZipkinAbout{Version: "1.2.3", Commit: "abc"}), limits, r.Log))
}

var jsonHeader = map[string]string{"Content-Type": "application/json"}

// v2Span is as small as a span in v2 JSON can be.
const v2Span = `{"traceId":"0000000000000001","id":"0000000000000002","name":"get"}`

// The rows are those recorded from Jaeger 1.57. Where the answer is another
// than Jaeger's, original says what that was: it is the Zipkin server's that
// counts, or a payload is taken that Jaeger turned away for one odd field.
func TestZipkinAnswers(t *testing.T) {
	var (
		v2     = readFile(t, "../testdata/corpus/zipkin-node-v2-rich-128/001-http-9411.bin")
		v1     = readFile(t, "../testdata/corpus/zipkin-node-v1-rich-64/001-http-9411.bin")
		thrift = readFile(t, "../testdata/corpus/py-zipkin-v1thrift-rich/001-http-9411.bin")
		proto  = readFile(t, "../testdata/corpus/zipkin-go-ot-proto-rich-128/001-http-9411.bin")
	)
	id := func(traceID string) string { return `[{"traceId":"` + traceID + `","id":"2"}]` }
	for _, tt := range []struct {
		name        string
		method      string // "" is POST
		target      string // "" is /api/v2/spans
		contentType string
		encoding    string
		body        string
		status      int
		answer      string // "…" at the end: goes on in our own words
		original    int    // Jaeger's status, where that was another
	}{
		{name: "v2 JSON", contentType: "application/json", body: v2, status: 202},
		{name: "v2 JSON, charset", contentType: "application/json; charset=utf-8", body: v2, status: 202},
		{name: "v2 JSON, no content type", body: v2, status: 202},
		{name: "v2 JSON, text/plain", contentType: "text/plain", body: v2, status: 202},
		{name: "v2 JSON, content type that is none", contentType: "x;;=", body: v2, status: 202},
		{name: "v2 empty list", contentType: "application/json", body: "[]", status: 202},
		{name: "v2 empty body", contentType: "application/json", status: 202, original: 400},
		{name: "v2 cut", contentType: "application/json", body: v2[:len(v2)/2], status: 400, answer: "Cannot read spans: zipkin-v2-json: …"},
		{name: "v2 JSON to v1", target: "/api/v1/spans", contentType: "application/json", body: v2, status: 202},
		{name: "v1 JSON to v1", target: "/api/v1/spans", contentType: "application/json", body: v1, status: 202},
		{name: "v1 JSON to v2", contentType: "application/json", body: v1, status: 202},
		{name: "v1 thrift", target: "/api/v1/spans", contentType: "application/x-thrift", body: thrift, status: 202},
		{name: "v1 thrift, charset", target: "/api/v1/spans", contentType: "application/x-thrift;charset=x", body: thrift, status: 202},
		{name: "v1 thrift cut", target: "/api/v1/spans", contentType: "application/x-thrift", body: thrift[:len(thrift)/2], status: 400, answer: "Cannot read spans: zipkin-v1-thrift: …"},
		{name: "v1 thrift empty list", target: "/api/v1/spans", contentType: "application/x-thrift", body: "\x0c\x00\x00\x00\x00", status: 202},
		{name: "v1 thrift to v2", contentType: "application/x-thrift", body: thrift, status: 202, original: 400},
		{name: "v1 thrift as JSON", target: "/api/v1/spans", contentType: "application/json", body: thrift, status: 202, original: 400},
		{name: "proto", contentType: "application/x-protobuf", body: proto, status: 202},
		{name: "proto, charset", contentType: "application/x-protobuf; charset=utf-8", body: proto, status: 202, original: 400},
		{name: "proto cut", contentType: "application/x-protobuf", body: proto[:len(proto)/2], status: 400, answer: "Cannot read spans: zipkin-v2-proto: …"},
		{name: "proto to v1", target: "/api/v1/spans", contentType: "application/x-protobuf", body: proto, status: 202, original: 400},
		{name: "gzip", encoding: "gzip", body: zipped(t, v2), status: 202},
		{name: "deflate", encoding: "deflate", body: deflated(t, v2), status: 202},
		{name: "gzip declared, not gzip", contentType: "application/json", encoding: "gzip", body: v2, status: 400, answer: "Cannot gunzip spans"},
		{name: "unknown compression", encoding: "br", body: v2, status: 415, answer: "Cannot read spans: unsupported Content-Encoding \"br\"\n", original: -1},
		{name: "garbage", body: "hello", status: 400, answer: "Expected a JSON_V2 encoded list\n"},
		{name: "garbage to v1", target: "/api/v1/spans", body: "hello", status: 400, answer: "Expected a JSON_V1 encoded list\n"},
		{name: "garbage as Thrift", target: "/api/v1/spans", contentType: "application/x-thrift", body: "hello", status: 400, answer: "Expected a THRIFT encoded list\n"},
		{name: "garbage as protobuf", contentType: "application/x-protobuf", body: "hello", status: 400, answer: "Expected a PROTO3 encoded list\n"},
		{name: "v2 bad trace id", contentType: "application/json", body: id("xyz"), status: 202, original: 400},
		{name: "v2 short ids", contentType: "application/json", body: id("1"), status: 202},
		{name: "v2 33 digits", contentType: "application/json", body: id(strings.Repeat("1", 33)), status: 202, original: 400},
		{name: "v2 no id", contentType: "application/json", body: `[{"traceId":"1","name":"x"}]`, status: 202, original: 400},
		{name: "v2 upper case", contentType: "application/json", body: id("ABCDEF0123456789"), status: 202},
		{name: "v2 number tag", contentType: "application/json", body: `[{"traceId":"1","id":"2","tags":{"n":200}}]`, status: 202, original: 400},
		{name: "v2 kind lower case", contentType: "application/json", body: `[{"traceId":"1","id":"2","kind":"client"}]`, status: 202},
		{name: "v2 timestamp string", contentType: "application/json", body: `[{"traceId":"1","id":"2","timestamp":"1472470996199000"}]`, status: 202, original: 400},
		{name: "v2 float timestamp", contentType: "application/json", body: `[{"traceId":"1","id":"2","timestamp":1472470996199000.5}]`, status: 202, original: 400},
		{name: "GET v2", method: "GET", status: 405, original: 400},
		{name: "OPTIONS v2", method: "OPTIONS", status: 405, original: 400},
		{name: "PUT v2", method: "PUT", body: v2, status: 405, original: 202},
		{name: "TRACE", method: "TRACE", status: 405, original: 400},
		{name: "another slash", target: "//api/v2/spans/", body: v2, status: 202},
		{name: "other path", target: "/nope", body: v2, status: 404, answer: "404 page not found\n", original: 202},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRealRig()
			header := map[string]string{}
			if tt.contentType != "" {
				header["Content-Type"] = tt.contentType
			}
			if tt.encoding != "" {
				header["Content-Encoding"] = tt.encoding
			}
			method, target := "POST", "/api/v2/spans"
			if tt.method != "" {
				method = tt.method
			}
			if tt.target != "" {
				target = tt.target
			}
			resp, answer := do(t, method, serveZipkin(t, r, Limits{})+target, header, strings.NewReader(tt.body))
			if resp.StatusCode != tt.status {
				t.Errorf("status %d, want %d", resp.StatusCode, tt.status)
			}
			if own, cut := strings.CutSuffix(tt.answer, "…"); cut && strings.HasPrefix(answer, own) {
				answer = tt.answer
			}
			if answer != tt.answer {
				t.Errorf("answer %q, want %q", answer, tt.answer)
			}
			if got, want := resp.Header.Get("Content-Type"), "text/plain; charset=utf-8"; tt.answer != "" && got != want {
				t.Errorf("Content-Type %q, want %q", got, want)
			}
			if got := resp.Header.Get("Allow"); (got == "POST") != (tt.status == 405) {
				t.Errorf("Allow %q with status %d", got, tt.status)
			}
			if tt.status == 202 && r.metrics(t)["accepted_payloads_total zipkin"] != 1 {
				t.Errorf("not counted as accepted: %v", r.metrics(t))
			}
			if taken := len(r.sink.puts) == 1; taken && tt.status != 202 {
				t.Errorf("put into the sink, but the answer was %d", resp.StatusCode)
			}
		})
	}
}

func TestZipkinFullSinkIsHeldThenRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig()
		r.newAppender = func() appender { return reportAppender{translate.Report{Spans: 7}} }
		r.sink.fail = full
		w := httptest.NewRecorder()
		Zipkin(r.Intake, Limits{}, ZipkinAbout{}).ServeHTTP(w, httptest.NewRequest("POST", "/api/v2/spans", strings.NewReader("["+v2Span+"]")))
		if got, want := w.Body.String(), "Cannot store spans: queue is full\n"; w.Code != 503 || got != want {
			t.Errorf("answer %d %q, want 503 %q", w.Code, got, want)
		}
		if got := w.Header().Get("Retry-After"); got != "1" {
			t.Errorf("Retry-After %q, want 1", got)
		}
		m := r.metrics(t)
		if m["refused_payloads_total zipkin queue"] != 1 || m["refused_spans_total zipkin queue"] != 7 {
			t.Errorf("not counted: %v", m)
		}
	})
}

func TestZipkinBodyLimit(t *testing.T) {
	const limit = 1000
	list := "[" + v2Span + strings.Repeat(" ", limit-len(v2Span)-2) + "]"
	for _, tt := range []struct {
		name, encoding, body string
		status               int
	}{
		{name: "at the limit", body: list, status: 202},
		{name: "one over", body: list + " ", status: 413},
		{name: "gzip, at the limit", encoding: "gzip", body: zipped(t, list), status: 202},
		{name: "gzip, one over", encoding: "gzip", body: zipped(t, list+" "), status: 413},
		{name: "deflate, at the limit", encoding: "deflate", body: deflated(t, list), status: 202},
		{name: "deflate, one over", encoding: "deflate", body: deflated(t, list+" "), status: 413},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRealRig()
			resp, answer := do(t, "POST", serveZipkin(t, r, Limits{Body: limit})+"/api/v2/spans",
				map[string]string{"Content-Encoding": tt.encoding}, strings.NewReader(tt.body))
			if resp.StatusCode != tt.status {
				t.Errorf("status %d, want %d: %s", resp.StatusCode, tt.status, answer)
			}
			if want := "Cannot read spans: body of more than 1000 bytes\n"; tt.status == 413 && answer != want {
				t.Errorf("answer %q, want %q", answer, want)
			}
		})
	}
}

func TestZipkinHealthAndInfo(t *testing.T) {
	r := newRig()
	well := true
	about := ZipkinAbout{Version: "1.2.3", Commit: "abc", Health: func() error {
		if well {
			return nil
		}
		return errors.New("the queue is 95% full")
	}}
	url := serveHTTP(t, r, Zipkin(r.Intake, Limits{}, about), Limits{})
	for _, tt := range []struct {
		name, method, target string
		ill                  bool
		status               int
		answer               string
	}{
		{name: "well", method: "GET", target: "/health", status: 200,
			answer: `{"status":"UP","zipkin":{"status":"UP","details":{"ot2otel":{"status":"UP"}}}}` + "\n"},
		{name: "ill", method: "GET", target: "/health", ill: true, status: 503,
			answer: `{"status":"DOWN","zipkin":{"status":"DOWN","details":{"ot2otel":{"status":"DOWN","details":{"error":"the queue is 95% full"}}}}}` + "\n"},
		{name: "asked for the head", method: "HEAD", target: "/health", status: 200},
		{name: "posted", method: "POST", target: "/health", status: 405},
		{name: "info", method: "GET", target: "/info", status: 200, answer: `{"zipkin":{"commit":"abc","version":"1.2.3"}}` + "\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			well = !tt.ill
			resp, answer := do(t, tt.method, url+tt.target, nil, nil)
			if resp.StatusCode != tt.status || answer != tt.answer {
				t.Errorf("answer %d %q, want %d %q", resp.StatusCode, answer, tt.status, tt.answer)
			}
			if got := resp.Header.Get("Content-Type"); tt.answer != "" && got != "application/json; charset=utf-8" {
				t.Errorf("Content-Type %q", got)
			}
		})
	}
}

// One port serves HTTP/1.1, HTTP/2 and gRPC.
func TestZipkinPortSpeaksAllProtocols(t *testing.T) {
	r := newRealRig()
	url := serveZipkin(t, r, Limits{})
	if resp, text := do(t, "POST", url+"/api/v2/spans", jsonHeader, strings.NewReader("["+v2Span+"]")); resp.StatusCode != 202 || resp.ProtoMajor != 1 {
		t.Errorf("HTTP/1.1: %s %s", resp.Proto, text)
	}
	resp, err := h2Client(t).Post(url+"/api/v2/spans", "application/json", strings.NewReader("["+v2Span+"]"))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 202 || resp.ProtoMajor != 2 {
		t.Errorf("HTTP/2: %s %s", resp.Proto, resp.Status)
	}
	span := message(1, message(1, "\x00\x00\x00\x00\x00\x00\x00\x01")+message(3, "\x00\x00\x00\x00\x00\x00\x00\x02")+message(5, "get"))
	if _, err := call(t, dialGRPC(t, strings.TrimPrefix(url, "http://")), report, span); err != nil {
		t.Errorf("gRPC: %v", err)
	}
	want := []string{"unknown_service: get", "unknown_service: get", "unknown_service: get"}
	if diff := cmp.Diff(want, spansOf(t, r.sink.next(t), r.sink.next(t), r.sink.next(t))); diff != "" {
		t.Errorf("spans (-want +got):\n%s", diff)
	}
}

// A call that is under way when the port is shut down is answered.
func TestZipkinShutdownWaitsForCalls(t *testing.T) {
	r := newRig()
	entered, leave := make(chan struct{}), make(chan struct{})
	r.sink.fail = func() error {
		close(entered)
		<-leave
		return nil
	}
	s := NewH2CServer(Zipkin(r.Intake, Limits{}, ZipkinAbout{}), Limits{}, r.Log)
	ln := listen(t)
	served, stopped, answer := make(chan error, 1), make(chan error, 1), make(chan error, 1)
	go func() { served <- s.Serve(ln) }()
	c := dialGRPC(t, ln.Addr().String())
	go func() {
		_, err := call(t, c, report, "1")
		answer <- err
	}()
	<-entered
	go func() { stopped <- s.Shutdown(t.Context()) }()
	if err := <-served; err != nil {
		t.Errorf("Serve: %v", err)
	}
	select {
	case err := <-stopped:
		t.Errorf("Shutdown returned %v while a call was under way", err)
	default:
	}
	close(leave)
	if err := <-answer; err != nil {
		t.Errorf("the call: %v", err)
	}
	if err := <-stopped; err != nil {
		t.Errorf("Shutdown: %v", err)
	}
}

// gRPC over HTTP/1.1 is not possible, and says so.
func TestZipkinGRPCNeedsHTTP2(t *testing.T) {
	r := newRig()
	resp, _ := do(t, "POST", serveZipkin(t, r, Limits{})+report, map[string]string{"Content-Type": "application/grpc"}, strings.NewReader("x"))
	if resp.StatusCode != 404 {
		t.Errorf("status %d, want 404", resp.StatusCode)
	}
	if len(r.sink.puts) > 0 {
		t.Error("taken")
	}
}
