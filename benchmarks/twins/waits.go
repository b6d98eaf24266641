package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

func waits() []twin {
	kind := "blocked_too_long"
	return []twin{
		{name: "slow_answer", kind: kind, site: "net/http.(*persistConn).roundTrip", setup: askUpstream, upstream: answerAfter(550 * ms), load: many(4, "/ask", 100*ms),
			about: "an upstream answers after 550 ms"},
		{name: "slow_answer_ok", setup: askUpstream, upstream: answerAfter(20 * ms), load: many(4, "/ask", 100*ms), about: "after 20 ms"},
		{name: "queue_wait", kind: kind, site: "main.waits.queueWait", setup: queueWait(1), load: many(8, "/job", 20*ms), about: "handlers wait for the answer of one worker that takes 80 ms a job"},
		{name: "queue_wait_ok", setup: queueWait(12), load: many(8, "/job", 20*ms), about: "twelve workers"},
		{name: "pool_exhausted", kind: kind, site: "main.(*connPool).get", setup: connections(2), load: many(10, "/query", 10*ms), about: "two connections for ten clients, 90 ms a query"},
		{name: "pool_exhausted_ok", setup: connections(16), load: many(10, "/query", 10*ms), about: "sixteen connections"},
		{name: "group_straggler", kind: kind, site: "main.waits.groupOf", setup: groupOf(700 * ms), load: many(4, "/group", 50*ms), about: "a request waits for four parts of which one takes 700 ms"},
		{name: "group_straggler_ok", setup: groupOf(40 * ms), load: many(4, "/group", 50*ms), about: "it takes 40 ms"},
		{name: "event_stream_ok", setup: eventStream, load: many(5, "/events", 300*ms), about: "event streams with an event every 400 ms for 3 s"},
		{name: "quiet_stream_ok", setup: quietStream, load: many(5, "/events", 300*ms), about: "event streams that say hello and then nothing for 2 s"},
		{name: "long_poll_ok", setup: longPoll, load: many(6, "/poll", 100*ms), about: "long polls that wait for a change for 1.5 s at most; a change comes every 0.7 s"},
		{name: "idle_poll_ok", setup: idlePoll, load: many(6, "/poll", 100*ms), about: "long polls for a change that never comes; 204 after 1.2 s"},
		{name: "socket_ok", setup: hijacked, load: sockets, about: "hijacked connections on which something comes every 600 ms"},
		{name: "slow_upload_ok", setup: upload, load: slowUploads, about: "clients that upload 1 KB every 300 ms"},
		{name: "slow_download_ok", setup: download, load: slowDownloads, about: "clients that read 256 KB every 400 ms of a long answer"},
	}
}

func askUpstream(e *env) {
	c := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}
	e.mux.HandleFunc("/ask", func(w http.ResponseWriter, r *http.Request) {
		req, _ := http.NewRequestWithContext(r.Context(), http.MethodGet, "http://"+e.upstream+"/", nil)
		resp, err := c.Do(req)
		if err != nil {
			return
		}
		defer resp.Body.Close()
		io.Copy(w, resp.Body)
	})
}

func answerAfter(d time.Duration) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) { time.Sleep(d); io.WriteString(w, "answer") }
}

func queueWait(workers int) func(*env) {
	return func(e *env) {
		jobs := make(chan chan int, 64)
		for range workers {
			go func() {
				for reply := range jobs {
					time.Sleep(80 * ms)
					reply <- 1
				}
			}()
		}
		e.mux.HandleFunc("/job", func(w http.ResponseWriter, r *http.Request) {
			reply := make(chan int, 1)
			jobs <- reply
			select {
			case <-reply:
			case <-r.Context().Done():
			}
		})
	}
}

type connPool struct{ free chan int }

func (p *connPool) get() int { return <-p.free }

func connections(n int) func(*env) {
	return func(e *env) {
		p := &connPool{make(chan int, n)}
		for i := range n {
			p.free <- i
		}
		e.mux.HandleFunc("/query", func(w http.ResponseWriter, r *http.Request) {
			c := p.get()
			time.Sleep(90 * ms)
			p.free <- c
		})
	}
}

func groupOf(slowest time.Duration) func(*env) {
	return func(e *env) {
		e.mux.HandleFunc("/group", func(w http.ResponseWriter, r *http.Request) {
			var wg sync.WaitGroup
			for i := range 4 {
				wg.Go(func() {
					if time.Sleep(10 * ms); i == 2 {
						time.Sleep(slowest)
					}
				})
			}
			wg.Wait()
		})
	}
}

func say(w http.ResponseWriter, text string) {
	io.WriteString(w, text)
	w.(http.Flusher).Flush()
}

func eventStream(e *env) {
	e.mux.HandleFunc("/events", func(w http.ResponseWriter, r *http.Request) {
		say(w, "data: hello\n\n")
		t := time.NewTicker(400 * ms)
		defer t.Stop()
		for i := range 8 {
			select {
			case <-t.C:
				say(w, fmt.Sprintf("data: %d\n\n", i))
			case <-r.Context().Done():
				return
			}
		}
	})
}

func quietStream(e *env) {
	e.mux.HandleFunc("/events", func(w http.ResponseWriter, r *http.Request) {
		say(w, "data: hello\n\n")
		select {
		case <-time.After(2 * time.Second):
		case <-r.Context().Done():
		}
	})
}

func longPoll(e *env) {
	var mu sync.Mutex
	changed := make(chan struct{})
	go func() {
		for {
			time.Sleep(700 * ms)
			mu.Lock()
			close(changed)
			changed = make(chan struct{})
			mu.Unlock()
		}
	}()
	e.mux.HandleFunc("/poll", func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		c := changed
		mu.Unlock()
		select {
		case <-c:
			io.WriteString(w, "changed")
		case <-time.After(1500 * ms):
			w.WriteHeader(http.StatusNoContent)
		case <-r.Context().Done():
		}
	})
}

func idlePoll(e *env) {
	e.mux.HandleFunc("/poll", func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(1200 * ms):
			w.WriteHeader(http.StatusNoContent)
		case <-r.Context().Done():
		}
	})
}

func hijacked(e *env) {
	e.mux.HandleFunc("/socket", func(w http.ResponseWriter, r *http.Request) {
		c, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		defer c.Close()
		fmt.Fprint(c, "HTTP/1.1 101 Switching Protocols\r\n\r\n")
		in := bufio.NewScanner(c)
		for in.Scan() {
			fmt.Fprintln(c, in.Text())
		}
	})
}

func sockets(c *client) {
	for range 5 {
		go func() {
			conn, err := dial(c)
			if err != nil {
				return
			}
			fmt.Fprint(conn, "GET /socket HTTP/1.1\r\nHost: x\r\n\r\n")
			go io.Copy(io.Discard, conn)
			for c.ctx.Err() == nil {
				time.Sleep(600 * ms)
				fmt.Fprintln(conn, "hello")
			}
		}()
	}
	<-c.ctx.Done()
}

func upload(e *env) {
	e.mux.HandleFunc("/upload", func(w http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body) })
}

func slowUploads(c *client) {
	for range 4 {
		go func() {
			for c.ctx.Err() == nil {
				r, w := io.Pipe()
				go func() {
					for range 8 {
						w.Write(bytes.Repeat([]byte("x"), 1<<10))
						time.Sleep(300 * ms)
					}
					w.Close()
				}()
				if resp, err := c.http.Post(c.base+"/upload", "text/plain", r); err == nil {
					resp.Body.Close()
				}
			}
		}()
	}
	<-c.ctx.Done()
}

func download(e *env) {
	block := make([]byte, 256<<10)
	e.mux.HandleFunc("/download", func(w http.ResponseWriter, r *http.Request) {
		for range 40 {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	})
}

func slowDownloads(c *client) {
	for range 3 {
		go func() {
			for c.ctx.Err() == nil {
				resp, err := c.http.Get(c.base + "/download")
				if err != nil {
					return
				}
				buf := make([]byte, 256<<10)
				for {
					if _, err := io.ReadFull(resp.Body, buf); err != nil {
						break
					}
					time.Sleep(400 * ms)
				}
				resp.Body.Close()
			}
		}()
	}
	<-c.ctx.Done()
}
