package sidecar

import (
	"crypto/tls"
	"fmt"
	"net/url"
)

type tlsConfig = tls.Config

// An Upstream is a service that the app reaches through the sidecar, in
// plaintext as far as the sidecar.
type Upstream struct {
	// Name is the host that the app asks NewOutbound for. NewUpstream needs none.
	Name string
	// URL is http:// or https:// and a host, with a port if it is not the usual
	// one. Requests have this host as their Host, too.
	URL *url.URL
	// TLS is for https; nil: the system's roots.
	TLS *tls.Config
}

func (u *Upstream) check() error {
	switch {
	case u.URL == nil:
		return fmt.Errorf("upstream %q: no URL", u.Name)
	case u.URL.Scheme != "http" && u.URL.Scheme != "https":
		return fmt.Errorf("upstream %s: scheme %q: want http or https", u.URL.Redacted(), u.URL.Scheme)
	case u.URL.Hostname() == "":
		return fmt.Errorf("upstream %s: no host", u.URL.Redacted())
	case u.URL.Path != "" && u.URL.Path != "/", u.URL.RawQuery != "", u.URL.User != nil:
		return fmt.Errorf("upstream %s: want a scheme and a host only", u.URL.Redacted())
	}
	return nil
}

func (u *Upstream) target(p *pool) target {
	return target{scheme: u.URL.Scheme, host: u.URL.Host, rename: true, pool: p}
}
