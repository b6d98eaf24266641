package app

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// fourthLeakConns leave behind goroutines that hang on connections: databases, clients, proxies, sockets.
func fourthLeakConns() []Scenario {
	ms := time.Millisecond
	return []Scenario{
		{Name: "sql_rows_open", Late: true, Leaks: []string{"orders4).export"}, Follows: []string{"Rows).awaitDone", "connReader).backgroundRead"}, Setup: sqlRowsOpen, Load: badEvery("/orders4", 60*ms, 8),
			About: "rows are left open on the failing path; after five the pool has no connection, and exports wait for one for ever"},
		{Name: "transport_per_request", Late: true, Short: true, Leaks: []string{"persistConn).readLoop", "persistConn).writeLoop"}, Setup: transportPerRequest, Upstream: bigAnswers, Load: getEvery("/forward", 120*ms),
			About: "each request makes an http.Transport of its own, whose idle connection nobody will use or close"},
		{Name: "client_no_timeout", Late: true, Leaks: []string{"warehouse).notify"}, Follows: []string{"persistConn)"}, Setup: clientNoTimeout, Upstream: silence, Load: badEvery("/ship", 150*ms, 1),
			About: "a notification in the background has no time-out; the peer takes the connection and never answers"},
		{Name: "proxy_half_open", Leaks: []string{"tunnel.func2"}, Setup: proxyHalfOpen, Upstream: silence, Load: tunnels,
			About: "a tunnel ends with its client, but the copy from the silent backend is left to read for ever"},
		{Name: "hub_unregister", Late: true, Short: true, Leaks: []string{"chatHub).leave"}, Setup: hubUnregister, Load: chatters,
			About: "the hub's loop ended with an error at 1 s; who leaves blocks on its unregister channel"},
		{Name: "first_message_only", Late: true, Leaks: []string{"sharedStream).pump"}, Setup: firstMessageOnly, Upstream: echoFrames, Load: badEvery("/peek", 80*ms, 3),
			About: "a stream over a shared connection is read once and not closed; its pump waits for frames that never come"},
	}
}

// memoryDB is a database in memory of one endless table.
type memoryDB struct{}

func (memoryDB) Connect(context.Context) (driver.Conn, error) { return memoryConn{}, nil }
func (memoryDB) Driver() driver.Driver                        { return nil }

type memoryConn struct{}

func (memoryConn) Prepare(string) (driver.Stmt, error) { return nil, driver.ErrSkip }
func (memoryConn) Close() error                        { return nil }
func (memoryConn) Begin() (driver.Tx, error)           { return nil, driver.ErrSkip }

func (memoryConn) QueryContext(context.Context, string, []driver.NamedValue) (driver.Rows, error) {
	time.Sleep(2 * time.Millisecond)
	return &memoryRows{}, nil
}

type memoryRows struct{ n int64 }

func (r *memoryRows) Columns() []string { return []string{"id"} }
func (r *memoryRows) Close() error      { return nil }

func (r *memoryRows) Next(dest []driver.Value) error {
	if r.n++; r.n > 20 {
		return io.EOF
	}
	dest[0] = r.n
	return nil
}

type orders4 struct{ db *sql.DB }

func (o *orders4) export(ctx context.Context, bad bool) int {
	rows, err := o.db.QueryContext(ctx, "select id from orders")
	if err != nil {
		return 0
	}
	n := 0
	for rows.Next() {
		if n++; bad && n == 3 {
			return n // the rows stay open, and with them the connection
		}
	}
	rows.Close()
	return n
}

func sqlRowsOpen(e *Env) {
	o := &orders4{sql.OpenDB(memoryDB{})}
	o.db.SetMaxOpenConns(5)
	e.OnStop(func() { o.db.Close() })
	e.Handle("/orders4", func(r *http.Request) string {
		bad := isBad(r)
		if e.Bad() {
			go o.export(context.Background(), bad)
		}
		return "exporting"
	})
}

func transportPerRequest(e *Env) {
	e.Handle("/forward", func(r *http.Request) string {
		if !e.Bad() {
			return "done"
		}
		client := &http.Client{Transport: &http.Transport{}, Timeout: time.Second}
		resp, err := client.Get("http://" + e.Upstream + "/x")
		if err != nil {
			return "failed"
		}
		n, _ := io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		return fmt.Sprint(n)
	})
}

type warehouse struct{ url string }

func (w *warehouse) notify(n int) {
	resp, err := http.Get(w.url)
	if err == nil {
		resp.Body.Close()
	}
}

func clientNoTimeout(e *Env) {
	w := &warehouse{"http://" + e.Upstream + "/notify"}
	e.Handle("/ship", func(r *http.Request) string {
		if isBad(r) {
			go w.notify(1)
		}
		return "shipped"
	})
}

func tunnel(client, backend net.Conn) {
	done := make(chan struct{}, 2)
	go func() { io.Copy(backend, client); done <- struct{}{} }()
	go func() { io.Copy(client, backend); done <- struct{}{} }()
	<-done
	client.Close()
}

func proxyHalfOpen(e *Env) {
	e.Mux.HandleFunc("/tunnel", func(w http.ResponseWriter, r *http.Request) {
		if c, ok := hijack(w); ok {
			go tunnel(c, e.dial())
		}
	})
}

func tunnels(c *Client) {
	c.Every(180*time.Millisecond, func(i int) {
		if conn, _ := c.Upgrade("/tunnel"); conn != nil {
			fmt.Fprintln(conn, "hello", i)
			time.Sleep(100 * time.Millisecond)
			conn.Close()
		}
	})
}

type chatHub struct{ join, left chan net.Conn }

func (h *chatHub) run(e *Env) {
	members := map[net.Conn]bool{}
	for time.Since(e.Started) < time.Second {
		select {
		case c := <-h.join:
			members[c] = true
		case c := <-h.left:
			delete(members, c)
		case <-e.Ctx.Done():
			return
		}
	}
}

func (h *chatHub) leave(c net.Conn) {
	h.left <- c
	c.Close()
}

func hubUnregister(e *Env) {
	h := &chatHub{make(chan net.Conn, 512), make(chan net.Conn)}
	go h.run(e)
	e.Mux.HandleFunc("/chat", func(w http.ResponseWriter, r *http.Request) {
		c, ok := hijack(w)
		if !ok {
			return
		}
		h.join <- c
		go func() {
			if e.Bad() {
				defer h.leave(c)
			}
			io.Copy(io.Discard, c)
			c.Close()
		}()
	})
}

func chatters(c *Client) {
	c.Every(120*time.Millisecond, func(int) { c.talk("/chat", 0, false) })
}

type streamConn struct {
	mu      sync.Mutex
	streams map[uint32]*sharedStream
	conn    net.Conn
	next    uint32
}

type sharedStream struct {
	frames chan uint32
	out    chan uint32
}

func (s *sharedStream) pump() {
	for f := range s.frames {
		s.out <- f
	}
	close(s.out)
}

func (m *streamConn) read() {
	for {
		id, err := readFrame(m.conn)
		if err != nil {
			return
		}
		m.mu.Lock()
		if s := m.streams[id]; s != nil {
			s.frames <- id
		}
		m.mu.Unlock()
	}
}

func (m *streamConn) open() (uint32, *sharedStream) {
	s := &sharedStream{make(chan uint32, 4), make(chan uint32, 4)}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.next++
	m.streams[m.next] = s
	go s.pump()
	writeFrame(m.conn, m.next)
	return m.next, s
}

func (m *streamConn) close(id uint32) {
	m.mu.Lock()
	defer m.mu.Unlock()
	close(m.streams[id].frames)
	delete(m.streams, id)
}

func firstMessageOnly(e *Env) {
	m := &streamConn{streams: map[uint32]*sharedStream{}, conn: e.dial()}
	e.OnStop(func() { m.conn.Close() })
	go m.read()
	e.Handle("/peek", func(r *http.Request) string {
		id, s := m.open()
		f := <-s.out
		if !isBad(r) {
			m.close(id)
		}
		return fmt.Sprint(f)
	})
}
