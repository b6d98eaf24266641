package main

import (
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// trouble is what a collector has.
type trouble int

const (
	none   trouble = iota
	killed         // nobody listens
	silent         // it takes connections and bodies, and answers nobody
	slow           // it reads a few kilobytes a second
	out            // it answers 503 at once: its broker is away
)

var troubles = []string{none: "answers", killed: "killed", silent: "silent", slow: "slow", out: "out (503)"}

const (
	slowBytes = 1 << 10
	slowPause = 250 * time.Millisecond
)

// collector takes whatever is posted, as fast as it can, unless it is in trouble.
type collector struct {
	address  string
	server   *http.Server
	now      atomic.Int32
	received atomic.Int64
}

func newCollector() (*collector, error) {
	c := &collector{address: "127.0.0.1:0"}
	return c, c.listen()
}

func (c *collector) url() string { return "http://" + c.address }

func (c *collector) listen() error {
	listener, err := net.Listen("tcp", c.address)
	if err != nil {
		return err
	}
	c.address = listener.Addr().String()
	c.server = &http.Server{Handler: http.HandlerFunc(c.take), ReadHeaderTimeout: 5 * time.Second}
	go func(s *http.Server) { _ = s.Serve(listener) }(c.server)
	return nil
}

// be changes what is the matter. What was the matter before ends at once.
func (c *collector) be(next trouble) error {
	c.now.Store(int32(next))
	if c.server != nil {
		_ = c.server.Close()
		c.server = nil
	}
	if next == killed {
		return nil
	}
	return c.listen()
}

func (c *collector) take(w http.ResponseWriter, r *http.Request) {
	switch trouble(c.now.Load()) {
	case out:
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	case silent:
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
		return
	case slow:
		for n, err := int64(0), error(nil); err == nil; {
			n, err = io.CopyN(io.Discard, r.Body, slowBytes)
			c.received.Add(n)
			time.Sleep(slowPause)
		}
	default:
		n, _ := io.Copy(io.Discard, r.Body)
		c.received.Add(n)
	}
	w.WriteHeader(http.StatusAccepted)
}
