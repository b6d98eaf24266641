package main

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"slices"
	"sync"
	"time"
)

type lru struct {
	mu    sync.Mutex
	order []int
}

func (l *lru) get(key int, under time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	time.Sleep(under)
	if l.order = append(l.order, key); len(l.order) > 100 {
		l.order = l.order[1:]
	}
}

func lruCache(under time.Duration) func(*env) {
	return func(e *env) {
		l := &lru{}
		handle(e, "/entry", func() {
			time.Sleep(6*ms - under)
			l.get(rand.IntN(50), under)
		})
	}
}

type auditLog struct {
	mu    sync.Mutex
	lines int
}

func (a *auditLog) write(slow time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if slow > 0 {
		time.Sleep(slow)
	}
	a.lines++
}

func auditLogs(slow time.Duration) func(*env) {
	return func(e *env) {
		a := &auditLog{}
		handle(e, "/audit", func() {
			a.write(slow)
			time.Sleep(2 * ms)
			a.write(slow)
		})
	}
}

type registry struct {
	mu    sync.RWMutex
	items map[int]int
}

func (r *registry) put(k int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.items[k]++
}

func (r *registry) scan(held bool) {
	r.mu.RLock()
	if held {
		time.Sleep(90 * ms)
		r.mu.RUnlock()
		return
	}
	r.mu.RUnlock()
	time.Sleep(90 * ms)
}

func registryScans(held bool) func(*env) {
	return func(e *env) {
		r := &registry{items: map[int]int{}}
		go func() {
			for {
				r.scan(held)
				time.Sleep(60 * ms)
			}
		}()
		handle(e, "/put", func() { r.put(rand.IntN(99)) })
	}
}

func backupLock(e *env) {
	var mu sync.Mutex
	go func() {
		for {
			time.Sleep(2 * time.Second)
			mu.Lock()
			time.Sleep(60 * ms)
			mu.Unlock()
		}
	}()
	handle(e, "/item", func() {
		mu.Lock()
		defer mu.Unlock()
		burn(100 * time.Microsecond)
	})
}

type entry struct {
	name *string
	next *entry
	tags map[string]*int
}

func pointerAnswers(n int) func(*env) {
	return func(e *env) {
		if n > 100 {
			live = append(live, tree(19))
		}
		handle(e, "/list", func() {
			var first *entry
			for i := range n {
				name := fmt.Sprint("entry ", i)
				first = &entry{&name, first, map[string]*int{"i": &i}}
			}
			runtime.KeepAlive(first)
		})
	}
}

func limitTooLow(low bool) func(*env) {
	return func(e *env) {
		live = append(live, tree(20))
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		limit := int64(m.Sys-m.HeapReleased-m.HeapIdle) + 3<<20
		if !low {
			limit *= 8
		}
		debug.SetMemoryLimit(limit)
		handle(e, "/alloc", func() { garbage(200) })
	}
}

func forcedByRequest(forced bool) func(*env) {
	return func(e *env) {
		live = append(live, tree(18))
		handle(e, "/free", func() {
			garbage(50)
			if forced {
				runtime.GC()
			}
		})
	}
}

func sortingJobs(n int) func(*env) {
	return func(e *env) {
		for range n {
			go func() {
				numbers := make([]int, 1<<17)
				for {
					for i := range numbers {
						numbers[i] = rand.Int()
					}
					slices.Sort(numbers)
					if n == 1 {
						time.Sleep(60 * ms)
					}
				}
			}()
		}
		handle(e, "/quick", func() { burn(40 * time.Microsecond) })
	}
}

func labelSeries(limit int) func(*env) {
	return func(e *env) {
		var mu sync.Mutex
		series := map[string][]float64{}
		n := 0
		handle(e, "/count", func() {
			garbage(20)
			mu.Lock()
			defer mu.Unlock()
			n++
			label := fmt.Sprintf("requests{id=%d}", n%limit)
			if series[label] == nil {
				series[label] = make([]float64, 3000)
			}
			series[label][n%3000]++
		})
	}
}

func listenersKept(removed bool) func(*env) {
	return func(e *env) {
		var mu sync.Mutex
		listeners := map[int][]byte{}
		n := 0
		handle(e, "/listen", func() {
			mu.Lock()
			n++
			id := n
			listeners[id] = make([]byte, 16<<10)
			mu.Unlock()
			garbage(40)
			if removed {
				mu.Lock()
				delete(listeners, id)
				mu.Unlock()
			}
		})
	}
}

func plateauCache(limit int) func(*env) {
	return func(e *env) {
		var mu sync.Mutex
		var pages [][]byte
		n := 0
		const size = 24 << 10
		handle(e, "/keep", func() {
			garbage(10)
			page := make([]byte, size)
			mu.Lock()
			defer mu.Unlock()
			if n++; len(pages)*size < limit {
				pages = append(pages, page)
			} else {
				pages[n%len(pages)] = page
			}
		})
	}
}

func wave(*env) {
	go func() {
		base := make([]byte, 20<<20)
		for {
			var up [][]byte
			for range 1200 {
				up = append(up, make([]byte, 100<<10))
				time.Sleep(3300 * time.Microsecond)
			}
			for len(up) > 0 {
				up = slices.Clone(up[:max(0, len(up)-60)])
				garbage(1000)
				time.Sleep(100 * ms)
			}
			runtime.KeepAlive(base)
		}
	}()
}

func indexRebuilt(e *env) {
	var mu sync.Mutex
	var index [][]byte
	go func() {
		for {
			var next [][]byte
			for range 900 {
				next = append(next, make([]byte, 100<<10))
				time.Sleep(2 * ms)
			}
			mu.Lock()
			index = next
			mu.Unlock()
			time.Sleep(1200 * ms)
		}
	}()
	handle(e, "/find", func() {
		mu.Lock()
		defer mu.Unlock()
		garbage(30 + len(index)%2)
	})
}

type lineClient struct{ addr string }

func (c *lineClient) ask() {
	conn, err := net.Dial("tcp", c.addr)
	if err != nil {
		return
	}
	defer conn.Close()
	fmt.Fprintln(conn, "what?")
	_, _ = bufio.NewReader(conn).ReadString('\n')
}

func rawUpstream(d time.Duration) func(*env) {
	return func(e *env) {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			panic(err)
		}
		go func() {
			for {
				conn, err := ln.Accept()
				if err != nil {
					return
				}
				time.AfterFunc(d, func() { fmt.Fprintln(conn, "that"); conn.Close() })
			}
		}()
		c := &lineClient{ln.Addr().String()}
		handle(e, "/raw", c.ask)
	}
}

func slotWait(n int) func(*env) {
	return func(e *env) {
		slots := make(chan struct{}, n)
		handle(e, "/resize", func() {
			slots <- struct{}{}
			time.Sleep(85 * ms)
			<-slots
		})
	}
}

func bulkWait(every time.Duration) func(*env) {
	return func(e *env) {
		var mu sync.Mutex
		written := make(chan struct{})
		go func() {
			for range time.Tick(every) {
				mu.Lock()
				close(written)
				written = make(chan struct{})
				mu.Unlock()
			}
		}()
		handle(e, "/bulk", func() {
			mu.Lock()
			mine := written
			mu.Unlock()
			<-mine
		})
	}
}

func watchEvents(e *env) {
	e.mux.HandleFunc("/watch", func(w http.ResponseWriter, r *http.Request) {
		changes := make(chan int)
		go func() {
			for i := range 4 {
				time.Sleep(600 * ms)
				select {
				case changes <- i:
				case <-r.Context().Done():
					return
				}
			}
			close(changes)
		}()
		say(w, "hello\n")
		for i := range changes {
			say(w, fmt.Sprintln("change", i))
		}
	})
}

func pacedExport(e *env) {
	e.mux.HandleFunc("/export", func(w http.ResponseWriter, r *http.Request) {
		t := time.NewTicker(300 * ms)
		defer t.Stop()
		for i := range 6 {
			say(w, fmt.Sprintln("page", i))
			<-t.C
		}
	})
}

func heapDumps(dump bool) func(*env) {
	return func(e *env) {
		live = append(live, tree(20))
		go func() {
			for {
				time.Sleep(time.Second)
				if !dump {
					_ = pprof.Lookup("heap").WriteTo(io.Discard, 0)
					continue
				}
				f, err := os.CreateTemp("", "heap")
				if err != nil {
					panic(err)
				}
				os.Remove(f.Name())
				debug.WriteHeapDump(f.Fd())
				f.Close()
			}
		}()
		handle(e, "/quick", func() { burn(30 * time.Microsecond) })
	}
}

func procsTuner(every time.Duration) func(*env) {
	return func(e *env) {
		go func() {
			for i := 0; ; i++ {
				time.Sleep(every)
				runtime.GOMAXPROCS(2 + i%2)
			}
		}()
		if every < time.Second {
			go func() {
				from, to := make([]byte, 300<<20), make([]byte, 300<<20)
				for {
					copy(to, from)
					time.Sleep(100 * ms)
				}
			}()
		}
		handle(e, "/quick", func() { burn(30 * time.Microsecond) })
	}
}

func goroutineProfiles(e *env) {
	stop := make(chan struct{})
	for range 1000 {
		go func() { <-stop }()
	}
	go func() {
		for {
			time.Sleep(700 * ms)
			_ = pprof.Lookup("goroutine").WriteTo(io.Discard, 0)
		}
	}()
	handle(e, "/quick", func() { burn(30 * time.Microsecond) })
}
