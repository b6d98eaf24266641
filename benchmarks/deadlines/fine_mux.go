package main

import (
	"bufio"
	"encoding/binary"
	"net"
	"net/http"
	"sync"
	"time"
)

// muxA sends its questions over one connection; the first request opens it and starts its reader.
func muxA(s *service) http.HandlerFunc {
	m := &muxClient{address: s.peers["b"], waiting: map[uint32]chan struct{}{}}
	return func(w http.ResponseWriter, r *http.Request) {
		n := uint32(number(r))
		done, err := m.ask(n)
		if err != nil {
			answer(w, err)
			return
		}
		select {
		case <-done:
			answer(w, nil)
		case <-r.Context().Done():
			m.forget(n)
			answer(w, r.Context().Err())
		}
	}
}

type muxClient struct {
	address string
	mu      sync.Mutex
	conn    net.Conn
	waiting map[uint32]chan struct{}
}

func (m *muxClient) ask(n uint32) (chan struct{}, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.conn == nil {
		conn, err := net.Dial("tcp", m.address)
		if err != nil {
			return nil, err
		}
		m.conn = conn
		go m.readLoop(conn)
	}
	done := make(chan struct{})
	m.waiting[n] = done
	return done, binary.Write(m.conn, binary.BigEndian, n)
}

func (m *muxClient) forget(n uint32) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.waiting, n)
}

func (m *muxClient) readLoop(conn net.Conn) {
	in := bufio.NewReader(conn)
	for {
		var n uint32
		if binary.Read(in, binary.BigEndian, &n) != nil {
			return
		}
		m.mu.Lock()
		if done := m.waiting[n]; done != nil {
			close(done)
			delete(m.waiting, n)
		}
		m.mu.Unlock()
	}
}

// muxB answers at once, but one question in four after 300 ms; the very first one is such a one.
func muxB(conn net.Conn) {
	var mu sync.Mutex
	for {
		var n uint32
		if binary.Read(conn, binary.BigEndian, &n) != nil {
			return
		}
		go func() {
			if n%4 == 0 {
				time.Sleep(300 * time.Millisecond)
			}
			mu.Lock()
			defer mu.Unlock()
			_ = binary.Write(conn, binary.BigEndian, n)
		}()
	}
}
