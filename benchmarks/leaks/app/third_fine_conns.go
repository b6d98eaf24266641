package app

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

func shortSubscribers(e *Env) {
	e.Handle("/follow", func(*http.Request) string {
		topic := make(chan int)
		go func() {
			for n := range topic {
				spin(n)
			}
		}()
		time.AfterFunc(2400*time.Millisecond, func() { close(topic) })
		return "following"
	})
}

func healthStreams(e *Env) {
	for range 10 {
		c := e.dial()
		e.OnStop(func() { c.Close() })
		writeFrame(c, 1)
		go func() {
			for {
				if _, err := readFrame(c); err != nil {
					return
				}
				spin(1)
			}
		}()
		pause(e.Ctx, 150*time.Millisecond)
	}
}

func rareFrames(c net.Conn) {
	for i := uint32(0); ; i++ {
		time.Sleep(3500 * time.Millisecond)
		if writeFrame(c, i) != nil {
			return
		}
	}
}

func keyWatches(e *Env) {
	e.Mux.HandleFunc("/watch2", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 25*time.Second)
		defer cancel()
		changed := make(chan string)
		go func() {
			select {
			case changed <- "changed":
			case <-ctx.Done():
			case <-e.Ctx.Done():
			}
		}()
		never := make(chan string)
		select {
		case m := <-never:
			io.WriteString(w, m)
		case <-ctx.Done():
		case <-e.Ctx.Done():
		}
	})
}

func livingWatches(c *Client) {
	c.Every(220*time.Millisecond, func(i int) {
		if i < 20 {
			c.GetFor("/watch2", 40*time.Second)
		} else {
			c.Get("/ping")
		}
	})
}

func detachedUploads(e *Env) {
	e.Handle("/archive", func(*http.Request) string {
		go func() {
			c := e.dial()
			defer c.Close()
			block := make([]byte, 1<<20)
			for range 5 {
				if _, err := c.Write(block); err != nil {
					return
				}
			}
		}()
		return "archiving"
	})
}

func slowSink(c net.Conn) {
	defer c.Close()
	buf := make([]byte, 1<<20)
	for {
		if _, err := io.ReadFull(c, buf); err != nil {
			return
		}
		time.Sleep(500 * time.Millisecond)
	}
}

func lineHeartbeats(e *Env) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	e.OnStop(func() { ln.Close() })
	e.Handle("/lines", func(*http.Request) string { return ln.Addr().String() })
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			e.OnStop(func() { c.Close() })
			go serveLines(c)
		}
	}()
}

func serveLines(c net.Conn) {
	defer c.Close()
	closed := make(chan struct{})
	defer close(closed)
	go func() {
		t := time.NewTicker(450 * time.Millisecond)
		defer t.Stop()
		for {
			select {
			case <-t.C:
				fmt.Fprintln(c, "beat")
			case <-closed:
				return
			}
		}
	}()
	in := bufio.NewScanner(c)
	for in.Scan() {
		fmt.Fprintln(c, in.Text())
	}
}

func lineClients(c *Client) {
	resp, err := c.HTTP.Get(c.Base + "/lines")
	if err != nil {
		return
	}
	addr, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	c.Every(190*time.Millisecond, func(i int) {
		if i >= 24 {
			c.Get("/ping")
			return
		}
		conn, err := net.Dial("tcp", string(addr))
		if err != nil {
			return
		}
		fmt.Fprintln(conn, "hello", i)
		go io.Copy(io.Discard, conn)
	})
}

func stickySessions(e *Env) {
	var mu sync.Mutex
	sessions := map[string]chan int{}
	e.Handle("/act", func(r *http.Request) string {
		key := r.FormValue("key")
		mu.Lock()
		actions := sessions[key]
		if actions == nil {
			actions = make(chan int, 32)
			sessions[key] = actions
			go func() {
				for n := range actions {
					spin(n)
				}
			}()
			time.AfterFunc(2500*time.Millisecond, func() { close(actions) })
		}
		mu.Unlock()
		if r.FormValue("n") != "5" {
			actions <- 1
		}
		return key
	})
}
