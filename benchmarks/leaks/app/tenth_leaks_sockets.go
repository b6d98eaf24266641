package app

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

type socket10 struct {
	conn  net.Conn
	inbox chan string
}

func (s *socket10) read() {
	defer s.conn.Close()
	defer close(s.inbox)
	in := bufio.NewScanner(s.conn)
	for in.Scan() {
		s.inbox <- in.Text()
	}
}

func (s *socket10) process() {
	for m := range s.inbox {
		if m == "unknown" {
			return
		}
		spin(len(m))
	}
}

func socketInboxFull(e *Env) {
	e.Mux.HandleFunc("/talk10", func(w http.ResponseWriter, r *http.Request) {
		s := &socket10{hijacked8(w), make(chan string, 4)}
		go s.read()
		go s.process()
	})
}

// socket opens a websocket-like connection.
func (c *Client) socket(path string) net.Conn {
	conn, err := net.Dial("tcp", c.Addr)
	if err != nil {
		return nil
	}
	fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\n", path)
	in := bufio.NewReader(conn)
	for line := ""; line != "\r\n"; {
		if line, err = in.ReadString('\n'); err != nil {
			conn.Close()
			return nil
		}
	}
	return conn
}

func talkers10(c *Client) {
	c.Every(140*time.Millisecond, func(i int) {
		conn := c.socket("/talk10")
		if conn == nil {
			return
		}
		defer conn.Close()
		for n := range 9 {
			if n == 2 && i%3 == 0 && c.Bad() {
				fmt.Fprintln(conn, "unknown")
			}
			fmt.Fprintln(conn, "message", n)
		}
		time.Sleep(120 * time.Millisecond)
	})
}

type member10 struct {
	conn  net.Conn
	token chan struct{}
}

// send writes a message; the token is what keeps two writers apart.
func (m *member10) send(text string) {
	<-m.token
	if _, err := fmt.Fprintln(m.conn, text); err != nil {
		return
	}
	m.token <- struct{}{}
}

type hall10 struct {
	mu      sync.Mutex
	members map[*member10]bool
}

func (h *hall10) tell(text string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for m := range h.members {
		go m.send(text)
	}
}

func (h *hall10) join(conn net.Conn) {
	m := &member10{conn, make(chan struct{}, 1)}
	m.token <- struct{}{}
	h.mu.Lock()
	h.members[m] = true
	h.mu.Unlock()
	in := bufio.NewScanner(conn)
	for in.Scan() {
		if in.Text() == "bye" {
			h.mu.Lock()
			delete(h.members, m)
			h.mu.Unlock()
		}
	}
	conn.Close()
}

func socketWriteToken(e *Env) {
	h := &hall10{members: map[*member10]bool{}}
	e.Mux.HandleFunc("/hall10", func(w http.ResponseWriter, r *http.Request) { h.join(hijacked8(w)) })
	inTurn(e, 400*time.Millisecond, func(i int) {
		if e.Bad() {
			h.tell(fmt.Sprint("news ", i))
		}
	})
}

func visitors10(c *Client) {
	c.Every(300*time.Millisecond, func(i int) {
		conn := c.socket("/hall10")
		if conn == nil {
			return
		}
		defer conn.Close()
		time.Sleep(500 * time.Millisecond)
		if i%3 != 0 || !c.Bad() {
			fmt.Fprintln(conn, "bye")
			time.Sleep(20 * time.Millisecond)
		}
	})
}
