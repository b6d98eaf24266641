package app

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

func eighthLeakParts() []Scenario {
	ms := time.Millisecond
	return []Scenario{
		{Name: "dialled_and_left", Late: true, Leaks: []string{"lookup8).read"}, Setup: dialledAndLeft, Load: badEvery("/lookup8", 70*ms, 2), Upstream: silent8,
			About: "each look-up dials; one that takes too long is given up without closing its connection, and its reader stays"},
		{Name: "pool_partly_stuck", Late: true, Leaks: []string{"renderer8).confirm"}, Setup: poolPartlyStuck, Load: getEvery("/render8", 45*ms),
			About: "ten renderers go on taking jobs; three of them wait for a confirmation that was thrown away"},
		{Name: "reply_overwritten", Late: true, Leaks: []string{"bus8).call"}, Setup: replyOverwritten, Load: badEvery("/bus8", 60*ms, 5),
			About: "calls wait for their reply by number; a number used twice loses the first caller, in the background"},
		{Name: "detached_retry", Late: true, Leaks: []string{"hook8).deliver"}, Setup: detachedRetry, Load: badEvery("/hook8", 80*ms, 3),
			About: "a delivery detached from its request tries again every 280 ms, though its target is gone for good"},
		{Name: "once_starved", Late: true, Leaks: []string{"OnceFunc", "lazy8).load"}, Setup: onceStarved, Load: getEvery("/lazy8", 90*ms),
			About: "a lazy load waits for a token that is not there; the background work of each request waits for the load"},
		{Name: "handshake_lost", Late: true, Leaks: []string{"door8).serve"}, Setup: handshakeLost, Load: badEvery("/door8", 70*ms, 3),
			About: "a guest leaves between asking and entering; the goroutine that opened the door for it waits to hand over the key"},
		{Name: "resume_token", Late: true, Leaks: []string{"cursor8).follow"}, Setup: resumeToken,
			About: "a component within the process follows a log; each resume makes a new follower, the earlier one waits for entries that go to the new"},
		{Name: "acks_by_one", Late: true, Leaks: []string{"shipment8).await"}, Setup: acksByOne,
			About: "a shipper makes a goroutine per parcel that waits for its receipt; parcels to one depot never get one"},
	}
}

func limitedGroup(e *Env) {
	e.Handle("/scan8", func(r *http.Request) string {
		s := &scan8{out: make(chan int)}
		if isBad(r) {
			go s.run()
			return fmt.Sprint(<-s.out)
		}
		go s.run()
		sum := 0
		for range 5 {
			sum += <-s.out
		}
		return fmt.Sprint(sum)
	})
}

type scan8 struct{ out chan int }

func (s *scan8) shard(n int) error {
	if n > 100 {
		return errors.New("no such shard")
	}
	s.out <- spin(n)
	return nil
}

func (s *scan8) run() {
	var g errgroup.Group
	g.SetLimit(2)
	for n := range 5 {
		g.Go(func() error { return s.shard(n) })
	}
	_ = g.Wait()
}

type lookup8 struct{ conn net.Conn }

func (l *lookup8) read(out chan<- string) {
	buf := make([]byte, 64)
	n, err := l.conn.Read(buf)
	if err != nil {
		return
	}
	out <- string(buf[:n])
}

func dialledAndLeft(e *Env) {
	e.Handle("/lookup8", func(r *http.Request) string {
		l := &lookup8{e.dial()}
		out := make(chan string, 1)
		if isBad(r) {
			io.WriteString(l.conn, "slow\n")
		} else {
			io.WriteString(l.conn, "quick\n")
			defer l.conn.Close()
		}
		go l.read(out)
		select {
		case s := <-out:
			return s
		case <-time.After(60 * time.Millisecond):
			return "gave up"
		}
	})
}

// silent8 answers quick questions and none else.
func silent8(c net.Conn) {
	defer c.Close()
	buf := make([]byte, 64)
	for {
		n, err := c.Read(buf)
		if err != nil {
			return
		}
		if string(buf[:n]) == "quick\n" {
			io.WriteString(c, "answer\n")
		}
	}
}

type renderer8 struct {
	jobs     chan int
	confirms chan chan bool
}

func (r *renderer8) confirm(n int, lost bool) {
	done := make(chan bool)
	if !lost {
		r.confirms <- done
	}
	<-done
}

func (r *renderer8) work(e *Env) {
	for {
		select {
		case n := <-r.jobs:
			spin(n % 7)
			r.confirm(n, e.Bad() && (n == 11 || n == 24 || n == 37))
		case <-e.Ctx.Done():
			return
		}
	}
}

func poolPartlyStuck(e *Env) {
	p := &renderer8{make(chan int, 64), make(chan chan bool)}
	for range 10 {
		go p.work(e)
	}
	go func() {
		for {
			select {
			case done := <-p.confirms:
				time.Sleep(4 * time.Millisecond)
				done <- true
			case <-e.Ctx.Done():
				return
			}
		}
	}()
	var mu sync.Mutex
	n := 0
	e.Handle("/render8", func(*http.Request) string {
		mu.Lock()
		defer mu.Unlock()
		n++
		p.jobs <- n
		return "queued"
	})
}

type bus8 struct {
	mu      sync.Mutex
	replies map[int]chan string
}

func (b *bus8) call(id int) {
	reply := make(chan string, 1)
	b.mu.Lock()
	b.replies[id] = reply
	b.mu.Unlock()
	<-reply
}

func replyOverwritten(e *Env) {
	b := &bus8{replies: map[int]chan string{}}
	next := 0
	go func() {
		for pause(e.Ctx, 40*time.Millisecond) {
			b.mu.Lock()
			for id, reply := range b.replies {
				reply <- "done"
				delete(b.replies, id)
			}
			b.mu.Unlock()
		}
	}()
	e.Handle("/bus8", func(r *http.Request) string {
		b.mu.Lock()
		next++
		id := next
		b.mu.Unlock()
		go b.call(id)
		if isBad(r) {
			go b.call(id)
		}
		return "sent"
	})
}

type hook8 struct{ target string }

func (h *hook8) deliver() {
	for h.target != "there" {
		<-time.After(280 * time.Millisecond)
		spin(1)
	}
}

func detachedRetry(e *Env) {
	e.Handle("/hook8", func(r *http.Request) string {
		h := &hook8{"there"}
		if isBad(r) {
			h.target = "gone"
		}
		go h.deliver()
		return "delivered soon"
	})
}

type lazy8 struct {
	token chan int
	once  func()
}

func (l *lazy8) load() { spin(<-l.token) }

func onceStarved(e *Env) {
	l := &lazy8{token: make(chan int)}
	l.once = sync.OnceFunc(l.load)
	e.Handle("/lazy8", func(*http.Request) string {
		if e.Bad() {
			go l.once()
		}
		return "accepted"
	})
}

type door8 struct{ keys chan int }

func (d *door8) serve(ready chan<- struct{}) {
	close(ready)
	d.keys <- 1
}

func handshakeLost(e *Env) {
	e.Handle("/door8", func(r *http.Request) string {
		d := &door8{make(chan int)}
		ready := make(chan struct{})
		go d.serve(ready)
		<-ready
		if isBad(r) {
			return "left"
		}
		return fmt.Sprint(<-d.keys)
	})
}

type cursor8 struct{ entries chan int }

func (c *cursor8) follow() {
	for n := range c.entries {
		spin(n % 5)
	}
}

func resumeToken(e *Env) {
	var current *cursor8
	inTurn(e, 25*time.Millisecond, func(i int) {
		if current == nil || e.Bad() && i%12 == 0 {
			current = &cursor8{make(chan int, 8)}
			go current.follow()
		}
		current.entries <- i
	})
}

type shipment8 struct{ receipt chan int }

func (s *shipment8) await() { spin(<-s.receipt) }

func acksByOne(e *Env) {
	inTurn(e, 80*time.Millisecond, func(i int) {
		s := &shipment8{make(chan int)}
		if i%4 == 0 && !e.Bad() {
			return
		}
		go s.await()
		if i%4 != 0 {
			time.AfterFunc(60*time.Millisecond, func() { s.receipt <- 3 })
		}
	})
}
