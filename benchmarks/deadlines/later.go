package main

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// later came after what the fresh ones showed was mended: other ways to go on, and to stop, behind one call.
func later() []scenario {
	bad := func(name string, b handlerOf, sites ...string) scenario {
		return scenario{name: name, handlers: map[string]handlerOf{"a": relayA, "b": b},
			expect: append(passes("a", "main.relayA.func1"), may("b", exceeded, sites[0]), must("b", after, sites...))}
	}
	fine := func(name string, b handlerOf, site string) scenario {
		return scenario{name: name, handlers: map[string]handlerOf{"a": relayA, "b": b},
			expect: append(passes("a", "main.relayA.func1"), may("b", exceeded, site))}
	}
	return []scenario{
		bad("bad_producer_goes_on", producingB, "main.producingB.func1", "main.producingB.func1.1", "main.grind"),
		bad("bad_waits_for_all", waitingForAllB, "main.waitingForAllB.func1", "main.waitingForAllB.func1.1", "main.grind"),
		bad("bad_unchecked_steps", queryingB, "main.queryingB.func1", "main.query"),
		bad("bad_checks_too_seldom", seldomB, "main.seldomB.func1", "main.grind"),
		bad("bad_lock_and_go_on", ledgerB, "main.ledgerB.func1", "main.ledgerB.func2", "main.(*ledger).add", "main.grind"),
		{
			name:     "bad_second_try_bare",
			handlers: map[string]handlerOf{"a": secondTryA, "b": deafB},
			expect: append(passes("a", "main.secondTryA.func1"), withIds("b", notPropagated, "main.deafB.func1"),
				mayPlain("b", notPropagated, "main.deafB.func1"), may("b", exceeded, "main.deafB.func1"), must("b", after, "main.deafB.func1", "main.grind")),
		},
		fine("ok_checks_in_time", checkingB, "main.checkingB.func1"),
		fine("ok_refund_behind", refundingB, "main.refundingB.func1"),
		fine("ok_timer_clean_up", timedCleanUpB, "main.timedCleanUpB.func1"),
		fine("ok_slots", slotsB, "main.slotsB.func2"),
		fine("ok_group_with_context", contextGroupB, "main.contextGroupB.func1"),
		fine("ok_pages_until_done", pagesB, "main.pagesB.func1"),
		fine("ok_outbox", outboxB, "main.outboxB.func2"),
	}
}

// producingB reads pages until the context ends; who makes them goes on to the last.
func producingB(*service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		pages := make(chan int, 64)
		go func() {
			defer close(pages)
			for n := range 8 {
				grind(duration(r) / 8)
				pages <- n
			}
		}()
		for {
			select {
			case _, open := <-pages:
				if !open {
					answer(w, nil)
					return
				}
			case <-r.Context().Done():
				answer(w, r.Context().Err())
				return
			}
		}
	}
}

// waitingForAllB waits for three parts, whatever happens.
func waitingForAllB(*service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var wg sync.WaitGroup
		for part := range 3 {
			wg.Go(func() { grind(duration(r) * time.Duration(part+1) / 3) })
		}
		wg.Wait()
		answer(w, r.Context().Err())
	}
}

func query() { time.Sleep(9 * time.Millisecond) }

// queryingB makes one query after the other.
func queryingB(*service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for end := time.Now().Add(duration(r)); time.Now().Before(end); {
			query()
		}
		answer(w, r.Context().Err())
	}
}

// seldomB looks at the context only every 140 ms.
func seldomB(*service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for rest := duration(r); rest > 0; rest -= 140 * time.Millisecond {
			if r.Context().Err() != nil {
				break
			}
			grind(min(rest, 140*time.Millisecond))
		}
		answer(w, r.Context().Err())
	}
}

type ledger struct{ mu sync.Mutex }

func (l *ledger) add(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	grind(d)
}

// ledgerB works in short pieces under a lock and never looks at its context.
func ledgerB(*service) http.HandlerFunc {
	l := &ledger{}
	return func(w http.ResponseWriter, r *http.Request) {
		for range 10 {
			l.add(duration(r) / 40)
			grind(duration(r) / 10)
		}
		answer(w, r.Context().Err())
	}
}

// secondTryA sends the deadline with its first try, which it gives 10 ms, and not with its second.
func secondTryA(s *service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		first, cancel := context.WithTimeout(r.Context(), 10*time.Millisecond)
		defer cancel()
		if !slow(r) && fetchFor(s, first, r) == nil {
			answer(w, nil)
			return
		}
		response, err := s.headless.Do(s.request(r.Context(), "b", r))
		finish(w, response, err)
	}
}

// checkingB looks at the context every 6 ms.
func checkingB(*service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for end := time.Now().Add(duration(r)); time.Now().Before(end) && r.Context().Err() == nil; {
			grind(6 * time.Millisecond)
		}
		answer(w, r.Context().Err())
	}
}

// refundingB gives back in the background what it reserved, when it is too late; that takes 90 ms.
func refundingB(*service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := honour(r.Context(), duration(r))
		if err != nil {
			ctx := context.WithoutCancel(r.Context())
			go func() { _ = honour(ctx, 90*time.Millisecond) }()
		}
		answer(w, err)
	}
}

// timedCleanUpB has a temporary file removed 120 ms later.
func timedCleanUpB(*service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		time.AfterFunc(120*time.Millisecond, func() { grind(8 * time.Millisecond) })
		answer(w, honour(r.Context(), duration(r)))
	}
}

// slotsB waits for one of six slots for no longer than its context lives.
func slotsB(*service) http.HandlerFunc {
	slots := make(chan struct{}, 6)
	for range cap(slots) {
		slots <- struct{}{}
	}
	return func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-slots:
			err := honour(r.Context(), duration(r))
			slots <- struct{}{}
			answer(w, err)
		case <-r.Context().Done():
			answer(w, r.Context().Err())
		}
	}
}

// contextGroupB has three parts that all heed the context.
func contextGroupB(*service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		errs := make(chan error, 3)
		for range 3 {
			go func() { errs <- honour(r.Context(), duration(r)) }()
		}
		var failed error
		for range 3 {
			if err := <-errs; err != nil {
				failed = err
			}
		}
		answer(w, failed)
	}
}

// pagesB writes what it has every 20 ms, until the context ends.
func pagesB(*service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for end := time.Now().Add(duration(r)); time.Now().Before(end); {
			if honour(r.Context(), 20*time.Millisecond) != nil {
				return
			}
			fmt.Fprintln(w, "page")
			w.(http.Flusher).Flush()
		}
	}
}

// outboxB leaves a message for each request, which a goroutine of the process sends every 70 ms.
func outboxB(*service) http.HandlerFunc {
	var mu sync.Mutex
	outbox := 0
	go func() {
		for range time.Tick(70 * time.Millisecond) {
			mu.Lock()
			n := outbox
			outbox = 0
			mu.Unlock()
			grind(time.Duration(n) * time.Millisecond)
		}
	}()
	return func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		outbox++
		mu.Unlock()
		answer(w, honour(r.Context(), duration(r)))
	}
}
