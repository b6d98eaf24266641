package main

import (
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

const ms = time.Millisecond

func locks() []twin {
	kind := "mutex_contention"
	also := []string{"blocked_too_long"}
	return []twin{
		{name: "cache_fill", kind: kind, site: "main.(*pages).get", tolerated: also, setup: pageCache(true), load: many(12, "/page", 5*ms),
			about: "a cache fills its entries under its lock, 30 ms each"},
		{name: "cache_fill_ok", setup: pageCache(false), load: many(12, "/page", 5*ms), about: "it fills them outside its lock"},
		{name: "reload_write", kind: kind, site: "main.(*settings).read", tolerated: also, setup: settingsReload(true), load: many(20, "/set", 3*ms),
			about: "a reload keeps the write lock for 150 ms twice a second; readers wait"},
		{name: "reload_write_ok", setup: settingsReload(false), load: many(20, "/set", 3*ms), about: "a reload prepares the new settings and swaps them"},
		{name: "counter_lock", kind: kind, site: "main.(*counters).add", tolerated: []string{"sched_latency"}, setup: counting(1), about: "sixteen workers add to one map, 3 ms under its lock"},
		{name: "counter_lock_ok", setup: counting(16), about: "each has a map of its own"},
		{name: "nightly_lock_ok", setup: nightly, load: many(2, "/report", 100*ms), about: "a rare job holds a lock for 180 ms; two clients wait for it now and then"},
		{name: "hot_short_ok", setup: hotShort, load: many(16, "/hot", 2*ms), about: "a lock that all requests take for a microsecond"},
	}
}

type pages struct {
	mu     sync.Mutex
	filled int
	inside bool
}

func (p *pages) get() int {
	if p.inside {
		p.mu.Lock()
		defer p.mu.Unlock()
		time.Sleep(30 * ms)
		p.filled++
		return p.filled
	}
	time.Sleep(30 * ms)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.filled++
	return p.filled
}

func pageCache(inside bool) func(*env) {
	return func(e *env) {
		p := &pages{inside: inside}
		e.mux.HandleFunc("/page", func(w http.ResponseWriter, r *http.Request) { p.get() })
	}
}

type settings struct {
	mu sync.RWMutex
	n  int
}

func (s *settings) read() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.n
}

func (s *settings) reload(inside bool) {
	if !inside {
		time.Sleep(150 * ms)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if inside {
		time.Sleep(150 * ms)
	}
	s.n++
}

func settingsReload(inside bool) func(*env) {
	return func(e *env) {
		s := &settings{}
		go func() {
			for {
				time.Sleep(350 * ms)
				s.reload(inside)
			}
		}()
		e.mux.HandleFunc("/set", func(w http.ResponseWriter, r *http.Request) { s.read() })
	}
}

type counters struct {
	mu sync.Mutex
	m  map[int]int
}

func (c *counters) add(k int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	burn(3 * ms)
	c.m[k]++
}

func counting(maps int) func(*env) {
	return func(*env) {
		var all []*counters
		for range maps {
			all = append(all, &counters{m: map[int]int{}})
		}
		for i := range 16 {
			go func() {
				for {
					all[i%maps].add(i)
					time.Sleep(40 * ms)
					if maps > 1 {
						time.Sleep(80 * ms)
					}
				}
			}()
		}
	}
}

func nightly(e *env) {
	var mu sync.Mutex
	go func() {
		for {
			time.Sleep(2300 * ms)
			mu.Lock()
			time.Sleep(180 * ms)
			mu.Unlock()
		}
	}()
	e.mux.HandleFunc("/report", func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		burn(ms)
	})
}

func hotShort(e *env) {
	var mu sync.Mutex
	var n atomic.Int64
	e.mux.HandleFunc("/hot", func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		n.Add(1)
		mu.Unlock()
	})
}
