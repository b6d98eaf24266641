package app

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

type nested9 struct {
	done chan struct{}
	wg   sync.WaitGroup
}

func (n *nested9) inner() {
	defer n.wg.Done()
	<-n.done
}

func (n *nested9) outer(early bool) {
	n.wg.Add(2)
	go n.inner()
	go n.inner()
	if early {
		close(n.done)
	}
	n.wg.Wait()
	if !early {
		close(n.done)
	}
}

func innerGroup(e *Env) {
	e.Handle("/nested9", func(r *http.Request) string {
		go (&nested9{done: make(chan struct{})}).outer(!isBad(r))
		return "started"
	})
}

type peer9 struct {
	beats int
	quit  chan struct{}
}

func (p *peer9) beat() {
	t := time.NewTicker(250 * time.Millisecond)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			p.beats++
		case <-p.quit:
			return
		}
	}
}

func beatPerPeer(e *Env) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	e.OnStop(func() { ln.Close() })
	e.Handle("/peers9", func(*http.Request) string { return ln.Addr().String() })
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				if e.Bad() {
					go (&peer9{quit: make(chan struct{})}).beat()
				}
				_, _ = io.Copy(c, c)
			}()
		}
	}()
}

func peers9(c *Client) {
	addr := c.ask("/peers9")
	c.Every(130*time.Millisecond, func(i int) {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			return
		}
		defer conn.Close()
		fmt.Fprintln(conn, "hello", i)
		time.Sleep(50 * time.Millisecond)
	})
}

type login9 struct {
	token int
	out   chan struct{}
}

func (l *login9) refresh() {
	t := time.NewTicker(5 * time.Minute)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			l.token++
		case <-l.out:
			return
		}
	}
}

func slowTickerLogin(e *Env) {
	e.Handle("/login9", func(r *http.Request) string {
		if isBad(r) {
			go (&login9{out: make(chan struct{})}).refresh()
		}
		return "welcome"
	})
}

type reminder9 struct{ text string }

func (r *reminder9) remind(ctx context.Context) {
	select {
	case <-time.After(24 * time.Hour):
		spin(len(r.text))
	case <-ctx.Done():
	}
}

func dayLater(e *Env) {
	e.Handle("/remind9", func(r *http.Request) string {
		if isBad(r) {
			go (&reminder9{"tomorrow"}).remind(context.WithoutCancel(r.Context()))
		}
		return "noted"
	})
}

type score9 struct{ out chan int }

func (s *score9) send() { s.out <- spin(3) }

func sentToNil(e *Env) {
	e.Handle("/score9", func(r *http.Request) string {
		s := &score9{}
		if !isBad(r) {
			s.out = make(chan int, 1)
		}
		go s.send()
		return "scored"
	})
}

type ledger9 struct {
	mu    sync.Mutex
	reply chan int
}

func (l *ledger9) settle() {
	l.mu.Lock()
	defer l.mu.Unlock()
	spin(<-l.reply)
}

func (l *ledger9) book() {
	l.mu.Lock()
	defer l.mu.Unlock()
	spin(1)
}

func handlersWaitForOne(e *Env) {
	l := &ledger9{reply: make(chan int)}
	go func() {
		if pause(e.Ctx, 900*time.Millisecond) {
			l.settle()
		}
	}()
	e.Handle("/ledger9", func(*http.Request) string {
		if e.Bad() {
			go l.book()
		}
		return "booked"
	})
}
