package translate_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ot2otel/ot2otel/translate"
)

func TestResource(t *testing.T) {
	rename := translate.Config{Semconv: translate.SemconvRename}
	raw := translate.Config{Semconv: translate.SemconvRaw}
	for _, test := range []struct {
		rule    string
		config  translate.Config
		service string
		tags    []any
		want    attrMap
	}{
		{"J-30 as received", defaults, " Shop ", nil, attrMap{"service.name": " Shop "}},
		{"J-31 absent", defaults, "", nil,
			attrMap{"service.name": "unknown_service", "ot2otel.notes": []any{"service.absent"}}},
		{"J-31 absent but tagged", defaults, "", []any{"service.name", "x"}, attrMap{"service.name": "x"}},
		{"J-32 tag repeats the name", defaults, "S", []any{"service.name", "S"}, attrMap{"service.name": "S"}},
		{"J-32 several tags", defaults, "S", []any{"service.name", "x", "service.name", 7},
			attrMap{
				"service.name": "S", "ot2otel.dup.service.name": []any{"x", int64(7)},
				"ot2otel.notes": []any{"dup:service.name"},
			}},
		{"J-33 placeholder", defaults, "OTLPResourceNoServiceName", []any{"k", "v"},
			attrMap{"service.name": "unknown_service", "k": "v", "ot2otel.notes": []any{"service.absent"}}},
		{"J-34 hostname", rename, "S", []any{"hostname", "h"}, attrMap{"service.name": "S", "host.name": "h"}},
		{"J-34 jaeger.hostname", defaults, "S", []any{"jaeger.hostname", "h"},
			attrMap{"service.name": "S", "jaeger.hostname": "h", "host.name": "h"}},
		{"J-34 hostname that is none", rename, "S", []any{"hostname", 7},
			attrMap{"service.name": "S", "hostname": int64(7)}},
		{"J-34 host.name there", rename, "S", []any{"hostname", "h", "host.name", "h2"},
			attrMap{"service.name": "S", "hostname": "h", "host.name": "h2"}},
		{"J-35 stays in rename", rename, "S", []any{"ip", "10.0.0.1"},
			attrMap{"service.name": "S", "ip": "10.0.0.1", "host.ip": []any{"10.0.0.1"}}},
		{"J-36 signed", defaults, "S", []any{"ip", -1062731775},
			attrMap{
				"service.name": "S", "ip": "192.168.0.1", "host.ip": []any{"192.168.0.1"},
				"ot2otel.dup.ip": []any{int64(-1062731775)}, "ot2otel.notes": []any{"dup:ip"},
			}},
		{"J-36 double", defaults, "S", []any{"ip", 3232235521.0},
			attrMap{
				"service.name": "S", "ip": "192.168.0.1", "host.ip": []any{"192.168.0.1"},
				"ot2otel.dup.ip": []any{3232235521.0}, "ot2otel.notes": []any{"dup:ip"},
			}},
		{"J-36 no IPv4", defaults, "S", []any{"ip", 1 << 32}, attrMap{"service.name": "S", "ip": int64(1 << 32)}},
		{"J-37 Node", defaults, "S", []any{"jaeger.version", "Node-3.19.0"},
			attrMap{
				"service.name": "S", "jaeger.version": "Node-3.19.0", "telemetry.sdk.name": "jaeger-client-node",
				"telemetry.sdk.language": "nodejs", "telemetry.sdk.version": "3.19.0",
			}},
		{"J-37 unknown language", defaults, "S", []any{"jaeger.version", "Cobol-1"},
			attrMap{"service.name": "S", "jaeger.version": "Cobol-1"}},
		{"J-37 no version", defaults, "S", []any{"jaeger.version", "Go"},
			attrMap{"service.name": "S", "jaeger.version": "Go"}},
		{"J-37 another SDK", defaults, "S", []any{"jaeger.version", "Go-1", "telemetry.sdk.name", "opentelemetry"},
			attrMap{"service.name": "S", "jaeger.version": "Go-1", "telemetry.sdk.name": "opentelemetry"}},
		{"J-38", defaults, "S", []any{"client-uuid", "u"},
			attrMap{"service.name": "S", "client-uuid": "u", "service.instance.id": "u"}},
		{"J-39 others", defaults, "S", []any{"k", true, "", 1},
			attrMap{
				"service.name": "S", "k": true, "ot2otel.empty_key": int64(1), "ot2otel.notes": []any{"key.empty"},
			}},
		{"raw", raw, "S", []any{"hostname", "h", "ip", 16909060, "jaeger.version", "Go-1", "client-uuid", "u"},
			attrMap{
				"service.name": "S", "hostname": "h", "ip": int64(16909060), "jaeger.version": "Go-1", "client-uuid": "u",
			}},
		{"N-1 name", defaults, "cut \xc3", nil,
			attrMap{
				"service.name": "cut \uFFFD", "ot2otel.raw.service.name": []byte("cut \xc3"),
				"ot2otel.notes": []any{"utf8:service.name"},
			}},
	} {
		t.Run(test.rule, func(t *testing.T) {
			b := newBatch(newSpan())
			b.Process.ServiceName, b.Process.Tags = test.service, tags(test.tags...)
			if diff := cmp.Diff(test.want, batchResult(t, test.config, b).resource(t)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// The name of the service comes first, whatever else there is.
func TestServiceNameIsFirst(t *testing.T) {
	b := newBatch(newSpan())
	b.Process.Tags = tags("a", 1, "service.name", "x", "b", 2)
	r := batchResult(t, defaults, b)
	var got []string
	for _, kv := range r.request.ResourceSpans[0].Resource.Attributes {
		got = append(got, kv.Key)
	}
	want := []string{"service.name", "a", "b", "ot2otel.dup.service.name", "ot2otel.notes"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
