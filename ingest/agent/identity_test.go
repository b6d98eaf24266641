package unpark

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
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"
)

// authority signs certificates, which lie in a folder as NAME.pem and NAME.key.
type authority struct {
	folder      string
	key         *ecdsa.PrivateKey
	certificate *x509.Certificate
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{folder: t.TempDir()}
	a.sign(t, "ca", &x509.Certificate{IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign})
	return a
}

func (a *authority) sign(t *testing.T, name string, template *x509.Certificate) (certFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template.SerialNumber = big.NewInt(time.Now().UnixNano())
	template.Subject = pkix.Name{CommonName: name}
	template.NotAfter = time.Now().Add(time.Hour)
	parent, signer := a.certificate, a.key
	if parent == nil {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	if a.certificate == nil {
		a.key = key
		if a.certificate, err = x509.ParseCertificate(der); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	certFile, keyFile = filepath.Join(a.folder, name+".pem"), filepath.Join(a.folder, name+".key")
	write(t, certFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	write(t, keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw}))
	return certFile, keyFile
}

func write(t *testing.T, file string, content []byte) {
	t.Helper()
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// tlsCollector wants a certificate of the authority and answers with what handle does.
func (a *authority) tlsCollector(t *testing.T, handle http.HandlerFunc) *httptest.Server {
	t.Helper()
	certFile, keyFile := a.sign(t, "collector", &x509.Certificate{IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}})
	pair, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		t.Fatal(err)
	}
	clients := x509.NewCertPool()
	clients.AddCert(a.certificate)
	server := httptest.NewUnstartedServer(handle)
	server.EnableHTTP2 = true
	server.TLS = &tls.Config{Certificates: []tls.Certificate{pair}, ClientCAs: clients, ClientAuth: tls.RequireAndVerifyClientCert}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

func TestTheAgentShowsItsTokenAndCertificateOverHTTP2(t *testing.T) {
	// Given
	ca := newAuthority(t)
	var name, authorization, proto atomic.Value
	server := ca.tlsCollector(t, func(w http.ResponseWriter, r *http.Request) {
		name.Store(r.TLS.PeerCertificates[0].Subject.CommonName)
		authorization.Store(r.Header.Get("Authorization"))
		proto.Store(r.Proto)
		w.WriteHeader(http.StatusAccepted)
	})
	certFile, keyFile := ca.sign(t, "orders", &x509.Certificate{ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
	tokenFile := filepath.Join(ca.folder, "token")
	write(t, tokenFile, []byte("unpark_one\n"))

	// When
	config := testConfig(server.URL)
	config.Header = nil
	config.Identity = Identity{TokenFile: tokenFile, CAFile: filepath.Join(ca.folder, "ca.pem"), CertFile: certFile, KeyFile: keyFile}
	agent := start(t, config)
	await(t, "a shipment", func() bool { return agent.Stats().GenerationsShipped > 0 })

	// Then
	if name.Load() != "orders" || authorization.Load() != "Bearer unpark_one" || proto.Load() != "HTTP/2.0" {
		t.Errorf("name %v, authorization %v, protocol %v", name.Load(), authorization.Load(), proto.Load())
	}

	// When the token is replaced
	write(t, tokenFile, []byte("unpark_two"))

	// Then the next request has it
	await(t, "the new token", func() bool { return authorization.Load() == "Bearer unpark_two" })
}

func TestARefusedTokenIsTriedAgainWithTheNextOne(t *testing.T) {
	// Given a collector that knows a token from its second request on
	refusals := 0
	collector := newFakeCollector(t, func(n int, w http.ResponseWriter) bool {
		if n == 1 {
			refusals++
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusUnauthorized)
			return true
		}
		return false
	})
	config := testConfig(collector.URL)
	config.Identity = Identity{Token: "unpark_x"}

	// When
	agent := start(t, config)
	await(t, "a shipment", func() bool { return agent.Stats().GenerationsShipped > 0 })

	// Then nothing was thrown away
	if stats := agent.Stats(); stats.GenerationsRejected != 0 || stats.Retries == 0 {
		t.Errorf("stats %+v", stats)
	}
	if got := collector.posts()[0].authorization; got != "Bearer unpark_x" {
		t.Errorf("authorization %q", got)
	}
}

func TestATokenGoesToTheCollectorOnly(t *testing.T) {
	// Given a collector that redirects to somebody else
	var leaked atomic.Bool
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		leaked.Store(leaked.Load() || r.Header.Get("Authorization") != "")
		w.WriteHeader(http.StatusAccepted)
	}))
	defer other.Close()
	collector := httptest.NewServer(http.RedirectHandler(other.URL, http.StatusTemporaryRedirect))
	defer collector.Close()

	// When
	config := testConfig(collector.URL)
	config.Header, config.Identity = nil, Identity{Token: "unpark_x"}
	agent := start(t, config)
	await(t, "a shipment", func() bool { return agent.Stats().GenerationsShipped > 0 })

	// Then
	if leaked.Load() {
		t.Error("the token went to whom the collector named")
	}
}

func TestAnUnusableIdentityIsAnErrorAtTheStart(t *testing.T) {
	folder := t.TempDir()
	empty := filepath.Join(folder, "empty")
	write(t, empty, nil)
	for what, identity := range map[string]Identity{
		"two tokens":    {Token: "a", TokenFile: empty},
		"empty token":   {TokenFile: empty},
		"no token file": {TokenFile: filepath.Join(folder, "none")},
		"line break":    {Token: "a\nb"},
		"no key":        {CertFile: empty},
		"no CA":         {CAFile: empty},
		"no pair":       {CertFile: empty, KeyFile: empty},
	} {
		config := testConfig("https://collector")
		config.Identity = identity
		if _, err := config.withDefaults(); err == nil {
			t.Errorf("%s: no error", what)
		}
	}
	config := testConfig("https://collector")
	config.Client, config.Identity = http.DefaultClient, Identity{Token: "a"}
	if _, err := config.withDefaults(); err == nil {
		t.Error("a client of the user's own and an identity: no error")
	}
}
