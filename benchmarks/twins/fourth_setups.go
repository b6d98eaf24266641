package main

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

type shard struct {
	mu sync.Mutex
	n  map[int]int
}

func (s *shard) add(key int, slow time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n[key]++
	if slow > 0 {
		time.Sleep(slow)
	}
}

func shards(keys int) func(*env) {
	slow := time.Duration(0)
	if keys == 1 {
		slow = 5 * ms
	}
	return func(e *env) {
		all := make([]*shard, 16)
		for i := range all {
			all[i] = &shard{n: map[int]int{}}
		}
		handle(e, "/shard", func() {
			key := rand.IntN(keys)
			all[key%16].add(key, slow)
		})
	}
}

type gauges struct {
	mu     sync.Mutex
	values map[int]int
}

func (g *gauges) set(k, v int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.values[k] = v
}

func (g *gauges) scrape(held bool) {
	g.mu.Lock()
	n := len(g.values)
	if held {
		time.Sleep(80 * ms)
	}
	g.mu.Unlock()
	burn(time.Duration(n) * time.Microsecond)
}

func gaugeScrapes(held bool) func(*env) {
	return func(e *env) {
		g := &gauges{values: map[int]int{}}
		for w := range 12 {
			go func() {
				for i := 0; ; i++ {
					g.set(w, i)
					time.Sleep(4 * ms)
				}
			}()
		}
		go func() {
			for range time.Tick(200 * ms) {
				g.scrape(held)
			}
		}()
	}
}

type sequence struct {
	mu        sync.Mutex
	free, end int
	ahead     chan int
}

func (s *sequence) next(fetch func() int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.free == s.end {
		s.free = fetch()
		s.end = s.free + 5
	}
	s.free++
	return s.free
}

func sequences(underLock bool) func(*env) {
	return func(e *env) {
		s := &sequence{ahead: make(chan int, 64)}
		if !underLock {
			go func() {
				for i := 0; ; i += 5 {
					s.ahead <- i
				}
			}()
		}
		fetch := func() int {
			if !underLock {
				return <-s.ahead
			}
			time.Sleep(20 * ms)
			return s.end
		}
		handle(e, "/id", func() {
			s.next(fetch)
			time.Sleep(2 * ms)
		})
	}
}

func bootLock(e *env) {
	var mu sync.Mutex
	loaded := false
	handle(e, "/start", func() {
		mu.Lock()
		defer mu.Unlock()
		if !loaded {
			time.Sleep(70 * ms)
			loaded = true
		}
	})
}

var keptText atomic.Value

func stringBuilding(parts int) func(*env) {
	return func(e *env) {
		for range 30000 {
			live = append(live, &node{left: &node{}})
		}
		handle(e, "/text", func() {
			if parts < 10 {
				var b strings.Builder
				b.Grow(64)
				for i := range parts {
					fmt.Fprint(&b, i)
				}
				keptText.Store(b.String())
				return
			}
			text := ""
			for i := range parts {
				text += fmt.Sprint("part ", i, ";")
			}
			keptText.Store(text)
		})
	}
}

func boxedRows(boxed bool) func(*env) {
	return func(e *env) {
		for range 40000 {
			live = append(live, &node{left: &node{}})
		}
		pool := sync.Pool{New: func() any { return make([]int, 200) }}
		handle(e, "/rows", func() {
			if !boxed {
				rows := pool.Get().([]int)
				for i := range rows {
					rows[i] = i
				}
				pool.Put(rows)
				return
			}
			var rows []any
			for i := range 20000 {
				rows = append(rows, i*1000, fmt.Sprint(i))
			}
			runtime.KeepAlive(rows)
		})
	}
}

func busyPolling(n int, rest time.Duration) func(*env) {
	return func(e *env) {
		var flag atomic.Int64
		for range n {
			go func() {
				for flag.Load() == 0 {
					for i := range 500 {
						flag.Add(int64(i % 1))
					}
					if rest > 0 {
						time.Sleep(rest)
					}
				}
			}()
		}
		handle(e, "/quick", func() { burn(50 * time.Microsecond) })
	}
}

func reportSwarm(n int) func(*env) {
	return func(e *env) {
		handle(e, "/report", func() {
			var wg sync.WaitGroup
			for range n {
				wg.Go(func() { burn(6 * ms) })
			}
			wg.Wait()
		})
	}
}
