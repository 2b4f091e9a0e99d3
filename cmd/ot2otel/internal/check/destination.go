package check

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"time"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/config"
	"github.com/ot2otel/ot2otel/export"
)

// certificateDays is how many days a certificate should have left.
const certificateDays = 14

// destination tries to connect and to export nothing.
func destination(ctx context.Context, c export.Config, version string) (all []Result) {
	address, usesTLS, known := config.Target(c)
	if known {
		r := connect(ctx, address)
		all = append(all, r)
		if r.Status == Failed {
			return all
		}
	}
	if usesTLS {
		if r, ok := certificate(ctx, address); ok {
			all = append(all, r)
		}
	}
	return append(all, exportNothing(ctx, c, version))
}

func connect(ctx context.Context, address string) Result {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return found(Failed, problemUnreachable, "%s", err)
	}
	defer conn.Close()
	return ok("reachable: %s", conn.RemoteAddr())
}

// certificate looks at how long the backend's certificate is still valid. That
// it is to be trusted is for the export to find out. It reports false where
// there is no TLS, which the export finds out as well.
func certificate(ctx context.Context, address string) (Result, bool) {
	dialer := tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true}} //nolint:gosec // only the date is read; nothing is sent
	conn, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return Result{}, false
	}
	defer conn.Close()
	left := time.Until(conn.(*tls.Conn).ConnectionState().PeerCertificates[0].NotAfter)
	r := ok("the certificate is valid for another %d days", int(left.Hours()/24))
	if left < certificateDays*24*time.Hour {
		r = found(Warning, problemCertificate, "%s", r.Detail)
	}
	return r, true
}

// exportNothing sends a request without spans.
func exportNothing(ctx context.Context, c export.Config, version string) Result {
	client, err := export.NewClient(c, version)
	if err != nil {
		return found(Failed, problemExport, "%s", err)
	}
	if closer, ok := client.(io.Closer); ok {
		defer closer.Close()
	}
	began := time.Now()
	err = client.Export(ctx, nil)
	if err != nil && !errors.As(err, new(*export.Partial)) {
		return found(Failed, problemExport, "%s", err)
	}
	return ok("takes OTLP by %s: an empty request took %s", c.Protocol, time.Since(began).Round(time.Millisecond))
}
