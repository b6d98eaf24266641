package app

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"
)

func refreshAhead(e *Env) {
	var mu sync.Mutex
	var flight *sync.WaitGroup
	refresh := func() {
		mu.Lock()
		if f := flight; f != nil {
			mu.Unlock()
			f.Wait()
			return
		}
		f := &sync.WaitGroup{}
		f.Add(1)
		flight = f
		mu.Unlock()
		time.Sleep(2500 * time.Millisecond)
		mu.Lock()
		flight = nil
		mu.Unlock()
		f.Done()
	}
	e.Handle("/quote2", func(*http.Request) string { go refresh(); return "stale" })
}

type reservations struct {
	mu   sync.Mutex
	next time.Time
}

func (l *reservations) wait(ctx context.Context) bool {
	l.mu.Lock()
	now := time.Now()
	if l.next.Before(now) {
		l.next = now
	}
	at := l.next
	l.next = at.Add(160 * time.Millisecond)
	l.mu.Unlock()
	t := time.NewTimer(time.Until(at))
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func reserveQueue(e *Env) {
	l := &reservations{}
	e.Handle("/email", func(*http.Request) string {
		go func() {
			if l.wait(e.Ctx) {
				spin(2)
			}
		}()
		return "queued"
	})
}

func keepSession(ctx context.Context, id int) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	t := time.NewTicker(400 * time.Millisecond)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			spin(id)
		case <-ctx.Done():
			return
		}
	}
}

func sessionTTL(e *Env) {
	e.Handle("/login", func(*http.Request) string { go keepSession(e.Ctx, 1); return "in" })
}

func delayedFlush(e *Env) {
	flush := make(chan struct{})
	e.Handle("/buffer", func(*http.Request) string {
		go func() {
			t := time.NewTimer(2800 * time.Millisecond)
			defer t.Stop()
			select {
			case <-t.C:
			case <-flush:
			case <-e.Ctx.Done():
			}
			spin(1)
		}()
		return "buffered"
	})
}

func cronEntries(e *Env) {
	for i := range 20 {
		go func() {
			every := []time.Duration{time.Second, 4 * time.Second, time.Minute, time.Hour}[i%4]
			for pause(e.Ctx, every) {
				spin(1)
			}
		}()
	}
}

func commitAcks(e *Env) {
	e.Handle("/commit", func(*http.Request) string {
		ack := make(chan struct{})
		time.AfterFunc(2200*time.Millisecond, func() { close(ack) })
		go awaitAck(ack)
		return "committing"
	})
}

func awaitAck(ack <-chan struct{}) { <-ack; spin(1) }

func loaderEntries(e *Env) {
	var mu sync.Mutex
	entries := map[string]chan struct{}{}
	n := 0
	e.Handle("/entry2", func(r *http.Request) string {
		mu.Lock()
		defer mu.Unlock()
		n++
		key := fmt.Sprint(n / 5)
		ready := entries[key]
		if ready == nil {
			ready = make(chan struct{})
			entries[key] = ready
			loaded := ready
			go func() { time.Sleep(time.Duration(2000+200*(n%6)) * time.Millisecond); close(loaded) }()
		}
		go func() { <-ready; spin(1) }()
		return "loading"
	})
}

func expireOTP(ctx context.Context, used <-chan struct{}) {
	t := time.NewTimer(9 * time.Second)
	defer t.Stop()
	select {
	case <-used:
	case <-t.C:
	case <-ctx.Done():
	}
}

func otpExpiry(e *Env) {
	e.Handle("/otp", func(r *http.Request) string {
		used := make(chan struct{})
		go expireOTP(e.Ctx, used)
		if r.FormValue("use") != "" {
			time.AfterFunc(700*time.Millisecond, func() { close(used) })
		}
		return "1234"
	})
}

func otpLoad(c *Client) {
	c.Every(130*time.Millisecond, func(i int) {
		if i%3 == 0 {
			c.Get("/otp?use=1")
		} else {
			c.Get("/otp")
		}
	})
}
