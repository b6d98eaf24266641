package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// seventh was written after what the sixth showed was mended, to see whether the mends hold for others.
func seventh() []Scenario { return append(seventhLeaks(), seventhFine()...) }

func seventhLeaks() []Scenario {
	ms := time.Millisecond
	return []Scenario{
		{Name: "group_ctx_unused", Late: true, Leaks: []string{"part7).fetch", "part7).run"}, Setup: groupCtxUnused,
			About: "one part of an errgroup fails and cancels its context, at which the others do not look"},
		{Name: "two_flushes", Leaks: []string{"flush7).await"}, Setup: twoFlushes,
			About: "a job runs twice, and each time leaves one behind that waits for its acknowledgement"},
		{Name: "accepted_watch", Late: true, Leaks: []string{"peer7).watch"}, Setup: acceptedWatch, Load: rawPeers7,
			About: "a server of its own protocol starts a goroutine per connection that waits for it to be closed; a bad greeting ends it without"},
		{Name: "resize_by_request", Late: true, Leaks: []string{"crew7).work"}, Setup: resizeByRequest, Load: resizes7,
			About: "a request now and then gives the service a new queue with new workers; the old ones keep waiting at the old queue"},
		{Name: "collector_returns", Late: true, Leaks: []string{"probe7).run"}, Setup: collectorReturns,
			About: "three probes report each 200 ms; their collector returns at the first error"},
		{Name: "pipe_reader_left", Late: true, Leaks: []string{"export7).write"}, Setup: pipeReaderLeft, Load: badEvery("/csv7", 60*ms, 3),
			About: "an encoder writes to a pipe whose reader stops at its limit without closing it"},
		{Name: "keepalive_loops", Late: true, Leaks: []string{"link7).ping"}, Setup: keepaliveLoops, Upstream: shortWatch6,
			About: "one goroutine connects again and again; each connection's ping loop goes on when the connection is gone"},
		{Name: "background_done", Late: true, Leaks: []string{"relay7).forward"}, Setup: backgroundDone, Load: badEvery("/relay7", 70*ms, 2),
			About: "a forwarder selects on its input and on the Done of a background context, which is nil"},
		{Name: "lock_and_send", Late: true, Leaks: []string{"hub7).publish"}, Setup: lockAndSend,
			About: "a hub sends with its lock held to one who needs that lock; all later publishers wait"},
		{Name: "decoder_consumer_left", Late: true, Leaks: []string{"rows7).decode"}, Setup: decoderConsumerLeft, Load: badEvery("/rows7", 70*ms, 3),
			About: "rows are decoded for a consumer that stops at the second page"},
		{Name: "ack_lost", Late: true, Leaks: []string{"sender7).work"}, Setup: ackLost, Load: getEvery("/send7", 40*ms),
			About: "twelve senders take jobs and wait for each one's acknowledgement, of which one in ten is lost"},
		{Name: "subscribe_twice", Late: true, Leaks: []string{"view7).follow"}, Setup: subscribeTwice,
			About: "a view subscribes anew whenever its filter changes and only follows the newest; the older ones still wait"},
	}
}

type part7 struct {
	n       int
	answers chan int
}

func (p *part7) fetch(context.Context) error {
	if p.n == 0 {
		return errors.New("no such part")
	}
	spin(<-p.answers)
	return nil
}

func (p *part7) run() {
	g, ctx := errgroup.WithContext(context.Background())
	for n := range 3 {
		g.Go(func() error { return (&part7{n, p.answers}).fetch(ctx) })
	}
	_ = g.Wait()
}

func groupCtxUnused(e *Env) {
	drive(e, 170*time.Millisecond, func(i int) {
		if e.Bad() {
			(&part7{answers: make(chan int)}).run()
		}
	})
}

type flush7 struct{ acked chan struct{} }

func (f *flush7) await() { <-f.acked }

func twoFlushes(e *Env) {
	drive(e, 900*time.Millisecond, func(i int) {
		if i < 2 {
			go (&flush7{make(chan struct{})}).await()
		}
	})
}

type peer7 struct {
	conn   net.Conn
	closed chan struct{}
}

func (p *peer7) watch() {
	<-p.closed
	p.conn.Close()
}

func (p *peer7) serve(e *Env) {
	go p.watch()
	buf := make([]byte, 32)
	n, err := p.conn.Read(buf)
	if err == nil && e.Bad() && buf[0] != 'h' {
		return
	}
	for err == nil {
		p.conn.Write(buf[:n])
		n, err = p.conn.Read(buf)
	}
	close(p.closed)
}

// acceptedWatch listens on a port of its own, which it tells over HTTP.
func acceptedWatch(e *Env) {
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
			go (&peer7{c, make(chan struct{})}).serve(e)
		}
	}()
}

func (c *Client) ask(path string) string {
	resp, err := c.HTTP.Get(c.Base + path)
	if err != nil {
		return ""
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	return string(b)
}

func rawPeers7(c *Client) {
	addr := c.ask("/port7")
	c.Every(90*time.Millisecond, func(i int) {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			return
		}
		defer conn.Close()
		greeting := "hello"
		if c.Bad() && i%2 == 0 {
			greeting = "?"
		}
		io.WriteString(conn, greeting)
		time.Sleep(30 * time.Millisecond)
	})
}

type crew7 struct{ jobs chan int }

func (c *crew7) work() {
	for j := range c.jobs {
		spin(j)
	}
}

func resizeByRequest(e *Env) {
	var mu sync.Mutex
	var current *crew7
	e.Handle("/resize7", func(*http.Request) string {
		mu.Lock()
		defer mu.Unlock()
		current = &crew7{make(chan int, 4)}
		for range 3 {
			go current.work()
		}
		return "resized"
	})
	e.Handle("/job7", func(*http.Request) string {
		mu.Lock()
		defer mu.Unlock()
		if current != nil {
			current.jobs <- 1
		}
		return "queued"
	})
}

func resizes7(c *Client) {
	c.Every(30*time.Millisecond, func(i int) {
		if c.Bad() && i%15 == 0 {
			c.Get("/resize7")
		} else {
			c.Get("/job7")
		}
	})
}

type probe7 struct{ n int }

func (p *probe7) run(out chan<- int) {
	time.Sleep(time.Duration(2+p.n) * time.Millisecond)
	out <- p.n
}

func collectorReturns(e *Env) {
	inTurn(e, 200*time.Millisecond, func(i int) {
		if !e.Bad() {
			return
		}
		out := make(chan int)
		for n := range 3 {
			go (&probe7{n}).run(out)
		}
		for range 3 {
			if n := <-out; n == i%3 {
				return
			}
		}
	})
}

type export7 struct{ w *io.PipeWriter }

func (x *export7) write() {
	enc := json.NewEncoder(x.w)
	for i := range 50 {
		if enc.Encode(map[string]int{"row": i}) != nil {
			return
		}
	}
	x.w.Close()
}

func pipeReaderLeft(e *Env) {
	e.Handle("/csv7", func(r *http.Request) string {
		pr, pw := io.Pipe()
		go (&export7{pw}).write()
		if isBad(r) {
			n, _ := io.Copy(io.Discard, io.LimitReader(pr, 100))
			return fmt.Sprint(n)
		}
		n, _ := io.Copy(io.Discard, pr)
		return fmt.Sprint(n)
	})
}

type link7 struct{ last time.Time }

func (l *link7) ping() {
	t := time.NewTicker(120 * time.Millisecond)
	defer t.Stop()
	for now := range t.C {
		l.last = now
	}
}

func keepaliveLoops(e *Env) {
	inTurn(e, 30*time.Millisecond, func(int) {
		if !e.Bad() {
			return
		}
		c := e.dial()
		go (&link7{}).ping()
		io.Copy(io.Discard, c)
		c.Close()
	})
}

type relay7 struct{ in chan int }

func (r *relay7) forward(ctx context.Context) {
	for {
		select {
		case n := <-r.in:
			spin(n)
		case <-ctx.Done():
			return
		}
	}
}

func backgroundDone(e *Env) {
	e.Handle("/relay7", func(r *http.Request) string {
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		if isBad(r) {
			ctx = context.Background()
		}
		relay := &relay7{make(chan int, 2)}
		go relay.forward(ctx)
		relay.in <- 1
		return "relayed"
	})
}

type hub7 struct {
	mu  sync.Mutex
	out chan int
	n   int
}

func (h *hub7) publish(n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.out <- n
}

func lockAndSend(e *Env) {
	h := &hub7{out: make(chan int)}
	go func() {
		for n := range h.out {
			if n == 9 {
				h.publish(n) // it takes the lock that its own sender may hold, and nobody else receives
			}
			spin(1)
		}
	}()
	drive(e, 110*time.Millisecond, func(i int) {
		if e.Bad() {
			h.publish(i)
		}
	})
}

type rows7 struct{ pages chan []int }

func (r *rows7) decode() {
	for p := range 6 {
		r.pages <- []int{p}
	}
	close(r.pages)
}

func decoderConsumerLeft(e *Env) {
	e.Handle("/rows7", func(r *http.Request) string {
		rows := &rows7{make(chan []int, 1)}
		go rows.decode()
		for p := range rows.pages {
			if isBad(r) && p[0] == 1 {
				return "enough"
			}
		}
		return "all"
	})
}

type sender7 struct {
	jobs chan int
	acks chan chan struct{}
}

func (s *sender7) work() {
	for n := range s.jobs {
		ack := make(chan struct{})
		if n%10 != 7 {
			s.acks <- ack
		}
		<-ack
	}
}

func ackLost(e *Env) {
	s := &sender7{make(chan int, 256), make(chan chan struct{})}
	for range 12 {
		go s.work()
	}
	go func() {
		for {
			select {
			case ack := <-s.acks:
				time.Sleep(time.Millisecond)
				close(ack)
			case <-e.Ctx.Done():
				return
			}
		}
	}()
	n := 0
	var mu sync.Mutex
	e.Handle("/send7", func(*http.Request) string {
		mu.Lock()
		defer mu.Unlock()
		if n++; e.Bad() {
			s.jobs <- n
		}
		return "queued"
	})
}

type view7 struct{ changes chan int }

func (v *view7) follow() {
	for n := range v.changes {
		spin(n % 3)
	}
}

func subscribeTwice(e *Env) {
	var current *view7
	go func() {
		for i := 0; pause(e.Ctx, 30*time.Millisecond); i++ {
			if current == nil || e.Bad() && i%18 == 0 {
				current = &view7{make(chan int, 4)}
				go current.follow()
			}
			current.changes <- i
		}
	}()
}
