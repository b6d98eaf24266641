package app

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/rpc"
	"net/rpc/jsonrpc"
	"os/exec"
	"sync"
	"time"
)

func eighthFineParts() []Scenario {
	return []Scenario{
		{Name: "tcp_proxy_idle", Late: true, Setup: tcpProxyIdle, Load: proxied8, Upstream: echo8,
			About: "a TCP proxy copies in both directions for eight clients that stay, and say something every 2 s"},
		{Name: "batch_of_parts", Late: true, Setup: batchOfParts,
			About: "a nightly batch waits for six workers, which take 5 s, sleeping between their steps"},
		{Name: "lease_watch", Late: true, Setup: leaseWatch,
			About: "nine leases are taken one after the other at boot; a goroutine each waits for its expiry or its end"},
		{Name: "conn_reapers", Late: true, Setup: connReapers, Upstream: greeting8, Load: getEvery("/query8", 50*time.Millisecond),
			About: "a pool opens fifteen connections for a burst of requests; each has a reader and a goroutine that closes it after 20 s idle"},
		{Name: "json_rpc_idle", Late: true, Setup: jsonRPCIdle, Upstream: jsonServer8,
			About: "ten JSON-RPC clients are connected one after the other and asked once; their readers wait"},
		{Name: "helpers", Late: true, Setup: helpers,
			About: "five helper processes run for as long as the service, each with a reader of its output and one who waits for its end"},
		{Name: "migration_lock", Late: true, Setup: migrationLock,
			About: "a migration keeps a lock for 1.9 s again and again; reports in the background wait for it"},
		{Name: "quota_refill", Late: true, Setup: quotaRefill,
			About: "senders wait on a condition for quota, which comes for three of them every 700 ms"},
		{Name: "topology_boot", Late: true, Setup: topologyBoot,
			About: "a stream topology starts its twelve operators by their parents, 100 ms apart; records are rare"},
	}
}

func tcpProxyIdle(e *Env) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	e.OnStop(func() { ln.Close() })
	e.Handle("/proxy8", func(*http.Request) string { return ln.Addr().String() })
	go func() {
		for {
			in, err := ln.Accept()
			if err != nil {
				return
			}
			out := e.dial()
			e.OnStop(func() { in.Close(); out.Close() })
			go func() { _, _ = io.Copy(out, in); out.Close() }()
			go func() { _, _ = io.Copy(in, out); in.Close() }()
		}
	}()
}

func echo8(c net.Conn) {
	_, _ = io.Copy(c, c)
	c.Close()
}

func proxied8(c *Client) {
	addr := c.ask("/proxy8")
	for range 8 {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			return
		}
		go func() {
			for i := 0; ; i++ {
				fmt.Fprintln(conn, "hello", i)
				time.Sleep(2 * time.Second)
			}
		}()
		pause(c.Ctx, 180*time.Millisecond)
	}
	c.Every(60*time.Millisecond, func(int) { c.Get("/ping") })
}

func batchOfParts(e *Env) {
	inTurn(e, 300*time.Millisecond, func(int) {
		var wg sync.WaitGroup
		for w := range 6 {
			wg.Go(func() {
				for s := range 10 {
					spin(s)
					pause(e.Ctx, time.Duration(420+w*16)*time.Millisecond)
				}
			})
		}
		wg.Wait()
	})
}

func leaseWatch(e *Env) {
	go func() {
		for range 9 {
			expired, ended := make(chan struct{}), make(chan struct{})
			e.OnStop(func() { close(ended) })
			go func() {
				select {
				case <-expired:
					spin(1)
				case <-ended:
				}
			}()
			if !pause(e.Ctx, 120*time.Millisecond) {
				return
			}
		}
	}()
}

type pooled8 struct {
	conn net.Conn
	line chan string
	used chan struct{}
}

func (p *pooled8) read() {
	defer close(p.line)
	in := bufio.NewScanner(p.conn)
	for in.Scan() {
		p.line <- in.Text()
	}
}

func (p *pooled8) reap(e *Env) {
	t := time.NewTimer(20 * time.Second)
	defer t.Stop()
	defer p.conn.Close()
	for {
		select {
		case <-t.C:
			return
		case <-p.used:
			t.Reset(20 * time.Second)
		case <-e.Ctx.Done():
			return
		}
	}
}

func connReapers(e *Env) {
	idle := make(chan *pooled8, 15)
	var mu sync.Mutex
	opened, asked := 0, 0
	get := func() *pooled8 {
		mu.Lock()
		defer mu.Unlock()
		if asked++; opened < 15 && asked%3 == 1 {
			opened++
			p := &pooled8{e.dial(), make(chan string, 1), make(chan struct{}, 1)}
			go p.read()
			go p.reap(e)
			return p
		}
		return <-idle
	}
	e.Handle("/query8", func(*http.Request) string {
		p := get()
		fmt.Fprintln(p.conn, "query")
		answer := <-p.line
		idle <- p
		return answer
	})
}

func greeting8(c net.Conn) {
	defer c.Close()
	in := bufio.NewScanner(c)
	for in.Scan() {
		fmt.Fprintln(c, "row")
	}
}

// Echo8 is what the upstream of jsonRPCIdle answers with.
type Echo8 struct{}

// Say returns what it is given.
func (Echo8) Say(in string, out *string) error {
	*out = in
	return nil
}

func jsonServer8(c net.Conn) {
	s := rpc.NewServer()
	_ = s.Register(Echo8{})
	s.ServeCodec(jsonrpc.NewServerCodec(c))
}

func jsonRPCIdle(e *Env) {
	go func() {
		for range 10 {
			client := jsonrpc.NewClient(e.dial())
			e.OnStop(func() { client.Close() })
			var out string
			_ = client.Call("Echo8.Say", "hello", &out)
			if !pause(e.Ctx, 140*time.Millisecond) {
				return
			}
		}
	}()
}

func helpers(e *Env) {
	for i := range 5 {
		cmd := exec.CommandContext(e.Ctx, "sleep", fmt.Sprint(60+i))
		out, err := cmd.StdoutPipe()
		if err != nil || cmd.Start() != nil {
			panic("no helper")
		}
		read := make(chan struct{})
		go func() {
			defer close(read)
			in := bufio.NewScanner(out)
			for in.Scan() {
				spin(1)
			}
		}()
		go func() {
			<-read
			_ = cmd.Wait()
		}()
	}
}

func migrationLock(e *Env) {
	var mu sync.Mutex
	inTurn(e, 400*time.Millisecond, func(int) {
		mu.Lock()
		pause(e.Ctx, 1900*time.Millisecond)
		mu.Unlock()
	})
	drive(e, 600*time.Millisecond, func(i int) {
		mu.Lock()
		defer mu.Unlock()
		spin(i % 9)
	})
}

func quotaRefill(e *Env) {
	var mu sync.Mutex
	refilled := sync.NewCond(&mu)
	quota := 3
	stopped := false
	e.OnStop(func() { mu.Lock(); stopped = true; mu.Unlock(); refilled.Broadcast() })
	inTurn(e, 700*time.Millisecond, func(int) {
		mu.Lock()
		quota += 3
		mu.Unlock()
		for range 3 {
			refilled.Signal()
		}
	})
	drive(e, 240*time.Millisecond, func(int) {
		mu.Lock()
		defer mu.Unlock()
		for quota == 0 && !stopped {
			refilled.Wait()
		}
		quota--
	})
}

func topologyBoot(e *Env) {
	records := make(chan int)
	var operator func(depth int, in chan int)
	operator = func(depth int, in chan int) {
		out := make(chan int)
		defer close(out)
		if depth < 12 {
			pause(e.Ctx, 100*time.Millisecond)
			go operator(depth+1, out)
		} else {
			go func() {
				for n := range out {
					spin(n)
				}
			}()
		}
		for n := range in {
			out <- n
		}
	}
	go operator(1, records)
	go func() {
		defer close(records)
		for pause(e.Ctx, 2900*time.Millisecond) {
			records <- 1
		}
	}()
}
