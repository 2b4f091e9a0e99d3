package export

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
)

// An authority signs certificates into files of a directory.
type authority struct {
	t    *testing.T
	dir  string
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T, name string) *authority {
	t.Helper()
	a := &authority{t: t, dir: t.TempDir()}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	a.key = newKey(t)
	der, err := x509.CreateCertificate(rand.Reader, template, template, a.key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	a.cert, _ = x509.ParseCertificate(der)
	a.write("ca.pem", "CERTIFICATE", der)
	return a
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (a *authority) file(name string) string { return filepath.Join(a.dir, name) }

func (a *authority) write(name, kind string, der []byte) {
	a.t.Helper()
	if err := os.WriteFile(a.file(name), pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		a.t.Fatal(err)
	}
}

// sign writes name.pem and name.key for a DNS name and common name, and for 127.0.0.1 if it is "localhost".
func (a *authority) sign(file, name string) {
	a.t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotAfter: time.Now().Add(time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	if name == "localhost" {
		template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	}
	key := newKey(a.t)
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, key.Public(), a.key)
	if err != nil {
		a.t.Fatal(err)
	}
	keyDER, _ := x509.MarshalECPrivateKey(key)
	a.write(file+".pem", "CERTIFICATE", der)
	a.write(file+".key", "EC PRIVATE KEY", keyDER)
}

func (a *authority) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.cert)
	return pool
}

// secureBackends starts one of each protocol and returns endpoints by protocol.
// client is called with the client's certificates of each call.
func secureBackends(t *testing.T, config *tls.Config, client func(*tls.ConnectionState)) map[Protocol]string {
	t.Helper()
	s := httpBackend(t, func(call, http.ResponseWriter) {})
	s.Config.Handler = http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { client(r.TLS) })
	s.TLS = config.Clone()
	s.EnableHTTP2 = true
	s.Config.ErrorLog = discardLog()
	s.StartTLS()
	watch := config.Clone()
	watch.VerifyConnection = func(state tls.ConnectionState) error { client(&state); return nil }
	address := grpcBackend(t, func(call) ([]byte, error) { return nil, nil }, grpc.Creds(credentials.NewTLS(watch)))
	return map[Protocol]string{HTTPProtobuf: s.URL, GRPC: "https://" + address}
}

func TestTLS(t *testing.T) {
	good, other := newAuthority(t, "good"), newAuthority(t, "other")
	good.sign("localhost", "localhost")
	good.sign("tempo", "tempo.internal")
	good.sign("client", "ot2otel")
	other.sign("client", "ot2otel")
	serve := func(file string, change func(*tls.Config)) *tls.Config {
		cert, err := tls.LoadX509KeyPair(good.file(file+".pem"), good.file(file+".key"))
		if err != nil {
			t.Fatal(err)
		}
		c := &tls.Config{Certificates: []tls.Certificate{cert}}
		if change != nil {
			change(c)
		}
		return c
	}
	mutual := func(c *tls.Config) { c.ClientAuth, c.ClientCAs = tls.RequireAndVerifyClientCert, good.pool() }
	for name, c := range map[string]struct {
		server *tls.Config
		client TLS
		fails  string // part of the message; "" where it works, "?" where the backend may hang up without a word
	}{
		"trusted":            {serve("localhost", nil), TLS{CAFile: good.file("ca.pem")}, ""},
		"unknown authority":  {serve("localhost", nil), TLS{}, "x509"},
		"wrong authority":    {serve("localhost", nil), TLS{CAFile: other.file("ca.pem")}, "x509"},
		"wrong name":         {serve("tempo", nil), TLS{CAFile: good.file("ca.pem")}, "x509"},
		"server name":        {serve("tempo", nil), TLS{CAFile: good.file("ca.pem"), ServerName: "tempo.internal"}, ""},
		"mutual":             {serve("localhost", mutual), TLS{CAFile: good.file("ca.pem"), CertFile: good.file("client.pem"), KeyFile: good.file("client.key")}, ""},
		"mutual, no cert":    {serve("localhost", mutual), TLS{CAFile: good.file("ca.pem")}, "?"},
		"mutual, wrong cert": {serve("localhost", mutual), TLS{CAFile: good.file("ca.pem"), CertFile: other.file("client.pem"), KeyFile: other.file("client.key")}, "?"},
		"server speaks 1.1":  {serve("localhost", func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11 }), TLS{CAFile: good.file("ca.pem")}, "version"},
		"server speaks 1.2":  {serve("localhost", func(c *tls.Config) { c.MaxVersion = tls.VersionTLS12 }), TLS{CAFile: good.file("ca.pem")}, ""},
		"1.2 is not enough":  {serve("localhost", func(c *tls.Config) { c.MaxVersion = tls.VersionTLS12 }), TLS{CAFile: good.file("ca.pem"), MinVersion: "1.3"}, "version"},
		"1.3":                {serve("localhost", nil), TLS{CAFile: good.file("ca.pem"), MinVersion: "1.3"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			for protocol, endpoint := range secureBackends(t, c.server, func(*tls.ConnectionState) {}) {
				err := newClient(t, Config{Endpoint: endpoint, Protocol: protocol, TLS: c.client, Timeout: 2 * time.Second}).Export(t.Context(), payload(t, "a", 1))
				if c.fails == "" {
					if err != nil {
						t.Errorf("%s: %v", protocol, err)
					}
					continue
				}
				if f := failure(t, err); f.Verdict != Again || c.fails != "?" && !strings.Contains(f.Message, c.fails) {
					t.Errorf("%s: %v: %v", protocol, f.Verdict, f)
				}
			}
		})
	}
}

// TestRenewedCertificate is shown from the next connection on, and half-written files do no harm.
func TestRenewedCertificate(t *testing.T) {
	a := newAuthority(t, "a")
	a.sign("localhost", "localhost")
	cert, err := tls.LoadX509KeyPair(a.file("localhost.pem"), a.file("localhost.key"))
	if err != nil {
		t.Fatal(err)
	}
	var shown string
	endpoints := secureBackends(t, &tls.Config{Certificates: []tls.Certificate{cert}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: a.pool()},
		func(s *tls.ConnectionState) { shown = s.PeerCertificates[0].Subject.CommonName })
	a.sign("client", "first")
	client := newClient(t, Config{Endpoint: endpoints[HTTPProtobuf], Protocol: HTTPProtobuf,
		TLS: TLS{CAFile: a.file("ca.pem"), CertFile: a.file("client.pem"), KeyFile: a.file("client.key")}})
	client.(*httpClient).client.Transport.(*http.Transport).DisableKeepAlives = true // a handshake for each request
	for _, step := range []struct {
		change func()
		want   string
	}{
		{func() {}, "first"},
		{func() { a.sign("client", "second") }, "second"},
		{func() { a.write("client.pem", "CERTIFICATE", []byte("half")) }, "second"},
		{func() { _ = os.Remove(a.file("client.key")) }, "second"},
		{func() { a.sign("client", "third") }, "third"},
	} {
		step.change()
		if err := client.Export(t.Context(), payload(t, "a", 1)); err != nil || shown != step.want {
			t.Errorf("%q was shown, want %q: %v", shown, step.want, err)
		}
	}
}

func TestTLSFilesThatCannotBeUsed(t *testing.T) {
	a := newAuthority(t, "a")
	a.sign("x", "x")
	empty := a.file("empty")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		tls  TLS
		want string
	}{
		{TLS{CAFile: a.file("none")}, "tls.ca_file: "},
		{TLS{CAFile: empty}, "holds no certificate in PEM"},
		{TLS{CertFile: a.file("none"), KeyFile: a.file("x.key")}, "tls.cert_file: "},
		{TLS{CertFile: a.file("x.pem"), KeyFile: a.file("ca.pem")}, "tls.cert_file: "},
	} {
		for _, protocol := range []Protocol{GRPC, HTTPProtobuf} {
			if _, err := NewClient(Config{Endpoint: "https://h:1", Protocol: protocol, TLS: c.tls}, "1"); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s %+v: %v", protocol, c.tls, err)
			}
		}
	}
}
