package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	unpark "github.com/unpark/unpark/ingest/agent"
)

// deadlined gives the handler's context the deadline of the header. The agent does it by itself where it is linked.
func deadlined(agent bool, next http.Handler) http.Handler {
	if agent {
		return unpark.Middleware(next, unpark.WithDeadlineFromHeader())
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		budget, err := time.ParseDuration(r.Header.Get(timeoutHeader))
		if err != nil {
			next.ServeHTTP(w, r)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), budget)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// heedless leaves the deadline of the header alone.
func heedless(agent bool, next http.Handler) http.Handler {
	if agent {
		return unpark.Middleware(next)
	}
	return next
}

// generous replaces the request's context before anybody else sees it, and gives it two seconds.
func generous(agent bool, next http.Handler) http.Handler {
	inner := heedless(agent, next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), 2*time.Second)
		defer cancel()
		inner.ServeHTTP(w, r.WithContext(ctx))
	})
}

// newClient sends the remaining time, with or without the agent's help.
func newClient(agent, header bool) *http.Client {
	var transport http.RoundTripper = &http.Transport{MaxIdleConnsPerHost: 64}
	switch {
	case agent && header:
		transport = unpark.RoundTripper(transport, unpark.WithDeadlineHeader(timeoutHeader))
	case agent:
		transport = unpark.RoundTripper(transport)
	case header:
		transport = &sender{transport}
	}
	return &http.Client{Transport: transport}
}

type sender struct{ next http.RoundTripper }

func (s *sender) RoundTrip(r *http.Request) (*http.Response, error) {
	if deadline, ok := r.Context().Deadline(); ok && r.Header.Get(timeoutHeader) == "" {
		r = r.Clone(r.Context())
		r.Header.Set(timeoutHeader, time.Until(deadline).Truncate(time.Microsecond).String())
	}
	return s.next.RoundTrip(r)
}

func listenHTTP(sc scenario, role string, s *service) error {
	wrap := deadlined
	if w := sc.wrap[role]; w != nil {
		wrap = w
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /"+sc.name, wrap(s.agent, sc.handlers[role](s)))
	fmt.Println(ln.Addr())
	go func() { _ = http.Serve(ln, mux) }()
	return nil
}

func listenRaw(sc scenario, role string, s *service) error {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(ln.Addr())
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			go sc.raw[role](conn)
		}
	}()
	return nil
}
