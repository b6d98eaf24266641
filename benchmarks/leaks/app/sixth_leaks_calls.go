package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
	"golang.org/x/sync/singleflight"
)

func sixthLeakCalls() []Scenario {
	ms := time.Millisecond
	return []Scenario{
		{Name: "errgroup_early", Late: true, Leaks: []string{"feed6).produce", "feed6).run"}, Setup: errgroupEarly, Load: badEvery("/import6", 60*ms, 4),
			About: "one of an errgroup returns an error on a bad row; the other sends to nobody, and the group's Wait never ends"},
		{Name: "singleflight_lost", Late: true, Leaks: []string{"catalog6).load"}, Setup: singleflightLost, Load: badEvery("/item6", 50*ms, 4),
			About: "callers of a singleflight give up after 40 ms; the flight itself waits for a reply that was dropped"},
		{Name: "weighted_lost", Late: true, Leaks: []string{"renderer6).render"}, Setup: weightedLost, Load: badEvery("/render6", 60*ms, 6),
			About: "a failed rendering does not release its weight; later ones in the background wait to acquire theirs"},
		{Name: "conn_waiter_left", Late: true, Leaks: []string{"connPool6).get"}, Setup: connWaiterLeft, Load: badEvery("/query6", 20*ms, 3),
			About: "a waiter that gives up is handed a connection all the same; soon there is none, and reports wait for ever"},
		{Name: "after_func_send", Late: true, Leaks: []string{"offer6).expire"}, Setup: afterFuncSend, Load: badEvery("/offer6", 50*ms, 2),
			About: "the timer of an offer is not stopped when the answer comes first, and its function sends to nobody"},
		{Name: "context_after_func", Late: true, Leaks: []string{"upload6).abort"}, Setup: contextAfterFunc, Load: badEvery("/upload6", 60*ms, 3),
			About: "context.AfterFunc is not stopped when the upload is done; when the request ends it tells somebody who has gone"},
		{Name: "limiter_per_request", Late: true, Leaks: []string{"limiter6).fill"}, Setup: limiterPerRequest, Load: badEvery("/limited6", 70*ms, 1),
			About: "each request makes a token bucket of its own, whose filler is never stopped"},
		{Name: "batch_never_answers", Late: true, Leaks: []string{"batcher6).wait"}, Setup: batchNeverAnswers, Load: badEvery("/lookup6", 30*ms, 9),
			About: "a batch that fails is dropped without an answer to those who wait for their part, in the background"},
		{Name: "long_poll_registered", Late: true, Leaks: []string{"topic6).forward"}, Setup: longPollRegistered, Load: badEvery("/poll6", 80*ms, 1),
			About: "each poll starts a goroutine that waits for the next event; the poll ends after 30 ms, and no event ever comes"},
		{Name: "fan_in_first", Leaks: []string{"source6).forward"}, Setup: fanInFirst,
			About: "four sources are merged into one channel, and the caller within the process takes the first value only"},
		{Name: "retry_abandoned", Late: true, Leaks: []string{"delivery6).attempt"}, Setup: retryAbandoned, Upstream: silence,
			About: "one delivery loop gives each attempt 250 ms and goes on to the next; the attempt reads from a silent peer without a deadline"},
		{Name: "stream_handler_left", Late: true, Leaks: []string{"rpcStream6).receive"}, Setup: streamHandlerLeft, Load: rpcClients6,
			About: "the handler of a stream returns at a bad message; the stream's receiver goes on to hand over messages to nobody"},
		{Name: "upstream_watch_bodies", Leaks: []string{"persistConn).readLoop", "persistConn).writeLoop"}, Setup: watchBodies, Upstream: watchStream6,
			About: "a watcher that reconnects every 300 ms does not close the body of the stream it had before"},
	}
}

type feed6 struct{ rows chan int }

func (f *feed6) produce() error {
	for i := range 20 {
		f.rows <- i
	}
	close(f.rows)
	return nil
}

func (f *feed6) consume(bad bool) error {
	for row := range f.rows {
		if bad && row == 4 {
			return errors.New("malformed row")
		}
	}
	return nil
}

func (f *feed6) run(bad bool) {
	var g errgroup.Group
	g.Go(f.produce)
	g.Go(func() error { return f.consume(bad) })
	_ = g.Wait()
}

func errgroupEarly(e *Env) {
	e.Handle("/import6", func(r *http.Request) string {
		go (&feed6{make(chan int)}).run(isBad(r))
		return "importing"
	})
}

type catalog6 struct{ flights singleflight.Group }

func (c *catalog6) load(lost bool) (any, error) {
	reply := make(chan int, 1)
	if !lost {
		time.AfterFunc(3*time.Millisecond, func() { reply <- 1 })
	}
	return <-reply, nil
}

func singleflightLost(e *Env) {
	c := &catalog6{}
	e.Handle("/item6", func(r *http.Request) string {
		bad := isBad(r)
		select {
		case got := <-c.flights.DoChan(r.FormValue("i"), func() (any, error) { return c.load(bad) }):
			return fmt.Sprint(got.Val)
		case <-time.After(40 * time.Millisecond):
			return "not now"
		}
	})
}

type renderer6 struct{ weight *semaphore.Weighted }

func (p *renderer6) render(bad bool) {
	if p.weight.Acquire(context.Background(), 2) != nil {
		return
	}
	spin(5)
	if !bad {
		p.weight.Release(2)
	}
}

func weightedLost(e *Env) {
	p := &renderer6{semaphore.NewWeighted(8)}
	e.Handle("/render6", func(r *http.Request) string {
		if bad := isBad(r); e.Bad() {
			go p.render(bad)
		}
		return "rendering"
	})
}

// connPool6 hands a connection that comes back to the one who has waited longest, as database/sql does.
type connPool6 struct {
	mu      sync.Mutex
	free    int
	waiting []chan int
}

func (p *connPool6) get(ctx context.Context) bool {
	p.mu.Lock()
	if p.free > 0 {
		p.free--
		p.mu.Unlock()
		return true
	}
	turn := make(chan int, 1)
	p.waiting = append(p.waiting, turn)
	p.mu.Unlock()
	select {
	case <-turn:
		return true
	case <-ctx.Done():
		return false
	}
}

func (p *connPool6) put() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.waiting) > 0 {
		p.waiting[0] <- 1
		p.waiting = p.waiting[1:]
		return
	}
	p.free++
}

func connWaiterLeft(e *Env) {
	p := &connPool6{free: 2}
	query := func(ctx context.Context, d time.Duration) {
		if p.get(ctx) {
			time.Sleep(d)
			p.put()
		}
	}
	e.Handle("/query6", func(r *http.Request) string {
		if !e.Bad() {
			return "cached"
		}
		if isBad(r) {
			go query(context.Background(), 150*time.Millisecond)
			return "reporting"
		}
		ctx, cancel := context.WithTimeout(r.Context(), 30*time.Millisecond)
		defer cancel()
		query(ctx, 25*time.Millisecond)
		return "queried"
	})
}

type offer6 struct{ events chan string }

func (o *offer6) expire() { o.events <- "expired" }

func afterFuncSend(e *Env) {
	e.Handle("/offer6", func(r *http.Request) string {
		o := &offer6{make(chan string)}
		timer := time.AfterFunc(25*time.Millisecond, o.expire)
		go func() { time.Sleep(5 * time.Millisecond); o.events <- "taken" }()
		got := <-o.events
		if !isBad(r) {
			timer.Stop()
		}
		return got
	})
}

type upload6 struct{ aborted chan struct{} }

func (u *upload6) abort() { u.aborted <- struct{}{} }

func contextAfterFunc(e *Env) {
	e.Handle("/upload6", func(r *http.Request) string {
		u := &upload6{make(chan struct{})}
		stop := context.AfterFunc(r.Context(), u.abort)
		select {
		case <-u.aborted:
			return "aborted"
		case <-time.After(4 * time.Millisecond):
		}
		if !isBad(r) {
			stop()
		}
		return "stored"
	})
}

type limiter6 struct{ tokens chan struct{} }

func (l *limiter6) fill() {
	for {
		l.tokens <- struct{}{}
		time.Sleep(time.Millisecond)
	}
}

func limiterPerRequest(e *Env) {
	e.Handle("/limited6", func(r *http.Request) string {
		if !isBad(r) {
			return "unlimited"
		}
		l := &limiter6{make(chan struct{}, 2)}
		go l.fill()
		<-l.tokens
		return "passed"
	})
}

type batcher6 struct {
	mu    sync.Mutex
	parts []chan int
}

func (b *batcher6) wait(part chan int) { spin(<-part % 3) }

func (b *batcher6) add(fails bool) {
	part := make(chan int, 1)
	b.mu.Lock()
	b.parts = append(b.parts, part)
	parts := b.parts
	if len(parts) == 3 {
		b.parts = nil
	}
	b.mu.Unlock()
	go b.wait(part)
	if len(parts) == 3 && !fails {
		for i, p := range parts {
			p <- i
		}
	}
}

func batchNeverAnswers(e *Env) {
	b := &batcher6{}
	n := 0
	e.Handle("/lookup6", func(r *http.Request) string {
		b.mu.Lock()
		n++
		fails := e.Bad() && n/3%4 == 2
		b.mu.Unlock()
		b.add(fails)
		return "asked"
	})
}

type topic6 struct{ next chan struct{} }

func (t *topic6) forward(out chan<- struct{}) {
	<-t.next
	out <- struct{}{}
}

func longPollRegistered(e *Env) {
	t := &topic6{make(chan struct{})}
	e.Handle("/poll6", func(r *http.Request) string {
		if !isBad(r) {
			return "no topic"
		}
		out := make(chan struct{}, 1)
		go t.forward(out)
		select {
		case <-out:
			return "event"
		case <-time.After(30 * time.Millisecond):
			return "nothing new"
		}
	})
}

type source6 struct{ n int }

func (s *source6) forward(out chan<- int) { out <- s.n * spin(2) }

func fanInFirst(e *Env) {
	drive(e, 120*time.Millisecond, func(int) {
		out := make(chan int)
		for i := range 4 {
			go (&source6{i}).forward(out)
		}
		<-out
	})
}

type delivery6 struct{ e *Env }

func (d *delivery6) attempt(done chan<- error) {
	c := d.e.dial()
	defer c.Close()
	fmt.Fprintln(c, "deliver")
	_, err := c.Read(make([]byte, 16))
	done <- err
}

func retryAbandoned(e *Env) {
	d := &delivery6{e}
	inTurn(e, 10*time.Millisecond, func(int) {
		if !e.Bad() {
			return
		}
		done := make(chan error, 1)
		go d.attempt(done)
		select {
		case <-done:
		case <-time.After(250 * time.Millisecond):
		}
	})
}

type rpcStream6 struct{ messages chan uint32 }

func (s *rpcStream6) receive(c io.ReadCloser) {
	defer c.Close()
	for {
		m, err := readFrame(c)
		if err != nil {
			close(s.messages)
			return
		}
		s.messages <- m
	}
}

func streamHandlerLeft(e *Env) {
	e.Mux.HandleFunc("/rpc6", func(w http.ResponseWriter, r *http.Request) {
		c, ok := hijack(w)
		if !ok {
			return
		}
		s := &rpcStream6{make(chan uint32)}
		go s.receive(c)
		for m := range s.messages {
			if m == 2 && e.Bad() {
				return
			}
		}
	})
}

func rpcClients6(c *Client) {
	c.Every(110*time.Millisecond, func(int) {
		if conn, _ := c.Upgrade("/rpc6"); conn != nil {
			for m := range 5 {
				writeFrame(conn, uint32(m))
				time.Sleep(4 * time.Millisecond)
			}
			conn.Close()
		}
	})
}

func watchBodies(e *Env) {
	client := &http.Client{Transport: &http.Transport{}}
	inTurn(e, 300*time.Millisecond, func(int) {
		resp, err := client.Get("http://" + e.Upstream + "/watch")
		if err == nil {
			resp.Body.Read(make([]byte, 1))
		}
	})
}

// watchStream6 answers with a stream that says something now and then.
func watchStream6(c net.Conn) {
	defer c.Close()
	c.Read(make([]byte, 4096))
	io.WriteString(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
	for {
		if _, err := io.WriteString(c, "2\r\nhi\r\n"); err != nil {
			return
		}
		time.Sleep(5 * time.Second)
	}
}
