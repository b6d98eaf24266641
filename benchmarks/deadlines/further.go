package main

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// further came later than the others, and was scored before anything was changed for it.
func further() []scenario {
	return []scenario{
		{
			name:     "bad_fan_out_background",
			handlers: map[string]handlerOf{"a": fanOutA, "b": slowHonourB},
			expect: append(passes("a", "main.fanOutA.func1"),
				agentOnly("a", notPropagated, "main.fetchFor", "main.fanOutA.func1.2"),
				idsOnly("a", notPropagated, "main.fetchFor", "main.fanOutA.func1.2", "main.fanOutA.func1", "main.(*sender).RoundTrip"),
				mayPlain("a", notPropagated, "main.fetchFor", "main.fanOutA.func1.2", "main.fanOutA.func1", "main.(*sender).RoundTrip"),
				must("a", after, "main.fanOutA.func1", "main.fanOutA.func1.2", "main.fetchFor", "main.(*sender).RoundTrip")),
		},
		{
			name:     "bad_pooled_worker",
			handlers: map[string]handlerOf{"a": relayA, "b": pooledB},
			expect:   append(passes("a", "main.relayA.func1"), must("b", after, "main.pooledB.func2")),
		},
		{
			name:     "bad_timeout_for_each",
			handlers: map[string]handlerOf{"a": eachA, "b": slowHonourB},
			expect: append(passes("a", "main.eachA.func1"),
				agentOnly("a", extended, "main.eachA.func1", "main.timedCall"),
				mayIds("a", notPropagated, "main.eachA.func1", "main.timedCall", "main.(*sender).RoundTrip"),
				mayIds("b", extended, "main.slowHonourB.func1"),
				mayIds("b", exceeded, "main.slowHonourB.func1"),
				must("a", after, "main.eachA.func1", "main.timedCall", "main.(*sender).RoundTrip")),
		},
		{
			name:     "bad_trickles_on",
			handlers: map[string]handlerOf{"a": relayA, "b": trickleB},
			expect:   append(passes("a", "main.relayA.func1"), must("b", after, "main.trickleB.func1")),
		},
		{
			name:     "ok_optional_part",
			handlers: map[string]handlerOf{"a": optionalA, "b": slowHonourB},
			expect:   []expectation{may("b", exceeded, "main.slowHonourB.func1")},
		},
		{
			name:     "ok_fan_out",
			handlers: map[string]handlerOf{"a": groupA, "b": slowHonourB},
			expect:   passes("a", "main.groupA.func1"),
		},
		{
			name:     "ok_jobs_dropped",
			handlers: map[string]handlerOf{"a": jobsA},
			expect:   passes("a", "main.jobsA.func2"),
		},
		{
			name:     "ok_stale_while_refreshed",
			handlers: map[string]handlerOf{"a": staleA, "b": slowHonourB},
			expect:   []expectation{may("b", exceeded, "main.slowHonourB.func1")},
		},
		{
			name:     "ok_own_limit",
			handlers: map[string]handlerOf{"a": relayA, "b": slowHonourB},
			wrap:     map[string]func(string, http.Handler) http.Handler{"b": strict},
			expect:   []expectation{may("a", exceeded, "main.relayA.func1"), may("b", exceeded, "main.slowHonourB.func1")},
		},
		{
			name:     "ok_logs_later",
			handlers: map[string]handlerOf{"a": relayA, "b": loggingB},
			expect:   passes("a", "main.relayA.func1"),
		},
	}
}

func fetchFor(s *service, ctx context.Context, r *http.Request) error {
	response, err := s.client.Do(s.request(ctx, "b", r))
	if err == nil {
		_ = response.Body.Close()
	}
	return err
}

// fanOutA makes two calls at once, one of them on a context of its own, and waits for both.
func fanOutA(s *service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var wg sync.WaitGroup
		wg.Go(func() { _ = fetchFor(s, r.Context(), r) })
		wg.Go(func() { _ = fetchFor(s, context.Background(), r) })
		wg.Wait()
		answer(w, nil)
	}
}

// groupA makes two calls at once, both with the request's deadline.
func groupA(s *service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		errs := make([]error, 2)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() { errs[i] = fetchFor(s, r.Context(), r) })
		}
		wg.Wait()
		answer(w, errs[0])
	}
}

// pooledB gives its work to a pool and waits for the result, whatever its deadline is.
func pooledB(*service) http.HandlerFunc {
	type job struct {
		d    time.Duration
		done chan struct{}
	}
	jobs := make(chan job)
	for range 8 {
		go func() {
			for j := range jobs {
				grind(j.d)
				j.done <- struct{}{}
			}
		}()
	}
	return func(w http.ResponseWriter, r *http.Request) {
		j := job{duration(r), make(chan struct{}, 1)}
		jobs <- j
		<-j.done
		answer(w, nil)
	}
}

// eachA gives each of its two calls a timeout of its own: the second one's ends after the request's deadline.
func eachA(s *service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := timedCall(s, r)
		if again := timedCall(s, r); again != nil {
			err = again
		}
		answer(w, err)
	}
}

func timedCall(s *service, r *http.Request) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), 120*time.Millisecond)
	defer cancel()
	response, err := s.client.Do(s.request(ctx, "b", r))
	if err == nil {
		_ = response.Body.Close()
	}
	return err
}

// trickleB answers at once and then sends the rest bit by bit, also to nobody.
func trickleB(*service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		end := time.Now().Add(duration(r))
		for time.Now().Before(end) {
			fmt.Fprintln(w, "more")
			time.Sleep(7 * time.Millisecond)
		}
	}
}

// optionalA asks for something it can do without, within a short time.
func optionalA(s *service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 40*time.Millisecond)
		defer cancel()
		_ = fetchFor(s, ctx, r)
		answer(w, honour(r.Context(), 5*time.Millisecond))
	}
}

// jobsA queues work with the request's context; who finds it expired drops it.
func jobsA(*service) http.HandlerFunc {
	type job struct {
		ctx  context.Context
		d    time.Duration
		done chan error
	}
	jobs := make(chan job, 64)
	for range 2 {
		go func() {
			for j := range jobs {
				j.done <- honour(j.ctx, j.d)
			}
		}()
	}
	return func(w http.ResponseWriter, r *http.Request) {
		j := job{r.Context(), duration(r), make(chan error, 1)}
		jobs <- j
		select {
		case err := <-j.done:
			answer(w, err)
		case <-r.Context().Done():
			answer(w, r.Context().Err())
		}
	}
}

// staleA answers with what it has, and asks for something newer meanwhile.
func staleA(s *service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if number(r)%3 == 0 {
			go func() {
				ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), time.Second)
				defer cancel()
				_ = fetchFor(s, ctx, r)
			}()
		}
		answer(w, honour(r.Context(), 4*time.Millisecond))
	}
}

// strict has a limit of its own, shorter than what most ask for.
func strict(mode string, next http.Handler) http.Handler {
	inner := deadlined(mode, next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 90*time.Millisecond)
		defer cancel()
		inner.ServeHTTP(w, r.WithContext(ctx))
	})
}

// loggingB hands lines to a writer that takes its time, and does not wait for it.
func loggingB(*service) http.HandlerFunc {
	lines := make(chan string, 256)
	go func() {
		for range lines {
			time.Sleep(15 * time.Millisecond)
		}
	}()
	return func(w http.ResponseWriter, r *http.Request) {
		err := honour(r.Context(), duration(r))
		select {
		case lines <- r.URL.Path:
		default:
		}
		answer(w, err)
	}
}
