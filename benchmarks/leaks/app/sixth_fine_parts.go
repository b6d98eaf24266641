package app

import (
	"context"
	"net/http"
	"sync"
	"time"
)

func sixthFineParts() []Scenario {
	ms := time.Millisecond
	return []Scenario{
		{Name: "elastic_workers", Late: true, Setup: elasticWorkers,
			About: "workers are added while jobs pile up, and leave after 2.2 s without one"},
		{Name: "broker_blocks", Setup: brokerBlocks,
			About: "a broker that publishes to three subscribers waits 1.6 s for the slow one each time"},
		{Name: "quiet_subscribers", Late: true, Setup: quietSubscribers, Load: keysOnce6("/subscribe6", 14, 180*ms),
			About: "the first request of each of fourteen topics subscribes the cache to it; most topics say nothing"},
		{Name: "cond_workers", Late: true, Setup: condWorkers,
			About: "sixteen workers wait on a condition for few jobs; Signal wakes the one that has waited longest"},
		{Name: "flush_tickers", Late: true, Setup: flushTickers,
			About: "thirty partitions are opened one after the other and flush every 7 s"},
		{Name: "old_server_drains", Setup: oldServerDrains,
			About: "a new listener is up; the old one's shutdown waits for three streams that go on for 4 s"},
		{Name: "watch_reconnects", Late: true, Setup: watchReconnects, Upstream: shortWatch6,
			About: "a watcher reconnects for ever and ends each connection's keep-alive goroutine with it"},
		{Name: "leader_followers", Late: true, Setup: leaderFollowers,
			About: "five candidates ask for a lease every second; four followers wait for events of the leader, which are rare"},
		{Name: "linger_batches", Setup: lingerBatches, Load: getEvery("/linger6", 90*ms),
			About: "a batch is written when 40 are together or after 2.6 s; those who wait for it do so in the background"},
		{Name: "merged_sensors", Late: true, Setup: mergedSensors,
			About: "six sensors that speak every 2.4 s are merged; the forwarders and the reader wait most of the time"},
		{Name: "optional_inputs", Late: true, Setup: optionalInputs,
			About: "workers select on a nil channel that stands for a feature that is off, on their jobs and on quit; jobs are rare"},
		{Name: "retry_backoff6", Setup: retryBackoff6, Load: getEvery("/hook6", 140*ms),
			About: "a web hook is tried after 0.2, 0.5, 1 and 2 s and is delivered the fourth time"},
		{Name: "sessions_ttl6", Setup: sessionsTTL6, Load: getEvery("/login6", 130*ms),
			About: "each log-in starts a session's goroutine that ends with its context after 3.1 s"},
		{Name: "drained_reload", Setup: drainedReload,
			About: "each reload makes new workers; the old ones have 1.9 s to finish what they have and then leave"},
		{Name: "write_behind", Setup: writeBehind,
			About: "the store takes 450 ms a write; six writers wait up to 2.7 s for room in its queue"},
		{Name: "start_order", Late: true, Setup: startOrder,
			About: "components wait until those that they need are ready; the last is ready after 5.5 s"},
		{Name: "phases", Setup: phases,
			About: "eight simulators wait for each other at the end of each phase; the slowest takes 2.7 s"},
		{Name: "fsync_lock", Setup: fsyncLock,
			About: "a log's lock is held for 900 ms while it is written to the disk; writers queue for it"},
		{Name: "lazy_stripes", Late: true, Setup: lazyStripes, Load: keysOnce6("/stripe6", 9, 220*ms),
			About: "each of nine stripes gets its writer with its first key; a key comes to the first one now and then"},
		{Name: "mux_replies", Setup: muxReplies, Upstream: slowFrames6,
			About: "calls over one shared connection wait 1.8 s for their reply, each in a goroutine"},
	}
}

func elasticWorkers(e *Env) {
	jobs := make(chan int, 64)
	work := func() {
		idle := time.NewTimer(2200 * time.Millisecond)
		defer idle.Stop()
		for {
			select {
			case <-jobs:
				pause(e.Ctx, 40*time.Millisecond)
				idle.Reset(2200 * time.Millisecond)
			case <-idle.C:
				return
			case <-e.Ctx.Done():
				return
			}
		}
	}
	inTurn(e, 25*time.Millisecond, func(i int) {
		if i%100 < 30 {
			jobs <- i
			jobs <- i
		}
		if len(jobs) > 4 {
			go work()
		}
	})
}

func brokerBlocks(e *Env) {
	var in []chan int
	for s := range 3 {
		c := make(chan int)
		in = append(in, c)
		go func() {
			for {
				select {
				case <-c:
				case <-e.Ctx.Done():
					return
				}
				if s == 2 {
					pause(e.Ctx, 1600*time.Millisecond)
				}
			}
		}()
	}
	inTurn(e, 10*time.Millisecond, func(i int) {
		for _, c := range in {
			select {
			case c <- i:
			case <-e.Ctx.Done():
			}
		}
	})
}

func flushTickers(e *Env) {
	go func() {
		for range 30 {
			go func() {
				t := time.NewTicker(7 * time.Second)
				defer t.Stop()
				for {
					select {
					case <-t.C:
						spin(2)
					case <-e.Ctx.Done():
						return
					}
				}
			}()
			if !pause(e.Ctx, 70*time.Millisecond) {
				return
			}
		}
	}()
}

func lingerBatches(e *Env) {
	var mu sync.Mutex
	var written chan struct{}
	n := 0
	e.Handle("/linger6", func(*http.Request) string {
		mu.Lock()
		defer mu.Unlock()
		if written == nil {
			batch := make(chan struct{})
			written, n = batch, 0
			time.AfterFunc(2600*time.Millisecond, func() {
				mu.Lock()
				defer mu.Unlock()
				if written == batch {
					written = nil
					close(batch)
				}
			})
		}
		n++
		batch := written
		go func() { <-batch; spin(1) }()
		if n == 40 {
			written = nil
			close(batch)
		}
		return "queued"
	})
}

func mergedSensors(e *Env) {
	merged := make(chan int)
	for i := range 6 {
		sensor := make(chan int)
		go func() {
			pause(e.Ctx, time.Duration(i)*370*time.Millisecond)
			for n := 0; pause(e.Ctx, 2400*time.Millisecond); n++ {
				sensor <- n
			}
			close(sensor)
		}()
		go func() {
			for n := range sensor {
				select {
				case merged <- n:
				case <-e.Ctx.Done():
				}
			}
		}()
	}
	go func() {
		for {
			select {
			case n := <-merged:
				spin(n % 3)
			case <-e.Ctx.Done():
				return
			}
		}
	}()
}

func optionalInputs(e *Env) {
	var replicas chan int
	jobs := make(chan int)
	for range 10 {
		go func() {
			for {
				select {
				case n := <-replicas:
					spin(n)
				case n := <-jobs:
					spin(n % 3)
				case <-e.Ctx.Done():
					return
				}
			}
		}()
	}
	inTurn(e, 800*time.Millisecond, func(i int) { jobs <- i })
}

func retryBackoff6(e *Env) {
	e.Handle("/hook6", func(*http.Request) string {
		go func() {
			for _, d := range []int{200, 500, 1000, 2000} {
				if !pause(e.Ctx, time.Duration(d)*time.Millisecond) {
					return
				}
				spin(1)
			}
		}()
		return "accepted"
	})
}

func sessionsTTL6(e *Env) {
	e.Handle("/login6", func(*http.Request) string {
		ctx, cancel := context.WithTimeout(e.Ctx, 3100*time.Millisecond)
		go func() {
			defer cancel()
			<-ctx.Done()
			spin(1)
		}()
		return "welcome"
	})
}

func drainedReload(e *Env) {
	quit := make(chan struct{})
	inTurn(e, 600*time.Millisecond, func(int) {
		old := quit
		quit = make(chan struct{})
		mine := quit
		for range 4 {
			go func() {
				select {
				case <-mine:
				case <-e.Ctx.Done():
				}
			}()
		}
		time.AfterFunc(1900*time.Millisecond, func() { close(old) })
	})
}

func writeBehind(e *Env) {
	queue := make(chan int, 2)
	go func() {
		for {
			select {
			case <-queue:
				pause(e.Ctx, 450*time.Millisecond)
			case <-e.Ctx.Done():
				return
			}
		}
	}()
	for range 6 {
		inTurn(e, 30*time.Millisecond, func(i int) {
			select {
			case queue <- i:
			case <-e.Ctx.Done():
			}
		})
	}
}
