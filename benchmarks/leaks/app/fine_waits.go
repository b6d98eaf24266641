package app

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

func fineWaits() []Scenario {
	return []Scenario{
		{Name: "ctx_waiters", Late: true, Setup: ctxWaiters, About: "ten components wait for the process's context to end, two of them by WaitGroup"},
		{Name: "barrier_start", Setup: barrier(4500 * time.Millisecond), About: "thirty workers wait at a start gate that opens after 4.5 s"},
		{Name: "barrier_long", Setup: barrier(8 * time.Second), About: "thirty workers wait at a start gate that opens after 8 s, behind the recording's end"},
		{Name: "slow_pipeline", Setup: slowPipeline, Load: burst("/ingest", 40), About: "requests' goroutines wait to send into a pipeline whose sink takes 100 ms an item"},
		{Name: "flight_slow", Setup: flightSlow, Load: patient("/profile", 150*time.Millisecond), About: "a single flight's leader takes 3 s; its followers wait that long"},
		{Name: "semaphore_slow", Setup: semaphoreSlow, Load: burstFor("/render", 40), About: "forty requests queue for two tokens, each held for 300 ms; the last waits 6 s"},
		{Name: "mutex_convoy", Setup: mutexConvoy, Load: burstFor("/entry", 60), About: "sixty requests queue on a mutex held for 60 ms at a time, again and again"},
		{Name: "once_slow", Setup: onceSlow, Load: patient("/geo", 200*time.Millisecond), About: "a lazy load takes 4 s; all requests until then wait for it"},
		{Name: "once_late", Setup: onceLate, Load: patient("/geo", 300*time.Millisecond), About: "a lazy load begins with the first request at 2 s and takes 6 s: it and its waiters are still there at the recording's end"},
		{Name: "quote_buffered", Setup: quoteBuffered, Load: quoteLoad, About: "as quote_timeout, but the answers' channel is buffered"},
		{Name: "job_status", Setup: jobStatus, Load: getEvery("/start", 200*time.Millisecond), About: "each request starts a job of 7 s; a goroutine waits for it to note its end"},
		{Name: "rate_paced", Setup: ratePaced, Load: getEvery("/send", 50*time.Millisecond), About: "a pacer lets 8 messages a second pass; 20 a second come, so goroutines wait for seconds, in order"},
	}
}

func ctxWaiters(e *Env) {
	var wg sync.WaitGroup
	for i := range 10 {
		ctx, cancel := context.WithCancel(e.Ctx)
		wg.Go(func() {
			<-ctx.Done()
			spin(i)
			cancel()
		})
	}
	go wg.Wait()
	go func() { wg.Wait(); spin(1) }()
}

func barrier(opens time.Duration) func(*Env) {
	return func(e *Env) {
		gate := make(chan struct{})
		for i := range 30 {
			go func() {
				<-gate
				for pause(e.Ctx, 200*time.Millisecond) {
					spin(i)
				}
			}()
		}
		time.AfterFunc(opens, func() { close(gate) })
	}
}

func slowPipeline(e *Env) {
	parsed, stored := make(chan int, 2), make(chan int, 2)
	go func() {
		for v := range parsed {
			stored <- v * 2
		}
		close(stored)
	}()
	go func() {
		for v := range stored {
			time.Sleep(100 * time.Millisecond)
			spin(v)
		}
	}()
	var senders sync.WaitGroup
	e.OnStop(func() { senders.Wait(); close(parsed) })
	e.Handle("/ingest", func(*http.Request) string {
		senders.Go(func() { parsed <- 1 })
		return "accepted"
	})
}

// patient asks for path with much patience, every period.
func patient(path string, period time.Duration) func(*Client) {
	return func(c *Client) {
		if path == "/geo" {
			pause(c.Ctx, time.Second)
		}
		c.Every(period, func(i int) { c.GetFor(path, 15*time.Second) })
	}
}

// burstFor asks n times at once after 500 ms, with much patience, and sometimes otherwise.
func burstFor(path string, n int) func(*Client) {
	return func(c *Client) {
		c.Every(500*time.Millisecond, func(i int) {
			if i != 1 {
				c.Get("/ping")
				return
			}
			var wg sync.WaitGroup
			for range n {
				wg.Go(func() { c.GetFor(path, 15*time.Second) })
			}
			wg.Wait()
		})
	}
}

func flightSlow(e *Env) {
	f := &flights{m: map[string]*flight{}}
	e.Handle("/profile", func(*http.Request) string {
		return f.do("all", func() string { time.Sleep(3 * time.Second); return "profile" })
	})
}

func semaphoreSlow(e *Env) {
	tokens := make(chan struct{}, 2)
	e.Handle("/render", func(*http.Request) string {
		tokens <- struct{}{}
		defer func() { <-tokens }()
		time.Sleep(300 * time.Millisecond)
		return "page"
	})
}

func mutexConvoy(e *Env) {
	var mu sync.Mutex
	entries := 0
	e.Handle("/entry", func(*http.Request) string {
		for range 2 {
			mu.Lock()
			time.Sleep(60 * time.Millisecond)
			entries++
			mu.Unlock()
		}
		return "entered"
	})
}

type lazyTable struct {
	once sync.Once
	rows int
}

func (t *lazyTable) get(takes time.Duration) int {
	t.once.Do(func() { time.Sleep(takes); t.rows = 7 })
	return t.rows
}

func onceSlow(e *Env) {
	t := &lazyTable{}
	e.Handle("/geo", func(*http.Request) string { return strconv.Itoa(t.get(4 * time.Second)) })
}

func onceLate(e *Env) {
	t := &lazyTable{}
	e.Handle("/geo", func(*http.Request) string {
		if time.Since(e.Started) < 2*time.Second {
			return "not yet"
		}
		return strconv.Itoa(t.get(6 * time.Second))
	})
}

func quoteBuffered(e *Env) {
	q := &quotes{slow: 110 * time.Millisecond}
	e.Handle("/quote", func(r *http.Request) string {
		out := make(chan int, 3)
		for carrier := range 3 {
			go q.ask(carrier, isBad(r), out)
		}
		deadline := time.After(50 * time.Millisecond)
		for range 3 {
			select {
			case <-out:
			case <-deadline:
				return "partial"
			}
		}
		return "complete"
	})
}

func jobStatus(e *Env) {
	e.Handle("/start", func(r *http.Request) string {
		done := make(chan string)
		go func() { pause(e.Ctx, 7*time.Second); done <- "done" }()
		go func() { spin(len(<-done)) }()
		return fmt.Sprint("job ", r.FormValue("i"))
	})
}

func ratePaced(e *Env) {
	tokens := make(chan struct{})
	go func() {
		defer close(tokens)
		for pause(e.Ctx, 125*time.Millisecond) {
			select {
			case tokens <- struct{}{}:
			default:
			}
		}
	}()
	e.Handle("/send", func(*http.Request) string {
		go func() { <-tokens; spin(2) }()
		return "queued"
	})
}
