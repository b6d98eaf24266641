package main

import (
	"context"
	unpark "github.com/unpark/unpark/ingest/agent"
	"net/http"
	"os"
	"runtime/trace"
	"sync"
	"time"
)

// Two services: three calls at once, of which one takes long over there.
type spread struct {
	backend string
	client  *http.Client
}

func newSpread(backend string) http.Handler {
	return &spread{backend, &http.Client{Transport: unpark.RoundTripper(http.DefaultTransport)}}
}

func (s *spread) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var wg sync.WaitGroup
	for _, what := range []string{"/prices?", "/stock?", "/reviews?" + r.URL.RawQuery} {
		wg.Go(func() { s.call(r.Context(), what) })
	}
	wg.Wait()
	answer(w)
}

func (s *spread) call(ctx context.Context, what string) {
	request, err := http.NewRequestWithContext(ctx, "GET", s.backend+what, nil)
	check(err)
	response, err := s.client.Do(request)
	check(err)
	_ = response.Body.Close()
}

type shop struct{}

func newShop(string) http.Handler { return shop{} }

func (s shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	usual()
	if isSlow(r) {
		s.reviews()
	}
	answer(w)
}

func (s shop) reviews() {
	time.Sleep(200 * time.Millisecond) // root: fan_out_two
}

// Two services that log the trace id on a task of their own, and nothing of their calls.
func telling(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, task := trace.NewTask(r.Context(), r.Method+" "+r.URL.Path)
		defer task.End()
		trace.Log(ctx, "otel.trace_id", r.Header.Get("Trace"))
		trace.Log(ctx, "otel.span_id", newTraceID()[16:])
		h.ServeHTTP(w, r.WithContext(ctx))
	})
}

func newTelling(backend string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("Trace", newTraceID())
		telling(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { ask(w, r, backend) })).ServeHTTP(w, r)
	})
}

func newTraceID() string {
	id, err := os.ReadFile("/proc/sys/kernel/random/uuid")
	check(err)
	hex := make([]byte, 0, 32)
	for _, c := range id {
		if c != '-' && c != '\n' {
			hex = append(hex, c)
		}
	}
	return string(hex)
}

func newTold(string) http.Handler { return telling(http.HandlerFunc(stock)) }

func stock(w http.ResponseWriter, r *http.Request) {
	usual()
	if isSlow(r) {
		time.Sleep(175 * time.Millisecond) // root: ids_only
	}
	answer(w)
}
