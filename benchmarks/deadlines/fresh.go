package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// fresh are variants of what the recorded corpus has between two services, for the modes without ids.
func fresh() []scenario {
	return []scenario{
		{
			name:     "bad_fetch_group_goes_on",
			handlers: map[string]handlerOf{"a": relayA, "b": partsB},
			expect:   append(passes("a", "main.relayA.func1"), may("b", exceeded, "main.partsB.func1"), must("b", after, "main.partsB.func1.1", "main.grind")),
		},
		{
			name:     "bad_polls_on",
			handlers: map[string]handlerOf{"a": relayA, "b": pollingB},
			expect:   append(passes("a", "main.relayA.func1"), must("b", after, "main.pollingB.func1", "main.pollTable")),
		},
		{
			name:     "bad_retries_on",
			handlers: map[string]handlerOf{"a": retryingA, "b": slowHonourB},
			expect: append(passes("a", "main.retryingA.func1"), may("b", exceeded, "main.slowHonourB.func1"),
				must("a", after, "main.retryingA.func1", "main.grind")),
		},
		{
			name:     "bad_repairs_after",
			handlers: map[string]handlerOf{"a": repairingA, "b": slowHonourB},
			expect: append(passes("a", "main.repairingA.func1"), may("b", exceeded, "main.slowHonourB.func1"),
				must("a", after, "main.repairingA.func1", "main.grind")),
		},
		{
			name:     "bad_deaf_callee",
			handlers: map[string]handlerOf{"a": relayHeadlessA, "b": deafB},
			expect: append(passes("a", "main.relayHeadlessA.func1"), withIds("b", notPropagated, "main.deafB.func1"),
				mayPlain("b", notPropagated, "main.deafB.func1"), must("b", after, "main.deafB.func1", "main.grind")),
		},
		{
			name:     "bad_writer_goes_on",
			handlers: map[string]handlerOf{"a": relayA, "b": chunkWriterB},
			expect: append(passes("a", "main.relayA.func1"), may("b", exceeded, "main.chunkWriterB.func1"),
				must("b", after, "main.chunkWriterB.func1.1", "main.writeChunks")),
		},
		{
			name:     "ok_audit_over_http",
			handlers: map[string]handlerOf{"a": auditingA, "b": slowHonourB},
			expect:   []expectation{may("a", exceeded, "main.auditingA.func1"), may("b", exceeded, "main.slowHonourB.func1")},
		},
		{
			name:     "ok_event_queued",
			handlers: map[string]handlerOf{"a": relayA, "b": queueingB},
			expect:   append(passes("a", "main.relayA.func1"), may("b", exceeded, "main.queueingB.func2")),
		},
		{
			name:     "ok_checked_steps",
			handlers: map[string]handlerOf{"a": relayA, "b": steppingB},
			expect:   append(passes("a", "main.relayA.func1"), may("b", exceeded, "main.steppingB.func1")),
		},
		{
			name:     "ok_rolls_back",
			handlers: map[string]handlerOf{"a": relayA, "b": rollingBackB},
			expect:   append(passes("a", "main.relayA.func1"), may("b", exceeded, "main.rollingBackB.func1")),
		},
		{
			name:     "ok_cache_written",
			handlers: map[string]handlerOf{"a": relayA, "b": cachingB},
			expect:   append(passes("a", "main.relayA.func1"), may("b", exceeded, "main.cachingB.func1")),
		},
		{
			name:     "ok_first_of_two",
			handlers: map[string]handlerOf{"a": firstOfTwoA, "b": slowHonourB},
			expect:   []expectation{may("a", exceeded, "main.firstOfTwoA.func1"), may("b", exceeded, "main.slowHonourB.func1")},
		},
	}
}

// partsB collects parts until the context ends; the parts do not know of it.
func partsB(*service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() { grind(duration(r)) })
		}
		done := make(chan struct{})
		go func() { wg.Wait(); close(done) }()
		select {
		case <-done:
			answer(w, nil)
		case <-r.Context().Done():
			answer(w, r.Context().Err())
		}
	}
}

// pollTable looks every 12 ms whether something is there, for d.
func pollTable(d time.Duration) {
	for end := time.Now().Add(d); time.Now().Before(end); {
		time.Sleep(12 * time.Millisecond)
	}
}

func pollingB(*service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		pollTable(duration(r))
		answer(w, nil)
	}
}

// retryingA goes on trying after its own deadline, with a pause between.
func retryingA(s *service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := fetchFor(s, r.Context(), r)
		for range 6 {
			if err == nil {
				break
			}
			grind(30 * time.Millisecond)
			err = fetchFor(s, r.Context(), r)
		}
		answer(w, err)
	}
}

// repairingA computes a substitute for what did not come in time.
func repairingA(s *service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := fetchFor(s, r.Context(), r); err != nil {
			grind(180 * time.Millisecond)
		}
		answer(w, nil)
	}
}

func relayHeadlessA(s *service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		response, err := s.headless.Do(s.request(r.Context(), "b", r))
		finish(w, response, err)
	}
}

func deafB(*service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		grind(duration(r))
		answer(w, nil)
	}
}

func writeChunks(d time.Duration) {
	for end := time.Now().Add(d); time.Now().Before(end); {
		time.Sleep(4 * time.Millisecond)
	}
}

// chunkWriterB hands the writing to a goroutine and waits for it or for the deadline.
func chunkWriterB(*service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		written := make(chan error, 1)
		go func() {
			writeChunks(duration(r))
			written <- nil
		}()
		select {
		case err := <-written:
			answer(w, err)
		case <-r.Context().Done():
			answer(w, r.Context().Err())
		}
	}
}

// auditingA tells another service of each request by a call of its own, which may take longer than the request.
func auditingA(s *service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		go func() {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), time.Second)
			defer cancel()
			_ = fetchFor(s, ctx, r)
		}()
		answer(w, honour(r.Context(), duration(r)))
	}
}

// queueingB leaves an event to a worker of the process, which takes 40 ms for each.
func queueingB(*service) http.HandlerFunc {
	events := make(chan int, 512)
	for range 3 {
		go func() {
			for range events {
				time.Sleep(40 * time.Millisecond)
			}
		}()
	}
	return func(w http.ResponseWriter, r *http.Request) {
		events <- number(r)
		answer(w, honour(r.Context(), duration(r)))
	}
}

func steppingB(*service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for end := time.Now().Add(duration(r)); time.Now().Before(end); {
			if err := honour(r.Context(), 6*time.Millisecond); err != nil {
				answer(w, err)
				return
			}
		}
		answer(w, nil)
	}
}

func rollingBackB(*service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := honour(r.Context(), duration(r))
		if err != nil {
			defer time.Sleep(10 * time.Millisecond)
		}
		answer(w, err)
	}
}

// cachingB writes what it found to a cache behind its answer, in time or not, which takes 120 ms.
func cachingB(*service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := honour(r.Context(), duration(r))
		go func() {
			ctx, cancel := context.WithTimeout(context.Background(), 400*time.Millisecond)
			defer cancel()
			_ = honour(ctx, 120*time.Millisecond)
		}()
		answer(w, err)
	}
}

// firstOfTwoA takes the faster of two answers and cancels the other call.
func firstOfTwoA(s *service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		answers := make(chan error, 2)
		go func() { answers <- fetchFor(s, ctx, r) }()
		go func() { answers <- honour(ctx, 60*time.Millisecond) }()
		err := <-answers
		if errors.Is(err, context.DeadlineExceeded) {
			answer(w, err)
			return
		}
		fmt.Fprintln(w, "first")
	}
}
