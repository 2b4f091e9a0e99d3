package sidecar

import (
	"crypto/tls"
	"net/http"
)

// A pool holds connections towards upstreams, one kind for each protocol: what
// came as HTTP/2 goes on as HTTP/2.
type pool struct{ http1, http2 *http.Transport }

func newPool(d *dialer, config *tls.Config, limits Limits) *pool {
	return &pool{
		http1: newTransport(d, config, limits, protocols((*http.Protocols).SetHTTP1)),
		http2: newTransport(d, config, limits, protocols((*http.Protocols).SetHTTP2, (*http.Protocols).SetUnencryptedHTTP2)),
	}
}

// newTransport returns a Transport that adds nothing and takes nothing away. It
// sends no HTTP/2 pings: gRPC servers hang up on clients that ping idle streams.
func newTransport(d *dialer, config *tls.Config, limits Limits, speaks *http.Protocols) *http.Transport {
	return &http.Transport{
		Proxy:                 nil,
		DialContext:           d.DialContext,
		TLSClientConfig:       config.Clone(),
		TLSHandshakeTimeout:   limits.Dial,
		DisableCompression:    true,
		MaxIdleConnsPerHost:   256,
		IdleConnTimeout:       limits.UpstreamIdle,
		ExpectContinueTimeout: limits.Header,
		Protocols:             speaks,
	}
}

// like returns the transport that speaks as the request does.
func (p *pool) like(r *http.Request) *http.Transport {
	if r.ProtoMajor == 2 {
		return p.http2
	}
	return p.http1
}

func (p *pool) close() {
	p.http1.CloseIdleConnections()
	p.http2.CloseIdleConnections()
}

func protocols(set ...func(*http.Protocols, bool)) *http.Protocols {
	p := new(http.Protocols)
	for _, on := range set {
		on(p, true)
	}
	return p
}
