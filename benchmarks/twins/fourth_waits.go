package main

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"sync"
	"time"
)

var (
	keptMu    sync.Mutex
	keptViews [][]byte
)

func viewsOfBig(copied bool) func(*env) {
	return func(e *env) {
		handle(e, "/view", func() {
			body := make([]byte, 128<<10)
			for i := range body {
				body[i] = byte(i)
			}
			view := body[100:110]
			if copied {
				view = append([]byte(nil), view...)
			}
			keptMu.Lock()
			keptViews = append(keptViews, view)
			keptMu.Unlock()
		})
	}
}

type chainKey struct{ n int }

func contextChain(chained bool) func(*env) {
	return func(e *env) {
		var mu sync.Mutex
		base, n := context.Background(), 0
		handle(e, "/chain", func() {
			mu.Lock()
			defer mu.Unlock()
			n++
			ctx := context.WithValue(base, chainKey{n}, make([]byte, 40<<10))
			if chained {
				base = ctx
			}
			runtime.KeepAlive(ctx)
		})
	}
}

func rollingWindow(e *env) {
	type point struct {
		at   time.Time
		data []byte
	}
	var mu sync.Mutex
	var points []point
	handle(e, "/point", func() {
		mu.Lock()
		defer mu.Unlock()
		now := time.Now()
		points = append(points, point{now, make([]byte, 24<<10)})
		drop := 0
		for drop < len(points) && now.Sub(points[drop].at) > 4*time.Second {
			points[drop].data = nil
			drop++
		}
		points = points[drop:]
	})
}

func twoSteps(e *env) {
	var kept [][]byte
	load := func(n int) {
		for range n {
			kept = append(kept, make([]byte, 1<<20))
			time.Sleep(4 * ms)
		}
	}
	go func() {
		time.Sleep(time.Second)
		load(60)
		time.Sleep(4 * time.Second)
		load(50)
		time.Sleep(time.Hour)
		runtime.KeepAlive(kept)
	}()
	handle(e, "/quick", func() {
		b := make([]byte, 60<<10)
		burn(20 * time.Microsecond)
		runtime.KeepAlive(b)
	})
}

func groupOfCalls(e *env) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 32}}
	handle(e, "/calls", func() {
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				if resp, err := client.Get("http://" + e.upstream); err == nil {
					resp.Body.Close()
				}
			})
		}
		wg.Wait()
	})
}

func staleLock(held time.Duration) func(*env) {
	return func(e *env) {
		var mu sync.RWMutex
		go func() {
			for {
				mu.Lock()
				time.Sleep(held)
				mu.Unlock()
				time.Sleep(250 * ms)
			}
		}()
		handle(e, "/stale", func() {
			mu.RLock()
			defer mu.RUnlock()
			burn(50 * time.Microsecond)
		})
	}
}

func dispatcherAnswer(each time.Duration) func(*env) {
	return func(e *env) {
		asks := make(chan chan int)
		go func() {
			for ask := range asks {
				time.Sleep(each)
				ask <- 1
			}
		}()
		handle(e, "/ask", func() {
			answer := make(chan int)
			asks <- answer
			<-answer
		})
	}
}

func heartbeatStream(e *env) {
	e.mux.HandleFunc("/beat", func(w http.ResponseWriter, r *http.Request) {
		events := make(chan string)
		go func() {
			defer close(events)
			for range 3 {
				time.Sleep(900 * ms)
				events <- "news"
			}
		}()
		beat := time.NewTicker(700 * ms)
		defer beat.Stop()
		for {
			select {
			case event, open := <-events:
				if !open {
					return
				}
				fmt.Fprintf(w, "data: %s\n\n", event)
			case <-beat.C:
				fmt.Fprint(w, ": alive\n\n")
			}
			w.(http.Flusher).Flush()
		}
	})
}

func meteredDownload(e *env) {
	e.mux.HandleFunc("/meter", func(w http.ResponseWriter, r *http.Request) {
		tokens := make(chan struct{})
		stop := make(chan struct{})
		defer close(stop)
		go func() {
			for {
				time.Sleep(350 * ms)
				select {
				case tokens <- struct{}{}:
				case <-stop:
					return
				}
			}
		}()
		piece := make([]byte, 4<<10)
		for range 5 {
			_, _ = w.Write(piece)
			w.(http.Flusher).Flush()
			<-tokens
		}
	})
}

func stacksOnError(parked int) func(*env) {
	return func(e *env) {
		stop := make(chan struct{})
		for range parked {
			go func() { <-stop }()
		}
		handle(e, "/fail", func() {
			buf := make([]byte, 32<<20)
			runtime.Stack(buf, parked > 0)
		})
	}
}
