package app

import (
	"context"
	"fmt"
	"io"
	"iter"
	"net"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
	"golang.org/x/sync/singleflight"
	"golang.org/x/time/rate"
)

func sixthFineCalls() []Scenario {
	ms := time.Millisecond
	return []Scenario{
		{Name: "errgroup_limited", Setup: errgroupLimited,
			About: "an import of forty parts, three at a time, 1.7 s each: Go waits for a slot"},
		{Name: "singleflight_slow", Setup: singleflightSlow, Load: getEvery("/slow6", 120*ms),
			About: "background refreshes of one key share a flight that takes 2.3 s"},
		{Name: "weighted_queue6", Setup: weightedQueue6,
			About: "transcodings take 1.6 s; those that come meanwhile wait for their weight, up to five seconds"},
		{Name: "limiter_waits", Setup: limiterWaits,
			About: "mails are sent at 8 a second; ten come at once every 1.2 s, each in a goroutine that waits for its turn"},
		{Name: "driver_watchers", Late: true, Setup: driverWatchers, Load: rampQueries6,
			About: "a pool of ten connections grows with the load; each has a watcher that is told of each query's context, as a SQL driver's"},
		{Name: "cursors_held", Setup: cursorsHeld, Load: getEvery("/cursor6", 150*ms),
			About: "cursors are iterators that a client comes back to; they are stopped 2.5 s after their last use"},
		{Name: "many_hosts", Late: true, Setup: manyHosts, Load: getEvery("/hosts6", 130*ms),
			About: "a client asks each of twelve hosts at their first use and then now and then; one transport keeps their connections"},
		{Name: "rpc_streams_live", Late: true, Setup: rpcStreamsLive, Load: arriving6,
			About: "a client comes every 350 ms and stays; its stream has a receiver, a sender and a pinger, and little to say"},
		{Name: "custom_context6", Setup: customContext6, Load: getEvery("/custom6", 140*ms),
			About: "a foreign context makes the standard library start a goroutine for each child; requests take 2.1 s in the background"},
		{Name: "hedged_lookup", Setup: hedgedLookup, Load: getEvery("/hedged6", 70*ms),
			About: "the slower of two lookups takes 1.9 s and hands its answer to a channel with room for it"},
		{Name: "long_poll_within", Late: true, Setup: longPollWithin,
			About: "eight pollers within the process hold a poll of 4.2 s each against a server of the same process"},
		{Name: "job_handles", Setup: jobHandles, Load: getEvery("/job6", 160*ms),
			About: "each request starts a job of 2.8 s and a goroutine that waits for it to write its result down"},
	}
}

func errgroupLimited(e *Env) {
	go func() {
		var g errgroup.Group
		g.SetLimit(3)
		for range 40 {
			if e.Ctx.Err() != nil {
				break
			}
			g.Go(func() error { pause(e.Ctx, 1700*time.Millisecond); return nil })
		}
		_ = g.Wait()
	}()
}

func singleflightSlow(e *Env) {
	var flights singleflight.Group
	e.Handle("/slow6", func(*http.Request) string {
		go flights.Do("rates", func() (any, error) { pause(e.Ctx, 2300*time.Millisecond); return 1, nil })
		return "stale"
	})
}

func weightedQueue6(e *Env) {
	weight := semaphore.NewWeighted(6)
	drive(e, 320*time.Millisecond, func(i int) {
		if weight.Acquire(e.Ctx, int64(1+i%3)) == nil {
			pause(e.Ctx, 1600*time.Millisecond)
			weight.Release(int64(1 + i%3))
		}
	})
}

func limiterWaits(e *Env) {
	limiter := rate.NewLimiter(8, 1)
	inTurn(e, 1200*time.Millisecond, func(int) {
		for range 10 {
			go func() {
				if limiter.Wait(e.Ctx) == nil {
					spin(2)
				}
			}()
		}
	})
}

// watchedConn is a connection to a database whose watcher ends a query when its context does.
type watchedConn struct {
	watch chan context.Context
	done  chan struct{}
	quit  chan struct{}
}

func (c *watchedConn) watcher() {
	for {
		var ctx context.Context
		select {
		case ctx = <-c.watch:
		case <-c.quit:
			return
		}
		select {
		case <-ctx.Done():
		case <-c.done:
		case <-c.quit:
			return
		}
	}
}

func driverWatchers(e *Env) {
	var mu sync.Mutex
	var idle []*watchedConn
	slots := make(chan struct{}, 10)
	e.Handle("/sql6", func(r *http.Request) string {
		slots <- struct{}{}
		defer func() { <-slots }()
		mu.Lock()
		var c *watchedConn
		if n := len(idle); n > 0 {
			c, idle = idle[n-1], idle[:n-1]
		}
		mu.Unlock()
		if c == nil {
			c = &watchedConn{make(chan context.Context), make(chan struct{}), make(chan struct{})}
			go c.watcher()
			e.OnStop(func() { close(c.quit) })
		}
		c.watch <- r.Context()
		time.Sleep(60 * time.Millisecond)
		c.done <- struct{}{}
		mu.Lock()
		idle = append(idle, c)
		mu.Unlock()
		return "rows"
	})
}

// rampQueries6 asks more and more at once for two seconds, and little afterwards.
func rampQueries6(c *Client) {
	c.Every(200*time.Millisecond, func(i int) {
		n := min(i+1, 10)
		if i > 10 {
			n = 1
		}
		var wg sync.WaitGroup
		for range n {
			wg.Go(func() { c.Get("/sql6") })
		}
		wg.Wait()
	})
}

func numbers6() iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := 0; yield(i); i++ {
		}
	}
}

func cursorsHeld(e *Env) {
	e.Handle("/cursor6", func(*http.Request) string {
		next, stop := iter.Pull(numbers6())
		n, _ := next()
		time.AfterFunc(2500*time.Millisecond, stop)
		return fmt.Sprint(n)
	})
}

func manyHosts(e *Env) {
	var hosts []string
	for range 12 {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			panic(err)
		}
		srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok") })}
		go srv.Serve(ln)
		e.OnStop(func() { srv.Close() })
		hosts = append(hosts, "http://"+ln.Addr().String()+"/")
	}
	client := &http.Client{Transport: &http.Transport{}}
	e.OnStop(client.CloseIdleConnections)
	n := 0
	var mu sync.Mutex
	e.Handle("/hosts6", func(*http.Request) string {
		mu.Lock()
		at := n % 20
		n++
		mu.Unlock()
		if at >= len(hosts) {
			at = 0
		}
		resp, err := client.Get(hosts[at])
		if err != nil {
			return "failed"
		}
		io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		return "asked"
	})
}

func rpcStreamsLive(e *Env) {
	e.Mux.HandleFunc("/live6", func(w http.ResponseWriter, r *http.Request) {
		c, ok := hijack(w)
		if !ok {
			return
		}
		in, out, quit := make(chan uint32), make(chan uint32, 4), make(chan struct{})
		go func() {
			defer close(in)
			for {
				m, err := readFrame(c)
				if err != nil {
					return
				}
				in <- m
			}
		}()
		go func() {
			for {
				select {
				case m := <-out:
					writeFrame(c, m)
				case <-quit:
					return
				}
			}
		}()
		go func() {
			for pause(e.Ctx, 9*time.Second) {
				select {
				case out <- 0:
				case <-quit:
					return
				}
			}
		}()
		e.OnStop(func() { c.Close() })
		for m := range in {
			out <- m
		}
		close(quit)
		c.Close()
	})
}

func arriving6(c *Client) {
	c.Every(350*time.Millisecond, func(i int) {
		if conn, _ := c.Upgrade("/live6"); conn != nil {
			writeFrame(conn, uint32(i))
			go io.Copy(io.Discard, conn)
		}
	})
}

// foreign6 is a context that the standard library does not know.
type foreign6 struct {
	context.Context
	done chan struct{}
}

func (f *foreign6) Done() <-chan struct{} { return f.done }

func customContext6(e *Env) {
	e.Handle("/custom6", func(*http.Request) string {
		f := &foreign6{e.Ctx, make(chan struct{})}
		ctx, cancel := context.WithTimeout(f, 5*time.Second)
		go func() {
			defer cancel()
			pause(ctx, 2100*time.Millisecond)
		}()
		return "accepted"
	})
}

func hedgedLookup(e *Env) {
	e.Handle("/hedged6", func(*http.Request) string {
		answers := make(chan int, 2)
		lookup := func(d time.Duration) {
			gate := make(chan struct{})
			time.AfterFunc(d, func() { close(gate) })
			<-gate
			answers <- 1
		}
		go lookup(5 * time.Millisecond)
		go lookup(1900 * time.Millisecond)
		return fmt.Sprint(<-answers)
	})
}

func longPollWithin(e *Env) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	never := make(chan struct{})
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-never:
		case <-time.After(4200 * time.Millisecond):
		case <-r.Context().Done():
		}
		w.WriteHeader(http.StatusNoContent)
	})}
	go srv.Serve(ln)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}
	for i := range 8 {
		go func() {
			pause(e.Ctx, time.Duration(i)*300*time.Millisecond)
			for e.Ctx.Err() == nil {
				req, _ := http.NewRequestWithContext(e.Ctx, "GET", "http://"+ln.Addr().String()+"/changes", nil)
				if resp, err := client.Do(req); err == nil {
					resp.Body.Close()
				}
			}
		}()
	}
	e.OnStop(func() { client.CloseIdleConnections(); srv.Close() })
}

func jobHandles(e *Env) {
	e.Handle("/job6", func(*http.Request) string {
		done := make(chan int)
		go func() { pause(e.Ctx, 2800*time.Millisecond); done <- 1 }()
		go func() { spin(<-done) }()
		return "started"
	})
}
