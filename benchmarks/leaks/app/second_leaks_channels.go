package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

type priceFlights struct {
	mu    sync.Mutex
	calls map[string]chan struct{}
}

func (p *priceFlights) await(key string, done <-chan struct{}) { <-done; spin(len(key)) }

func (p *priceFlights) refresh(key string, bad bool) {
	p.mu.Lock()
	done, joined := p.calls[key]
	if joined {
		p.mu.Unlock()
		p.await(key, done)
		return
	}
	done = make(chan struct{})
	p.calls[key] = done
	p.mu.Unlock()
	time.Sleep(30 * time.Millisecond)
	p.mu.Lock()
	delete(p.calls, key)
	p.mu.Unlock()
	if bad {
		return
	}
	close(done)
}

func flightGoexit(e *Env) {
	p := &priceFlights{calls: map[string]chan struct{}{}}
	e.Handle("/price", func(r *http.Request) string {
		key, bad := r.FormValue("i"), isBad(r)
		for range 3 {
			go p.refresh(key, bad)
		}
		return "stale price"
	})
}

func scanRows(n int) <-chan int {
	rows := make(chan int)
	go func() {
		defer close(rows)
		for i := range n {
			spin(1)
			rows <- i
		}
	}()
	return rows
}

func scanLimit(e *Env) {
	e.Handle("/rows", func(r *http.Request) string {
		limit := 100
		if isBad(r) {
			limit = 10
		}
		sum := 0
		for row := range scanRows(20) {
			if sum += row; row > limit {
				break
			}
		}
		return fmt.Sprint(sum)
	})
}

type bus struct {
	mu   sync.Mutex
	subs map[chan int]bool
}

func (b *bus) listen(ch <-chan int, last *int) {
	for m := range ch {
		*last = m
	}
}

func unsubscribeOpen(e *Env) {
	b := &bus{subs: map[chan int]bool{}}
	go func() {
		for i := 0; pause(e.Ctx, 30*time.Millisecond); i++ {
			b.mu.Lock()
			for ch := range b.subs {
				select {
				case ch <- i:
				default:
				}
			}
			b.mu.Unlock()
		}
	}()
	e.Handle("/watch", func(r *http.Request) string {
		if !e.Bad() {
			return "nothing new"
		}
		ch, last := make(chan int, 1), 0
		b.mu.Lock()
		b.subs[ch] = true
		b.mu.Unlock()
		go b.listen(ch, &last)
		pause(r.Context(), 400*time.Millisecond)
		b.mu.Lock()
		delete(b.subs, ch)
		b.mu.Unlock()
		return "seen"
	})
}

type resizable struct {
	mu   sync.RWMutex
	jobs chan int
}

func (p *resizable) worker(jobs <-chan int) {
	for j := range jobs {
		spin(j)
		time.Sleep(2 * time.Millisecond)
	}
}

func (p *resizable) resize(n int) {
	jobs := make(chan int, 64)
	for range n {
		go p.worker(jobs)
	}
	p.mu.Lock()
	p.jobs = jobs
	p.mu.Unlock()
}

func poolReplaced(e *Env) {
	p := &resizable{}
	p.resize(4)
	go func() {
		for n := 0; pause(e.Ctx, 450*time.Millisecond); n++ {
			if e.Bad() {
				p.resize(4 + n%3)
			}
		}
	}()
	e.Handle("/resize-work", func(*http.Request) string {
		p.mu.RLock()
		defer p.mu.RUnlock()
		p.jobs <- 2
		return "queued"
	})
}

type topicFeed struct{ ch chan string }

func (f *topicFeed) publish(m string) { f.ch <- m }

func (f *topicFeed) consume(started time.Time) {
	defer func() { recover() }()
	for m := range f.ch {
		if time.Since(started) > time.Second {
			panic(errors.New("cannot parse " + m))
		}
	}
}

func subscriberDied(e *Env) {
	f := &topicFeed{ch: make(chan string)}
	go f.consume(e.Started)
	e.Handle("/publish", func(r *http.Request) string {
		m := r.FormValue("i")
		if e.Bad() {
			go f.publish(m)
		}
		return "published"
	})
}

func onReload(f func()) {
	ch := make(chan os.Signal, 1)
	signal.Notify(ch, syscall.SIGHUP)
	go func() {
		for range ch {
			f()
		}
	}()
}

func notifyPerRequest(e *Env) {
	e.Handle("/conf", func(r *http.Request) string {
		if isBad(r) {
			onReload(func() { spin(1) })
		}
		return "configured"
	})
}

type thumb struct{ out chan int }

func (t *thumb) deliver(n int) { t.out <- spin(n) }

func sendOneInFifty(e *Env) {
	e.Handle("/thumb2", func(r *http.Request) string {
		t := &thumb{out: make(chan int)}
		go t.deliver(2)
		if isBad(r) {
			return "no thumb"
		}
		return fmt.Sprint(<-t.out)
	})
}

type subscription struct{ events chan string }

func (s *subscription) drain() {
	for e := range s.events {
		spin(len(e))
	}
}

func quietOld(e *Env) {
	e.Handle("/subscribe", func(r *http.Request) string {
		s := &subscription{events: make(chan string)}
		go s.drain()
		return "subscribed"
	})
}

func quietAfter(c *Client) {
	for range 40 {
		c.Get("/subscribe")
		pause(c.Ctx, 60*time.Millisecond)
	}
	<-c.Ctx.Done()
}

type actorSystem struct{ inbox chan question }

type question struct {
	kind  string
	reply chan int
}

func (a *actorSystem) run(ctx context.Context) {
	for {
		select {
		case q := <-a.inbox:
			if q.kind == "known" {
				q.reply <- spin(2)
			}
		case <-ctx.Done():
			return
		}
	}
}

func (a *actorSystem) ask(kind string) {
	q := question{kind, make(chan int, 1)}
	a.inbox <- q
	<-q.reply
}

func replyDropped(e *Env) {
	a := &actorSystem{inbox: make(chan question, 16)}
	go a.run(e.Ctx)
	e.Handle("/ask", func(r *http.Request) string {
		kind := "known"
		if isBad(r) {
			kind = "unheard of"
		}
		go a.ask(kind)
		return "asked"
	})
}
