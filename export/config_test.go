package export

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"
)

// TestEndpoint: what an endpoint means, by the rules of OTEL_EXPORTER_OTLP_ENDPOINT and its _TRACES_ twin.
func TestEndpoint(t *testing.T) {
	for _, c := range []struct {
		config   Config
		protocol Protocol
		tls      bool
		to       string // URL of HTTP, target of gRPC
	}{
		{Config{}, GRPC, false, "localhost:4317"},
		{Config{Protocol: GRPC}, GRPC, false, "localhost:4317"},
		{Config{Protocol: HTTPProtobuf}, HTTPProtobuf, false, "http://localhost:4318/v1/traces"},
		{Config{Protocol: HTTPJSON}, HTTPJSON, false, "http://localhost:4318/v1/traces"},

		// The protocol follows from the endpoint.
		{Config{Endpoint: "http://tempo:4317"}, GRPC, false, "tempo:4317"},
		{Config{Endpoint: "https://tempo:4317/"}, GRPC, true, "tempo:4317"},
		{Config{Endpoint: "http://tempo:4318"}, HTTPProtobuf, false, "http://tempo:4318/v1/traces"},
		{Config{Endpoint: "https://api.example.com"}, HTTPProtobuf, true, "https://api.example.com/v1/traces"},
		{Config{Endpoint: "http://tempo:4317", Protocol: HTTPJSON}, HTTPJSON, false, "http://tempo:4317/v1/traces"},

		// Only the general endpoint gets a path appended.
		{Config{Endpoint: "http://h:1/otlp"}, HTTPProtobuf, false, "http://h:1/otlp/v1/traces"},
		{Config{Endpoint: "http://h:1/otlp/"}, HTTPProtobuf, false, "http://h:1/otlp/v1/traces"},
		{Config{Endpoint: "http://h:1/a%2Fb?key=1"}, HTTPProtobuf, false, "http://h:1/a%2Fb/v1/traces?key=1"},
		{Config{TracesEndpoint: "http://h:1/custom"}, HTTPProtobuf, false, "http://h:1/custom"},
		{Config{TracesEndpoint: "http://h:1"}, HTTPProtobuf, false, "http://h:1"},
		{Config{TracesEndpoint: "http://h:1/x", Endpoint: "http://other:4317"}, HTTPProtobuf, false, "http://h:1/x"},

		// The scheme decides on TLS, and Insecure only without one.
		{Config{Endpoint: "https://h:4317", Insecure: true}, GRPC, true, "h:4317"},
		{Config{Endpoint: "http://h:4317", Insecure: false}, GRPC, false, "h:4317"},
		{Config{Endpoint: "h:4317"}, GRPC, true, "h:4317"},
		{Config{Endpoint: "h:4317", Insecure: true}, GRPC, false, "h:4317"},
		{Config{Endpoint: "unix:///run/otlp.sock"}, GRPC, false, "unix:///run/otlp.sock"},
		{Config{Endpoint: "dns:///h:4317", Insecure: true}, GRPC, false, "dns:///h:4317"},

		// Ports that are left out.
		{Config{Endpoint: "h", Insecure: true}, GRPC, false, "h:4317"},
		{Config{Endpoint: "https://h", Protocol: GRPC}, GRPC, true, "h:443"},
		{Config{Endpoint: "http://h", Protocol: GRPC}, GRPC, false, "h:80"},
		{Config{Endpoint: "http://[::1]:4317"}, GRPC, false, "[::1]:4317"},
		{Config{Endpoint: "http://[::1]", Protocol: GRPC}, GRPC, false, "[::1]:80"},
	} {
		c.config = c.config.WithDefaults()
		if err := c.config.Validate(); err != nil {
			t.Errorf("%+v: %v", c.config, err)
			continue
		}
		to := ""
		if c.config.Protocol == GRPC {
			to = c.config.grpcTarget()
		} else {
			to = c.config.requestURL().String()
		}
		if c.config.Protocol != c.protocol || c.config.usesTLS() != c.tls || to != c.to {
			t.Errorf("endpoint %q, traces endpoint %q: %s to %s, TLS %v", c.config.Endpoint, c.config.TracesEndpoint, c.config.Protocol, to, c.config.usesTLS())
		}
	}
}

// TestValidateNamesTheField and quotes the value.
func TestValidateNamesTheField(t *testing.T) {
	for _, c := range []struct {
		config Config
		want   string
	}{
		{Config{Endpoint: "ftp://h:1"}, `endpoint: "ftp://h:1" is not a valid URL with http:// or https://`},
		{Config{Endpoint: "http://h:x"}, `endpoint: "http://h:x" is not a valid URL with http:// or https://`},
		{Config{Endpoint: "h:4318", Protocol: HTTPProtobuf}, `endpoint: "h:4318" has no scheme; write http://h:4318 or https://h:4318`},
		{Config{TracesEndpoint: "http://"}, `traces_endpoint: "http://" names no host`},
		{Config{Endpoint: "https://h/otlp", Protocol: GRPC}, `endpoint: "https://h/otlp" has a path, which gRPC has no use for; is the protocol http/protobuf?`},
		{Config{Endpoint: "https://me:s3cret@h"}, `endpoint: "https://me:xxxxx@h" has a user in it; use a header such as authorization instead`},
		{Config{Protocol: "http"}, `protocol: "http" is not one of [grpc http/protobuf http/json]`},
		{Config{Compression: "snappy"}, `compression: "snappy" is not one of [none gzip zstd]`},
		{Config{TLS: TLS{CertFile: "a.pem"}}, `tls.cert_file: "a.pem" needs the file of its key beside it`},
		{Config{TLS: TLS{KeyFile: "a.key"}}, `tls.key_file: "a.key" needs the file of its certificate beside it`},
		{Config{TLS: TLS{MinVersion: "1.1"}}, `tls.min_version: "1.1" is neither 1.2 nor 1.3`},
		{Config{QueueBytes: 1}, `queue.max_bytes: "1" is not between 65536 and 1099511627776`},
		{Config{BatchBytes: 1}, `batch.max_bytes: "1" is not between 4096 and 67108864`},
		{Config{BatchAge: -1}, `batch.max_age: "-1ns" is not between 1ms and 1h0m0s`},
		{Config{Senders: -1}, `senders: "-1" is not between 1 and 256`},
		{Config{Retry: Retry{Min: time.Minute}}, `retry.max: "30s" is not between 1m0s and 24h0m0s`},
		{Config{Headers: map[string]Secret{"bad name": "x"}}, `headers: header "bad name" has characters that a header's name cannot have`},
		{Config{Headers: map[string]Secret{"a": "s3cret\n"}}, `headers: header "a" has a value with characters that a header cannot have`},
		{Config{Headers: map[string]Secret{"Content-Type": "x"}}, `headers: header "Content-Type" is the protocol's own and cannot be set`},
		{Config{Headers: map[string]Secret{"grpc-timeout": "x"}}, `headers: header "grpc-timeout" is the protocol's own and cannot be set`},
	} {
		err := c.config.Validate()
		if err == nil || err.Error() != c.want {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), "s3cret") {
			t.Error("a secret is in the error")
		}
		if _, err := NewClient(c.config, "1"); err == nil {
			t.Errorf("NewClient takes what Validate refuses: %s", c.want)
		}
	}
	all := Config{Endpoint: "ftp://", Senders: -1, Compression: "x"}.Validate()
	if n := strings.Count(all.Error(), "\n"); n != 2 {
		t.Errorf("not all three errors at once: %v", all)
	}
}

// TestSecretIsNeverShown, in whatever way it is printed, logged or marshalled.
func TestSecretIsNeverShown(t *testing.T) {
	c := Config{Headers: map[string]Secret{"authorization": "s3cret"}}
	var log strings.Builder
	for _, h := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
		slog.New(h).Info("x", "config", c, "headers", c.Headers, "secret", c.Headers["authorization"])
	}
	inJSON, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, shown := range []string{
		fmt.Sprintf("%v %+v %#v %s %q %x", c, c, c, c.Headers, c.Headers["authorization"], c.Headers), log.String(), string(inJSON),
	} {
		if strings.Contains(shown, "s3cret") || strings.Contains(shown, "733363726574") || !strings.Contains(shown, hidden) {
			t.Error(shown)
		}
	}
}

// TestFailuresDoNotShowSecrets: neither the header nor what stands in the URL is in a log line.
func TestFailuresDoNotShowSecrets(t *testing.T) {
	for _, c := range []Config{
		{Endpoint: "http://127.0.0.1:1/?token=s3cret", Protocol: HTTPProtobuf, Headers: map[string]Secret{"authorization": "s3cret"}},
		{Endpoint: "http://127.0.0.1:1", Protocol: GRPC, Headers: map[string]Secret{"authorization": "s3cret"}},
	} {
		err := newClient(t, c).Export(t.Context(), payload(t, "a", 1))
		if f := failure(t, err); strings.Contains(f.Error(), "s3cret") || !strings.Contains(f.Error(), "refused") {
			t.Error(f)
		}
	}
}

func TestProblemsAreWholeAndDistinct(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range Problems() {
		if seen[p.ID] || !strings.HasPrefix(p.ID, "OT2-E") || len(p.ID) != 8 || p.Summary == "" || p.Cause == "" || p.Fix == "" {
			t.Errorf("%+v", p)
		}
		seen[p.ID] = true
	}
	for _, f := range []Failure{
		{Verdict: Again, Status: noAnswer}, {Verdict: Again, Status: "503"}, {Verdict: Held, Status: "401"},
		{Verdict: Held, Status: "404"}, {Verdict: Refused, Status: "400"}, {Verdict: TooLarge, Status: "413"},
	} {
		id := f.problem().ID
		if !seen[id] {
			t.Errorf("%+v has the problem %q, which is not listed or another's", f, id)
		}
		delete(seen, id)
	}
}
