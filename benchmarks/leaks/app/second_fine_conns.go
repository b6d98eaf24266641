package app

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

func quietTopics(e *Env) {
	e.Mux.HandleFunc("/feed", func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "hello\n")
		w.(http.Flusher).Flush()
		topic, out := make(chan string), make(chan string)
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		go forwardTopic(ctx, topic, out)
		select {
		case m := <-out:
			io.WriteString(w, m)
		case <-r.Context().Done():
		case <-e.Ctx.Done():
		}
	})
}

func forwardTopic(ctx context.Context, topic <-chan string, out chan<- string) {
	select {
	case m := <-topic:
		out <- m
	case <-ctx.Done():
	}
}

func livingFeeds(c *Client) {
	c.Every(180*time.Millisecond, func(i int) {
		if i < 26 {
			c.GetFor("/feed", 30*time.Second)
		} else {
			c.Get("/ping")
		}
	})
}

type chatConn struct {
	conn net.Conn
	send chan string
}

func (c *chatConn) write() {
	for m := range c.send {
		fmt.Fprintln(c.conn, m)
	}
}

func (c *chatConn) keepAlive(done <-chan struct{}) {
	t := time.NewTicker(350 * time.Millisecond)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			fmt.Fprintln(c.conn, "ping")
		case <-done:
			return
		}
	}
}

func wsPings(e *Env) {
	e.Mux.HandleFunc("/ws", func(w http.ResponseWriter, r *http.Request) {
		conn, ok := hijack(w)
		if !ok {
			return
		}
		e.OnStop(func() { conn.Close() })
		c := &chatConn{conn, make(chan string, 4)}
		done := make(chan struct{})
		go c.write()
		go c.keepAlive(done)
		in := bufio.NewScanner(conn)
		for in.Scan() {
			c.send <- in.Text()
		}
		close(done)
		close(c.send)
	})
}

type sqlConn struct {
	conn    net.Conn
	watch   chan context.Context
	done    chan struct{}
	closing chan struct{}
}

// watcher is what database drivers start for each connection.
func (c *sqlConn) watcher() {
	for {
		var ctx context.Context
		select {
		case ctx = <-c.watch:
		case <-c.closing:
			return
		}
		select {
		case <-ctx.Done():
		case <-c.done:
		case <-c.closing:
			return
		}
	}
}

func (c *sqlConn) query(ctx context.Context) {
	c.watch <- ctx
	writeFrame(c.conn, 5)
	readFrame(c.conn)
	c.done <- struct{}{}
}

func sqlWatchers(e *Env) {
	free := make(chan *sqlConn, 64)
	closing := make(chan struct{})
	e.OnStop(func() { close(closing) })
	e.Handle("/sql", func(r *http.Request) string {
		var c *sqlConn
		select {
		case c = <-free:
		default:
			c = &sqlConn{e.dial(), make(chan context.Context, 1), make(chan struct{}), closing}
			go c.watcher()
		}
		c.query(r.Context())
		time.Sleep(20 * time.Millisecond)
		free <- c
		return "row"
	})
}

// rampQueries asks in bursts that grow until 3 s, and for one row at a time later.
func rampQueries(c *Client) {
	c.Every(300*time.Millisecond, func(i int) {
		n := 1
		if i < 10 {
			n = 1 + i
		}
		var wg sync.WaitGroup
		for range n {
			wg.Go(func() { c.Get("/sql") })
		}
		wg.Wait()
	})
}

func tarStream(e *Env) {
	e.Mux.HandleFunc("/tar", func(w http.ResponseWriter, r *http.Request) {
		pr, pw := io.Pipe()
		go func() {
			block := make([]byte, 32<<10)
			for range 4 {
				if _, err := pw.Write(block); err != nil {
					return
				}
			}
			pw.Close()
		}()
		defer pr.Close()
		buf := make([]byte, 4<<10)
		for pause(r.Context(), 300*time.Millisecond) {
			n, err := pr.Read(buf)
			w.Write(buf[:n])
			if err != nil {
				return
			}
		}
	})
}

func watchStreams(e *Env) {
	client := &http.Client{Transport: &http.Transport{}}
	for range 8 {
		go func() {
			req, _ := http.NewRequestWithContext(e.Ctx, http.MethodGet, "http://"+e.Upstream+"/watch", nil)
			resp, err := client.Do(req)
			if err != nil {
				return
			}
			defer resp.Body.Close()
			in := bufio.NewScanner(resp.Body)
			for in.Scan() {
				spin(1)
			}
		}()
		pause(e.Ctx, 200*time.Millisecond)
	}
}

var watchers atomic.Int64

func rareEvents(c net.Conn) {
	defer c.Close()
	in := bufio.NewReader(c)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		if line == "\r\n" {
			break
		}
	}
	fmt.Fprint(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhello\n\r\n")
	n := watchers.Add(1)
	for {
		time.Sleep(time.Duration(2+n) * time.Second)
		if _, err := fmt.Fprint(c, "6\r\nevent\n\r\n"); err != nil {
			return
		}
	}
}

type streamMux struct {
	conn    net.Conn
	mu      sync.Mutex
	streams map[uint32]chan uint32
}

func (m *streamMux) serve(frames <-chan uint32, stop <-chan struct{}) {
	for {
		select {
		case f := <-frames:
			spin(int(f % 3))
		case <-stop:
			return
		}
	}
}

func (m *streamMux) read() {
	stop := make(chan struct{})
	defer close(stop)
	for {
		id, err := readFrame(m.conn)
		if err != nil {
			return
		}
		m.mu.Lock()
		ch := m.streams[id]
		if ch == nil {
			ch = make(chan uint32, 4)
			m.streams[id] = ch
			go m.serve(ch, stop)
		}
		m.mu.Unlock()
		ch <- id
	}
}

func muxStreams(e *Env) {
	m := &streamMux{conn: e.dial(), streams: map[uint32]chan uint32{}}
	e.OnStop(func() { m.conn.Close() })
	go m.read()
}

func openingStreams(c net.Conn) {
	for i := uint32(1); ; i++ {
		if writeFrame(c, i) != nil {
			return
		}
		time.Sleep(300 * time.Millisecond)
	}
}
