package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand"
	"net/http"
	"runtime"
	"runtime/debug"
	"sync"
	"time"
)

func collectors() []twin {
	kind, site := "gc_pressure", "process"
	also := []string{"sched_latency"}
	return []twin{
		{name: "render_garbage", kind: kind, site: site, tolerated: also, setup: renderGarbage, load: many(8, "/render", ms),
			about: "each request builds a document of many small objects and throws it away"},
		{name: "render_garbage_ok", setup: renderReused, load: many(8, "/render", 10*ms), about: "a buffer from a pool, few objects"},
		{name: "low_gogc", kind: kind, site: site, tolerated: also, setup: gogc(8), load: many(6, "/alloc", 2*ms),
			about: "GOGC=8 with 60 MB of live pointers and a modest allocation"},
		{name: "low_gogc_ok", setup: gogc(200), load: many(6, "/alloc", 5*ms), about: "the same with GOGC=200, and less traffic"},
		{name: "memory_limit", kind: kind, site: site, tolerated: also, setup: memoryLimit(true), load: many(4, "/alloc", 2*ms),
			about: "a memory limit just above what is live"},
		{name: "memory_limit_ok", setup: memoryLimit(false), load: many(4, "/alloc", 5*ms), about: "no limit"},
		{name: "forced_gc_ok", setup: forcedGC, load: many(4, "/alloc", 20*ms), about: "a forced collection every two seconds"},
	}
}

func handle(e *env, path string, f func()) {
	e.mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) { f() })
}

func renderGarbage(e *env) {
	handle(e, "/render", func() {
		doc := map[string]any{}
		for i := range 3000 {
			doc[fmt.Sprint("key", i)] = []any{fmt.Sprint(i), i, map[string]any{"v": i}}
		}
		json.Marshal(doc)
	})
}

func renderReused(e *env) {
	pool := sync.Pool{New: func() any { return new(bytes.Buffer) }}
	handle(e, "/render", func() {
		b := pool.Get().(*bytes.Buffer)
		b.Reset()
		for i := range 3000 {
			b.WriteString("key")
			b.WriteByte(byte('0' + i%10))
		}
		pool.Put(b)
	})
}

type node struct {
	left, right *node
	data        [4]int
}

func tree(depth int) *node {
	if depth == 0 {
		return nil
	}
	return &node{left: tree(depth - 1), right: tree(depth - 1)}
}

var live []*node

func allocate(e *env, n int) {
	handle(e, "/alloc", func() {
		var last *node
		for range n {
			last = &node{left: last}
			if rand.Intn(40) == 0 {
				last = nil
			}
		}
		runtime.KeepAlive(last)
	})
}

func gogc(percent int) func(*env) {
	return func(e *env) {
		debug.SetGCPercent(percent)
		live = append(live, tree(20))
		allocate(e, 12000)
	}
}

func memoryLimit(on bool) func(*env) {
	return func(e *env) {
		live = append(live, tree(20))
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		if on {
			debug.SetMemoryLimit(int64(m.Sys - m.HeapReleased - m.HeapIdle + m.HeapReleased/50 + 4<<20))
		}
		allocate(e, 12000)
	}
}

func forcedGC(e *env) {
	go func() {
		for {
			time.Sleep(2 * time.Second)
			runtime.GC()
		}
	}()
	allocate(e, 200)
}

func schedulers() []twin {
	kind, site := "sched_latency", "process"
	return []twin{
		{name: "cpu_hogs", kind: kind, site: site, setup: hogs(6, 0), load: many(8, "/quick", 4*ms), about: "six goroutines compute without end on two Ps; handlers wait"},
		{name: "cpu_hogs_ok", setup: hogs(1, 60*ms), load: many(8, "/quick", 4*ms), about: "one computes for 30 ms and rests for 60"},
		{name: "fan_out_cpu", kind: kind, site: site, setup: fanOut(300), load: many(3, "/fan", 20*ms), about: "a request starts three hundred goroutines of 2 ms of CPU each"},
		{name: "fan_out_cpu_ok", setup: fanOut(3), load: many(3, "/fan", 60*ms), about: "three of them"},
		{name: "compress", kind: kind, site: site, setup: compress(50 * ms), load: mixed, about: "a dozen clients have something compressed for 50 ms while others want a quick answer"},
		{name: "compress_ok", setup: compress(200 * time.Microsecond), load: mixed, about: "it takes 0.2 ms"},
	}
}

func hogs(n int, rest time.Duration) func(*env) {
	return func(e *env) {
		for range n {
			go func() {
				for {
					burn(30 * ms)
					if rest > 0 {
						time.Sleep(rest)
					}
				}
			}()
		}
		handle(e, "/quick", func() { burn(50 * time.Microsecond) })
	}
}

func fanOut(n int) func(*env) {
	return func(e *env) {
		handle(e, "/fan", func() {
			var wg sync.WaitGroup
			for range n {
				wg.Go(func() { burn(2 * ms) })
			}
			wg.Wait()
		})
	}
}

func compress(d time.Duration) func(*env) {
	return func(e *env) {
		handle(e, "/zip", func() { burn(d) })
		handle(e, "/quick", func() { burn(20 * time.Microsecond) })
	}
}

func mixed(c *client) {
	go many(12, "/zip", 30*ms)(c)
	many(8, "/quick", 5*ms)(c)
}

func heaps() []twin {
	kind, site := "heap_growth", "process"
	also := []string{"gc_pressure"}
	return []twin{
		{name: "cache_unbounded", kind: kind, site: site, tolerated: also, setup: cacheOf(1 << 30), load: many(6, "/put", 8*ms), about: "a map keeps every answer, 40 KB each"},
		{name: "cache_unbounded_ok", setup: cacheOf(300), load: many(6, "/put", 8*ms), about: "it keeps three hundred"},
		{name: "kept_slices", kind: kind, site: site, tolerated: also, setup: keptSlices(false), load: many(6, "/parse", 8*ms), about: "each request keeps ten bytes of an array of 60 KB"},
		{name: "kept_slices_ok", setup: keptSlices(true), load: many(6, "/parse", 8*ms), about: "it keeps a copy"},
		{name: "event_log", kind: kind, site: site, tolerated: also, setup: eventLog(1 << 30), load: many(8, "/event", 4*ms), about: "an event log in memory that only grows"},
		{name: "event_log_ok", setup: eventLog(2000), load: many(8, "/event", 4*ms), about: "a ring of two thousand events"},
		{name: "warm_up_ok", setup: cacheOf(1500), load: many(6, "/put", 8*ms), about: "a cache fills for two seconds, and is full then"},
		{name: "sawtooth_ok", setup: sawtooth, about: "a batch collects 60 MB every 1.5 s and lets them go"},
	}
}

func cacheOf(limit int) func(*env) {
	return func(e *env) {
		var mu sync.Mutex
		var kept [][]byte
		n := 0
		handle(e, "/put", func() {
			b := make([]byte, 40<<10)
			mu.Lock()
			defer mu.Unlock()
			if len(kept) < limit {
				kept = append(kept, b)
			} else {
				kept[n%limit] = b
			}
			n++
		})
	}
}

func keptSlices(copied bool) func(*env) {
	return func(e *env) {
		var mu sync.Mutex
		var names [][]byte
		handle(e, "/parse", func() {
			body := make([]byte, 60<<10)
			name := body[100:110]
			if copied {
				name = append([]byte(nil), name...)
			}
			mu.Lock()
			names = append(names, name)
			mu.Unlock()
		})
	}
}

func eventLog(limit int) func(*env) {
	return func(e *env) {
		var mu sync.Mutex
		var events []*[3000]int
		n := 0
		handle(e, "/event", func() {
			ev := new([3000]int)
			mu.Lock()
			defer mu.Unlock()
			if len(events) < limit {
				events = append(events, ev)
			} else {
				events[n%limit] = ev
			}
			n++
		})
	}
}

func sawtooth(*env) {
	go func() {
		for {
			var batch [][]byte
			for range 600 {
				batch = append(batch, make([]byte, 100<<10))
				time.Sleep(2 * ms)
			}
			runtime.KeepAlive(batch)
			time.Sleep(200 * ms)
		}
	}()
}
