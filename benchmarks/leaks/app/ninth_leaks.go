package app

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// ninth was written after what the eighth showed was mended: harder neighbours of the same shapes, and others.
func ninth() []Scenario {
	return append(append(ninthLeaks(), ninthFineRequests()...), ninthFineParts()...)
}

func ninthLeaks() []Scenario {
	ms := time.Millisecond
	return []Scenario{
		{Name: "report_not_cancelled", Late: true, Leaks: []string{"report9).follow"}, Setup: reportNotCancelled, Load: badEvery("/report9", 60*ms, 4),
			About: "a report's follower ends with its last part or when it is called off; one path does neither"},
		{Name: "reply_not_read", Late: true, Leaks: []string{"query9).await"}, Setup: replyNotRead, Load: badEvery("/query9", 80*ms, 3), Upstream: unsure9,
			About: "each query dials and waits in a goroutine, without a deadline, for an answer that takes 100 ms or never comes"},
		{Name: "key_left_locked", Late: true, Leaks: []string{"keys9).write"}, Setup: keyLeftLocked, Load: badEvery("/key9", 50*ms, 8),
			About: "writes in the background lock their key; the path for a conflict keeps one of six keys locked"},
		{Name: "topics_never_left", Late: true, Leaks: []string{"topic9).listen"}, Setup: topicsNeverLeft, Load: badEvery("/topic9", 140*ms, 1),
			About: "each request subscribes a listener to its topic, and nobody takes it off; the topics are quiet"},
		{Name: "tenant_collector_gone", Late: true, Leaks: []string{"worker9).hand"}, Setup: tenantCollectorGone, Load: getEvery("/work9", 40*ms),
			About: "two of six workers hand over a result for a tenant whose collector has gone; the others go on"},
		{Name: "consumers_half_woken", Late: true, Leaks: []string{"crew9).consume"}, Setup: consumersHalfWoken, Load: getEvery("/crew9", 100*ms),
			About: "each request's two consumers wait on a condition, and closing it signals one of them"},
		{Name: "inner_group", Late: true, Leaks: []string{"nested9).inner", "nested9).outer"}, Setup: innerGroup, Load: badEvery("/nested9", 90*ms, 2),
			About: "an outer group waits for an inner one, which waits for what the outer closes when it is done"},
		{Name: "beat_per_peer", Late: true, Leaks: []string{"peer9).beat"}, Setup: beatPerPeer, Load: peers9,
			About: "a plain TCP service starts a heartbeat for each connection and does not stop it with the connection"},
		{Name: "slow_ticker_login", Late: true, Leaks: []string{"login9).refresh"}, Setup: slowTickerLogin, Load: badEvery("/login9", 110*ms, 1),
			About: "a login starts a refresher on a five-minute ticker; logging out forgets to stop it"},
		{Name: "day_later", Late: true, Leaks: []string{"reminder9).remind"}, Setup: dayLater, Load: badEvery("/remind9", 120*ms, 1),
			About: "each request leaves a goroutine that waits for a day"},
		{Name: "sent_to_nil", Late: true, Leaks: []string{"score9).send"}, Setup: sentToNil, Load: badEvery("/score9", 70*ms, 3),
			About: "the failing path leaves the result's channel nil, and its goroutine sends to it"},
		{Name: "handlers_wait_for_one", Late: true, Leaks: []string{"ledger9).settle", "ledger9).book"}, Setup: handlersWaitForOne, Load: getEvery("/ledger9", 60*ms),
			About: "a settlement in the background waits for a reply that was dropped, with the ledger's lock held; bookings in the background wait for it"},
	}
}

type report9 struct {
	parts  chan int
	cancel chan struct{}
}

func (r *report9) follow() {
	for {
		select {
		case n, ok := <-r.parts:
			if !ok {
				return
			}
			spin(n)
		case <-r.cancel:
			return
		}
	}
}

func reportNotCancelled(e *Env) {
	e.Handle("/report9", func(r *http.Request) string {
		rep := &report9{make(chan int), make(chan struct{})}
		go rep.follow()
		rep.parts <- 2
		time.Sleep(20 * time.Millisecond)
		if isBad(r) {
			return "empty"
		}
		rep.parts <- 3
		close(rep.parts)
		return "whole"
	})
}

type query9 struct{ conn net.Conn }

func (q *query9) await() {
	_, _ = q.conn.Read(make([]byte, 16))
	q.conn.Close()
}

func replyNotRead(e *Env) {
	e.Handle("/query9", func(r *http.Request) string {
		q := &query9{e.dial()}
		word := "ask\n"
		if isBad(r) {
			word = "mute\n"
		}
		io.WriteString(q.conn, word)
		go q.await()
		return "asked"
	})
}

func unsure9(c net.Conn) {
	defer c.Close()
	word, err := bufio.NewReader(c).ReadString('\n')
	if err == nil && word == "mute\n" {
		_, _ = io.Copy(io.Discard, c)
		return
	}
	time.Sleep(100 * time.Millisecond)
	io.WriteString(c, "answer\n")
}

type keys9 struct{ mu [6]sync.Mutex }

func (k *keys9) write(i int) {
	k.mu[i].Lock()
	defer k.mu[i].Unlock()
	spin(2)
}

func keyLeftLocked(e *Env) {
	k := &keys9{}
	n := 0
	var mu sync.Mutex
	e.Handle("/key9", func(r *http.Request) string {
		mu.Lock()
		n++
		key := n % 6
		mu.Unlock()
		if isBad(r) {
			k.mu[3].TryLock()
			return "conflict"
		}
		if e.Bad() || key != 3 {
			go k.write(key)
		}
		return "written"
	})
}

type topic9 struct{ news chan string }

func (t *topic9) listen() {
	for n := range t.news {
		spin(len(n))
	}
}

func topicsNeverLeft(e *Env) {
	e.Handle("/topic9", func(r *http.Request) string {
		if isBad(r) {
			go (&topic9{make(chan string)}).listen()
		}
		return "listening"
	})
}

type worker9 struct {
	jobs    chan int
	results chan int
	orphan  chan int
}

func (w *worker9) hand(n int, lost bool) {
	out := w.results
	if lost {
		out = w.orphan
	}
	out <- n
}

func (w *worker9) run(e *Env) {
	for {
		select {
		case n := <-w.jobs:
			spin(n % 5)
			w.hand(n, e.Bad() && (n == 15 || n == 31))
		case <-e.Ctx.Done():
			return
		}
	}
}

func tenantCollectorGone(e *Env) {
	w := &worker9{make(chan int, 64), make(chan int), make(chan int)}
	for range 6 {
		go w.run(e)
	}
	go func() {
		for {
			select {
			case n := <-w.results:
				time.Sleep(time.Duration(n%4) * time.Millisecond)
			case <-e.Ctx.Done():
				return
			}
		}
	}()
	n := 0
	var mu sync.Mutex
	e.Handle("/work9", func(*http.Request) string {
		mu.Lock()
		defer mu.Unlock()
		n++
		w.jobs <- n
		return "queued"
	})
}

type crew9 struct {
	mu     sync.Mutex
	cond   *sync.Cond
	closed bool
}

func (c *crew9) consume() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for !c.closed {
		c.cond.Wait()
	}
}

func consumersHalfWoken(e *Env) {
	e.Handle("/crew9", func(*http.Request) string {
		if !e.Bad() {
			return "nobody"
		}
		c := &crew9{}
		c.cond = sync.NewCond(&c.mu)
		go c.consume()
		go c.consume()
		time.Sleep(5 * time.Millisecond)
		c.mu.Lock()
		c.closed = true
		c.mu.Unlock()
		c.cond.Signal()
		return "closed"
	})
}
