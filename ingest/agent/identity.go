package unpark

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
)

const maxTokenBytes = 4 << 10

// Identity says who the agent is, and whom it believes to be the collector. All of it is optional.
type Identity struct {
	// Token is sent as "Authorization: Bearer", to the collector and to nobody it redirects to.
	Token string
	// TokenFile is where the token is instead; read for each request, so that it may be replaced.
	TokenFile string
	// CAFile holds the certificates (PEM) of those who may sign the collector's, instead of the system's.
	CAFile string
	// CertFile and KeyFile are the agent's own certificate and key (PEM); read for each connection, so that they may
	// be replaced.
	CertFile, KeyFile string
}

func (i Identity) isEmpty() bool { return i == Identity{} }

// check reads the files once, so that a mistake is told at the start.
func (i Identity) check() error {
	if i.Token != "" && i.TokenFile != "" {
		return errors.New("set one of Token and TokenFile")
	}
	if (i.CertFile == "") != (i.KeyFile == "") {
		return errors.New("CertFile and KeyFile go together")
	}
	if _, err := i.token(); err != nil {
		return err
	}
	config, err := i.tls()
	if err == nil && config.GetClientCertificate != nil {
		_, err = config.GetClientCertificate(nil)
	}
	return err
}

func (i Identity) token() (string, error) {
	token := i.Token
	if i.TokenFile != "" {
		raw, err := os.ReadFile(i.TokenFile)
		if err != nil {
			return "", err
		}
		token = strings.TrimSpace(string(raw))
		if token == "" {
			return "", fmt.Errorf("%s is empty", i.TokenFile)
		}
	}
	if len(token) > maxTokenBytes || strings.ContainsAny(token, "\r\n\x00") {
		return "", errors.New("the token is too long or has line breaks")
	}
	return token, nil
}

func (i Identity) tls() (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if i.CAFile != "" {
		pem, err := os.ReadFile(i.CAFile)
		if err != nil {
			return nil, err
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("%s holds no certificate", i.CAFile)
		}
	}
	if i.CertFile != "" {
		config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			pair, err := tls.LoadX509KeyPair(i.CertFile, i.KeyFile)
			return &pair, err
		}
	}
	return config, nil
}

// Wrap returns a transport that shows the identity to the collector at that URL. base may be nil and is not changed.
func (i Identity) Wrap(base *http.Transport, collector string) (http.RoundTripper, error) {
	if base == nil {
		base = http.DefaultTransport.(*http.Transport)
	}
	if err := i.check(); err != nil {
		return nil, fmt.Errorf("unpark: %w", err)
	}
	to, err := url.Parse(collector)
	if err != nil {
		return nil, fmt.Errorf("unpark: %w", err)
	}
	if i.CAFile != "" || i.CertFile != "" {
		config, err := i.tls()
		if err != nil {
			return nil, fmt.Errorf("unpark: %w", err)
		}
		base = base.Clone()
		base.TLSClientConfig, base.ForceAttemptHTTP2 = config, true
	}
	if i.Token == "" && i.TokenFile == "" {
		return base, nil
	}
	return &bearer{next: base, identity: i, scheme: to.Scheme, host: to.Host}, nil
}

// bearer adds the token to requests to one host.
type bearer struct {
	next         http.RoundTripper
	identity     Identity
	scheme, host string
}

func (b *bearer) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.URL.Scheme == b.scheme && request.URL.Host == b.host {
		token, err := b.identity.token()
		if err != nil {
			if request.Body != nil {
				_ = request.Body.Close()
			}
			return nil, err
		}
		request = request.Clone(request.Context())
		request.Header.Set("Authorization", "Bearer "+token)
	}
	return b.next.RoundTrip(request)
}

func (b *bearer) CloseIdleConnections() {
	if closer, ok := b.next.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}
