package app

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

func seventhFine() []Scenario {
	ms := time.Millisecond
	return []Scenario{
		{Name: "parallel_open", Late: true, Setup: parallelOpen,
			About: "six shards are opened in parallel by goroutines that end; each leaves its shard's loop, which is seldom asked"},
		{Name: "staggered_start", Setup: staggeredStart,
			About: "two components are started by goroutines of their own, one after the other; their loops wait for rare events"},
		{Name: "upstream_ramp", Late: true, Setup: upstreamRamp, Upstream: quietLines7,
			About: "a pool opens a connection to its upstream every 150 ms until it has eighteen; each has a reader"},
		{Name: "market_feeds", Setup: marketFeeds, Upstream: slowTicks7,
			About: "a feed of a market is opened every 140 ms for as long as the recording goes; each says something every 2.1 s"},
		{Name: "mux_accepted", Late: true, Setup: muxAccepted, Load: muxClient7,
			About: "a client opens a stream on its one connection every 250 ms; each stream's goroutine is sent something every 3 s"},
		{Name: "resized_well", Late: true, Setup: resizedWell,
			About: "a pool is resized every 500 ms; the old queue is closed, and its workers leave"},
		{Name: "rolled_segments", Setup: rolledSegments,
			About: "a log rolls every 500 ms; an old segment's goroutine waits for readers and ends 2.9 s later"},
		{Name: "two_step_workers", Late: true, Setup: twoStepWorkers, Load: burstThenFew7,
			About: "each of the first ten jobs starts a worker that prepares, waits for the word to commit, and waits for its next job"},
		{Name: "lease_renewers", Late: true, Setup: leaseRenewers, Load: keysOnce6("/lease7", 10, 190*ms),
			About: "each of ten keys gets a lease at its first use, which is renewed every 2.4 s"},
		{Name: "slow_pipelines", Setup: slowPipelines,
			About: "the stages of four pipelines wait up to 2 s each to hand on what they have, as the sink is slow"},
		{Name: "delayed_jobs7", Setup: delayedJobs7, Load: getEvery("/later7", 170*ms),
			About: "each request's job waits for 3.4 s or for being called off"},
		{Name: "token_ring", Late: true, Setup: tokenRing,
			About: "ten members pass one token on, each keeping it for 400 ms"},
	}
}

func parallelOpen(e *Env) {
	asks := make(chan chan int, 6)
	for i := range 6 {
		go func() {
			pause(e.Ctx, time.Duration(20+i*90)*time.Millisecond)
			ask := make(chan int)
			go func() {
				for {
					select {
					case n := <-ask:
						spin(n % 3)
					case <-e.Ctx.Done():
						return
					}
				}
			}()
			asks <- ask
		}()
	}
	go func() {
		first := <-asks
		for i := 0; pause(e.Ctx, 700*time.Millisecond); i++ {
			first <- i
		}
	}()
}

func staggeredStart(e *Env) {
	start := func(after time.Duration) {
		pause(e.Ctx, after)
		events := make(chan int)
		e.OnStop(func() { close(events) })
		go func() {
			for n := range events {
				spin(n)
			}
		}()
	}
	go start(100 * time.Millisecond)
	go start(600 * time.Millisecond)
}

func upstreamRamp(e *Env) {
	go func() {
		for range 18 {
			c := e.dial()
			e.OnStop(func() { c.Close() })
			go func() {
				in := bufio.NewReader(c)
				for {
					if _, err := in.ReadString('\n'); err != nil {
						return
					}
				}
			}()
			if !pause(e.Ctx, 150*time.Millisecond) {
				return
			}
		}
	}()
}

func quietLines7(c net.Conn) {
	defer c.Close()
	fmt.Fprintln(c, "welcome")
	io.Copy(io.Discard, c)
}

func marketFeeds(e *Env) {
	inTurn(e, 140*time.Millisecond, func(int) {
		c := e.dial()
		e.OnStop(func() { c.Close() })
		go func() {
			in := bufio.NewScanner(c)
			for in.Scan() {
				spin(1)
			}
		}()
	})
}

func slowTicks7(c net.Conn) {
	defer c.Close()
	for {
		time.Sleep(2100 * time.Millisecond)
		if _, err := fmt.Fprintln(c, "tick"); err != nil {
			return
		}
	}
}

func muxAccepted(e *Env) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	e.OnStop(func() { ln.Close() })
	e.Handle("/port7", func(*http.Request) string { return ln.Addr().String() })
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			go muxServe7(c)
		}
	}()
}

func muxServe7(c net.Conn) {
	defer c.Close()
	streams := map[uint32]chan uint32{}
	for {
		id, err := readFrame(c)
		if err != nil {
			break
		}
		s := streams[id]
		if s == nil {
			s = make(chan uint32, 2)
			streams[id] = s
			go func() {
				for n := range s {
					spin(int(n % 3))
				}
			}()
		}
		s <- id
	}
	for _, s := range streams {
		close(s)
	}
}

func muxClient7(c *Client) {
	conn, err := net.Dial("tcp", c.ask("/port7"))
	if err != nil {
		return
	}
	start := time.Now()
	for i := 0; c.Ctx.Err() == nil; i++ {
		opened := uint32(time.Since(start) / (250 * time.Millisecond))
		writeFrame(conn, opened)
		if i%2 == 0 && opened > 12 {
			writeFrame(conn, uint32(i/2)%(opened-12))
		}
		time.Sleep(250 * time.Millisecond)
	}
	<-c.Ctx.Done()
}

func resizedWell(e *Env) {
	jobs := make(chan int, 8)
	start := func(queue chan int) {
		for range 4 {
			go func() {
				for n := range queue {
					spin(n % 3)
				}
			}()
		}
	}
	start(jobs)
	go func() {
		for i := 0; pause(e.Ctx, 25*time.Millisecond); i++ {
			if i%20 == 19 {
				old := jobs
				jobs = make(chan int, 8)
				start(jobs)
				close(old)
			}
			jobs <- i
		}
		close(jobs)
	}()
}

func rolledSegments(e *Env) {
	go func() {
		for e.Ctx.Err() == nil {
			appends, reads := make(chan int, 4), make(chan int)
			time.AfterFunc(3400*time.Millisecond, func() { close(reads) })
			go func() {
				for n := range appends {
					spin(n % 3)
				}
				<-reads
			}()
			for i := range 20 {
				appends <- i
				pause(e.Ctx, 25*time.Millisecond)
			}
			close(appends)
		}
	}()
}

func twoStepWorkers(e *Env) {
	type job struct{ commit chan bool }
	var mu sync.Mutex
	var idle []chan job
	made := 0
	e.Handle("/two7", func(*http.Request) string {
		mu.Lock()
		var worker chan job
		if n := len(idle); n > 0 {
			worker, idle = idle[n-1], idle[:n-1]
		} else if made < 10 {
			made++
			worker = make(chan job)
			e.OnStop(func() { close(worker) })
			go func() {
				for j := range worker {
					if <-j.commit {
						spin(2)
					}
				}
			}()
		}
		mu.Unlock()
		if worker == nil {
			return "busy"
		}
		j := job{make(chan bool)}
		worker <- j
		time.Sleep(70 * time.Millisecond)
		j.commit <- true
		mu.Lock()
		idle = append(idle, worker)
		mu.Unlock()
		return "committed"
	})
}

// burstThenFew7 asks for more and more at once in the first two seconds, then for one at a time.
func burstThenFew7(c *Client) {
	c.Every(180*time.Millisecond, func(i int) {
		n := 1
		if i < 12 {
			n = min(i+1, 10)
		}
		var wg sync.WaitGroup
		for range n {
			wg.Go(func() { c.Get("/two7") })
		}
		wg.Wait()
	})
}

func leaseRenewers(e *Env) {
	var mu sync.Mutex
	leases := map[string]bool{}
	e.Handle("/lease7", func(r *http.Request) string {
		key := r.FormValue("key")
		mu.Lock()
		defer mu.Unlock()
		if !leases[key] {
			leases[key] = true
			go func() {
				for pause(e.Ctx, 2400*time.Millisecond) {
					spin(1)
				}
			}()
		}
		return "held"
	})
}

func slowPipelines(e *Env) {
	sink := make(chan int)
	for range 4 {
		stage := make(chan int)
		inTurn(e, 50*time.Millisecond, func(i int) {
			select {
			case stage <- i:
			case <-e.Ctx.Done():
			}
		})
		go func() {
			for {
				select {
				case n := <-stage:
					select {
					case sink <- n:
					case <-e.Ctx.Done():
						return
					}
				case <-e.Ctx.Done():
					return
				}
			}
		}()
	}
	go func() {
		for pause(e.Ctx, 480*time.Millisecond) {
			select {
			case <-sink:
			case <-e.Ctx.Done():
			}
		}
	}()
}

func delayedJobs7(e *Env) {
	e.Handle("/later7", func(*http.Request) string {
		called := make(chan struct{})
		due := make(chan struct{})
		time.AfterFunc(3400*time.Millisecond, func() { close(due) })
		go func() {
			select {
			case <-due:
				spin(1)
			case <-called:
			case <-e.Ctx.Done():
			}
		}()
		return "scheduled"
	})
}

func tokenRing(e *Env) {
	ring := make([]chan int, 10)
	for i := range ring {
		ring[i] = make(chan int, 1)
	}
	for i := range ring {
		go func() {
			for {
				select {
				case n := <-ring[i]:
					if !pause(e.Ctx, 400*time.Millisecond) {
						return
					}
					ring[(i+1)%len(ring)] <- n + 1
				case <-e.Ctx.Done():
					return
				}
			}
		}()
	}
	ring[0] <- 0
}
