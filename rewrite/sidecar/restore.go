package sidecar

import (
	"net/http"
	"strings"
)

// restore gives out what httputil.ReverseProxy has taken from in or changed.
func restore(out, in *http.Request) {
	for _, name := range [...]string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"} {
		if values, ok := in.Header[name]; ok {
			out.Header[name] = values
		}
	}
	restorePath(out, in)
	// ReverseProxy keeps the client's end of the body open until it is done. When
	// the answer is complete first, as with a gRPC stream that the server ends,
	// HTTP/2 is not done before that end is closed.
	if out.Body != nil && in.ProtoMajor == 2 {
		out.Body = in.Body
	}
	// The server fills it in when the body has come to its end, and then the
	// client reads it.
	out.Trailer = in.Trailer
	// An upgrade to h2c would hide all later requests of the connection. The
	// client goes on in HTTP/1.1 if nobody takes up its offer.
	if strings.EqualFold(out.Header.Get("Upgrade"), "h2c") {
		out.Header.Del("Upgrade")
		out.Header.Del("Connection")
	}
}

// restorePath makes out ask for the path and the query that in has, byte by
// byte: package url writes some characters otherwise than clients do.
func restorePath(out, in *http.Request) {
	out.URL.RawQuery = in.URL.RawQuery
	path := in.RequestURI
	if in.URL.Host != "" { // absolute form
		_, path, _ = strings.Cut(path, "://")
		path = path[strings.IndexAny(path+"/", "/?"):]
	}
	path, _, _ = strings.Cut(path, "?")
	if strings.HasPrefix(path, "/") && !strings.HasPrefix(path, "//") && path != in.URL.EscapedPath() {
		out.URL.Opaque = path
	}
}
