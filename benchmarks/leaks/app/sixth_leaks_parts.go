package app

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

func sixthLeakParts() []Scenario {
	ms := time.Millisecond
	return []Scenario{
		{Name: "pool_resized", Late: true, Leaks: []string{"pool6).work"}, Setup: poolResized,
			About: "each resize of a worker pool makes a new queue and new workers; the old ones still wait at the old queue"},
		{Name: "broker_slow_subscriber", Late: true, Leaks: []string{"broker6).deliver"}, Setup: brokerSlow,
			About: "a broker delivers to each subscriber in a goroutine; one of the subscribers has stopped reading"},
		{Name: "broker_unsubscribed", Late: true, Leaks: []string{"mailbox6).pump"}, Setup: brokerUnsubscribed,
			About: "subscribers come and go within the process; who goes is taken out of the map, and its channel is not closed"},
		{Name: "bounded_queue_stopped", Late: true, Leaks: []string{"queue6).put"}, Setup: boundedQueueStopped,
			About: "the consumer of a bounded queue ends with an error at 1 s; producers wait on its condition for room"},
		{Name: "ticker_stopped_loop", Late: true, Leaks: []string{"session6).beat"}, Setup: tickerStopped, Load: sessions6,
			About: "stopping a connection's ticker does not end the loop that ranges over it"},
		{Name: "watcher_keepalives", Late: true, Leaks: []string{"watcher6).keepalive"}, Setup: watcherKeepalives, Upstream: shortWatch6,
			About: "one watcher reconnects for ever; each connection's keep-alive goroutine waits for a done channel that nobody closes"},
		{Name: "close_order", Late: true, Leaks: []string{"component6).close", "component6).run"}, Setup: closeOrder, Load: badEvery("/tenant6", 90*ms, 3),
			About: "a component's close waits for its workers before it closes their queue"},
		{Name: "leader_terms", Late: true, Leaks: []string{"elector6).lead"}, Setup: leaderTerms,
			About: "each term of a leader starts a goroutine with a context of its own, which is not cancelled when the lease is lost"},
		{Name: "cron_overlap", Late: true, Leaks: []string{"report6).run"}, Setup: cronOverlap,
			About: "the first run of a job waits for an answer for ever with the job's lock held; later runs wait for the lock"},
		{Name: "nil_inputs", Late: true, Leaks: []string{"merger6).run"}, Setup: nilInputs, Load: badEvery("/merge6", 70*ms, 2),
			About: "a merger sets each input to nil when it is closed and then selects on nothing but nil channels"},
		{Name: "pool_died", Late: true, Leaks: []string{"dispatcher6).submit"}, Setup: poolDied,
			About: "workers end at a panic that is recovered above their loop; after the fourth nobody takes jobs any more"},
		{Name: "reload_watchers", Leaks: []string{"subscription6).watch"}, Setup: reloadWatchers,
			About: "each reload of the configuration subscribes all five parts anew and forgets the subscriptions it had"},
	}
}

type pool6 struct{ jobs chan int }

func (p *pool6) work() {
	for j := range p.jobs {
		spin(j)
	}
}

func newPool6(n int) *pool6 {
	p := &pool6{make(chan int, 8)}
	for range n {
		go p.work()
	}
	return p
}

func poolResized(e *Env) {
	p := newPool6(2)
	inTurn(e, 20*time.Millisecond, func(i int) {
		if i%25 == 24 && e.Bad() {
			p = newPool6(2 + i/25%4) // the queue of the one before is not closed
		}
		p.jobs <- i % 3
	})
}

type broker6 struct{ subscribers []chan int }

func (b *broker6) deliver(to chan<- int, m int) { to <- m }

func brokerSlow(e *Env) {
	b := &broker6{}
	for s := range 3 {
		in := make(chan int)
		b.subscribers = append(b.subscribers, in)
		go func() {
			for {
				select {
				case m := <-in:
					spin(m % 3)
				case <-e.Ctx.Done():
					return
				}
				if s == 1 && time.Since(e.Started) > 500*time.Millisecond {
					return
				}
			}
		}()
	}
	inTurn(e, 70*time.Millisecond, func(i int) {
		if e.Bad() {
			for _, s := range b.subscribers {
				go b.deliver(s, i)
			}
		}
	})
}

type mailbox6 struct{ in chan int }

func (m *mailbox6) pump() {
	for n := range m.in {
		spin(n % 3)
	}
}

func brokerUnsubscribed(e *Env) {
	var mu sync.Mutex
	subscribers := map[*mailbox6]bool{}
	drive(e, 110*time.Millisecond, func(i int) {
		m := &mailbox6{make(chan int, 4)}
		go m.pump()
		mu.Lock()
		subscribers[m] = true
		mu.Unlock()
		time.Sleep(230 * time.Millisecond)
		mu.Lock()
		delete(subscribers, m)
		mu.Unlock()
		if !e.Bad() {
			close(m.in)
		}
	})
	inTurn(e, 60*time.Millisecond, func(i int) {
		mu.Lock()
		defer mu.Unlock()
		for m := range subscribers {
			m.in <- i
		}
	})
}

type queue6 struct {
	mu    sync.Mutex
	room  *sync.Cond
	items []int
}

func (q *queue6) put(n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) >= 4 {
		q.room.Wait()
	}
	q.items = append(q.items, n)
}

func (q *queue6) take() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.items = q.items[:0]
	q.room.Broadcast()
}

func boundedQueueStopped(e *Env) {
	q := &queue6{}
	q.room = sync.NewCond(&q.mu)
	inTurn(e, 15*time.Millisecond, func(i int) {
		if time.Since(e.Started) < time.Second {
			q.take()
		}
	})
	drive(e, 90*time.Millisecond, func(i int) {
		if e.Bad() {
			q.put(i)
		}
	})
}

type session6 struct {
	ticker *time.Ticker
	conn   net.Conn
}

func (s *session6) beat() {
	for range s.ticker.C {
		io.WriteString(s.conn, "beat\n")
	}
}

func tickerStopped(e *Env) {
	e.Mux.HandleFunc("/session6", func(w http.ResponseWriter, r *http.Request) {
		c, ok := hijack(w)
		if !ok {
			return
		}
		s := &session6{time.NewTicker(50 * time.Millisecond), c}
		if e.Bad() {
			go s.beat()
		}
		bufio.NewReader(c).ReadString('\n')
		s.ticker.Stop()
		c.Close()
	})
}

func sessions6(c *Client) {
	c.Every(140*time.Millisecond, func(int) {
		if conn, _ := c.Upgrade("/session6"); conn != nil {
			time.Sleep(200 * time.Millisecond)
			io.WriteString(conn, "bye\n")
			conn.Close()
		}
	})
}

type watcher6 struct{ e *Env }

func (w *watcher6) keepalive(c net.Conn, done <-chan struct{}) {
	<-done
	c.Close()
}

func (w *watcher6) once() {
	c := w.e.dial()
	done := make(chan struct{})
	if w.e.Bad() {
		go w.keepalive(c, done)
	}
	io.Copy(io.Discard, c)
	c.Close()
}

func watcherKeepalives(e *Env) {
	w := &watcher6{e}
	inTurn(e, 20*time.Millisecond, func(int) { w.once() })
}

func shortWatch6(c net.Conn) {
	time.Sleep(170 * time.Millisecond)
	io.WriteString(c, "event\n")
	c.Close()
}

type component6 struct {
	queue chan int
	wg    sync.WaitGroup
}

func (c *component6) run() {
	defer c.wg.Done()
	for n := range c.queue {
		spin(n)
	}
}

func (c *component6) close(wrongOrder bool) {
	if wrongOrder {
		c.wg.Wait()
	}
	close(c.queue)
}

func closeOrder(e *Env) {
	e.Handle("/tenant6", func(r *http.Request) string {
		c := &component6{queue: make(chan int, 1)}
		c.wg.Add(2)
		go c.run()
		go c.run()
		c.queue <- 1
		go c.close(isBad(r))
		return "closed"
	})
}

type elector6 struct{ lost []context.CancelFunc }

func (l *elector6) lead(ctx context.Context) {
	<-ctx.Done()
}

func leaderTerms(e *Env) {
	l := &elector6{}
	inTurn(e, 260*time.Millisecond, func(i int) {
		if e.Bad() {
			ctx, lost := context.WithCancel(context.Background())
			l.lost = append(l.lost, lost)
			go l.lead(ctx)
		}
	})
}

type report6 struct {
	mu     sync.Mutex
	answer chan int
}

func (r *report6) run() {
	r.mu.Lock()
	defer r.mu.Unlock()
	<-r.answer
}

func cronOverlap(e *Env) {
	r := &report6{answer: make(chan int)}
	inTurn(e, 320*time.Millisecond, func(int) {
		if e.Bad() {
			go r.run()
		}
	})
}

type merger6 struct{ a, b chan int }

func (m *merger6) run(forgets bool) {
	for forgets || m.a != nil || m.b != nil {
		select {
		case n, ok := <-m.a:
			if spin(n % 2); !ok {
				m.a = nil
			}
		case n, ok := <-m.b:
			if spin(n % 2); !ok {
				m.b = nil
			}
		}
	}
}

func nilInputs(e *Env) {
	e.Handle("/merge6", func(r *http.Request) string {
		m := &merger6{make(chan int), make(chan int)}
		a, b := m.a, m.b
		go m.run(isBad(r))
		a <- 1
		b <- 2
		close(a)
		close(b)
		return "merged"
	})
}

type dispatcher6 struct{ jobs chan int }

func (d *dispatcher6) submit(n int) { d.jobs <- n }

func (d *dispatcher6) work() {
	defer func() { _ = recover() }()
	for n := range d.jobs {
		if n%12 == 11 {
			panic("bad job")
		}
	}
}

func poolDied(e *Env) {
	d := &dispatcher6{make(chan int)}
	for range 4 {
		go d.work()
	}
	drive(e, 30*time.Millisecond, func(i int) {
		if e.Bad() {
			d.submit(i)
		}
	})
}

type subscription6 struct{ changes chan string }

func (s *subscription6) watch() {
	for range s.changes {
		spin(1)
	}
}

func reloadWatchers(e *Env) {
	var current []*subscription6
	inTurn(e, 40*time.Millisecond, func(i int) {
		if i%15 == 0 {
			current = nil
			for range 5 {
				s := &subscription6{make(chan string, 1)}
				current = append(current, s)
				go s.watch()
			}
		}
		current[i%2].changes <- "changed"
	})
}
