package app

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

func ninthFineRequests() []Scenario {
	ms := time.Millisecond
	return []Scenario{
		{Name: "approvals", Late: true, Setup: approvals9, Load: getEvery("/run9", 90*ms),
			About: "most jobs are done at once, one in five waits 2.4 s for an approval"},
		{Name: "socket_mix", Late: true, Setup: socketMix, Load: mixedSockets9,
			About: "fourteen sockets stay open and quiet, others come for 150 ms; a reader and a writer each"},
		{Name: "core_workers", Late: true, Setup: coreWorkers, Load: bursts9("/burst9"),
			About: "four workers stay, more are made in a burst and leave after 250 ms idle; there is a burst every 2 s, and a queue hands jobs to the newest"},
		{Name: "rare_slow_reply", Late: true, Setup: rareSlowReply, Load: getEvery("/ask9", 35*ms),
			About: "eight workers ask a store for each job, which answers in 3 ms, every 40th time in 1.8 s"},
		{Name: "eighteen_tenants", Late: true, Setup: eighteenTenants, Load: tenants9,
			About: "eighteen tenants' actors are made by their first request in 2.5 s; later requests are for three of them"},
		{Name: "quiet_subscriptions", Late: true, Setup: quietSubscriptions, Load: keysOnce8("/subscribe9", 12, 180*ms),
			About: "twelve subscriptions are made by requests, for good; their topics say nothing"},
		{Name: "window_waiters", Late: true, Setup: windowWaiters, Load: getEvery("/window9", 120*ms),
			About: "goroutines left by requests wait for the window they are in to be written, every 2.2 s"},
		{Name: "retry_later", Late: true, Setup: retryLater, Load: getEvery("/deliver9", 150*ms),
			About: "a delivery that fails is tried again 2.6 s later, and goes through"},
		{Name: "load_once_a_key", Late: true, Setup: loadOnceAKey, Load: getEvery("/load9", 100*ms),
			About: "a key is loaded once, in 2.1 s, and those who need it wait in the background; a new key every 1.5 s"},
	}
}

func approvals9(e *Env) {
	n := 0
	var mu sync.Mutex
	e.Handle("/run9", func(*http.Request) string {
		mu.Lock()
		n++
		asks := n%5 == 0
		mu.Unlock()
		approved := make(chan struct{})
		if asks {
			time.AfterFunc(2400*time.Millisecond, func() { close(approved) })
		} else {
			close(approved)
		}
		go func() {
			spin(3)
			<-approved
			spin(3)
		}()
		return "running"
	})
}

func socketMix(e *Env) {
	e.Mux.HandleFunc("/socket9", func(w http.ResponseWriter, r *http.Request) {
		c := hijacked8(w)
		out := make(chan string, 1)
		left := make(chan struct{})
		go func() {
			for {
				select {
				case m := <-out:
					io.WriteString(c, m)
				case <-left:
					return
				}
			}
		}()
		e.OnStop(func() { c.Close() })
		out <- "welcome\n"
		go func() {
			defer close(left)
			_, _ = io.Copy(io.Discard, c)
		}()
	})
}

func mixedSockets9(c *Client) {
	open := func() net.Conn {
		conn, err := net.Dial("tcp", c.Addr)
		if err != nil {
			return nil
		}
		fmt.Fprintf(conn, "GET /socket9 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\n")
		go func() { _, _ = io.Copy(io.Discard, conn) }()
		return conn
	}
	kept := 0
	c.Every(80*time.Millisecond, func(i int) {
		conn := open()
		if conn == nil || i%2 == 0 && kept < 14 {
			kept++
			return
		}
		time.Sleep(150 * time.Millisecond)
		conn.Close()
	})
}

// bursts9 sends twelve requests at once every two seconds.
func bursts9(path string) func(*Client) {
	return func(c *Client) {
		c.Every(2*time.Second, func(int) {
			var wg sync.WaitGroup
			for range 12 {
				wg.Go(func() { c.Get(path) })
			}
			wg.Wait()
		})
	}
}

func coreWorkers(e *Env) {
	var mu sync.Mutex
	var idle []chan int
	var work func(core bool, first int)
	work = func(core bool, first int) {
		spin(first)
		for {
			mine := make(chan int)
			mu.Lock()
			idle = append(idle, mine)
			mu.Unlock()
			var limit <-chan time.Time
			if !core {
				limit = time.After(250 * time.Millisecond)
			}
			select {
			case n := <-mine:
				spin(n)
			case <-limit:
				mu.Lock()
				for i, c := range idle {
					if c == mine {
						idle = append(idle[:i], idle[i+1:]...)
						mu.Unlock()
						return
					}
				}
				mu.Unlock()
				spin(<-mine)
			case <-e.Ctx.Done():
				return
			}
		}
	}
	for range 4 {
		go work(true, 1)
	}
	e.Handle("/burst9", func(*http.Request) string {
		time.Sleep(3 * time.Millisecond)
		mu.Lock()
		defer mu.Unlock()
		if last := len(idle) - 1; last > 3 {
			worker := idle[last]
			idle = idle[:last]
			worker <- 2
			return "given"
		}
		go work(false, 2)
		return "made"
	})
}

func rareSlowReply(e *Env) {
	jobs, asks := make(chan int, 64), make(chan chan int)
	for range 8 {
		go func() {
			for {
				select {
				case n := <-jobs:
					reply := make(chan int, 1)
					asks <- reply
					spin(n%5 + <-reply)
				case <-e.Ctx.Done():
					return
				}
			}
		}()
	}
	go func() {
		for n := 1; ; n++ {
			select {
			case reply := <-asks:
				after := 3 * time.Millisecond
				if n%40 == 0 {
					after = 1800 * time.Millisecond
				}
				time.AfterFunc(after, func() { reply <- 1 })
			case <-e.Ctx.Done():
				return
			}
		}
	}()
	n := 0
	var mu sync.Mutex
	e.Handle("/ask9", func(*http.Request) string {
		mu.Lock()
		defer mu.Unlock()
		n++
		jobs <- n
		return "queued"
	})
}
