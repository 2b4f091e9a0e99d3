package ingest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
	"google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// serveOTLP starts a Server with the OTLP handler.
func serveOTLP(t testing.TB, r *rig, limits Limits, o OTLP) string {
	t.Helper()
	return serveHTTP(t, r, OTLPHTTP(r.Intake, limits, o), limits)
}

var (
	protobufHeader = map[string]string{"Content-Type": "application/x-protobuf"}
	otlpCapture    = "../testdata/corpus/otlp-native-go-rich/001-http-4318.bin"
)

// asOTLPJSON returns a request in OTLP/JSON, as pdata writes it.
func asOTLPJSON(t testing.TB, request string) string {
	t.Helper()
	r := ptraceotlp.NewExportRequest()
	if err := r.UnmarshalProto([]byte(request)); err != nil {
		t.Fatal(err)
	}
	b, err := r.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestOTLPHTTPAnswers(t *testing.T) {
	const pb, js = "application/x-protobuf", "application/json"
	request := readFile(t, otlpCapture)
	inJSON := asOTLPJSON(t, request)
	const limit = 100_000
	for _, tt := range []struct {
		name        string
		method      string // "" is POST
		target      string // "" is /v1/traces
		contentType string
		encoding    string
		body        string
		full        bool // the sink takes nothing
		status      int
		message     string // of the Status; "…" at the end: goes on
		code        codes.Code
		answerType  string // where it is not contentType
		reason      string
	}{
		{name: "protobuf", contentType: pb, body: request, status: 200},
		{name: "protobuf, charset", contentType: pb + "; charset=utf-8", body: request, status: 200, answerType: pb},
		{name: "protobuf, gzip", contentType: pb, encoding: "gzip", body: zipped(t, request), status: 200},
		{name: "protobuf, deflate", contentType: pb, encoding: "deflate", body: deflated(t, request), status: 200},
		{name: "JSON", contentType: js, body: inJSON, status: 200},
		{name: "JSON, charset", contentType: "Application/JSON; charset=utf-8", body: inJSON, status: 200, answerType: js},
		{name: "JSON, gzip", contentType: js, encoding: "gzip", body: zipped(t, inJSON), status: 200},
		{name: "empty protobuf", contentType: pb, status: 200},
		{name: "empty JSON", contentType: js, body: "{}", status: 200},
		{name: "protobuf of no spans", contentType: pb, body: message(1, message(2, "")), status: 200},
		{name: "another slash", target: "//v1/traces/", contentType: pb, body: request, status: 200},
		{name: "sink full", contentType: pb, body: request, full: true, status: 503, message: "queue is full", code: codes.Unavailable, reason: reasonQueue},
		{name: "sink full, JSON", contentType: js, body: inJSON, full: true, status: 503, message: "queue is full", code: codes.Unavailable, reason: reasonQueue},
		{name: "cut protobuf", contentType: pb, body: request[:len(request)/2], status: 400, message: "protobuf: at byte …", code: codes.InvalidArgument, reason: "truncated"},
		{name: "cut JSON", contentType: js, body: inJSON[:len(inJSON)/2], status: 400, message: "json: at byte …", code: codes.InvalidArgument, reason: "truncated"},
		{name: "not JSON", contentType: js, body: "hello", status: 400, message: "json: at byte 0: …", code: codes.InvalidArgument, reason: "bad_syntax"},
		{name: "no JSON at all", contentType: js, status: 400, message: "json: at byte 0: …", code: codes.InvalidArgument, reason: "truncated"},
		{name: "JSON of another shape", contentType: js, body: `{"resourceSpans":7}`, status: 400, message: "json: at byte 17: a number where an object should be", code: codes.InvalidArgument, reason: "bad_type"},
		{name: "JSON id", contentType: js, body: `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"xyz"}]}]}]}`, status: 400,
			message: `json: traceId: "xyz" is not hexadecimal: …`, code: codes.InvalidArgument, reason: reasonMalformed},
		{name: "protobuf as JSON", contentType: js, body: request, status: 400, message: "json: at byte …", code: codes.InvalidArgument, reason: "bad_syntax"},
		{name: "JSON as protobuf", contentType: pb, body: inJSON, status: 400, message: "protobuf: at byte 0: …", code: codes.InvalidArgument, reason: "bad_type"},
		{name: "not gzip", contentType: pb, encoding: "gzip", body: request, status: 400, message: "gzip: invalid header", code: codes.InvalidArgument, reason: reasonCompression},
		{name: "unknown compression", contentType: js, encoding: "br", body: inJSON, status: 415, message: `unsupported Content-Encoding "br"`, code: codes.InvalidArgument, reason: reasonContentEncoding},
		{name: "too large", contentType: pb, body: strings.Repeat("\x00", limit+1), status: 413, message: "body of more than 100000 bytes", code: codes.ResourceExhausted, reason: reasonTooLarge},
		{name: "no type", body: request, status: 415, message: `unsupported Content-Type "": neither application/x-protobuf nor application/json`,
			code: codes.InvalidArgument, answerType: pb, reason: reasonContentType},
		{name: "another type", contentType: "text/plain", body: request, status: 415, message: `unsupported Content-Type "text/plain": …`,
			code: codes.InvalidArgument, answerType: pb, reason: reasonContentType},
		{name: "GET", method: "GET", contentType: pb, status: 405},
		{name: "other path", target: "/v1/metrics", contentType: pb, body: request, status: 404},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRealRig()
			r.Wait = -1
			if tt.full {
				r.sink.fail = full
			}
			header := map[string]string{"Content-Type": tt.contentType}
			if tt.encoding != "" {
				header["Content-Encoding"] = tt.encoding
			}
			method, target := "POST", "/v1/traces"
			if tt.method != "" {
				method = tt.method
			}
			if tt.target != "" {
				target = tt.target
			}
			resp, answer := do(t, method, serveOTLP(t, r, Limits{Body: limit}, OTLP{})+target, header, strings.NewReader(tt.body))
			if resp.StatusCode != tt.status {
				t.Fatalf("status %d, want %d: %q", resp.StatusCode, tt.status, answer)
			}
			if tt.status == 404 || tt.status == 405 {
				return
			}
			if tt.answerType == "" {
				tt.answerType = tt.contentType
			}
			if got := resp.Header.Get("Content-Type"); got != tt.answerType {
				t.Errorf("Content-Type %q, want %q", got, tt.answerType)
			}
			if got := resp.Header.Get("Retry-After"); (got == "1") != (tt.status == 503) {
				t.Errorf("Retry-After %q with status %d", got, tt.status)
			}
			m := r.metrics(t)
			if tt.status == 200 {
				wantNoPartialSuccess(t, tt.answerType, answer)
				if m["accepted_payloads_total otlp-http"] != 1 {
					t.Errorf("not counted as accepted: %v", m)
				}
				return
			}
			s := statusOf(t, tt.answerType, answer)
			if own, cut := strings.CutSuffix(tt.message, "…"); cut && strings.HasPrefix(s.Message, own) {
				s.Message = tt.message
			}
			if s.Message != tt.message || s.Code != int32(tt.code) {
				t.Errorf("Status %d %q, want %d %q", s.Code, s.Message, tt.code, tt.message)
			}
			if m["refused_payloads_total otlp-http "+tt.reason] != 1 {
				t.Errorf("not counted as %s: %v", tt.reason, m)
			}
		})
	}
}

func wantNoPartialSuccess(t *testing.T, contentType, answer string) {
	t.Helper()
	if want := map[string]string{"application/x-protobuf": "", "application/json": "{}"}[contentType]; answer != want {
		t.Errorf("answer %q, want %q", answer, want)
	}
}

// statusOf reads the body of a refusal.
func statusOf(t *testing.T, contentType, answer string) *status.Status {
	t.Helper()
	s := new(status.Status)
	unmarshal := proto.Unmarshal
	if contentType == "application/json" {
		unmarshal = protojson.Unmarshal
	}
	if err := unmarshal([]byte(answer), s); err != nil {
		t.Fatalf("the answer is not a Status: %v: %q", err, answer)
	}
	return s
}

// Bytes pass through as they are, fields that nobody knows included.
func TestOTLPPassesThrough(t *testing.T) {
	unknown := message(1, message(2, message(2, message(200, "in a span"))+message(99, "in a scope"))+message(77, "in a resource")) + message(55, "in the request")
	for name, request := range map[string]string{"a capture": readFile(t, otlpCapture), "unknown fields": unknown} {
		t.Run(name, func(t *testing.T) {
			r := newRealRig()
			do(t, "POST", serveOTLP(t, r, Limits{}, OTLP{})+"/v1/traces", protobufHeader, strings.NewReader(request))
			if got := r.sink.next(t); got != request {
				t.Errorf("put %q, want %q", got, request)
			}
			if _, err := call(t, dialGRPC(t, startGRPC(t, OTLPGRPC(r.Intake, Limits{}, OTLP{}))), otlpExport, request); err != nil {
				t.Error(err)
			}
			if got := r.sink.next(t); got != request {
				t.Errorf("put %q, want %q", got, request)
			}
		})
	}
}

func TestOTLPFullSinkIsHeldThenRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig()
		r.sink.fail = full
		req := httptest.NewRequest("POST", "/v1/traces", strings.NewReader(otlpSpans(3)))
		req.Header.Set("Content-Type", "application/x-protobuf")
		w := httptest.NewRecorder()
		OTLPHTTP(r.Intake, Limits{}, OTLP{}).ServeHTTP(w, req)
		if w.Code != 503 {
			t.Errorf("status %d, want 503", w.Code)
		}
		r.wantMetrics(t, map[string]float64{
			"received_bytes_total otlp-http":         float64(len(otlpSpans(3))),
			"refused_payloads_total otlp-http queue": 1,
			"refused_spans_total otlp-http queue":    3,
		})
	})
}

// Requests of good, bad, and good and bad spans, over both protocols and in
// both encodings.
func TestOTLPValidateAnswers(t *testing.T) {
	good, bad := otlpSpan(nil), otlpSpan(map[int]string{1: message(1, "short")})
	wrap := func(spans ...string) string {
		all := ""
		for _, s := range spans {
			all += message(2, s)
		}
		return message(1, message(2, all))
	}
	const why = "resource 1, scope 1, span 2: trace_id of 5 bytes"
	for _, tt := range []struct {
		name     string
		request  string
		status   int
		code     codes.Code
		rejected int64
		message  string
		put      string
	}{
		{name: "all good", request: wrap(good, good), status: 200, put: wrap(good, good)},
		{name: "one bad", request: wrap(good, bad, good), status: 200, rejected: 1, message: "1 spans are invalid; the first: " + why, put: wrap(good, good)},
		{name: "two bad", request: wrap(good, bad, bad), status: 200, rejected: 2, message: "2 spans are invalid; the first: " + why, put: wrap(good)},
		{name: "all bad", request: wrap(bad), status: 400, code: codes.InvalidArgument, message: "resource 1, scope 1, span 1: trace_id of 5 bytes"},
		{name: "nothing", status: 200},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRealRig()
			validate := OTLP{Validate: true}
			resp, answer := do(t, "POST", serveOTLP(t, r, Limits{}, validate)+"/v1/traces", protobufHeader, strings.NewReader(tt.request))
			if resp.StatusCode != tt.status {
				t.Errorf("status %d, want %d", resp.StatusCode, tt.status)
			}
			fromGRPC, err := call(t, dialGRPC(t, startGRPC(t, OTLPGRPC(r.Intake, Limits{}, validate))), otlpExport, tt.request)
			wantStatus(t, err, tt.code, false)
			if tt.status != 200 {
				if s := statusOf(t, "application/x-protobuf", answer); s.Message != tt.message {
					t.Errorf("Status %q, want %q", s.Message, tt.message)
				}
				m := r.metrics(t)
				if m["refused_spans_total otlp-http invalid"] != 1 || m["refused_spans_total otlp-grpc invalid"] != 1 {
					t.Errorf("not counted as invalid: %v", m)
				}
				return
			}
			wantPartialSuccess(t, answer, tt.rejected, tt.message)
			wantPartialSuccess(t, fromGRPC, tt.rejected, tt.message)
			for range 2 {
				if tt.put == "" {
					break
				}
				if got := r.sink.next(t); got != tt.put {
					t.Errorf("put %q, want %q", got, tt.put)
				}
			}
			m := r.metrics(t)
			if got := m["invalid_spans_total otlp-http"] + m["invalid_spans_total otlp-grpc"]; got != float64(2*tt.rejected) {
				t.Errorf("%v spans counted as rejected, want %d", got, 2*tt.rejected)
			}
			if warned := strings.Contains(r.log.String(), "id=OT2-I011"); warned != (tt.rejected > 0) {
				t.Errorf("warned: %v: %s", warned, r.log)
			}
		})
	}
}

func wantPartialSuccess(t *testing.T, response string, rejected int64, message string) {
	t.Helper()
	r := ptraceotlp.NewExportResponse()
	if err := r.UnmarshalProto([]byte(response)); err != nil {
		t.Fatal(err)
	}
	if p := r.PartialSuccess(); p.RejectedSpans() != rejected || p.ErrorMessage() != message {
		t.Errorf("partial success %d %q, want %d %q", p.RejectedSpans(), p.ErrorMessage(), rejected, message)
	}
}

func TestOTLPPartialSuccessInJSON(t *testing.T) {
	r := newRealRig()
	const id = `"traceId":"00000000000000000000000000000001","spanId":"0000000000000002"`
	body := `{"resourceSpans":[{"scopeSpans":[{"spans":[{` + id + `},{` + id + `,"startTimeUnixNano":"2","endTimeUnixNano":"1"}]}]}]}`
	resp, answer := do(t, "POST", serveOTLP(t, r, Limits{}, OTLP{Validate: true})+"/v1/traces", jsonHeader, strings.NewReader(body))
	var got any
	if err := json.Unmarshal([]byte(answer), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"partialSuccess": map[string]any{
		"rejectedSpans": "1",
		"errorMessage":  "1 spans are invalid; the first: resource 1, scope 1, span 2: end 1 before start 2",
	}}
	if diff := cmp.Diff(want, got); diff != "" || resp.StatusCode != 200 {
		t.Errorf("answer %d (-want +got):\n%s", resp.StatusCode, diff)
	}
	if got := spansOf(t, r.sink.next(t)); len(got) != 1 {
		t.Errorf("put %d spans, want 1", len(got))
	}
}

// A body may be small and its spans many: memory grows with the body all the same.
func TestOTLPManyTinyMessages(t *testing.T) {
	const n = 1 << 20
	for _, tt := range []struct{ name, contentType, body string }{
		{"JSON resources", "application/json", `{"resourceSpans":[` + strings.Repeat(`{},`, n) + `{}]}`},
		{"JSON spans", "application/json", `{"resourceSpans":[{"scopeSpans":[{"spans":[` + strings.Repeat(`{},`, n) + `{}]}]}]}`},
		{"protobuf resources", "application/x-protobuf", strings.Repeat(message(1, ""), n)},
		{"protobuf spans", "application/x-protobuf", otlpSpans(n)},
	} {
		for _, validate := range []bool{false, true} {
			t.Run(fmt.Sprint(tt.name, " ", validate), func(t *testing.T) {
				in := newRig().Intake
				in.Sink = nullSink{}
				h := OTLPHTTP(in, Limits{}, OTLP{Validate: validate})
				req := httptest.NewRequest("POST", "/v1/traces", strings.NewReader(tt.body))
				req.Header.Set("Content-Type", tt.contentType)
				w := httptest.NewRecorder()
				got := allocated(func() { h.ServeHTTP(w, req) })
				_, _ = io.Copy(io.Discard, w.Body)
				if limit := uint64(8*len(tt.body) + 64<<10); got > limit {
					t.Errorf("%d bytes allocated for a body of %d, want at most %d", got, len(tt.body), limit)
				}
			})
		}
	}
}
