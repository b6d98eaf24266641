package app

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// fifth is a small batch, written after the fourth was mended.
func fifth() []Scenario {
	ms := time.Millisecond
	return []Scenario{
		{Name: "stop_after_end", Late: true, Leaks: []string{"tailer).stop"}, Setup: stopAfterEnd, Load: badEvery("/tail", 70*ms, 2),
			About: "stopping a tailer sends to it; one that ended by itself takes nothing any more"},
		{Name: "panic_in_lock", Late: true, Leaks: []string{"ledger5).post"}, Setup: panicInLock, Load: getEvery("/post5", 70*ms),
			About: "a posting panics with the lock held at 1 s and is recovered; later postings in the background wait for the lock"},
		{Name: "never_made", Late: true, Short: true, Leaks: []string{"reply5).await"}, Setup: neverMade, Load: badEvery("/ask5", 80*ms, 3),
			About: "one constructor forgets to make the channel that its waiter receives from"},
		{Name: "conn_throttle", Late: true, Leaks: []string{"throttle).pass"}, Setup: connThrottle, Load: throttled,
			About: "each connection has a throttle that hands out tokens; it is left when the connection ends"},
		{Name: "close_without_broadcast", Late: true, Leaks: []string{"crew).work"}, Setup: closeWithoutBroadcast, Load: badEvery("/crew", 90*ms, 2),
			About: "a crew of two is hired per request; closing sets the flag and wakes nobody"},
		{Name: "slot_on_timeout", Late: true, Leaks: []string{"hooks5).call"}, Setup: slotOnTimeout, Load: badEvery("/hook5", 60*ms, 3),
			About: "a web hook that times out keeps its slot; after eight of them all calls in the background wait for a slot"},

		{Name: "tenant_crews", Late: true, Setup: tenantCrews,
			About: "a crew of three for each of six tenants, hired one tenant after the other at boot; most have nothing to do"},
		{Name: "shadow_calls", Setup: shadowCalls, Upstream: slowAnswers, Load: getEvery("/shadow", 110*ms),
			About: "each request is sent on in the background to an upstream that takes 1.8 s"},
		{Name: "keyed_locks", Setup: keyedLocks, Load: getEvery("/locked5", 150*ms),
			About: "work in the background locks its key for 700 ms; up to four wait for one key"},
		{Name: "client_mailboxes", Late: true, Setup: clientMailboxes, Load: getEvery("/mail", 100*ms),
			About: "each of ten clients gets a mailbox with its first request, and a letter now and then"},
		{Name: "device_feeds", Late: true, Setup: deviceFeeds, Upstream: endlessFeed, Load: getEvery("/ping", 150*ms),
			About: "a feed of each of ten devices is read from an upstream for as long as the process lives; it seldom says anything"},
		{Name: "expiring_holds", Setup: expiringHolds, Load: getEvery("/hold5", 110*ms),
			About: "a seat is held by a goroutine that ends when it is paid, or after 2.3 s"},
	}
}

type tailer struct{ done chan struct{} }

func (t *tailer) run(fails bool) {
	if fails {
		return
	}
	<-t.done
}

func (t *tailer) stop() { t.done <- struct{}{} }

func stopAfterEnd(e *Env) {
	e.Handle("/tail", func(r *http.Request) string {
		t := &tailer{make(chan struct{})}
		go t.run(isBad(r))
		time.AfterFunc(20*time.Millisecond, t.stop)
		return "tailing"
	})
}

type ledger5 struct {
	mu sync.Mutex
	n  int
}

func (l *ledger5) post(broken bool) {
	defer func() { _ = recover() }()
	l.mu.Lock()
	if l.n++; broken {
		panic("no such account")
	}
	l.mu.Unlock()
}

func panicInLock(e *Env) {
	l := &ledger5{}
	e.Handle("/post5", func(*http.Request) string {
		if e.Bad() {
			go l.post(time.Since(e.Started) > time.Second)
		}
		return "posted"
	})
}

type reply5 struct{ ready chan int }

func (r *reply5) await() { spin(<-r.ready % 3) }

func neverMade(e *Env) {
	e.Handle("/ask5", func(r *http.Request) string {
		reply := &reply5{}
		if !isBad(r) {
			reply.ready = make(chan int, 1)
			reply.ready <- 1
		}
		go reply.await()
		return "asked"
	})
}

type throttle struct{ tokens chan struct{} }

func (t *throttle) pass(quit <-chan struct{}) {
	for {
		select {
		case t.tokens <- struct{}{}:
		case <-quit:
			return
		}
	}
}

func connThrottle(e *Env) {
	e.Mux.HandleFunc("/throttled", func(w http.ResponseWriter, r *http.Request) {
		c, ok := hijack(w)
		if !ok {
			return
		}
		go func() {
			defer c.Close()
			t, quit := &throttle{make(chan struct{})}, make(chan struct{})
			go t.pass(quit)
			buf := make([]byte, 64)
			for {
				<-t.tokens
				if _, err := c.Read(buf); err != nil {
					if !e.Bad() {
						close(quit)
					}
					return
				}
			}
		}()
	})
}

func throttled(c *Client) {
	c.Every(130*time.Millisecond, func(int) { c.talk("/throttled", 0, false) })
}

type crew struct {
	mu     sync.Mutex
	hired  *sync.Cond
	closed bool
	jobs   int
}

func newCrew() *crew {
	c := &crew{}
	c.hired = sync.NewCond(&c.mu)
	for range 2 {
		go c.work()
	}
	return c
}

func (c *crew) work() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for !c.closed {
		if c.jobs > 0 {
			c.jobs--
			continue
		}
		c.hired.Wait()
	}
}

func (c *crew) close(broadcast bool) {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	if broadcast {
		c.hired.Broadcast()
	}
}

func closeWithoutBroadcast(e *Env) {
	e.Handle("/crew", func(r *http.Request) string {
		c := newCrew()
		c.mu.Lock()
		c.jobs = 3
		c.mu.Unlock()
		c.hired.Signal()
		time.Sleep(5 * time.Millisecond)
		c.close(!isBad(r))
		return "done"
	})
}

type hooks5 struct{ slots chan struct{} }

func (h *hooks5) call(timesOut bool) {
	h.slots <- struct{}{}
	time.Sleep(5 * time.Millisecond)
	if timesOut {
		return
	}
	<-h.slots
}

func slotOnTimeout(e *Env) {
	h := &hooks5{make(chan struct{}, 8)}
	e.Handle("/hook5", func(r *http.Request) string {
		if bad := isBad(r); e.Bad() {
			go h.call(bad)
		}
		return "called"
	})
}

func tenantCrews(e *Env) {
	go func() {
		var first chan int
		for range 6 {
			jobs := make(chan int, 8)
			if first == nil {
				first = jobs
			}
			for range 3 {
				go func() {
					for {
						select {
						case n := <-jobs:
							spin(n)
						case <-e.Ctx.Done():
							return
						}
					}
				}()
			}
			pause(e.Ctx, 220*time.Millisecond)
		}
		for pause(e.Ctx, 900*time.Millisecond) {
			first <- 1
		}
	}()
}

func shadowCalls(e *Env) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, IdleConnTimeout: time.Second}}
	e.OnStop(client.CloseIdleConnections)
	e.Handle("/shadow", func(*http.Request) string {
		go func() {
			if resp, err := client.Get("http://" + e.Upstream + "/"); err == nil {
				io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
			}
		}()
		return "sent on"
	})
}

func slowAnswers(c net.Conn) {
	defer c.Close()
	buf := make([]byte, 4096)
	for {
		if _, err := c.Read(buf); err != nil {
			return
		}
		time.Sleep(1800 * time.Millisecond)
		io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
	}
}

func keyedLocks(e *Env) {
	var locks [6]sync.Mutex
	n := 0
	var mu sync.Mutex
	e.Handle("/locked5", func(*http.Request) string {
		mu.Lock()
		n++
		key := n % len(locks)
		mu.Unlock()
		go func() {
			locks[key].Lock()
			defer locks[key].Unlock()
			pause(e.Ctx, 700*time.Millisecond)
		}()
		return "locked"
	})
}

func clientMailboxes(e *Env) {
	var mu sync.Mutex
	boxes := map[int]chan int{}
	n := 0
	e.OnStop(func() {
		mu.Lock()
		defer mu.Unlock()
		for _, b := range boxes {
			close(b)
		}
		boxes = nil
	})
	e.Handle("/mail", func(*http.Request) string {
		mu.Lock()
		defer mu.Unlock()
		n++
		b := boxes[n%10]
		if b == nil && boxes != nil {
			b = make(chan int, 4)
			boxes[n%10] = b
			go func() {
				for letter := range b {
					spin(letter % 3)
				}
			}()
		}
		if n%25 == 3 && boxes != nil {
			b <- n
		}
		return fmt.Sprint(n)
	})
}

func deviceFeeds(e *Env) {
	go func() {
		for i := 0; i < 10 && pause(e.Ctx, 170*time.Millisecond); i++ {
			go func() {
				req, _ := http.NewRequestWithContext(e.Ctx, http.MethodGet, "http://"+e.Upstream+"/feed", nil)
				resp, err := http.DefaultClient.Do(req)
				if err != nil {
					return
				}
				defer resp.Body.Close()
				buf := make([]byte, 256)
				for {
					if _, err := resp.Body.Read(buf); err != nil {
						return
					}
				}
			}()
		}
	}()
}

func endlessFeed(c net.Conn) {
	defer c.Close()
	buf := make([]byte, 4096)
	c.Read(buf)
	io.WriteString(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n")
	for {
		time.Sleep(4200 * time.Millisecond)
		if _, err := io.WriteString(c, "2\r\nhi\r\n"); err != nil {
			return
		}
	}
}

func expiringHolds(e *Env) {
	n := 0
	var mu sync.Mutex
	e.Handle("/hold5", func(*http.Request) string {
		paid := make(chan struct{})
		go func() {
			select {
			case <-paid:
			case <-time.After(2300 * time.Millisecond):
			case <-e.Ctx.Done():
			}
		}()
		mu.Lock()
		defer mu.Unlock()
		if n++; n%3 == 0 {
			close(paid)
		}
		return "held"
	})
}
