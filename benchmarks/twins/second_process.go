package main

import (
	"fmt"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// secondProcess are faults of a whole process, and their twins.
func secondProcess() []twin {
	heap, gc, sched, stw := "heap_growth", "gc_pressure", "sched_latency", "stw_pause"
	site := "process"
	noise := []string{gc, sched, stw}
	return []twin{
		{name: "slow_sessions", kind: heap, site: site, tolerated: noise, seconds: 20, setup: sessionMap(1 << 30), load: many(3, "/login", 12*ms), about: "sessions of 12 KB are never forgotten: some 3 MB a second beside 20 MB a second of garbage, for 20 s"},
		{name: "slow_sessions_ok", tolerated: noise, seconds: 20, setup: sessionMap(600), load: many(3, "/login", 12*ms), about: "the oldest of six hundred sessions goes"},
		{name: "big_and_growing", kind: heap, site: site, tolerated: noise, seconds: 12, setup: bigHeap(300 << 10), load: many(4, "/read", 5*ms), about: "100 MB of data, much garbage, and 300 KB kept every 15 ms"},
		{name: "big_and_steady_ok", tolerated: noise, seconds: 12, setup: bigHeap(0), load: many(4, "/read", 5*ms), about: "the same, and nothing kept"},
		{name: "timers_pending", kind: heap, site: site, tolerated: noise, setup: pendingTimers(time.Hour), load: many(6, "/hold", 4*ms), about: "a timer an hour away keeps each request's 50 KB"},
		{name: "timers_pending_ok", tolerated: noise, setup: pendingTimers(300 * ms), load: many(6, "/hold", 4*ms), about: "the timer is due in 300 ms"},
		{name: "ttl_cache_ok", tolerated: noise, seconds: 10, setup: pendingTimers(2500 * ms), load: many(6, "/hold", 4*ms), about: "entries of a cache live for 2.5 s: it grows for that long"},
		{name: "load_then_serve_ok", tolerated: noise, setup: loadThenServe, load: many(4, "/read", 5*ms), about: "150 MB are loaded in the first three seconds and then served, with garbage"},
		{name: "bursts_held_ok", tolerated: noise, seconds: 10, setup: burstsHeld, about: "a job every 2.5 s holds up to 120 MB while it runs, each a little more than the one before, and lets go"},

		{name: "decode_maps", kind: gc, site: site, tolerated: noise, setup: decodeMaps(900), load: many(6, "/decode", ms), about: "requests build maps of maps over a live heap of pointers"},
		{name: "decode_maps_ok", tolerated: noise, setup: decodeMaps(8), load: many(6, "/decode", 8*ms), about: "small ones, less often"},
		{name: "tiny_heap_churn", kind: gc, site: site, tolerated: noise, setup: tinyHeap(10), load: many(8, "/alloc", ms), about: "GOGC=10 on a small heap with steady garbage"},
		{name: "tiny_heap_churn_ok", tolerated: noise, setup: tinyHeap(400), load: many(8, "/alloc", 3*ms), about: "GOGC=400, and less traffic"},
		{name: "linked_garbage", kind: gc, site: site, tolerated: noise, setup: linkedGarbage(40000), load: many(4, "/alloc", ms), about: "lists of forty thousand nodes are made and dropped beside a big tree"},
		{name: "byte_buffers_ok", tolerated: noise, setup: byteBuffers, load: many(4, "/alloc", 4*ms), about: "big buffers without pointers are made and dropped: cycles, but cheap ones"},

		{name: "regexp_hogs", kind: sched, site: site, tolerated: noise, setup: regexpHogs(10), load: many(10, "/quick", 3*ms), about: "ten goroutines match long texts without end"},
		{name: "regexp_hogs_ok", tolerated: noise, setup: regexpHogs(0), load: many(10, "/quick", 3*ms), about: "none"},
		{name: "hash_requests", kind: sched, site: site, tolerated: append(noise, "blocked_too_long"), setup: compress(25 * ms), load: mixed, about: "a dozen clients have something hashed for 25 ms each"},
		{name: "spawn_storm", kind: sched, site: site, tolerated: append(noise, "blocked_too_long", "goroutine_surge"), setup: fanOut(120), load: many(4, "/fan", 5*ms), about: "each request starts a hundred and twenty goroutines of 2 ms of CPU"},
		{name: "timer_herd_ok", tolerated: noise, setup: timerHerd, load: many(4, "/quick", 20*ms), about: "four hundred goroutines wake at one moment every second for some microseconds"},
		{name: "one_core_job_ok", tolerated: noise, setup: hogs(1, 5*ms), load: many(4, "/quick", 20*ms), about: "a job keeps one of two Ps busy"},

		{name: "dump_all_stacks", kind: stw, site: site, tolerated: noise, setup: dumpStacks(4000, 400*ms), load: many(4, "/quick", 10*ms), about: "all stacks of four thousand goroutines are written every 400 ms"},
		{name: "dump_all_stacks_ok", tolerated: noise, setup: dumpStacks(20, 2*time.Second), load: many(4, "/quick", 10*ms), about: "of twenty, every two seconds"},
		{name: "mem_stats_loop", kind: stw, site: site, tolerated: noise, setup: memStats(0), load: many(4, "/quick", 10*ms), about: "a metrics goroutine reads MemStats without a pause"},
		{name: "mem_stats_loop_ok", tolerated: noise, setup: memStats(time.Second), load: many(4, "/quick", 10*ms), about: "once a second"},
		{name: "long_copies", kind: stw, site: site, tolerated: noise, setup: longCopies(400<<20, 200*ms), load: many(4, "/quick", 10*ms), about: "copies of 400 MB at once cannot be stopped, and metrics ask for a stop all the time"},
		{name: "long_copies_ok", tolerated: noise, setup: longCopies(1<<20, 2*ms), load: many(4, "/quick", 10*ms), about: "in pieces of 1 MB"},
	}
}

func garbage(n int) {
	for range n {
		sink.Store(new([1 << 10]byte))
	}
}

var sink atomic.Pointer[[1 << 10]byte]

func sessionMap(limit int) func(*env) {
	return func(e *env) {
		var mu sync.Mutex
		sessions := map[int][]byte{}
		n := 0
		handle(e, "/login", func() {
			garbage(80)
			s := make([]byte, 12<<10)
			mu.Lock()
			defer mu.Unlock()
			sessions[n] = s
			delete(sessions, n-limit)
			n++
		})
	}
}

func bigHeap(kept int) func(*env) {
	return func(e *env) {
		var data [][]byte
		for range 1000 {
			data = append(data, make([]byte, 100<<10))
		}
		go func() {
			for range time.Tick(15 * ms) {
				if kept > 0 {
					data = append(data, make([]byte, kept))
				}
			}
		}()
		handle(e, "/read", func() { garbage(300) })
		go func() { time.Sleep(time.Hour); runtime.KeepAlive(data) }()
	}
}

func pendingTimers(d time.Duration) func(*env) {
	return func(e *env) {
		handle(e, "/hold", func() {
			b := make([]byte, 50<<10)
			time.AfterFunc(d, func() { b[0]++ })
		})
	}
}

func loadThenServe(e *env) {
	var data [][]byte
	go func() {
		for range 300 {
			data = append(data, make([]byte, 500<<10))
			time.Sleep(10 * ms)
		}
		time.Sleep(time.Hour)
		runtime.KeepAlive(data)
	}()
	handle(e, "/read", func() { garbage(200) })
}

func burstsHeld(*env) {
	go func() {
		for round := 0; ; round++ {
			var held [][]byte
			for range 900 + 40*round {
				held = append(held, make([]byte, 100<<10))
				time.Sleep(ms)
			}
			runtime.KeepAlive(held)
			held = nil
			time.Sleep(700 * ms)
		}
	}()
}

func decodeMaps(n int) func(*env) {
	return func(e *env) {
		if n > 100 {
			live = append(live, tree(18))
		}
		handle(e, "/decode", func() {
			all := map[string]map[string]*int{}
			for i := range n {
				v := i
				all[fmt.Sprint(i)] = map[string]*int{"id": &v, fmt.Sprint("n", i): &v}
			}
			runtime.KeepAlive(all)
		})
	}
}

func tinyHeap(percent int) func(*env) {
	return func(e *env) {
		debug.SetGCPercent(percent)
		handle(e, "/alloc", func() {
			var words []string
			for i := range 800 {
				words = append(words, strings.Repeat("x", i%40)+fmt.Sprint(i))
			}
			runtime.KeepAlive(words)
		})
	}
}

func linkedGarbage(n int) func(*env) {
	return func(e *env) {
		live = append(live, tree(20))
		handle(e, "/alloc", func() {
			var last *node
			for range n {
				last = &node{left: last}
			}
			runtime.KeepAlive(last)
		})
	}
}

func byteBuffers(e *env) {
	handle(e, "/alloc", func() {
		b := make([]byte, 1<<20)
		b[len(b)/2] = 1
		runtime.KeepAlive(b)
	})
}

func regexpHogs(n int) func(*env) {
	return func(e *env) {
		text := strings.Repeat("aaaaaaaaab ", 4000)
		for range n {
			go func() {
				words := regexp.MustCompile(`(a+)+c`)
				for {
					words.MatchString(text)
				}
			}()
		}
		handle(e, "/quick", func() { burn(30 * time.Microsecond) })
	}
}

func timerHerd(e *env) {
	for range 400 {
		go func() {
			for {
				time.Sleep(time.Until(time.Now().Truncate(time.Second).Add(time.Second)))
				burn(2 * time.Microsecond)
			}
		}()
	}
	handle(e, "/quick", func() { burn(30 * time.Microsecond) })
}

func dumpStacks(goroutines int, every time.Duration) func(*env) {
	return func(e *env) {
		stop := make(chan struct{})
		for range goroutines {
			go func() { <-stop }()
		}
		go func() {
			buf := make([]byte, 64<<20)
			for {
				time.Sleep(every)
				runtime.Stack(buf, true)
			}
		}()
		handle(e, "/quick", func() { burn(30 * time.Microsecond) })
	}
}

func memStats(every time.Duration) func(*env) {
	return func(e *env) {
		go func() {
			var m runtime.MemStats
			for {
				runtime.ReadMemStats(&m)
				time.Sleep(every)
			}
		}()
		handle(e, "/quick", func() { burn(30 * time.Microsecond) })
	}
}

func longCopies(size int, every time.Duration) func(*env) {
	return func(e *env) {
		go func() {
			from, to := make([]byte, size), make([]byte, size)
			for {
				copy(to, from)
				time.Sleep(every)
			}
		}()
		go func() {
			var m runtime.MemStats
			for {
				time.Sleep(40 * ms)
				runtime.ReadMemStats(&m)
			}
		}()
		handle(e, "/quick", func() { burn(30 * time.Microsecond) })
	}
}
