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

func paymentSagas(e *Env) {
	var mu sync.Mutex
	n := 0
	e.Handle("/order8", func(*http.Request) string {
		mu.Lock()
		n++
		order := n
		mu.Unlock()
		paid := make(chan struct{})
		if order%3 != 0 {
			time.AfterFunc(time.Duration(300+order%7*170)*time.Millisecond, func() { close(paid) })
		}
		go func() {
			ctx, cancel := context.WithTimeout(e.Ctx, 3800*time.Millisecond)
			defer cancel()
			select {
			case <-paid:
				spin(4)
			case <-ctx.Done():
			}
		}()
		return "ordered"
	})
}

func versionedPoll(e *Env) {
	newer := make(chan struct{}, 1)
	e.Handle("/poll8", func(r *http.Request) string {
		select {
		case <-newer:
			return "newer"
		case <-time.After(8 * time.Second):
			return "none"
		case <-r.Context().Done():
			return ""
		}
	})
	inTurn(e, 2300*time.Millisecond, func(int) {
		select {
		case newer <- struct{}{}:
		default:
		}
	})
}

func polls8(c *Client) {
	for i := range 16 {
		go func() {
			pause(c.Ctx, time.Duration(i)*130*time.Millisecond)
			for c.Ctx.Err() == nil {
				c.GetFor("/poll8", 12*time.Second)
			}
		}()
	}
	c.Every(60*time.Millisecond, func(int) { c.Get("/ping") })
}

func projections(e *Env) {
	var mu sync.Mutex
	streams := map[string]chan int{}
	e.Handle("/event8", func(r *http.Request) string {
		mu.Lock()
		defer mu.Unlock()
		s, known := streams[r.FormValue("id")]
		if !known {
			s = make(chan int, 4)
			streams[r.FormValue("id")] = s
			e.OnStop(func() { close(s) })
			go func() {
				for n := range s {
					spin(n)
				}
			}()
		}
		s <- 1
		return "noted"
	})
}

func events8(c *Client) {
	c.Every(120*time.Millisecond, func(i int) {
		id := i
		if i%3 == 2 {
			id = i / 2 / 3 * 3
		}
		c.Get(fmt.Sprintf("/event8?id=%d", id))
	})
}

func slowDownstream(e *Env) {
	e.Handle("/notify8", func(*http.Request) string {
		go func() {
			c := e.dial()
			defer c.Close()
			io.WriteString(c, "notify\n")
			_, _ = c.Read(make([]byte, 32))
		}()
		return "noted"
	})
}

func answerAfter8(c net.Conn) {
	defer c.Close()
	if _, err := c.Read(make([]byte, 32)); err == nil {
		time.Sleep(3100 * time.Millisecond)
		io.WriteString(c, "ok\n")
	}
}
