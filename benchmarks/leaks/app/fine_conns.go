package app

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

func fineConns() []Scenario {
	return []Scenario{
		{Name: "keep_alive", Late: true, Setup: pages, Load: keepAlive, About: "thirty kept-alive connections, each used at the start and then every few seconds"},
		{Name: "long_poll", Late: true, Setup: longPoll, Load: pollers, About: "twenty long polls wait for an event, for 20 s at most; one in four gets its event at once"},
		{Name: "ws_live", Late: true, Setup: wsLive, Load: livingConns, About: "hijacked connections with a reader and a writer; clients keep coming and none leaves before the end"},
		{Name: "sse_live", Late: true, Setup: sseLive, Load: livingStreams, About: "event streams of clients that stay connected, with one event a second"},
		{Name: "conn_pool", Setup: connPool, Upstream: echoFrames, Load: getEvery("/row", 200*time.Millisecond), About: "a pool of twenty upstream connections, each with a reading goroutine, mostly idle"},
		{Name: "rpc_mux", Setup: rpcMux, Upstream: slowFrames, Load: getEvery("/rpc", 100*time.Millisecond), About: "RPC clients with a receiving goroutine a connection; calls are answered after 1.5 s"},
		{Name: "slow_upload", Setup: slowUpload, Load: slowUploads, About: "clients upload a few bytes a second, for longer than the recording"},
		{Name: "group_servers", Setup: groupServers, About: "an errgroup-like set of three servers and their shutdown waiters; the group's Wait is called at start"},
		{Name: "client_idle", Setup: clientIdle, Upstream: bigAnswers, Load: burst("/proxy", 20), About: "an HTTP client keeps up to twenty idle connections to its upstream after a burst"},
	}
}

func pages(e *Env) { e.Handle("/page", func(*http.Request) string { spin(5); return "page" }) }

func keepAlive(c *Client) {
	var wg sync.WaitGroup
	for i := range 30 {
		wg.Go(func() {
			own := &http.Client{Transport: &http.Transport{}}
			for c.Ctx.Err() == nil {
				if resp, err := own.Get(c.Base + "/page"); err == nil {
					io.Copy(io.Discard, resp.Body)
					resp.Body.Close()
				}
				pause(c.Ctx, time.Duration(1500+200*i)*time.Millisecond)
			}
		})
	}
	wg.Wait()
}

func longPoll(e *Env) {
	e.Mux.HandleFunc("/poll", func(w http.ResponseWriter, r *http.Request) {
		event := make(chan string, 1)
		if r.FormValue("soon") != "" {
			time.AfterFunc(200*time.Millisecond, func() { event <- "event" })
		}
		select {
		case m := <-event:
			io.WriteString(w, m)
		case <-time.After(20 * time.Second):
			w.WriteHeader(http.StatusNoContent)
		case <-r.Context().Done():
		case <-e.Ctx.Done():
		}
	})
}

func pollers(c *Client) {
	for i := range 20 {
		go func() {
			for c.Ctx.Err() == nil {
				if i%4 == 0 {
					c.GetFor("/poll?soon=1", 30*time.Second)
				} else {
					c.GetFor("/poll", 30*time.Second)
				}
			}
		}()
	}
}

func wsLive(e *Env) {
	e.Mux.HandleFunc("/ws", func(w http.ResponseWriter, r *http.Request) {
		if c, ok := hijack(w); ok {
			e.OnStop(func() { c.Close() })
			s := &socket{conn: c, send: make(chan string, 4)}
			go s.writeLoop()
			s.readLoop()
			close(s.send)
		}
	})
}

// livingConns opens a connection every 200 ms in the first 5 s; each says something now and then.
func livingConns(c *Client) {
	c.Every(200*time.Millisecond, func(i int) {
		if i >= 25 {
			return
		}
		conn, in := c.Upgrade("/ws")
		if conn == nil {
			return
		}
		for c.Ctx.Err() == nil {
			fmt.Fprintln(conn, "hello", i)
			in.ReadString('\n')
			pause(c.Ctx, time.Duration(1+i%7)*time.Second)
		}
		go io.Copy(io.Discard, conn)
	})
}

func sseLive(e *Env) {
	h := &hub{subs: map[chan string]bool{}}
	go h.publishEvery(e, time.Second)
	e.Mux.HandleFunc("/stream", func(w http.ResponseWriter, r *http.Request) {
		sub := h.subscribe(8)
		defer h.unsubscribe(sub)
		for {
			select {
			case m := <-sub:
				io.WriteString(w, "data: "+m+"\n\n")
				w.(http.Flusher).Flush()
			case <-r.Context().Done():
				return
			case <-e.Ctx.Done():
				return
			}
		}
	})
}

func livingStreams(c *Client) {
	for range 30 {
		go c.GetFor("/stream", time.Minute)
		if !pause(c.Ctx, 150*time.Millisecond) {
			return
		}
	}
}

// muxConn is a pooled connection whose replies are read by a goroutine of its own.
type muxConn struct {
	conn    net.Conn
	replies chan uint32
}

func (m *muxConn) read() {
	defer close(m.replies)
	for {
		id, err := readFrame(m.conn)
		if err != nil {
			return
		}
		m.replies <- id
	}
}

func connPool(e *Env) {
	free := make(chan *muxConn, 20)
	for range 20 {
		m := &muxConn{conn: e.dial(), replies: make(chan uint32, 1)}
		go m.read()
		e.OnStop(func() { m.conn.Close() })
		free <- m
	}
	e.Handle("/row", func(*http.Request) string {
		m := <-free
		defer func() { free <- m }()
		writeFrame(m.conn, 5)
		return fmt.Sprint(<-m.replies)
	})
}

func slowFrames(c net.Conn) {
	var mu sync.Mutex
	for {
		id, err := readFrame(c)
		if err != nil {
			return
		}
		time.AfterFunc(1500*time.Millisecond, func() {
			mu.Lock()
			defer mu.Unlock()
			writeFrame(c, id)
		})
	}
}

func rpcMux(e *Env) {
	clients := []*rpcClient{newRPC(e), newRPC(e), newRPC(e)}
	e.Handle("/rpc", func(r *http.Request) string {
		return fmt.Sprint(clients[len(r.FormValue("i"))%2].call())
	})
}

func slowUpload(e *Env) {
	e.Mux.HandleFunc("/upload", func(w http.ResponseWriter, r *http.Request) {
		n, _ := io.Copy(io.Discard, r.Body)
		fmt.Fprintln(w, n)
	})
}

func slowUploads(c *Client) {
	for i := range 12 {
		go func() {
			body, w := io.Pipe()
			go func() {
				for pause(c.Ctx, time.Duration(400+100*i)*time.Millisecond) {
					w.Write(make([]byte, 16))
				}
				w.Close()
			}()
			resp, err := c.HTTP.Post(c.Base+"/upload", "application/octet-stream", body)
			if err == nil {
				resp.Body.Close()
			}
		}()
	}
}

func groupServers(e *Env) {
	var wg sync.WaitGroup
	for range 3 {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return
		}
		srv := &http.Server{Handler: http.NotFoundHandler()}
		wg.Go(func() { srv.Serve(ln) })
		wg.Go(func() { <-e.Ctx.Done(); srv.Close() })
	}
	lines, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return
	}
	wg.Go(func() {
		for {
			c, err := lines.Accept()
			if err != nil {
				return
			}
			bufio.NewReader(c).ReadString('\n')
		}
	})
	wg.Go(func() { <-e.Ctx.Done(); lines.Close() })
	go wg.Wait()
}

func clientIdle(e *Env) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 20}}
	e.OnStop(client.CloseIdleConnections)
	e.Handle("/proxy", func(*http.Request) string {
		resp, err := client.Get("http://" + e.Upstream + "/")
		if err != nil {
			return err.Error()
		}
		defer resp.Body.Close()
		b, _ := io.ReadAll(resp.Body)
		return string(b)
	})
}
