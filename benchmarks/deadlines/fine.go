package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

func fine() []scenario {
	return []scenario{
		{
			name:     "ok_detached_audit",
			handlers: map[string]handlerOf{"a": relayA, "b": auditB},
			expect:   passes("a", "main.relayA.func1"),
		},
		{
			name:     "ok_retry_in_budget",
			handlers: map[string]handlerOf{"a": retryA, "b": onceSlowB},
			visit:    func(int) visit { return visit{budget: 400 * time.Millisecond} },
			expect:   []expectation{may("b", exceeded, "main.onceSlowB.func1")},
		},
		{
			name:     "ok_hedged",
			handlers: map[string]handlerOf{"a": hedgeA, "b": onceSlowB},
			visit:    func(int) visit { return visit{budget: 400 * time.Millisecond} },
		},
		{
			name:     "ok_long_poll",
			handlers: map[string]handlerOf{"a": pollA},
			visit: func(n int) visit {
				if n%3 == 0 {
					return visit{leave: 250 * time.Millisecond}
				}
				return visit{}
			},
		},
		{
			name:     "ok_event_stream",
			handlers: map[string]handlerOf{"a": streamA},
			every:    100 * time.Millisecond,
			visit: func(n int) visit {
				if n%2 == 0 {
					return visit{leave: 700 * time.Millisecond}
				}
				return visit{}
			},
		},
		{
			name:     "ok_call_mux",
			handlers: map[string]handlerOf{"a": muxA},
			raw:      map[string]func(net.Conn){"b": muxB},
			expect:   passes("a", "main.muxA.func1"),
		},
		{
			name:     "ok_client_leaves",
			handlers: map[string]handlerOf{"a": politeA},
			visit: func(n int) visit {
				if n%3 == 0 {
					return visit{leave: 40 * time.Millisecond}
				}
				return visit{}
			},
		},
		{
			name:     "ok_single_flight",
			handlers: map[string]handlerOf{"a": flightA},
			expect:   passes("a", "main.flightA.func2"),
		},
		{
			name:     "ok_queue_for_workers",
			handlers: map[string]handlerOf{"a": enqueueA},
		},
		{
			name:     "ok_fallback",
			handlers: map[string]handlerOf{"a": fallbackA, "b": slowHonourB},
			expect:   []expectation{may("b", exceeded, "main.slowHonourB.func1")},
		},
		{
			name:     "ok_short_clean_up",
			handlers: map[string]handlerOf{"a": relayA, "b": cleanUpB},
			expect:   append(passes("a", "main.relayA.func1"), may("b", exceeded, "main.cleanUpB.func1")),
		},
		{
			name:     "ok_timeout_handler",
			handlers: map[string]handlerOf{"a": timeoutA},
			visit:    func(int) visit { return visit{budget: 400 * time.Millisecond} },
			expect:   []expectation{may("a", exceeded, "main.timeoutA.func1")},
		},
		{
			name:     "ok_work_after_answer",
			handlers: map[string]handlerOf{"a": chattyA},
			every:    15 * time.Millisecond,
			visit:    func(int) visit { return visit{} },
		},
		{
			name:     "ok_lazy_refresher",
			handlers: map[string]handlerOf{"a": refreshedA},
			expect:   passes("a", "main.refreshedA.func1"),
		},
		{
			name:     "ok_batched_writes",
			handlers: map[string]handlerOf{"a": batchedA},
			expect:   passes("a", "main.batchedA.func2"),
		},
	}
}

// auditB tells an audit service, whatever becomes of the request.
func auditB(*service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		go audit(context.WithoutCancel(r.Context()))
		answer(w, honour(r.Context(), duration(r)))
	}
}

func audit(ctx context.Context) {
	_ = honour(ctx, 300*time.Millisecond)
}

// enqueueA accepts a job; workers of the process do it when they come to it.
func enqueueA(*service) http.HandlerFunc {
	jobs := make(chan int, 1000)
	for range 3 {
		go func() {
			for range jobs {
				grind(60 * time.Millisecond)
			}
		}()
	}
	return func(w http.ResponseWriter, r *http.Request) {
		jobs <- number(r)
		w.WriteHeader(http.StatusAccepted)
	}
}

// fallbackA gives a callee 40 ms and does without it otherwise.
func fallbackA(s *service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 40*time.Millisecond)
		defer cancel()
		response, err := s.client.Do(s.request(ctx, "b", r))
		if err != nil {
			fmt.Fprintln(w, "the usual")
			return
		}
		finish(w, response, nil)
	}
}

// cleanUpB rolls back what it began, which takes 8 ms.
func cleanUpB(*service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := honour(r.Context(), duration(r))
		if err != nil {
			time.Sleep(8 * time.Millisecond)
		}
		answer(w, err)
	}
}

// timeoutA is cut off by the standard library's own handler.
func timeoutA(*service) http.HandlerFunc {
	inner := func(w http.ResponseWriter, r *http.Request) { answer(w, honour(r.Context(), duration(r))) }
	return http.TimeoutHandler(http.HandlerFunc(inner), 120*time.Millisecond, "too late").ServeHTTP
}

// chattyA has answered in full when it begins to tidy up; its client asks for the next page meanwhile.
func chattyA(*service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "5")
		fmt.Fprint(w, "done\n")
		_ = http.NewResponseController(w).Flush()
		time.Sleep(70 * time.Millisecond)
	}
}

// refreshedA starts its cache's refresher at the first request; it lives as long as the process.
func refreshedA(*service) http.HandlerFunc {
	var once sync.Once
	return func(w http.ResponseWriter, r *http.Request) {
		if number(r) > 4 {
			once.Do(func() { go refresh() })
		}
		answer(w, honour(r.Context(), duration(r)))
	}
}

func refresh() {
	for {
		time.Sleep(30 * time.Millisecond)
		grind(2 * time.Millisecond)
	}
}

// batchedA leaves its record to a writer that the first request of a batch starts.
func batchedA(*service) http.HandlerFunc {
	var mu sync.Mutex
	var batch []int
	writing := false
	flush := func() {
		time.Sleep(90 * time.Millisecond)
		mu.Lock()
		defer mu.Unlock()
		batch, writing = nil, false
	}
	return func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		batch = append(batch, number(r))
		if !writing {
			writing = true
			go flush()
		}
		mu.Unlock()
		answer(w, honour(r.Context(), duration(r)))
	}
}
