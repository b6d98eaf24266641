package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"

	"example.org/requests/work"
	"golang.org/x/net/http2"
	"golang.org/x/net/http2/h2c"
)

func handle(w http.ResponseWriter, r *http.Request) {
	work.Do(r.PathValue("kind"), nil)
	fmt.Fprintln(w, "done")
}

func mux(h http.HandlerFunc) *http.ServeMux {
	work.StartPool()
	m := http.NewServeMux()
	m.HandleFunc("/do/{kind}", h)
	return m
}

// client asks with and without a body in turn, since the two look different to the server.
func client(c *http.Client, url string) func(context.Context, string) error {
	return func(ctx context.Context, kind string) error {
		method, body := http.MethodGet, io.Reader(http.NoBody)
		if kind == "spawn" {
			method, body = http.MethodPost, strings.NewReader("a body that nobody reads")
		}
		req, err := http.NewRequestWithContext(ctx, method, url+"/do/"+kind, body)
		if err != nil {
			return err
		}
		resp, err := c.Do(req)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		_, err = io.Copy(io.Discard, resp.Body)
		return err
	}
}

func serveH1() (*service, error) {
	s := httptest.NewServer(mux(handle))
	return &service{client(s.Client(), s.URL), s.Close}, nil
}

func serveH2() (*service, error) {
	s := httptest.NewUnstartedServer(mux(handle))
	s.EnableHTTP2 = true
	s.StartTLS()
	return &service{client(s.Client(), s.URL), s.Close}, nil
}

func serveH2C() (*service, error) {
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	s := httptest.NewUnstartedServer(mux(handle))
	s.Config.Protocols = protocols
	s.Start()
	transport := &http.Transport{Protocols: protocols}
	return &service{client(&http.Client{Transport: transport}, s.URL), s.Close}, nil
}

func serveXNetH2() (*service, error) {
	s := httptest.NewUnstartedServer(mux(handle))
	if err := http2.ConfigureServer(s.Config, &http2.Server{}); err != nil {
		return nil, err
	}
	s.TLS = s.Config.TLSConfig
	s.StartTLS()
	transport := &http2.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}} // the test server's own certificate
	return &service{client(&http.Client{Transport: transport}, s.URL), s.Close}, nil
}

func serveXNetH2C() (*service, error) {
	s := httptest.NewServer(h2c.NewHandler(mux(handle), &http2.Server{}))
	transport := &http2.Transport{
		AllowHTTP: true,
		DialTLSContext: func(ctx context.Context, network, addr string, _ *tls.Config) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, addr)
		},
	}
	return &service{client(&http.Client{Transport: transport}, s.URL), s.Close}, nil
}
