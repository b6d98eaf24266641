package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// secondRequests are faults that requests feel one by one, or that make them pile up, and their twins.
func secondRequests() []twin {
	blocked, surge, lock := "blocked_too_long", "goroutine_surge", "mutex_contention"
	also := []string{blocked, lock, "sched_latency", "slow_request"}
	slow := []string{"sched_latency", "slow_request"}
	return []twin{
		{name: "cond_wait", kind: blocked, site: "main.secondCond", tolerated: slow, setup: secondCond(600 * ms), load: many(5, "/cond", 80*ms), about: "handlers wait on a condition that is signalled every 600 ms"},
		{name: "cond_wait_ok", tolerated: slow, setup: secondCond(30 * ms), load: many(5, "/cond", 80*ms), about: "every 30 ms"},
		{name: "sql_pool_wait", kind: blocked, site: "main.sqlPool", tolerated: slow, setup: sqlPool(1), load: many(6, "/sql", 20*ms), about: "one connection for six clients, 90 ms a query"},
		{name: "sql_pool_wait_ok", tolerated: slow, setup: sqlPool(8), load: many(6, "/sql", 20*ms), about: "eight connections"},
		{name: "full_queue", kind: blocked, site: "main.fullQueue", tolerated: slow, setup: fullQueue(110 * ms), load: many(8, "/put", 10*ms), about: "handlers send into a queue of four whose consumer takes 110 ms an item"},
		{name: "full_queue_ok", tolerated: slow, setup: fullQueue(ms), load: many(8, "/put", 10*ms), about: "1 ms an item"},
		{name: "many_small_calls", kind: blocked, site: "net/http.(*persistConn).roundTrip", tolerated: slow, setup: smallCalls(9), upstream: answerAfter(45 * ms), load: many(3, "/calls", 60*ms), about: "nine calls one after the other, 45 ms each"},
		{name: "many_small_calls_ok", tolerated: slow, setup: smallCalls(3), upstream: answerAfter(45 * ms), load: many(3, "/calls", 60*ms), about: "three of them"},
		{name: "sleeping_handler_ok", tolerated: slow, setup: sleeping, load: many(4, "/sleep", 50*ms), about: "a handler sleeps for 500 ms on purpose"},
		{name: "detached_work_ok", tolerated: slow, setup: detached, load: many(4, "/start", 60*ms), about: "a handler starts work that waits for 800 ms, and answers at once"},
		{name: "stream_proxy_ok", tolerated: slow, setup: streamProxy, upstream: eventsEvery(450 * ms), load: many(4, "/proxy", 200*ms), about: "a handler passes an upstream's event stream on, an event every 450 ms, flushing each"},
		{name: "poll_by_ticker_ok", tolerated: slow, setup: tickerPoll, load: many(4, "/wait", 100*ms), about: "a handler looks every 100 ms whether a thing is done, for up to 700 ms"},

		{name: "upstream_stalls", kind: surge, site: "main.callAside", tolerated: also, seconds: 8, setup: callAside, upstream: stallsAfter(3500 * ms), load: many(10, "/aside", 12*ms), about: "from 3.5 s on the upstream takes 3 s; the goroutines that call it pile up"},
		{name: "upstream_stalls_ok", tolerated: also, seconds: 8, setup: callAside, upstream: answerAfter(10 * ms), load: many(10, "/aside", 12*ms), about: "it does not"},
		{name: "lock_taken", kind: surge, site: "main.journalLock", tolerated: also, seconds: 8, setup: journalLock(true), load: many(8, "/log", 10*ms), about: "at 4 s a job keeps the lock for 3 s that all writers in the background need"},
		{name: "lock_taken_ok", tolerated: also, seconds: 8, setup: journalLock(false), load: many(8, "/log", 10*ms), about: "it does not keep it"},
		{name: "consumer_stops", kind: surge, site: "main.consumerStops", tolerated: also, seconds: 8, setup: consumerStops(true), load: many(8, "/event", 10*ms), about: "a consumer pauses for 3 s at 4 s; senders in the background pile up"},
		{name: "consumer_stops_ok", tolerated: also, seconds: 8, setup: consumerStops(false), load: many(8, "/event", 10*ms), about: "it goes on"},
		{name: "traffic_doubles_ok", tolerated: also, seconds: 8, setup: callAside, upstream: answerAfter(150 * ms), load: moreAndMore, about: "at 3 s twelve times as many requests come; each takes as long as before"},
		{name: "nightly_fan_out_ok", tolerated: also, seconds: 8, setup: nightlyFanOut, load: many(4, "/ping", 30*ms), about: "a job starts three hundred goroutines that each wait for 100 ms, every two seconds"},
		{name: "few_then_long_ok", tolerated: also, seconds: 8, setup: fewThenLong, load: many(4, "/task", 40*ms), about: "short tasks all the time, and forty long ones of 2 s at 4 s"},

		{name: "lock_over_call", kind: lock, site: "main.lockOverCall", tolerated: []string{blocked, "slow_request"}, setup: lockOverCall(true), upstream: answerAfter(25 * ms), load: many(10, "/locked", 5*ms), about: "a lock is held over a call of 25 ms"},
		{name: "lock_over_call_ok", tolerated: slow, setup: lockOverCall(false), upstream: answerAfter(25 * ms), load: many(10, "/locked", 5*ms), about: "it is given back before the call"},
	}
}

func secondCond(every time.Duration) func(*env) {
	return func(e *env) {
		var mu sync.Mutex
		news := sync.NewCond(&mu)
		go func() {
			for range time.Tick(every) {
				news.Broadcast()
			}
		}()
		handle(e, "/cond", func() {
			mu.Lock()
			news.Wait()
			mu.Unlock()
		})
	}
}

// slowDB is a database whose queries take 90 ms.
type slowDB struct{}

func (slowDB) Connect(context.Context) (driver.Conn, error) { return slowDB{}, nil }
func (slowDB) Driver() driver.Driver                        { return nil }
func (slowDB) Prepare(string) (driver.Stmt, error)          { return nil, driver.ErrSkip }
func (slowDB) Close() error                                 { return nil }
func (slowDB) Begin() (driver.Tx, error)                    { return nil, driver.ErrSkip }
func (slowDB) ExecContext(context.Context, string, []driver.NamedValue) (driver.Result, error) {
	time.Sleep(90 * ms)
	return driver.ResultNoRows, nil
}

func sqlPool(conns int) func(*env) {
	return func(e *env) {
		db := sql.OpenDB(slowDB{})
		db.SetMaxOpenConns(conns)
		e.mux.HandleFunc("/sql", func(w http.ResponseWriter, r *http.Request) { db.ExecContext(r.Context(), "update") })
	}
}

func fullQueue(takes time.Duration) func(*env) {
	return func(e *env) {
		queue := make(chan int, 4)
		go func() {
			for range queue {
				time.Sleep(takes)
			}
		}()
		handle(e, "/put", func() { queue <- 1 })
	}
}

func smallCalls(n int) func(*env) {
	return func(e *env) {
		handle(e, "/calls", func() {
			for range n {
				fetch(e)
			}
		})
	}
}

var fetching = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}

func fetch(e *env) {
	if resp, err := fetching.Get("http://" + e.upstream + "/"); err == nil {
		io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
	}
}

func sleeping(e *env) { handle(e, "/sleep", func() { time.Sleep(500 * ms) }) }

func detached(e *env) {
	handle(e, "/start", func() {
		done := make(chan int)
		time.AfterFunc(800*ms, func() { close(done) })
		go func() { <-done }()
	})
}

func streamProxy(e *env) {
	e.mux.HandleFunc("/proxy", func(w http.ResponseWriter, r *http.Request) {
		resp, err := fetching.Get("http://" + e.upstream + "/")
		if err != nil {
			return
		}
		defer resp.Body.Close()
		buf := make([]byte, 512)
		for {
			n, err := resp.Body.Read(buf)
			w.Write(buf[:n])
			w.(http.Flusher).Flush()
			if err != nil {
				return
			}
		}
	})
}

func eventsEvery(d time.Duration) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) {
		for range 6 {
			say(w, "data: event\n\n")
			time.Sleep(d)
		}
	}
}

func tickerPoll(e *env) {
	e.mux.HandleFunc("/wait", func(w http.ResponseWriter, r *http.Request) {
		t := time.NewTicker(100 * ms)
		defer t.Stop()
		for range 7 {
			select {
			case <-t.C:
			case <-r.Context().Done():
				return
			}
		}
	})
}

func callAside(e *env) {
	handle(e, "/aside", func() { go fetch(e) })
}

func stallsAfter(d time.Duration) func(http.ResponseWriter, *http.Request) {
	var first atomic.Int64
	return func(w http.ResponseWriter, r *http.Request) {
		first.CompareAndSwap(0, time.Now().UnixNano())
		if time.Since(time.Unix(0, first.Load())) > d {
			time.Sleep(3 * time.Second)
		} else {
			time.Sleep(10 * ms)
		}
	}
}

func journalLock(kept bool) func(*env) {
	return func(e *env) {
		var mu sync.Mutex
		go func() {
			time.Sleep(4 * time.Second)
			mu.Lock()
			if kept {
				time.Sleep(3 * time.Second)
			}
			mu.Unlock()
		}()
		handle(e, "/log", func() {
			go func() {
				mu.Lock()
				defer mu.Unlock()
				burn(20 * time.Microsecond)
			}()
		})
	}
}

func consumerStops(stops bool) func(*env) {
	return func(e *env) {
		events := make(chan int)
		begun := time.Now()
		go func() {
			for range events {
				if stops && time.Since(begun) > 4*time.Second {
					stops = false
					time.Sleep(3 * time.Second)
				}
			}
		}()
		handle(e, "/event", func() { go func() { events <- 1 }() })
	}
}

func moreAndMore(c *client) {
	go many(1, "/aside", 12*ms)(c)
	time.Sleep(3 * time.Second)
	many(12, "/aside", 12*ms)(c)
}

func nightlyFanOut(e *env) {
	handle(e, "/ping", func() {})
	go func() {
		for {
			var wg sync.WaitGroup
			for range 300 {
				wg.Go(func() { time.Sleep(100 * ms) })
			}
			wg.Wait()
			time.Sleep(1900 * ms)
		}
	}()
}

func fewThenLong(e *env) {
	handle(e, "/task", func() { go work(5 * ms) })
	go func() {
		time.Sleep(4 * time.Second)
		for range 40 {
			go work(2 * time.Second)
		}
	}()
}

func work(d time.Duration) {
	done := make(chan int)
	time.AfterFunc(d, func() { close(done) })
	<-done
}

func lockOverCall(held bool) func(*env) {
	return func(e *env) {
		var mu sync.Mutex
		handle(e, "/locked", func() {
			mu.Lock()
			if held {
				defer mu.Unlock()
				fetch(e)
				return
			}
			mu.Unlock()
			fetch(e)
		})
	}
}
