package export

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"os"
	"sync"
)

// TLS says whom to trust and as whom to appear. Files are PEM.
type TLS struct {
	CAFile     string // who may sign the backend's certificate; the system's by default
	CertFile   string // our own certificate, for mutual TLS,
	KeyFile    string // and its key
	ServerName string // name to expect in the backend's certificate; the endpoint's host by default
	MinVersion string // "1.2", the default, or "1.3"
}

var tlsVersions = map[string]uint16{"": tls.VersionTLS12, "1.2": tls.VersionTLS12, "1.3": tls.VersionTLS13}

func (t TLS) validate() error {
	var version, pair error
	if _, ok := tlsVersions[t.MinVersion]; !ok {
		version = &FieldError{"tls.min_version", t.MinVersion, "is neither 1.2 nor 1.3"}
	}
	switch {
	case t.CertFile != "" && t.KeyFile == "":
		pair = &FieldError{"tls.cert_file", t.CertFile, "needs the file of its key beside it"}
	case t.CertFile == "" && t.KeyFile != "":
		pair = &FieldError{"tls.key_file", t.KeyFile, "needs the file of its certificate beside it"}
	}
	return errors.Join(version, pair)
}

// config reads the files. Errors are of type *FieldError.
func (t TLS) config() (*tls.Config, error) {
	c := &tls.Config{MinVersion: tlsVersions[t.MinVersion], ServerName: t.ServerName}
	if t.CAFile != "" {
		pem, err := os.ReadFile(t.CAFile)
		if err != nil {
			return nil, &FieldError{"tls.ca_file", t.CAFile, "cannot be read: " + err.Error()}
		}
		c.RootCAs = x509.NewCertPool()
		if !c.RootCAs.AppendCertsFromPEM(pem) {
			return nil, &FieldError{"tls.ca_file", t.CAFile, "holds no certificate in PEM"}
		}
	}
	if t.CertFile != "" {
		pair := &keyPair{certFile: t.CertFile, keyFile: t.KeyFile}
		if err := pair.load(); err != nil {
			return nil, &FieldError{"tls.cert_file", t.CertFile, "cannot be used: " + err.Error()}
		}
		c.GetClientCertificate = pair.forHandshake
	}
	return c, nil
}

// A keyPair is our certificate. Every handshake reads it anew, so that a
// renewed one is in use from the next connection on.
type keyPair struct {
	certFile, keyFile string

	mu   sync.Mutex
	last tls.Certificate // the last one that could be read
}

func (k *keyPair) load() error {
	cert, err := tls.LoadX509KeyPair(k.certFile, k.keyFile)
	if err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.last = cert
	return nil
}

// forHandshake goes on with the last good pair while the files are being replaced.
func (k *keyPair) forHandshake(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
	_ = k.load()
	k.mu.Lock()
	defer k.mu.Unlock()
	cert := k.last
	return &cert, nil
}
