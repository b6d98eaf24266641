package app

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"
)

func thirdFine() []Scenario {
	ms := time.Millisecond
	return []Scenario{
		{Name: "admin_tasks", Setup: adminTasks, Load: firstGets("/admin", 2),
			About: "two requests start tasks that wait for an approval for 12 s at most"},
		{Name: "coalesced", Setup: coalesced, Load: getEvery("/save", 40*ms),
			About: "writes started by requests wait for the next common flush, every 1.7 s"},
		{Name: "short_subscribers", Setup: shortSubscribers, Load: getEvery("/follow", 150*ms),
			About: "each request leaves a subscriber that is ended after 2.4 s; its topic says nothing"},
		{Name: "task_kinds", Late: true, Setup: taskKinds,
			About: "a dispatcher starts a goroutine for each of ten kinds of task, 300 ms apart; most kinds have no task"},
		{Name: "slots_in_order", Setup: slotsInOrder, Load: slowGets("/slot", 8*time.Second, 100*ms),
			About: "handlers wait for one of two slots, in order, up to 4 s"},
		{Name: "slow_stop", Setup: slowStop, Load: getEvery("/work3", 60*ms),
			About: "at 2.5 s six components are told to stop and take 5 s; a waiter for each"},
		{Name: "health_streams", Late: true, Setup: healthStreams, Upstream: rareFrames,
			About: "ten streams to the upstream, opened one after the other, on which something comes every few seconds"},
		{Name: "key_watches", Late: true, Setup: keyWatches, Load: livingWatches,
			About: "long polls by key with a goroutine each that waits for the key to change; clients keep coming"},
		{Name: "slow_uploads2", Setup: detachedUploads, Upstream: slowSink, Load: getEvery("/archive", 250*ms),
			About: "requests start uploads to a slow upstream, 2.5 s each"},
		{Name: "debounced", Late: true, Setup: debounced, Load: keyLoad("/typed", 60*ms, 5),
			About: "a goroutine per key waits until the key was quiet for 1.8 s"},
		{Name: "purged_pool", Late: true, Setup: purgedPool, Load: burst("/job3", 40),
			About: "a pool starts workers on demand and purges those that were idle for 2 s"},
		{Name: "line_heartbeats", Late: true, Setup: lineHeartbeats, Load: lineClients,
			About: "a plain TCP service with a heartbeat ticker for each connection; clients come and stay"},
		{Name: "visibility", Setup: visibility, Load: getEvery("/message", 140*ms),
			About: "each message's processing of 1 to 2.5 s is accompanied by a ticker that prolongs its visibility"},
		{Name: "saga_signals", Setup: sagaSignals, Load: getEvery("/saga", 120*ms),
			About: "workflows wait for three signals each, 800 ms apart"},
		{Name: "boot_caches", Late: true, Setup: bootCaches,
			About: "twenty caches made at boot have a janitor each on a 500 ms ticker"},
		{Name: "long_pipeline", Late: true, Setup: longPipeline,
			About: "a pipeline of twelve stages passes an item every 1.2 s"},
		{Name: "sticky_sessions", Late: true, Setup: stickySessions, Load: keyLoad("/act", 70*ms, 6),
			About: "a session's goroutine gets its actions and is logged out after 2 to 3 s"},
		{Name: "warm_shards", Late: true, Setup: warmShards, Load: getEvery("/ping", 100*ms),
			About: "sixteen shards are warmed one by one in the first 2.5 s, and then wait for requests that seldom come"},
	}
}

func adminTasks(e *Env) {
	e.Handle("/admin", func(*http.Request) string {
		go func() {
			t := time.NewTimer(12 * time.Second)
			defer t.Stop()
			select {
			case <-t.C:
			case <-e.Ctx.Done():
			}
		}()
		return "asked for approval"
	})
}

func coalesced(e *Env) {
	var mu sync.Mutex
	next := make(chan struct{})
	go func() {
		for {
			pause(e.Ctx, 1700*time.Millisecond)
			mu.Lock()
			flushed := next
			next = make(chan struct{})
			mu.Unlock()
			close(flushed)
			if e.Ctx.Err() != nil {
				return
			}
		}
	}()
	e.Handle("/save", func(*http.Request) string {
		mu.Lock()
		flushed := next
		mu.Unlock()
		go func() { <-flushed; spin(1) }()
		return "will be saved"
	})
}

func runKind(ctx context.Context, tasks <-chan int) {
	for {
		select {
		case n := <-tasks:
			spin(n)
		case <-ctx.Done():
			return
		}
	}
}

func taskKinds(e *Env) {
	go func() {
		var first chan int
		for range 10 {
			tasks := make(chan int, 1)
			if first == nil {
				first = tasks
			}
			go runKind(e.Ctx, tasks)
			pause(e.Ctx, 300*time.Millisecond)
		}
		for pause(e.Ctx, 500*time.Millisecond) {
			select {
			case first <- 1:
			default:
			}
		}
	}()
}

func slotsInOrder(e *Env) {
	slots := make(chan struct{}, 2)
	e.Handle("/slot", func(r *http.Request) string {
		select {
		case slots <- struct{}{}:
		case <-r.Context().Done():
			return "gone"
		}
		time.Sleep(230 * time.Millisecond)
		<-slots
		return "served"
	})
}

func slowStop(e *Env) {
	e.Handle("/work3", func(*http.Request) string { return "done" })
	go func() {
		if !pause(e.Ctx, 2500*time.Millisecond) {
			return
		}
		for i := range 6 {
			stopped := make(chan struct{})
			time.AfterFunc(time.Duration(4500+100*i)*time.Millisecond, func() { close(stopped) })
			go func() { <-stopped; spin(1) }()
			pause(e.Ctx, 50*time.Millisecond)
		}
	}()
}

func debounced(e *Env) {
	var mu sync.Mutex
	keys := map[string]chan struct{}{}
	e.Handle("/typed", func(r *http.Request) string {
		key := r.FormValue("key")
		mu.Lock()
		defer mu.Unlock()
		typed := keys[key]
		if typed == nil {
			typed = make(chan struct{}, 16)
			keys[key] = typed
			go func() {
				for {
					select {
					case <-typed:
						continue
					case <-time.After(1800 * time.Millisecond):
					case <-e.Ctx.Done():
					}
					break
				}
				mu.Lock()
				delete(keys, key)
				mu.Unlock()
			}()
		}
		typed <- struct{}{}
		return key
	})
}

// keyLoad asks n times for each key, then for the next.
func keyLoad(path string, period time.Duration, n int) func(*Client) {
	return func(c *Client) {
		c.Every(period, func(i int) { c.Get(fmt.Sprintf("%s?key=%d&n=%d", path, i/n, i%n)) })
	}
}

type purged struct {
	mu   sync.Mutex
	idle []*purgedWorker
}

type purgedWorker struct {
	jobs  chan func()
	since time.Time
}

func (p *purged) run(w *purgedWorker) {
	for job := range w.jobs {
		if job == nil {
			return
		}
		job()
		p.mu.Lock()
		w.since = time.Now()
		p.idle = append(p.idle, w)
		p.mu.Unlock()
	}
}

func (p *purged) submit(job func()) {
	p.mu.Lock()
	var w *purgedWorker
	if n := len(p.idle); n > 0 {
		w = p.idle[n-1]
		p.idle = p.idle[:n-1]
	}
	p.mu.Unlock()
	if w == nil {
		w = &purgedWorker{jobs: make(chan func(), 1)}
		go p.run(w)
	}
	w.jobs <- job
}

func (p *purged) purge(older time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var kept []*purgedWorker
	for _, w := range p.idle {
		if time.Since(w.since) > older {
			w.jobs <- nil
		} else {
			kept = append(kept, w)
		}
	}
	p.idle = kept
}

func purgedPool(e *Env) {
	p := &purged{}
	go func() {
		for pause(e.Ctx, 500*time.Millisecond) {
			p.purge(2 * time.Second)
		}
	}()
	e.OnStop(func() { p.purge(0) })
	e.Handle("/job3", func(*http.Request) string {
		done := make(chan struct{})
		p.submit(func() { time.Sleep(30 * time.Millisecond); close(done) })
		<-done
		return "done"
	})
}

func visibility(e *Env) {
	n := 0
	var mu sync.Mutex
	e.Handle("/message", func(*http.Request) string {
		mu.Lock()
		n++
		takes := time.Duration(1000+n%4*500) * time.Millisecond
		mu.Unlock()
		go func() {
			done := make(chan struct{})
			go prolong(done)
			time.Sleep(takes)
			close(done)
		}()
		return "received"
	})
}

func prolong(done <-chan struct{}) {
	t := time.NewTicker(300 * time.Millisecond)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			spin(1)
		case <-done:
			return
		}
	}
}

func sagaSignals(e *Env) {
	e.Handle("/saga", func(*http.Request) string {
		signals := make(chan int)
		go func() {
			for range 3 {
				spin(<-signals % 3)
			}
		}()
		time.AfterFunc(800*time.Millisecond, func() { signals <- 1 })
		time.AfterFunc(1600*time.Millisecond, func() { signals <- 2 })
		time.AfterFunc(2400*time.Millisecond, func() { signals <- 3 })
		return "begun"
	})
}

func bootCaches(e *Env) {
	for range 20 {
		go func() {
			t := time.NewTicker(500 * time.Millisecond)
			defer t.Stop()
			for {
				select {
				case <-t.C:
					spin(1)
				case <-e.Ctx.Done():
					return
				}
			}
		}()
	}
}

func longPipeline(e *Env) {
	first := make(chan int)
	in := (<-chan int)(first)
	for range 12 {
		out := make(chan int, 1)
		go func(in <-chan int) {
			defer close(out)
			for n := range in {
				out <- n + 1
			}
		}(in)
		in = out
	}
	go func() {
		for n := range in {
			spin(n % 3)
		}
	}()
	go func() {
		defer close(first)
		for pause(e.Ctx, 1200*time.Millisecond) {
			first <- 1
		}
	}()
}

func warmShards(e *Env) {
	shards := make([]chan int, 16)
	go func() {
		for i := range shards {
			shards[i] = make(chan int, 4)
			own := shards[i]
			go func() {
				for {
					select {
					case n := <-own:
						spin(n)
					case <-e.Ctx.Done():
						return
					}
				}
			}()
			pause(e.Ctx, 150*time.Millisecond)
		}
		for i := 0; pause(e.Ctx, 1100*time.Millisecond); i++ {
			shards[i*5%16] <- 1
		}
	}()
}
