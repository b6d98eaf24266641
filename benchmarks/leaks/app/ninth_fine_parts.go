package app

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"time"
)

func ninthFineParts() []Scenario {
	return []Scenario{
		{Name: "tcp_clients_mix", Late: true, Setup: tcpClientsMix, Load: mixedClients9,
			About: "a plain TCP service with twelve clients that stay and say nothing, and others that come for 60 ms; a writer for each"},
		{Name: "boot_leases", Late: true, Setup: bootLeases,
			About: "ten leases are taken 200 ms apart at boot; each is renewed every 1.1 s"},
		{Name: "reload_lock", Late: true, Setup: reloadLock,
			About: "a reload holds the write lock for 2.1 s every 3 s; readers in the background wait for it"},
		{Name: "print_queue", Late: true, Setup: printQueue,
			About: "twelve jobs at once wait to be handed to one printer, which takes 400 ms for each, again and again"},
		{Name: "pipe_readers", Late: true, Setup: pipeReaders,
			About: "six components write into pipes of the system now and then; a reader each"},
		{Name: "state_machines", Late: true, Setup: stateMachines,
			About: "nine state machines, started by a coordinator 130 ms apart, wait for three kinds of events in three places; events are rare"},
		{Name: "two_phase", Late: true, Setup: twoPhase,
			About: "participants prepare, wait up to 2 s for the coordinator's word, and begin anew"},
	}
}

func tcpClientsMix(e *Env) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	e.OnStop(func() { ln.Close() })
	e.Handle("/mixed9", func(*http.Request) string { return ln.Addr().String() })
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			e.OnStop(func() { c.Close() })
			out := make(chan string, 1)
			go func() {
				for line := range out {
					io.WriteString(c, line)
				}
			}()
			go func() {
				defer close(out)
				in := bufio.NewScanner(c)
				for in.Scan() {
					out <- in.Text()
				}
			}()
		}
	}()
}

func mixedClients9(c *Client) {
	addr := c.ask("/mixed9")
	c.Every(90*time.Millisecond, func(i int) {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			return
		}
		io.WriteString(conn, "hello\n")
		if i%2 == 0 && i < 24 {
			_, _ = io.Copy(io.Discard, conn)
			return
		}
		time.Sleep(60 * time.Millisecond)
		conn.Close()
	})
}

func bootLeases(e *Env) {
	go func() {
		for range 10 {
			lost := make(chan struct{})
			go func() {
				t := time.NewTicker(1100 * time.Millisecond)
				defer t.Stop()
				for {
					select {
					case <-t.C:
						spin(1)
					case <-lost:
						return
					case <-e.Ctx.Done():
						return
					}
				}
			}()
			if !pause(e.Ctx, 200*time.Millisecond) {
				return
			}
		}
	}()
}

func reloadLock(e *Env) {
	var mu sync.RWMutex
	inTurn(e, 900*time.Millisecond, func(int) {
		mu.Lock()
		defer mu.Unlock()
		pause(e.Ctx, 2100*time.Millisecond)
	})
	drive(e, 250*time.Millisecond, func(i int) {
		mu.RLock()
		defer mu.RUnlock()
		spin(i % 5)
	})
}

func printQueue(e *Env) {
	jobs := make(chan int)
	go func() {
		for {
			select {
			case n := <-jobs:
				spin(n)
				time.Sleep(400 * time.Millisecond)
			case <-e.Ctx.Done():
				return
			}
		}
	}()
	go func() {
		for {
			for n := range 12 {
				go func() {
					select {
					case jobs <- n:
					case <-e.Ctx.Done():
					}
				}()
			}
			if !pause(e.Ctx, 4900*time.Millisecond) {
				return
			}
		}
	}()
}

func pipeReaders(e *Env) {
	for i := range 6 {
		r, w, err := os.Pipe()
		if err != nil {
			panic(err)
		}
		e.OnStop(func() { w.Close() })
		go func() {
			in := bufio.NewScanner(r)
			for in.Scan() {
				spin(1)
			}
			r.Close()
		}()
		if i == 0 {
			inTurn(e, 1300*time.Millisecond, func(int) { io.WriteString(w, "line\n") })
		}
	}
}

func stateMachines(e *Env) {
	begin, next, end := make(chan int), make(chan int), make(chan int)
	step := func(c chan int) bool {
		select {
		case n := <-c:
			spin(n)
			return true
		case <-e.Ctx.Done():
			return false
		}
	}
	go func() {
		for range 9 {
			go func() {
				for step(begin) && step(next) && step(end) {
				}
			}()
			if !pause(e.Ctx, 130*time.Millisecond) {
				return
			}
		}
	}()
	inTurn(e, 450*time.Millisecond, func(i int) {
		select {
		case []chan int{begin, next, end}[i%3] <- 2:
		case <-e.Ctx.Done():
		case <-time.After(50 * time.Millisecond):
		}
	})
}

func twoPhase(e *Env) {
	prepared := make(chan chan bool)
	for range 7 {
		go func() {
			for pause(e.Ctx, 30*time.Millisecond) {
				word := make(chan bool)
				select {
				case prepared <- word:
				case <-e.Ctx.Done():
					return
				}
				select {
				case <-word:
				case <-e.Ctx.Done():
					return
				}
			}
		}()
	}
	go func() {
		for i := 0; ; i++ {
			select {
			case word := <-prepared:
				if i%6 == 5 {
					time.AfterFunc(2*time.Second, func() { close(word) })
					continue
				}
				time.AfterFunc(60*time.Millisecond, func() { close(word) })
			case <-e.Ctx.Done():
				return
			}
		}
	}()
}
