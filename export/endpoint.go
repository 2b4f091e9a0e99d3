package export

import (
	"net"
	"net/url"
	"strings"
)

const (
	grpcPort = "4317"
	httpPort = "4318"
	// tracesPath is what the HTTP protocols append to Config.Endpoint.
	tracesPath = "v1/traces"
)

// defaultEndpoint is the local backend's, as in the OTLP specification.
func (c Config) defaultEndpoint() string {
	if c.Protocol == HTTPProtobuf || c.Protocol == HTTPJSON {
		return "http://localhost:" + httpPort
	}
	return "http://localhost:" + grpcPort
}

// endpoint returns the endpoint in force and the field that holds it.
func (c Config) endpoint() (endpoint, field string) {
	if c.TracesEndpoint != "" {
		return c.TracesEndpoint, "traces_endpoint"
	}
	return c.Endpoint, "endpoint"
}

// impliedProtocol is what an endpoint says about its protocol: port 4317 and
// addresses without a scheme are gRPC's.
func (c Config) impliedProtocol() Protocol {
	endpoint, _ := c.endpoint()
	if u := parseURL(endpoint); u == nil || u.Port() == grpcPort {
		return GRPC
	}
	return HTTPProtobuf
}

// parseURL returns nil for what has no http or https scheme.
func parseURL(endpoint string) *url.URL {
	u, err := url.Parse(endpoint)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return nil
	}
	return u
}

// address returns host and port of the endpoint.
func (c Config) address() string {
	endpoint, _ := c.endpoint()
	if u := parseURL(endpoint); u != nil {
		return u.Host
	}
	return endpoint
}

// usesTLS: the scheme decides, and Insecure where there is none.
func (c Config) usesTLS() bool {
	endpoint, _ := c.endpoint()
	if u := parseURL(endpoint); u != nil {
		return u.Scheme == "https"
	}
	return !c.Insecure && !strings.HasPrefix(endpoint, "unix:")
}

// requestURL returns the URL that the HTTP protocols post to.
func (c Config) requestURL() *url.URL {
	if c.TracesEndpoint != "" {
		return parseURL(c.TracesEndpoint)
	}
	u := parseURL(c.Endpoint)
	if u == nil {
		return nil
	}
	if u.Path == "" {
		u.Path = "/"
	}
	return u.JoinPath(tracesPath)
}

// grpcTarget returns the target in gRPC's own words: a URL stands for its host
// and the port that its scheme or OTLP implies; the rest is gRPC's to resolve.
func (c Config) grpcTarget() string {
	endpoint, _ := c.endpoint()
	u := parseURL(endpoint)
	switch {
	case u == nil && strings.Contains(endpoint, ":"):
		return endpoint
	case u == nil:
		return net.JoinHostPort(endpoint, grpcPort)
	case u.Port() == "":
		return net.JoinHostPort(u.Hostname(), map[string]string{"http": "80", "https": "443"}[u.Scheme])
	}
	return u.Host
}

func (c Config) checkEndpoint() error {
	endpoint, field := c.endpoint()
	u, err := url.Parse(endpoint)
	if err == nil && u.User != nil {
		return &FieldError{field, u.Redacted(), "has a user in it; use a header such as authorization instead"}
	}
	if reason := c.endpointFault(endpoint); reason != "" {
		return &FieldError{field, endpoint, reason}
	}
	return nil
}

// endpointFault says what is wrong with an endpoint, if anything.
func (c Config) endpointFault(endpoint string) string {
	u := parseURL(endpoint)
	switch {
	case u == nil && strings.Contains(endpoint, "://") && !grpcScheme(endpoint):
		return "is not a valid URL with http:// or https://"
	case u == nil && c.Protocol != GRPC:
		return "has no scheme; write http://" + endpoint + " or https://" + endpoint
	case u != nil && u.Hostname() == "":
		return "names no host"
	case u != nil && c.Protocol == GRPC && strings.Trim(u.Path, "/") != "":
		return "has a path, which gRPC has no use for; is the protocol http/protobuf?"
	}
	return ""
}

// grpcScheme reports whether an endpoint has a scheme of gRPC's own.
func grpcScheme(endpoint string) bool {
	scheme, _, _ := strings.Cut(endpoint, ":")
	return scheme == "dns" || scheme == "unix" || scheme == "passthrough"
}
