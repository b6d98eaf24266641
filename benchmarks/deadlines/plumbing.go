package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"runtime/trace"
	"strconv"
	"time"

	unpark "github.com/unpark/unpark/ingest/agent"
)

// deadlined gives the handler's context the deadline of the header. The agent does it by itself where it is linked.
func deadlined(mode string, next http.Handler) http.Handler {
	if mode == "agent" {
		return unpark.Middleware(next, unpark.WithDeadlineFromHeader())
	}
	next = logged(mode, next)
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
func heedless(mode string, next http.Handler) http.Handler {
	if mode == "agent" {
		return unpark.Middleware(next)
	}
	return logged(mode, next)
}

// logged opens a task for each request and logs ids and deadline on it, as a hand-written middleware behind OpenTelemetry does.
func logged(mode string, next http.Handler) http.Handler {
	if mode != "ids" {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, task := trace.NewTask(r.Context(), r.Method+" "+r.URL.Path)
		defer task.End()
		id := r.Header.Get(idHeader)
		if id == "" {
			id = fmt.Sprintf("%016x%016x", rand.Uint64()|1, rand.Uint64())
		}
		trace.Log(ctx, "otel.trace_id", id)
		trace.Log(ctx, "otel.span_id", fmt.Sprintf("%016x", rand.Uint64()|1))
		if deadline, ok := ctx.Deadline(); ok {
			trace.Log(ctx, "deadline_unix_ms", strconv.FormatInt(deadline.UnixMilli(), 10))
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(ctx, idKey{}, id)))
	})
}

const idHeader = "X-Trace-Id"

type idKey struct{}

// generous replaces the request's context before anybody else sees it, and gives it two seconds.
func generous(mode string, next http.Handler) http.Handler {
	inner := heedless(mode, next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), 2*time.Second)
		defer cancel()
		inner.ServeHTTP(w, r.WithContext(ctx))
	})
}

// newClient sends the remaining time, with or without the agent's help.
func newClient(mode string, header bool) *http.Client {
	var transport http.RoundTripper = &http.Transport{MaxIdleConnsPerHost: 64}
	switch {
	case mode == "agent" && header:
		transport = unpark.RoundTripper(transport, unpark.WithDeadlineHeader(timeoutHeader))
	case mode == "agent":
		transport = unpark.RoundTripper(transport)
	default:
		transport = &sender{otelClient(mode, transport), header}
	}
	return &http.Client{Transport: transport}
}

type sender struct {
	next   http.RoundTripper
	header bool
}

func (s *sender) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	if id, ok := r.Context().Value(idKey{}).(string); ok {
		r.Header.Set(idHeader, id)
	}
	if deadline, ok := r.Context().Deadline(); ok && s.header {
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
	mux.Handle("GET /"+sc.name, otelServer(s.mode, wrap(s.mode, sc.handlers[role](s))))
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
