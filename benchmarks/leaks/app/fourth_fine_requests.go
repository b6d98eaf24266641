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

type httpRequest = http.Request

// fourthFineRequests are what requests start, or wait for, that takes its time and ends.
func fourthFineRequests() []Scenario {
	ms := time.Millisecond
	return []Scenario{
		{Name: "tcp_proxy_live", Late: true, Short: true, Setup: tcpProxyLive, Upstream: silence, Load: livingTunnels,
			About: "a proxy copies both ways for each of its clients, which come one by one and stay, saying little"},
		{Name: "fair_queue", Setup: fairQueue, Load: slowGets("/fair", 6*time.Second, 90*ms),
			About: "handlers wait for their turn on a channel of their own; ten a second are let in, eleven come"},
		{Name: "sse_presence", Late: true, Setup: ssePresence, Load: presence,
			About: "event streams of clients that come and stay; the hub tells everybody something every 2.3 s"},
		{Name: "batch_window", Short: true, Setup: batchWindow, Load: getEvery("/collect", 50*ms),
			About: "a goroutine for each key collects for 900 ms and ends"},
		{Name: "upload_parts", Setup: uploadParts, Upstream: slowSink, Load: firstGets("/parts", 6),
			About: "six requests start an upload in four parts each that takes 3.5 s; a parent waits by WaitGroup"},
		{Name: "lazy_workers", Late: true, Setup: lazyWorkers, Load: getEvery("/lazy", 110*ms),
			About: "the first requests start up to eight workers of a pool, which is full then; work is seldom"},
		{Name: "h2_streams", Late: true, Setup: h2Streams, Load: h2Clients,
			About: "HTTP/2 streams of one connection that stay open and wait for events"},
		{Name: "delayed_retry", Long: true, Setup: delayedRetry, Load: getEvery("/deliver", 160*ms),
			About: "a delivery that failed is tried again after 2.6 s by a goroutine that selects on a timer and the end"},
		{Name: "lru_aggregates", Late: true, Setup: lruAggregates, Load: getEvery("/aggregate", 80*ms),
			About: "an aggregate's goroutine is ended when twenty younger ones are there"},
		{Name: "late_answers", Setup: lateAnswers, Load: getEvery("/estimate", 90*ms),
			About: "a handler gives up after 80 ms; the worker ends 1.9 s later, into a buffered channel"},
		{Name: "leaky_bucket", Late: true, Setup: leakyBucket, Load: getEvery("/drip", 60*ms),
			About: "messages' goroutines select on the bucket's tick and their own limit of 2.2 s, and mostly run into it"},
		{Name: "cleanup_long", Long: true, Setup: cleanupLong, Load: getEvery("/temp", 300*ms),
			About: "a goroutine removes each request's temporary file after 8 s; recorded for long enough to see it"},
	}
}

func tcpProxyLive(e *Env) {
	e.Mux.HandleFunc("/bridge", func(w http.ResponseWriter, r *http.Request) {
		c, ok := hijack(w)
		if !ok {
			return
		}
		go func() {
			backend := e.dial()
			e.OnStop(func() { c.Close(); backend.Close() })
			done := make(chan struct{}, 2)
			go func() { io.Copy(backend, c); done <- struct{}{} }()
			go func() { io.Copy(c, backend); done <- struct{}{} }()
			<-done
			c.Close()
			backend.Close()
			<-done
		}()
	})
}

func livingTunnels(c *Client) {
	c.Every(240*time.Millisecond, func(i int) {
		if i >= 20 {
			c.Get("/ping")
			return
		}
		if conn, _ := c.Upgrade("/bridge"); conn != nil {
			fmt.Fprintln(conn, "hello", i)
			go io.Copy(io.Discard, conn)
		}
	})
}

func fairQueue(e *Env) {
	var mu sync.Mutex
	var turns []chan struct{}
	go func() {
		for pause(e.Ctx, 100*time.Millisecond) {
			mu.Lock()
			if len(turns) > 0 {
				close(turns[0])
				turns = turns[1:]
			}
			mu.Unlock()
		}
	}()
	e.Handle("/fair", func(r *httpRequest) string {
		turn := make(chan struct{})
		mu.Lock()
		turns = append(turns, turn)
		mu.Unlock()
		select {
		case <-turn:
			return "served"
		case <-r.Context().Done():
			return "gone"
		}
	})
}

func ssePresence(e *Env) {
	var mu sync.Mutex
	told := make(chan struct{})
	go func() {
		for pause(e.Ctx, 2300*time.Millisecond) {
			mu.Lock()
			close(told)
			told = make(chan struct{})
			mu.Unlock()
		}
	}()
	e.Mux.HandleFunc("/presence", func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "data: hello\n\n")
		w.(http.Flusher).Flush()
		for {
			mu.Lock()
			next := told
			mu.Unlock()
			select {
			case <-next:
				io.WriteString(w, "data: somebody came\n\n")
				w.(http.Flusher).Flush()
			case <-r.Context().Done():
				return
			case <-e.Ctx.Done():
				return
			}
		}
	})
}

func presence(c *Client) {
	c.Every(260*time.Millisecond, func(i int) {
		if i < 18 {
			c.GetFor("/presence", 40*time.Second)
		} else {
			c.Get("/ping")
		}
	})
}

func batchWindow(e *Env) {
	var mu sync.Mutex
	windows := map[string]chan string{}
	e.Handle("/collect", func(r *httpRequest) string {
		key := r.FormValue("i")
		key = key[:len(key)-1]
		mu.Lock()
		w := windows[key]
		if w == nil {
			w = make(chan string, 64)
			windows[key] = w
			end := time.After(900 * time.Millisecond)
			go func() {
				for {
					select {
					case s := <-w:
						spin(len(s))
					case <-end:
						mu.Lock()
						delete(windows, key)
						mu.Unlock()
						return
					}
				}
			}()
		}
		mu.Unlock()
		w <- key
		return key
	})
}

func uploadParts(e *Env) {
	e.Handle("/parts", func(*httpRequest) string {
		go func() {
			var wg sync.WaitGroup
			for range 4 {
				wg.Go(func() {
					c := e.dial()
					defer c.Close()
					block := make([]byte, 1<<20)
					for range 8 {
						if _, err := c.Write(block); err != nil {
							return
						}
					}
				})
			}
			wg.Wait()
		}()
		return "uploading"
	})
}

func lazyWorkers(e *Env) {
	jobs := make(chan int, 64)
	e.OnStop(func() { close(jobs) })
	started := 0
	var mu sync.Mutex
	e.Handle("/lazy", func(r *httpRequest) string {
		mu.Lock()
		defer mu.Unlock()
		if started < 8 {
			started++
			go func() {
				for n := range jobs {
					spin(n % 3)
				}
			}()
		}
		return "noted"
	})
}

func h2Streams(e *Env) {
	var protocols http.Protocols
	protocols.SetUnencryptedHTTP2(true)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	changed := make(chan string)
	srv := &http.Server{Protocols: &protocols, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.(http.Flusher).Flush()
		select {
		case m := <-changed:
			io.WriteString(w, m)
		case <-r.Context().Done():
		case <-e.Ctx.Done():
		}
	})}
	go srv.Serve(ln)
	e.OnStop(func() { srv.Close() })
	e.Handle("/h2", func(*httpRequest) string { return ln.Addr().String() })
}

func h2Clients(c *Client) {
	resp, err := c.HTTP.Get(c.Base + "/h2")
	if err != nil {
		return
	}
	addr, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	var protocols http.Protocols
	protocols.SetUnencryptedHTTP2(true)
	client := &http.Client{Transport: &http.Transport{Protocols: &protocols}}
	c.Every(200*time.Millisecond, func(i int) {
		if i >= 22 {
			c.Get("/ping")
			return
		}
		if resp, err := client.Get("http://" + string(addr) + "/events"); err == nil {
			go io.Copy(io.Discard, resp.Body)
		}
	})
}

func delayedRetry(e *Env) {
	e.Handle("/deliver", func(*httpRequest) string {
		go func() {
			select {
			case <-time.After(2600 * time.Millisecond):
				spin(2)
			case <-e.Ctx.Done():
			}
		}()
		return "will be tried again"
	})
}

func lruAggregates(e *Env) {
	var mu sync.Mutex
	var young []chan int
	e.OnStop(func() {
		mu.Lock()
		defer mu.Unlock()
		for _, a := range young {
			close(a)
		}
		young = nil
	})
	e.Handle("/aggregate", func(*httpRequest) string {
		a := make(chan int, 1)
		mu.Lock()
		defer mu.Unlock()
		young = append(young, a)
		if len(young) > 20 {
			close(young[0])
			young = young[1:]
		}
		go func() {
			for n := range a {
				spin(n)
			}
		}()
		a <- 1
		return "folded"
	})
}

func lateAnswers(e *Env) {
	e.Handle("/estimate", func(r *httpRequest) string {
		ctx, cancel := context.WithTimeout(r.Context(), 80*time.Millisecond)
		defer cancel()
		answer := make(chan int, 1)
		slow := make(chan struct{})
		time.AfterFunc(1900*time.Millisecond, func() { close(slow) })
		go func() {
			<-slow
			answer <- spin(2)
		}()
		select {
		case n := <-answer:
			return fmt.Sprint(n)
		case <-ctx.Done():
			return "no estimate"
		}
	})
}

func leakyBucket(e *Env) {
	drip := make(chan struct{})
	go func() {
		for pause(e.Ctx, 400*time.Millisecond) {
			select {
			case drip <- struct{}{}:
			default:
			}
		}
	}()
	e.Handle("/drip", func(*httpRequest) string {
		go func() {
			select {
			case <-drip:
				spin(1)
			case <-time.After(2200 * time.Millisecond):
			case <-e.Ctx.Done():
			}
		}()
		return "dripping"
	})
}

func cleanupLong(e *Env) {
	e.Handle("/temp", func(*httpRequest) string {
		go func() {
			t := time.NewTimer(8 * time.Second)
			defer t.Stop()
			select {
			case <-t.C:
				spin(1)
			case <-e.Ctx.Done():
			}
		}()
		return "temporary"
	})
}
