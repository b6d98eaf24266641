package app

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

func leaksOfConns() []Scenario {
	return []Scenario{
		{Name: "conn_watcher", Late: true, Leaks: []string{"lineServer).watch"}, Setup: connWatcher, Load: shortConns,
			About: "a TCP service has a watcher per connection on a context that is not cancelled when the connection ends"},
		{Name: "body_unclosed", Leaks: []string{"persistConn).readLoop", "persistConn).writeLoop"}, Except: []string{"persistConn).Read"}, Setup: bodyUnclosed, Upstream: bigAnswers,
			Load: badEvery("/proxy", 80*time.Millisecond, 4), About: "answers other than 200 of an upstream are dropped with the body open: the connection's two goroutines stay"},
		{Name: "db_pool", Late: true, Leaks: []string{"dbPool).get"}, Follows: []string{"connReader).backgroundRead"}, Setup: dbPoolLost, Upstream: echoFrames,
			Load: rareBad("/row", 50*time.Millisecond, 8), About: "a query's error path does not put its connection back; after six the pool is dry and handlers wait without a context"},
		{Name: "silent_peer", Leaks: []string{"heartbeat.func1"}, Setup: silentPeer, Upstream: silence, Load: badEvery("/beat", 120*time.Millisecond, 1),
			About: "a request's goroutine dials a peer and reads its answer without a deadline; the peer accepts and says nothing"},
		{Name: "silent_two", Leaks: []string{"replica).follow"}, Setup: silentTwo, Upstream: silence,
			About: "two replica followers ask for a snapshot at start, without a deadline, of a peer that never answers; nothing else uses them"},
		{Name: "ws_writer", Late: true, Leaks: []string{"socket).writeLoop"}, Setup: wsWriter, Load: shortConns2,
			About: "a hijacked connection's reader ends with the client; its writer waits for messages on a channel that nobody closes"},
		{Name: "rpc_lost", Leaks: []string{"rpcClient).call"}, Setup: rpcLost, Upstream: lossyFrames, Load: badEvery("/rpc", 50*time.Millisecond, 1),
			About: "an RPC client has no time-out; the server drops every 9th call, whose caller's goroutine waits for ever on its reply"},
		{Name: "sse_hub", Leaks: []string{"hub).forward"}, Setup: sseHub, Load: shortStreams,
			About: "an SSE handler returns when its client goes, without unsubscribing; the forwarder of its subscription blocks sending to it"},
	}
}

type lineServer struct{}

type lineSession struct {
	ctx    context.Context
	cancel context.CancelFunc
}

func (s *lineServer) watch(ctx context.Context, c net.Conn) {
	<-ctx.Done()
	c.Close()
}

func (s *lineServer) serve(c net.Conn) {
	var session lineSession
	session.ctx, session.cancel = context.WithCancel(context.Background())
	go s.watch(session.ctx, c)
	in := bufio.NewScanner(c)
	for in.Scan() {
		if in.Text() == "quit" {
			session.cancel()
			return
		}
		fmt.Fprintln(c, "ok", len(in.Text()))
	}
	c.Close()
}

// hijack takes the connection over from net/http, as servers of other protocols do on an upgrade.
func hijack(w http.ResponseWriter) (net.Conn, bool) {
	c, rw, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return nil, false
	}
	rw.WriteString("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: lines\r\n\r\n")
	rw.Flush()
	return c, true
}

func connWatcher(e *Env) {
	s := &lineServer{}
	e.Mux.HandleFunc("/lines", func(w http.ResponseWriter, r *http.Request) {
		if c, ok := hijack(w); ok {
			go s.serve(c)
		}
	})
}

// Upgrade opens a connection to path that speaks lines.
func (c *Client) Upgrade(path string) (net.Conn, *bufio.Reader) {
	conn, err := net.Dial("tcp", c.Addr)
	if err != nil {
		return nil, nil
	}
	fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: lines\r\n\r\n", path)
	in := bufio.NewReader(conn)
	for line := "-"; line != "\r\n"; {
		if line, err = in.ReadString('\n'); err != nil {
			conn.Close()
			return nil, nil
		}
	}
	return conn, in
}

func (c *Client) talk(path string, lines int, quit bool) {
	conn, in := c.Upgrade(path)
	if conn == nil {
		return
	}
	defer conn.Close()
	for i := range lines {
		fmt.Fprintln(conn, "line", i)
		in.ReadString('\n')
		time.Sleep(20 * time.Millisecond)
	}
	if quit {
		fmt.Fprintln(conn, "quit")
	}
}

func shortConns(c *Client) {
	c.Every(100*time.Millisecond, func(i int) { c.talk("/lines", 4, !c.Bad() || i%3 == 0) })
}

func bodyUnclosed(e *Env) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 8}}
	e.OnStop(client.CloseIdleConnections)
	e.Mux.HandleFunc("/proxy", func(w http.ResponseWriter, r *http.Request) {
		resp, err := client.Get("http://" + e.Upstream + "/?bad=" + r.FormValue("bad"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		if resp.StatusCode != http.StatusOK {
			http.Error(w, resp.Status, http.StatusBadGateway)
			return
		}
		defer resp.Body.Close()
		io.Copy(w, resp.Body)
	})
}

// bigAnswers answers HTTP requests on one connection; failures come with a long page.
func bigAnswers(c net.Conn) {
	in := bufio.NewReader(c)
	for {
		r, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		if r.FormValue("bad") != "" {
			fmt.Fprint(c, "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 1000000\r\n\r\n")
			c.Write(make([]byte, 1000000))
		} else {
			fmt.Fprint(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
		}
	}
}

func writeFrame(w io.Writer, id uint32) error { return binary.Write(w, binary.BigEndian, id) }

func readFrame(r io.Reader) (uint32, error) {
	var b [4]byte
	_, err := io.ReadFull(r, b[:])
	return binary.BigEndian.Uint32(b[:]), err
}

func echoFrames(c net.Conn) {
	for {
		id, err := readFrame(c)
		if err != nil {
			return
		}
		time.Sleep(3 * time.Millisecond)
		writeFrame(c, id)
	}
}

func lossyFrames(c net.Conn) {
	for {
		id, err := readFrame(c)
		if err != nil {
			return
		}
		if id%9 != 8 {
			writeFrame(c, id)
		}
	}
}

func silence(c net.Conn) { io.Copy(io.Discard, c) }

type dbPool struct{ free chan net.Conn }

func newDBPool(e *Env, n int) *dbPool {
	p := &dbPool{free: make(chan net.Conn, n)}
	for range n {
		c := e.dial()
		e.OnStop(func() { c.Close() })
		p.free <- c
	}
	return p
}

func (p *dbPool) get() net.Conn { return <-p.free }

func (p *dbPool) query(id uint32, bad bool) (uint32, error) {
	c := p.get()
	if err := writeFrame(c, id); err != nil {
		return 0, err
	}
	row, err := readFrame(c)
	if err != nil || bad {
		return 0, fmt.Errorf("row %d does not scan", row)
	}
	p.free <- c
	return row, nil
}

func dbPoolLost(e *Env) {
	p := newDBPool(e, 6)
	e.Handle("/row", func(r *http.Request) string { return fmt.Sprint(p.query(7, isBad(r))) })
}

func heartbeat(addr string) {
	go func() {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			return
		}
		defer c.Close()
		writeFrame(c, 1)
		readFrame(c)
	}()
}

func silentPeer(e *Env) {
	e.Handle("/beat", func(r *http.Request) string { heartbeat(e.Upstream); return "sent" })
}

type replica struct{ conn net.Conn }

func (p *replica) follow() {
	writeFrame(p.conn, 1)
	for {
		snapshot, err := readFrame(p.conn)
		if err != nil {
			return
		}
		spin(int(snapshot))
	}
}

func silentTwo(e *Env) {
	for range 2 {
		p := &replica{conn: e.dial()}
		go p.follow()
	}
}

type socket struct {
	conn net.Conn
	send chan string
}

func (s *socket) readLoop() {
	defer s.conn.Close()
	in := bufio.NewScanner(s.conn)
	for in.Scan() {
		s.send <- in.Text()
	}
}

func (s *socket) writeLoop() {
	for m := range s.send {
		if _, err := fmt.Fprintln(s.conn, m); err != nil {
			return
		}
	}
}

func wsWriter(e *Env) {
	e.Mux.HandleFunc("/ws", func(w http.ResponseWriter, r *http.Request) {
		if c, ok := hijack(w); ok {
			s := &socket{conn: c, send: make(chan string, 4)}
			go s.writeLoop()
			s.readLoop()
		}
	})
}

func shortConns2(c *Client) {
	c.Every(120*time.Millisecond, func(i int) {
		if c.Bad() {
			c.talk("/ws", 5, false)
		} else {
			c.Get("/ping")
		}
	})
}

type rpcClient struct {
	conn net.Conn
	mu   sync.Mutex
	next uint32
	wait map[uint32]chan uint32
}

func newRPC(e *Env) *rpcClient {
	r := &rpcClient{conn: e.dial(), wait: map[uint32]chan uint32{}}
	e.OnStop(func() { r.conn.Close() })
	go r.receive()
	return r
}

func (r *rpcClient) receive() {
	for {
		id, err := readFrame(r.conn)
		if err != nil {
			return
		}
		r.mu.Lock()
		done := r.wait[id]
		delete(r.wait, id)
		r.mu.Unlock()
		if done != nil {
			done <- id
		}
	}
}

func (r *rpcClient) call() uint32 {
	done := make(chan uint32, 1)
	r.mu.Lock()
	r.next++
	r.wait[r.next] = done
	writeFrame(r.conn, r.next)
	r.mu.Unlock()
	return <-done
}

func rpcLost(e *Env) {
	client := newRPC(e)
	e.Handle("/rpc", func(r *http.Request) string {
		go client.call()
		return "notified"
	})
}

type hub struct {
	mu   sync.Mutex
	subs map[chan string]bool
}

func (h *hub) subscribe(buffer int) chan string {
	sub := make(chan string, buffer)
	h.mu.Lock()
	h.subs[sub] = true
	h.mu.Unlock()
	return sub
}

func (h *hub) unsubscribe(sub chan string) {
	h.mu.Lock()
	delete(h.subs, sub)
	h.mu.Unlock()
	close(sub)
}

// publish drops a message for subscribers that are behind.
func (h *hub) publish(m string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for sub := range h.subs {
		select {
		case sub <- m:
		default:
		}
	}
}

func (h *hub) publishEvery(e *Env, d time.Duration) {
	for i := 0; pause(e.Ctx, d); i++ {
		h.publish(fmt.Sprint("event ", i))
	}
}

func (h *hub) forward(sub <-chan string, out chan<- string) {
	for m := range sub {
		out <- "data: " + m + "\n\n"
	}
}

func sseHub(e *Env) {
	h := &hub{subs: map[chan string]bool{}}
	go h.publishEvery(e, 40*time.Millisecond)
	e.Mux.HandleFunc("/stream", func(w http.ResponseWriter, r *http.Request) {
		out := make(chan string)
		go h.forward(h.subscribe(8), out)
		for {
			select {
			case m := <-out:
				io.WriteString(w, m)
				w.(http.Flusher).Flush()
			case <-r.Context().Done():
				return
			}
		}
	})
}

func shortStreams(c *Client) {
	c.Every(150*time.Millisecond, func(int) { c.GetFor("/stream", 250*time.Millisecond) })
}
