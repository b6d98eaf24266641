package app

import (
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// keysOnce6 asks for each of n keys once, one a period, and for the first one from then on.
func keysOnce6(path string, n int, period time.Duration) func(*Client) {
	return func(c *Client) {
		c.Every(period, func(i int) {
			if i >= n {
				i = 0
			}
			c.Get(path + "?key=" + string(rune('a'+i)))
		})
	}
}

func quietSubscribers(e *Env) {
	var mu sync.Mutex
	topics := map[string]chan int{}
	e.Handle("/subscribe6", func(r *http.Request) string {
		mu.Lock()
		defer mu.Unlock()
		key := r.FormValue("key")
		if topics[key] == nil {
			c := make(chan int, 1)
			topics[key] = c
			go func() {
				for {
					select {
					case n := <-c:
						spin(n)
					case <-e.Ctx.Done():
						return
					}
				}
			}()
		}
		if key == "a" {
			topics[key] <- 1
		}
		return "subscribed"
	})
}

func condWorkers(e *Env) {
	var mu sync.Mutex
	ready := sync.NewCond(&mu)
	jobs := 0
	for range 16 {
		go func() {
			mu.Lock()
			defer mu.Unlock()
			for e.Ctx.Err() == nil {
				if jobs == 0 {
					ready.Wait()
					continue
				}
				jobs--
			}
		}()
	}
	inTurn(e, 600*time.Millisecond, func(int) {
		mu.Lock()
		jobs++
		mu.Unlock()
		ready.Signal()
	})
	e.OnStop(func() { mu.Lock(); ready.Broadcast(); mu.Unlock() })
}

func oldServerDrains(e *Env) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	old := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "begin")
		w.(http.Flusher).Flush()
		ended := make(chan struct{})
		time.AfterFunc(4500*time.Millisecond, func() { close(ended) })
		<-ended
	})}
	go old.Serve(ln)
	for range 3 {
		go func() {
			if resp, err := http.Get("http://" + ln.Addr().String()); err == nil {
				io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
			}
			http.DefaultClient.CloseIdleConnections()
		}()
	}
	go func() {
		pause(e.Ctx, 700*time.Millisecond)
		old.Shutdown(context.Background())
	}()
}

func watchReconnects(e *Env) {
	inTurn(e, 20*time.Millisecond, func(int) {
		c := e.dial()
		done := make(chan struct{})
		go func() {
			<-done
			c.Close()
		}()
		io.Copy(io.Discard, c)
		close(done)
	})
}

func leaderFollowers(e *Env) {
	events := make([]chan int, 5)
	lease := make(chan int, 1)
	lease <- 0
	for i := range events {
		events[i] = make(chan int, 1)
		go func() {
			for {
				select {
				case holder := <-lease:
					lease <- holder
				case <-e.Ctx.Done():
					return
				}
				if !pause(e.Ctx, time.Second) {
					return
				}
			}
		}()
		if i == 0 {
			continue
		}
		go func() {
			for {
				select {
				case n := <-events[i]:
					spin(n)
				case <-e.Ctx.Done():
					return
				}
			}
		}()
	}
	inTurn(e, 2500*time.Millisecond, func(i int) { events[1+i%4] <- 1 })
}

func startOrder(e *Env) {
	ready := make([]chan struct{}, 9)
	for i := range ready {
		ready[i] = make(chan struct{})
	}
	go func() {
		for i := 1; i < len(ready); i++ {
			go func() {
				select {
				case <-ready[i-1]:
					close(ready[i])
				case <-e.Ctx.Done():
				}
			}()
			if !pause(e.Ctx, 160*time.Millisecond) {
				return
			}
		}
	}()
	time.AfterFunc(time.Until(e.Started.Add(5500*time.Millisecond)), func() { close(ready[0]) })
}

func phases(e *Env) {
	var mu sync.Mutex
	arrived, next := 0, make(chan struct{})
	for i := range 8 {
		go func() {
			for e.Ctx.Err() == nil {
				pause(e.Ctx, time.Duration(100+i*370)*time.Millisecond)
				mu.Lock()
				gate := next
				if arrived++; arrived == 8 {
					arrived, next = 0, make(chan struct{})
					close(gate)
				}
				mu.Unlock()
				select {
				case <-gate:
				case <-e.Ctx.Done():
				}
			}
		}()
	}
}

func fsyncLock(e *Env) {
	var mu sync.Mutex
	drive(e, 480*time.Millisecond, func(i int) {
		mu.Lock()
		defer mu.Unlock()
		if spin(2); i%2 == 0 {
			pause(e.Ctx, 900*time.Millisecond)
		}
	})
}

func lazyStripes(e *Env) {
	var mu sync.Mutex
	stripes := map[string]chan string{}
	e.Handle("/stripe6", func(r *http.Request) string {
		key := r.FormValue("key")
		mu.Lock()
		c := stripes[key]
		if c == nil {
			c = make(chan string, 8)
			stripes[key] = c
			e.OnStop(func() { close(c) })
			go func() {
				for range c {
					spin(1)
				}
			}()
		}
		mu.Unlock()
		c <- key
		return "written"
	})
}

func muxReplies(e *Env) {
	c := e.dial()
	e.OnStop(func() { c.Close() })
	var mu sync.Mutex
	waiting := map[uint32]chan struct{}{}
	go func() {
		for {
			id, err := readFrame(c)
			if err != nil {
				return
			}
			mu.Lock()
			close(waiting[id])
			delete(waiting, id)
			mu.Unlock()
		}
	}()
	drive(e, 130*time.Millisecond, func(i int) {
		reply := make(chan struct{})
		mu.Lock()
		waiting[uint32(i)] = reply
		mu.Unlock()
		writeFrame(c, uint32(i))
		select {
		case <-reply:
		case <-e.Ctx.Done():
		}
	})
}

func slowFrames6(c net.Conn) {
	for {
		id, err := readFrame(c)
		if err != nil {
			return
		}
		time.AfterFunc(1800*time.Millisecond, func() { writeFrame(c, id) })
	}
}
