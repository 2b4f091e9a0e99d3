package extproc_test

import (
	"encoding/json"
	"os"
	"testing"

	bootstrap "github.com/envoyproxy/go-control-plane/envoy/config/bootstrap/v3"
	filter "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/ext_proc/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/router/v3"
	hcm "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/upstreams/http/v3"
	"go.yaml.in/yaml/v3"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/ot2otel/ot2otel/rewrite/extproc"
)

// The example is what Envoy's messages allow, its filters say which way
// requests go, and none of them can fail a request.
func TestExampleConfiguration(t *testing.T) {
	content, err := os.ReadFile("../../configs/envoy/envoy.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := yaml.Unmarshal(content, &tree); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(tree)
	if err != nil {
		t.Fatal(err)
	}
	var b bootstrap.Bootstrap
	if err := protojson.Unmarshal(text, &b); err != nil {
		t.Fatal(err)
	}
	if err := b.ValidateAll(); err != nil {
		t.Error(err)
	}
	for _, l := range b.StaticResources.Listeners {
		var manager hcm.HttpConnectionManager
		if err := l.FilterChains[0].Filters[0].GetTypedConfig().UnmarshalTo(&manager); err != nil {
			t.Fatal(err)
		}
		var f filter.ExternalProcessor
		if err := manager.HttpFilters[0].GetTypedConfig().UnmarshalTo(&f); err != nil {
			t.Fatal(err)
		}
		if err := f.ValidateAll(); err != nil {
			t.Error(err)
		}
		leg := f.GrpcService.InitialMetadata[0]
		if leg.Key != extproc.LegKey || leg.Value != l.Name || !f.FailureModeAllow {
			t.Errorf("listener %s: %v", l.Name, &f)
		}
	}
}
