package main

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// retryA tries three times, each within its own share of the budget.
func retryA(s *service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for attempt := range 3 {
			ctx, cancel := context.WithTimeout(r.Context(), 60*time.Millisecond)
			req := s.request(ctx, "b", r)
			req.URL.RawQuery += fmt.Sprint("&attempt=", attempt)
			response, err := s.client.Do(req)
			if err == nil {
				finish(w, response, nil)
				cancel()
				return
			}
			cancel()
		}
		http.Error(w, "no luck", http.StatusBadGateway)
	}
}

func onceSlowB(*service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		d := 8 * time.Millisecond
		if r.URL.Query().Get("attempt") == "0" {
			d = duration(r)
		}
		answer(w, honour(r.Context(), d))
	}
}

// hedgeA asks a second time when the first answer takes long; the slower one is cancelled.
func hedgeA(s *service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		type result struct {
			response *http.Response
			err      error
		}
		results := make(chan result, 2)
		try := func(attempt int) {
			req := s.request(ctx, "b", r)
			req.URL.RawQuery += fmt.Sprint("&attempt=", attempt)
			response, err := s.client.Do(req)
			results <- result{response, err}
		}
		go try(0)
		second := time.NewTimer(40 * time.Millisecond)
		defer second.Stop()
		for {
			select {
			case <-second.C:
				go try(1)
			case got := <-results:
				finish(w, got.response, got.err)
				return
			}
		}
	}
}

// pollA waits for the next event, which comes every 600 ms, or for the client to leave.
func pollA(*service) http.HandlerFunc {
	var mu sync.Mutex
	next := make(chan struct{})
	go func() {
		for range time.Tick(600 * time.Millisecond) {
			mu.Lock()
			close(next)
			next = make(chan struct{})
			mu.Unlock()
		}
	}()
	return func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		event := next
		mu.Unlock()
		select {
		case <-event:
			answer(w, nil)
		case <-r.Context().Done():
		}
	}
}

// streamA sends an event every 50 ms for three seconds.
func streamA(*service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		for i := range 60 {
			select {
			case <-tick.C:
				fmt.Fprintf(w, "data: %d\n\n", i)
				if http.NewResponseController(w).Flush() != nil {
					return
				}
			case <-r.Context().Done():
				return
			}
		}
	}
}

// politeA computes in small steps and looks at its context between them.
func politeA(*service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for range 12 {
			if r.Context().Err() != nil {
				return
			}
			grind(8 * time.Millisecond)
		}
		answer(w, nil)
	}
}

// flightA lets all requests of the moment share one fetch, which belongs to none of them.
func flightA(*service) http.HandlerFunc {
	var mu sync.Mutex
	var current chan struct{}
	fetch := func() chan struct{} {
		mu.Lock()
		defer mu.Unlock()
		if current == nil {
			done := make(chan struct{})
			current = done
			go func() {
				time.Sleep(260 * time.Millisecond)
				mu.Lock()
				current = nil
				mu.Unlock()
				close(done)
			}()
		}
		return current
	}
	return func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-fetch():
			answer(w, nil)
		case <-r.Context().Done():
			answer(w, r.Context().Err())
		}
	}
}
