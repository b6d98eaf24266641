package main

import (
	"context"
	"net/http"
	"time"
)

func faulty() []scenario {
	return []scenario{
		{
			name:     "bad_background_context",
			handlers: map[string]handlerOf{"a": backgroundA, "b": slowHonourB},
			expect: append(passes("a", "main.backgroundA.func1"),
				agentOnly("a", notPropagated, "main.backgroundA.func1"),
				idsOnly("a", notPropagated, "main.backgroundA.func1", "main.(*sender).RoundTrip"),
				mayPlain("a", notPropagated, "main.backgroundA.func1", "main.(*sender).RoundTrip"),
				must("a", after, "main.backgroundA.func1", "main.(*sender).RoundTrip")),
		},
		{
			name:     "bad_no_header",
			handlers: map[string]handlerOf{"a": relayA, "b": headlessB, "c": deafC},
			expect: append(passes("a", "main.relayA.func1"),
				withIds("c", notPropagated, "main.deafC.func1"),
				must("c", after, "main.deafC.func1", "main.grind")),
		},
		{
			name:     "bad_extended_by_callee",
			handlers: map[string]handlerOf{"a": relayA, "b": slowHonourB},
			wrap:     map[string]func(string, http.Handler) http.Handler{"b": generous},
			expect: append(passes("a", "main.relayA.func1"),
				withIds("b", extended, "main.slowHonourB.func1"),
				must("b", after, "main.slowHonourB.func1", "main.honour")),
		},
		{
			name:     "bad_extended_by_caller",
			handlers: map[string]handlerOf{"a": extendingA, "b": slowHonourB},
			expect: append(passes("a", "main.extendingA.func1"),
				agentOnly("a", extended, "main.extendingA.func1"),
				idsOnly("a", notPropagated, "main.extendingA.func1", "main.(*sender).RoundTrip"),
				mayIds("b", extended, "main.slowHonourB.func1"),
				must("a", after, "main.extendingA.func1", "main.(*sender).RoundTrip")),
		},
		{
			name:     "bad_missing",
			handlers: map[string]handlerOf{"a": relayA, "b": verySlowB},
			visit:    func(int) visit { return visit{} },
			expect:   []expectation{agentOnly("a", missing, "main.relayA.func1")},
		},
		{
			name:     "bad_budget_too_small",
			handlers: map[string]handlerOf{"a": relayA, "b": relayB, "c": slowHonourC},
			expect:   passes("a", "main.relayA.func1"),
		},
		{
			name:     "bad_child_goes_on",
			handlers: map[string]handlerOf{"a": relayA, "b": childB},
			expect:   append(passes("a", "main.relayA.func1"), must("b", after, "main.childB.func1.1", "main.grind")),
		},
		{
			name:     "bad_header_ignored",
			handlers: map[string]handlerOf{"a": relayA, "b": slowHonourB},
			wrap:     map[string]func(string, http.Handler) http.Handler{"b": heedless},
			expect:   append(passes("a", "main.relayA.func1"), withIds("b", notPropagated, "main.slowHonourB.func1")),
		},
		{
			name:     "bad_lock_held_past_deadline",
			handlers: map[string]handlerOf{"a": relayA, "b": lockedB},
			expect:   append(passes("a", "main.relayA.func1"), must("b", after, "main.lockedB.func1", "main.grind")),
		},
	}
}

// grind works for d and looks at nothing.
func grind(d time.Duration) {
	for end := time.Now().Add(d); time.Now().Before(end); {
		time.Sleep(5 * time.Millisecond)
		var sum uint64
		for i := range uint64(20_000) {
			sum += i * i
		}
		_ = sum
	}
}

// relayA passes the request on, with its context and deadline.
func relayA(s *service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		response, err := s.client.Do(s.request(r.Context(), "b", r))
		finish(w, response, err)
	}
}

func relayB(s *service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		response, err := s.client.Do(s.request(r.Context(), "c", r))
		finish(w, response, err)
	}
}

// headlessB honours its deadline and keeps it to itself.
func headlessB(s *service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		response, err := s.headless.Do(s.request(r.Context(), "c", r))
		finish(w, response, err)
	}
}

// backgroundA calls on a context that knows nothing of the request.
func backgroundA(s *service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		response, err := s.client.Do(s.request(context.Background(), "b", r))
		finish(w, response, err)
	}
}

// extendingA gives its call more time than it has itself.
func extendingA(s *service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), 2*time.Second)
		defer cancel()
		response, err := s.client.Do(s.request(ctx, "b", r))
		finish(w, response, err)
	}
}

func duration(r *http.Request) time.Duration {
	if slow(r) {
		return 320 * time.Millisecond
	}
	return 8 * time.Millisecond
}

func slowHonourB(*service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		answer(w, honour(r.Context(), duration(r)))
	}
}

func slowHonourC(*service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		answer(w, honour(r.Context(), duration(r)))
	}
}

func deafC(*service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		grind(duration(r))
		answer(w, nil)
	}
}

func verySlowB(*service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		d := 8 * time.Millisecond
		if number(r)%20 == 1 {
			d = 1500 * time.Millisecond
		}
		answer(w, honour(r.Context(), d))
	}
}

// childB answers in time; what it started for the request does not stop.
func childB(*service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		done := make(chan struct{}, 1)
		go func() {
			grind(duration(r))
			done <- struct{}{}
		}()
		select {
		case <-done:
			answer(w, nil)
		case <-r.Context().Done():
			answer(w, r.Context().Err())
		}
	}
}

// lockedB queues for a lock that each slow request holds for long, deadline or not.
func lockedB(*service) http.HandlerFunc {
	lock := make(chan struct{}, 1)
	return func(w http.ResponseWriter, r *http.Request) {
		if !slow(r) {
			answer(w, nil)
			return
		}
		lock <- struct{}{}
		grind(130 * time.Millisecond)
		<-lock
		answer(w, nil)
	}
}
