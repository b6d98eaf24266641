package app

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

type reapedActor struct{ inbox chan int }

func (a *reapedActor) loop(ctx context.Context, gone func()) {
	defer gone()
	for {
		select {
		case m := <-a.inbox:
			spin(m)
		case <-time.After(2 * time.Second):
			return
		case <-ctx.Done():
			return
		}
	}
}

func actorsReaped(e *Env) {
	var mu sync.Mutex
	actors := map[string]*reapedActor{}
	e.Handle("/say", func(r *http.Request) string {
		key := r.FormValue("key")
		mu.Lock()
		defer mu.Unlock()
		a := actors[key]
		if a == nil {
			a = &reapedActor{make(chan int, 8)}
			actors[key] = a
			go a.loop(e.Ctx, func() { mu.Lock(); delete(actors, key); mu.Unlock() })
		}
		a.inbox <- 1
		return key
	})
}

func keysInTurn(c *Client) {
	c.Every(80*time.Millisecond, func(i int) { c.Get(fmt.Sprintf("/say?key=%d", i/2)) })
}

func autoscaled(e *Env) {
	jobs := make(chan int, 100)
	worker := func() {
		for j := range jobs {
			time.Sleep(40 * time.Millisecond)
			spin(j)
		}
	}
	e.OnStop(func() { close(jobs) })
	go func() {
		for n := 0; n < 40 && pause(e.Ctx, 100*time.Millisecond); {
			if len(jobs) > 4 {
				n++
				go worker()
			}
		}
	}()
	e.Handle("/crunch", func(*http.Request) string { jobs <- 1; return "queued" })
}

// rampUp sends bursts that grow, two a second.
func rampUp(c *Client) {
	c.Every(500*time.Millisecond, func(i int) {
		var wg sync.WaitGroup
		for range 6 + 3*i {
			wg.Go(func() { c.Get("/crunch") })
		}
		wg.Wait()
	})
}

func drainSlow(e *Env) {
	type flusher struct{ acked chan struct{} }
	var all []*flusher
	for range 10 {
		all = append(all, &flusher{make(chan struct{})})
	}
	go func() {
		if !pause(e.Ctx, 2*time.Second) {
			return
		}
		var wg sync.WaitGroup
		for _, f := range all {
			wg.Go(func() { <-f.acked })
		}
		go func() {
			for _, f := range all {
				time.Sleep(600 * time.Millisecond)
				close(f.acked)
			}
		}()
		wg.Wait()
	}()
	e.Handle("/order2", func(*http.Request) string { return "taken" })
}

func groupParallel(e *Env) {
	e.Handle("/merge2", func(r *http.Request) string {
		var wg sync.WaitGroup
		for i := range 4 {
			wg.Go(func() { pause(r.Context(), time.Duration(600+800*i)*time.Millisecond) })
		}
		wg.Wait()
		return "merged"
	})
}

func lazyShards(e *Env) {
	var mu sync.Mutex
	shards := map[string]chan int{}
	e.Handle("/shard", func(r *http.Request) string {
		key := r.FormValue("key")
		mu.Lock()
		ch := shards[key]
		if ch == nil {
			ch = make(chan int, 4)
			shards[key] = ch
			e.OnStop(func() { close(ch) })
			go func() {
				for n := range ch {
					spin(n)
				}
			}()
		}
		mu.Unlock()
		ch <- 1
		return key
	})
}

// shardsInTurn meets a new shard every 400 ms, and an old one now and then.
func shardsInTurn(c *Client) {
	c.Every(200*time.Millisecond, func(i int) {
		if i%2 == 0 && i < 24 {
			c.Get(fmt.Sprintf("/shard?key=%d", i/2))
		} else if i%6 == 1 {
			c.Get(fmt.Sprintf("/shard?key=%d", i/12))
		} else {
			c.Get("/ping")
		}
	})
}

func bootWaiters(e *Env) {
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	e.OnStop(func() { signal.Stop(hup); close(hup) })
	go func() {
		for range hup {
			spin(1)
		}
	}()
	for i := range 9 {
		done := make(chan struct{})
		e.OnStop(func() { close(done) })
		go awaitComponent(e.Ctx, done)
		time.Sleep(time.Duration(20+i) * time.Millisecond)
	}
}

func awaitComponent(ctx context.Context, done <-chan struct{}) {
	<-ctx.Done()
	<-done
}

func consumePartition(ctx context.Context, messages <-chan int) {
	for {
		select {
		case m := <-messages:
			spin(m)
		case <-ctx.Done():
			return
		}
	}
}

func rebalanced(e *Env) {
	go func() {
		if !pause(e.Ctx, 1200*time.Millisecond) {
			return
		}
		ctx, revoke := context.WithCancel(e.Ctx)
		for range 16 {
			go consumePartition(ctx, make(chan int))
		}
		pause(e.Ctx, 1400*time.Millisecond)
		revoke()
		rare := make(chan int)
		for i := range 16 {
			ch := make(chan int)
			if i == 3 {
				ch = rare
			}
			go consumePartition(e.Ctx, ch)
		}
		for pause(e.Ctx, 900*time.Millisecond) {
			rare <- 1
		}
	}()
}

// firstGets asks n times, 300 ms apart.
func firstGets(path string, n int) func(*Client) {
	return func(c *Client) {
		c.Every(300*time.Millisecond, func(i int) {
			if i < n {
				c.Get(path)
			} else {
				c.Get("/ping")
			}
		})
	}
}

func encodeJobs(e *Env) {
	e.Handle("/encode", func(*http.Request) string {
		go func() {
			var wg sync.WaitGroup
			for range 2 {
				wg.Go(func() {
					for range 90 {
						time.Sleep(100 * time.Millisecond)
						spin(20)
					}
				})
			}
			wg.Wait()
		}()
		return "started"
	})
}

func backPressure(e *Env) {
	queue := make(chan int, 2)
	stop := make(chan struct{})
	e.OnStop(func() { close(stop) })
	for i := range 4 {
		go func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				queue <- i
			}
		}()
	}
	go func() {
		for {
			pause(e.Ctx, 1100*time.Millisecond)
			select {
			case n := <-queue:
				spin(n)
			case <-stop:
				time.Sleep(50 * time.Millisecond)
				for len(queue) > 0 {
					<-queue
				}
				return
			}
		}
	}()
}

func slowJobReporter(e *Env) {
	e.Handle("/job2", func(*http.Request) string {
		done := make(chan struct{})
		go func() {
			defer close(done)
			for range 70 {
				time.Sleep(100 * time.Millisecond)
			}
		}()
		go func() { <-done; spin(1) }()
		return "started"
	})
}
