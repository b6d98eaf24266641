package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime/trace"
	"strconv"
	"time"
)

const timeoutHeader = "Request-Timeout"

// service is one process of a scenario: a, b or c.
type service struct {
	mode     string
	peers    map[string]string // host and port by service
	client   *http.Client      // sends what is left of the context's deadline
	headless *http.Client      // does not
}

func newService(mode string, peers map[string]string) *service {
	s := &service{mode: mode, peers: peers}
	s.client, s.headless = newClient(mode, true), newClient(mode, false)
	return s
}

// request asks for the same request number at a peer.
func (s *service) request(ctx context.Context, peer string, r *http.Request) *http.Request {
	req, err := http.NewRequestWithContext(ctx, "GET", "http://"+s.peers[peer]+r.URL.Path+"?"+r.URL.RawQuery, nil)
	if err != nil {
		panic(err)
	}
	return req
}

// finish answers with what a call gave.
func finish(w http.ResponseWriter, response *http.Response, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusGatewayTimeout)
		return
	}
	defer response.Body.Close()
	w.WriteHeader(response.StatusCode)
	_, _ = io.Copy(w, response.Body)
}

// number is the request's number, the same in all services.
func number(r *http.Request) int {
	n, _ := strconv.Atoi(r.URL.Query().Get("n"))
	return n
}

// slow says whether this one of four is the slow one.
func slow(r *http.Request) bool { return number(r)%4 == 1 }

// serve runs one service until its standard input ends; its trace has been running from the start.
func serve(sc scenario, role, mode string, peers map[string]string, traceFile string) error {
	out, err := os.Create(traceFile)
	if err != nil {
		return err
	}
	if err := trace.Start(out); err != nil {
		return err
	}
	if mode == otelMode {
		useOtel()
	}
	s := newService(mode, peers)
	listen := listenHTTP
	if sc.raw[role] != nil {
		listen = listenRaw
	}
	if err := listen(sc, role, s); err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, os.Stdin)
	trace.Stop()
	return out.Close()
}

// honour works for d unless the context ends first.
func honour(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// answer writes what honour said.
func answer(w http.ResponseWriter, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusGatewayTimeout)
		return
	}
	fmt.Fprintln(w, "done")
}
