package app

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

type lease struct{ expired chan struct{} }

func (l *lease) keepUntil(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-l.expired:
	}
}

func cancelForgotten(e *Env) {
	e.Handle("/lease", func(r *http.Request) string {
		ctx, cancel := context.WithCancel(context.Background())
		l := &lease{expired: make(chan struct{})}
		go l.keepUntil(ctx)
		time.Sleep(5 * time.Millisecond)
		if isBad(r) {
			_ = cancel
			return "conflict"
		}
		cancel()
		return "done"
	})
}

func pollInvoice(done <-chan struct{}) {
	for {
		select {
		case <-time.After(700 * time.Millisecond):
			spin(2)
		case <-done:
			return
		}
	}
}

func afterLoop(e *Env) {
	e.Handle("/invoice", func(r *http.Request) string {
		done := make(chan struct{})
		go pollInvoice(done)
		if !isBad(r) {
			close(done)
		}
		return "sent"
	})
}

func touchSession(t *time.Ticker, id string) {
	for range t.C {
		spin(len(id))
	}
}

func sessionTicks(e *Env) {
	e.Handle("/login", func(r *http.Request) string {
		if isBad(r) {
			go touchSession(time.NewTicker(900*time.Millisecond), r.FormValue("i"))
		}
		return "welcome"
	})
}

func reconcile(object string, possible bool) {
	for wait := 50 * time.Millisecond; ; wait = min(2*wait, 800*time.Millisecond) {
		if spin(len(object)); possible {
			return
		}
		time.Sleep(wait)
	}
}

func backoffSleep(e *Env) {
	e.Handle("/apply", func(r *http.Request) string {
		go reconcile(r.FormValue("i"), !isBad(r))
		return "accepted"
	})
}

type pump struct{ conn net.Conn }

func (p *pump) read() {
	defer p.conn.Close()
	in := bufio.NewScanner(p.conn)
	for in.Scan() {
		fmt.Fprintln(p.conn, strings.ToUpper(in.Text()))
	}
}

func (p *pump) ping() {
	t := time.NewTicker(400 * time.Millisecond)
	defer t.Stop()
	for range t.C {
		fmt.Fprintln(p.conn, "ping")
	}
}

func pingAfterClose(e *Env) {
	e.Mux.HandleFunc("/ws", func(w http.ResponseWriter, r *http.Request) {
		if c, ok := hijack(w); ok {
			p := &pump{conn: c}
			go p.ping()
			p.read()
		}
	})
}

func wsShort(c *Client) {
	c.Every(170*time.Millisecond, func(i int) {
		if c.Bad() {
			c.talk("/ws", 3, false)
		} else {
			c.Get("/ping")
		}
	})
}

type ttlCache struct {
	mu   sync.Mutex
	data map[string]int
}

func newTTLCache() *ttlCache {
	c := &ttlCache{data: map[string]int{}}
	go c.janitor()
	return c
}

func (c *ttlCache) janitor() {
	t := time.NewTicker(600 * time.Millisecond)
	stop := make(chan struct{})
	for {
		select {
		case <-t.C:
			c.mu.Lock()
			clear(c.data)
			c.mu.Unlock()
		case <-stop:
			return
		}
	}
}

func cachePerRequest(e *Env) {
	e.Handle("/render", func(r *http.Request) string {
		c := newTTLCache()
		c.mu.Lock()
		defer c.mu.Unlock()
		c.data["x"] = spin(3)
		return "rendered"
	})
}

type breaker struct {
	mu      sync.Mutex
	verdict chan bool
}

func (b *breaker) probe(verdict <-chan bool) {
	if <-verdict {
		spin(1)
	}
}

func probeReplaced(e *Env) {
	b := &breaker{}
	e.Handle("/pay", func(r *http.Request) string {
		b.mu.Lock()
		defer b.mu.Unlock()
		if isBad(r) {
			b.verdict = make(chan bool, 1)
			go b.probe(b.verdict)
		}
		return "paid"
	})
}
