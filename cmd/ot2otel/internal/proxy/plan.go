package proxy

import (
	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/config"
	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/fault"
	"github.com/ot2otel/ot2otel/ingest"
	"github.com/ot2otel/ot2otel/translate"
)

// A plan is a listener that the configuration asks for.
type plan struct {
	Address
	// serve starts serving a socket that was bound for the plan.
	serve func(*Proxy, socket) stop
}

// plans returns what c asks for in the order of starting, which is the reverse
// of that of stopping: UDP has to stop last. The notes are about listeners that
// there will not be.
func plans(c *config.Config) (all []plan, notes []error) {
	for _, address := range c.Admin.Addresses {
		all = append(all, plan{Address{Name: adminName, Key: "admin.addresses", Network: "tcp", Host: c.Bind(address)}, serveAdmin})
	}
	all = append(all, packetPlans(c)...)
	for _, r := range requestPlans(c) {
		switch name, taken := c.DestinationAt(r.http.Address); {
		case !r.http.Enabled:
		case r.otlp && taken && c.GivesWay(r.http.Address):
			notes = append(notes, fault.Errorf(problemGivesWay, "%s: %s is where destination %s sends to", r.key, c.Bind(r.http.Address), name))
		default:
			optional := r.otlp && c.GivesWay(r.http.Address)
			all = append(all, plan{Address{r.name, r.key, "tcp", c.Bind(r.http.Address), optional}, r.serve})
		}
	}
	return append(all, sidecarPlans(c)...), notes
}

// packetPlans are the UDP listeners.
func packetPlans(c *config.Config) (all []plan) {
	for _, p := range []struct {
		name, key string
		format    translate.Format
		udp       config.UDP
	}{
		{ingest.ListenerJaegerCompact, "jaeger.compact.address", translate.JaegerCompact, c.Jaeger.Compact},
		{ingest.ListenerJaegerBinary, "jaeger.binary.address", translate.JaegerBinary, c.Jaeger.Binary},
		{ingest.ListenerZipkinCompact, "zipkin.compact.address", translate.JaegerCompact, c.Zipkin.Compact},
	} {
		if p.udp.Enabled {
			address := Address{Name: p.name, Key: p.key, Network: "udp", Host: c.Bind(p.udp.Address)}
			all = append(all, plan{address, serveUDP(p.format, p.udp)})
		}
	}
	return all
}

// A requestPlan is an HTTP or gRPC listener, whether it is wanted or not.
type requestPlan struct {
	name, key string
	http      config.HTTP
	serve     func(*Proxy, socket) stop
	otlp      bool
}

func requestPlans(c *config.Config) []requestPlan {
	return []requestPlan{
		{ingest.ListenerJaegerHTTP, "jaeger.http.address", c.Jaeger.HTTP, serveJaegerHTTP, false},
		{ingest.ListenerJaegerGRPC, "jaeger.grpc.address", c.Jaeger.GRPC, serveJaegerGRPC, false},
		{ingest.ListenerZipkin, "zipkin.http.address", c.Zipkin.HTTP, serveZipkin, false},
		{ingest.ListenerOTLPGRPC, "otlp.grpc.address", c.OTLP.GRPC, serveOTLPGRPC, true},
		{ingest.ListenerOTLPHTTP, "otlp.http.address", c.OTLP.HTTP, serveOTLPHTTP, true},
	}
}
