package export

import (
	"errors"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	spb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/durationpb"
)

// The tables below are the OTLP specification's, with the three deviations of
// the package comment: held where it says drop.
var (
	grpcRetryable = map[codes.Code]bool{
		codes.Canceled: true, codes.DeadlineExceeded: true, codes.Aborted: true,
		codes.OutOfRange: true, codes.Unavailable: true, codes.DataLoss: true,
	}
	grpcHeld      = map[codes.Code]bool{codes.Unauthenticated: true, codes.PermissionDenied: true, codes.Unimplemented: true}
	httpRetryable = map[int]bool{429: true, 502: true, 503: true, 504: true}
	httpHeld      = map[int]bool{401: true, 403: true, 404: true}
)

// throttles are the RetryInfo that a status may hold, and what they ask for.
var throttles = []struct {
	name  string
	info  *anypb.Any
	asked time.Duration
}{
	{"none", nil, -1},
	{"0", anyOf(&errdetails.RetryInfo{RetryDelay: durationpb.New(0)}), 0},
	{"empty", anyOf(&errdetails.RetryInfo{}), 0},
	{"1s", anyOf(&errdetails.RetryInfo{RetryDelay: durationpb.New(time.Second)}), time.Second},
	{"huge", anyOf(&errdetails.RetryInfo{RetryDelay: &durationpb.Duration{Seconds: math.MaxInt64}}), math.MaxInt64},
	{"negative", anyOf(&errdetails.RetryInfo{RetryDelay: durationpb.New(-time.Hour)}), 0},
	{"garbage", &anypb.Any{TypeUrl: "type.googleapis.com/google.rpc.RetryInfo", Value: []byte("\xff\xff")}, -1},
}

func anyOf(m proto.Message) *anypb.Any {
	a, err := anypb.New(m)
	if err != nil {
		panic(err)
	}
	return a
}

// TestEveryGRPCStatus: every code with every RetryInfo, over a socket.
func TestEveryGRPCStatus(t *testing.T) {
	var answer *spb.Status
	calls := 0
	address := grpcBackend(t, func(call) ([]byte, error) {
		calls++
		return nil, status.ErrorProto(answer)
	})
	client := newClient(t, Config{Endpoint: "http://" + address, Protocol: GRPC})
	request, cells := payload(t, "a", 2), 0
	for code := codes.Code(0); code <= 16; code++ {
		for _, throttle := range throttles {
			answer = &spb.Status{Code: int32(code), Message: "words"}
			if throttle.info != nil {
				answer.Details = []*anypb.Any{throttle.info}
			}
			err := client.Export(t.Context(), request)
			cells++
			if want := grpcWant(code, throttle.asked); !agrees(err, want) {
				t.Errorf("%v, RetryInfo %s: got %#v, want %#v", code, throttle.name, err, want)
			}
		}
	}
	if calls != cells {
		t.Errorf("%d calls in %d cells", calls, cells)
	}
	answer = &spb.Status{Code: 4711} // and one that does not exist, which must not become a label
	if f := failure(t, client.Export(t.Context(), request)); f.Verdict != Refused || f.Status != "UNKNOWN" {
		t.Errorf("code 4711: %#v", f)
	}
}

// grpcWant is the table; asked is -1 for no RetryInfo. nil means success.
func grpcWant(code codes.Code, asked time.Duration) *Failure {
	f := &Failure{Verdict: Refused, Asked: max(asked, 0)}
	switch {
	case code == codes.OK:
		return nil
	case grpcRetryable[code], code == codes.ResourceExhausted && asked >= 0:
		f.Verdict = Again
	case code == codes.ResourceExhausted:
		f.Verdict = TooLarge
	case grpcHeld[code]:
		f.Verdict = Held
	}
	return f
}

// agrees compares the verdict and, for what is sent again, the wait.
func agrees(err error, want *Failure) bool {
	if want == nil {
		return err == nil
	}
	var f *Failure
	if !errors.As(err, &f) || f.Verdict != want.Verdict {
		return false
	}
	passed := time.Duration(0)
	if want.Asked == time.Hour { // a date, which comes nearer
		passed = time.Minute
	}
	return f.Verdict != Again || f.Asked <= want.Asked && f.Asked >= want.Asked-passed
}

// retryAfters are values of the header and what they ask for.
func retryAfters() map[string]time.Duration {
	soon := time.Now().Add(time.Hour).UTC()
	return map[string]time.Duration{
		"": 0, "0": 0, "7": 7 * time.Second, "-5": 0, "soon": 0, "1.5": 0, "99999999999999999999": math.MaxInt64, "9300000000": math.MaxInt64,
		soon.Format(http.TimeFormat):                             time.Hour,
		soon.Format("Monday, 02-Jan-06 15:04:05 GMT"):            time.Hour,
		soon.Format(time.ANSIC):                                  time.Hour,
		time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat): 0,
	}
}

// TestEveryHTTPStatus: 200 to 599 with every Retry-After and, by turns, every body.
func TestEveryHTTPStatus(t *testing.T) {
	detail, _ := proto.Marshal(&spb.Status{Code: 3, Message: "words"})
	bodies := []struct {
		contentType string
		body        []byte
	}{
		{contentProtobuf, detail}, {contentProtobuf, nil}, {contentProtobuf, []byte("\xff\xff\xff")}, {contentJSON, []byte(`{"message":"words"}`)},
		{contentJSON, []byte(`{"partialSuccess":[`)}, {"text/html", []byte("<html>")}, {"text/plain", []byte("words\nmore")}, {"", []byte{0}}, {";;", nil},
	}
	var code, turn, calls int
	var after string
	s := httpBackend(t, func(_ call, w http.ResponseWriter) {
		calls++
		body := bodies[turn%len(bodies)]
		w.Header().Set("Content-Type", body.contentType)
		if after != "" {
			w.Header().Set("Retry-After", after)
		}
		w.WriteHeader(code)
		_, _ = w.Write(body.body)
	})
	s.Start()
	client := newClient(t, Config{Endpoint: s.URL})
	request, cells := payload(t, "a", 2), 0
	afters := retryAfters()
	for code = 200; code <= 599; code++ {
		for after = range afters {
			err := client.Export(t.Context(), request)
			turn++
			cells++
			if want := httpWant(code, afters[after]); !agrees(err, want) {
				t.Errorf("%d, Retry-After %q: got %#v, want %#v", code, after, err, want)
			}
		}
	}
	if calls != cells {
		t.Errorf("%d requests in %d cells", calls, cells)
	}
}

// httpWant is the table. nil means success.
func httpWant(code int, asked time.Duration) *Failure {
	switch {
	case code < 300:
		return nil
	case httpRetryable[code]:
		return &Failure{Verdict: Again, Asked: asked}
	case httpHeld[code]:
		return &Failure{Verdict: Held}
	case code == 413:
		return &Failure{Verdict: TooLarge}
	}
	return &Failure{Verdict: Refused}
}

func TestBackendsWordsAreRead(t *testing.T) {
	long := strings.Repeat("é", 3000)
	detail, _ := proto.Marshal(&spb.Status{Message: long})
	for _, c := range []struct{ contentType, body, want string }{
		{contentProtobuf, "\x08\x03\x12\x05words", "400: words"},
		{contentProtobuf, string(detail), "400: " + strings.Repeat("é", 200) + "…"},
		{contentJSON + "; charset=utf-8", `{"code":3,"message":"words","more":1}`, "400: words"},
		{"text/plain", "\n words\nmore\n", "400: words"},
		{"text/html", "<html>", "400: Bad Request"},
		{contentProtobuf, "\xff", "400: Bad Request"},
	} {
		s := httpBackend(t, func(_ call, w http.ResponseWriter) {
			w.Header().Set("Content-Type", c.contentType)
			w.WriteHeader(400)
			_, _ = w.Write([]byte(c.body))
		})
		s.Start()
		err := newClient(t, Config{Endpoint: s.URL}).Export(t.Context(), payload(t, "a", 1))
		if err == nil || err.Error() != c.want {
			t.Errorf("%s %.20q: got %v", c.contentType, c.body, err)
		}
	}
}

// TestServersOwnLimitIsNotOurs: a refusal in the words of grpc's own complaint about responses.
func TestServersOwnLimitIsNotOurs(t *testing.T) {
	address := grpcBackend(t, func(call) ([]byte, error) {
		return nil, status.Errorf(codes.ResourceExhausted, "grpc: received message larger than max (%d vs. %d)", 5<<20, 4<<20)
	})
	err := newClient(t, Config{Endpoint: "http://" + address, Protocol: GRPC}).Export(t.Context(), payload(t, "a", 1))
	if f := failure(t, err); f.Verdict != TooLarge {
		t.Errorf("%#v", f)
	}
}
