// Package app holds mini services: some leave goroutines behind, some only look as if they did.
package app

import (
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// Scenario is one mini service and the load that is put on it.
type Scenario struct {
	Name  string
	About string
	// Leaks names what a left-behind goroutine has among its frames; empty: the program is correct.
	Leaks []string
	// Except names frames of goroutines that Leaks would name too but that are in good use.
	Except []string
	// Follows names frames of goroutines that stay only because others are left behind.
	Follows []string
	// Late: recorded twice more, with the trace started after the interesting part and as a flight recorder's snapshot.
	Late bool
	// Short, Long: recorded once more for 3.5 s from the start, for 14 s.
	Short, Long bool
	// Batch counts the rounds of writing, scoring blind, and mending.
	Batch int
	Setup func(e *Env)
	// Load runs in the client's process; Upstream serves there, for programs that call out.
	Load     func(c *Client)
	Upstream func(conn net.Conn)
}

// All lists every scenario.
func All() []Scenario {
	var all []Scenario
	all = append(all, leaksOfChannels()...)
	all = append(all, leaksOfLocks()...)
	all = append(all, leaksOfConns()...)
	all = append(all, leaksOfWorkers()...)
	all = append(all, fineWorkers()...)
	all = append(all, fineConns()...)
	all = append(all, fineWaits()...)
	all = append(numbered(1, all), numbered(2, append(secondLeaks(), secondFine()...))...)
	all = append(all, numbered(3, append(thirdLeaks(), thirdFine()...))...)
	fourth := append(append(fourthLeakTasks(), fourthLeakConns()...), append(fourthFineBoot(), fourthFineRequests()...)...)
	all = append(all, numbered(4, fourth)...)
	all = append(all, numbered(5, fifth())...)
	all = append(all, numbered(6, sixth())...)
	all = append(all, numbered(7, seventh())...)
	all = append(all, numbered(8, eighth())...)
	all = append(all, numbered(9, ninth())...)
	return append(all, numbered(10, tenth())...)
}

func numbered(batch int, scenarios []Scenario) []Scenario {
	for i := range scenarios {
		scenarios[i].Batch = batch
	}
	return scenarios
}

// badPeriod is how long a late recording's program misbehaves: until well before its trace starts.
const badPeriod = 3 * time.Second

// Env is what a mini service is given: its routes, its life time, and the address of its upstream.
type Env struct {
	Ctx      context.Context
	Mux      *http.ServeMux
	Late     bool
	Started  time.Time
	Upstream string
	mu       sync.Mutex
	stops    []func()
}

// OnStop registers what a graceful shutdown has to call.
func (e *Env) OnStop(f func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.stops = append(e.stops, f)
}

// Stop runs the registered functions, last first.
func (e *Env) Stop() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for i := len(e.stops) - 1; i >= 0; i-- {
		e.stops[i]()
	}
}

// Bad tells whether the program may misbehave now.
func (e *Env) Bad() bool { return !e.Late || time.Since(e.Started) < badPeriod }

// Handle registers a handler that answers by a string.
func (e *Env) Handle(path string, f func(r *http.Request) string) {
	e.Mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, f(r)) })
}

func (e *Env) dial() net.Conn {
	for {
		c, err := net.Dial("tcp", e.Upstream)
		if err == nil {
			return c
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// Client puts load on a service, from a process of its own.
type Client struct {
	Ctx     context.Context
	Base    string
	Addr    string
	Late    bool
	Started time.Time
	HTTP    *http.Client
}

// Bad tells whether requests that make the service misbehave are to be sent now.
func (c *Client) Bad() bool { return !c.Late || time.Since(c.Started) < badPeriod }

// Every calls f(0), f(1), ... in goroutines of their own, one a period, until the load ends.
func (c *Client) Every(period time.Duration, f func(i int)) {
	var wg sync.WaitGroup
	t := time.NewTicker(period)
	defer t.Stop()
	for i := 0; ; i++ {
		wg.Add(1)
		go func() { defer wg.Done(); f(i) }()
		select {
		case <-t.C:
		case <-c.Ctx.Done():
			wg.Wait()
			return
		}
	}
}

// Get asks for a path, for one second at most.
func (c *Client) Get(path string) { c.GetFor(path, time.Second) }

// GetFor asks for a path and reads the answer, for at most d.
func (c *Client) GetFor(path string, d time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, c.Base+path, nil)
	resp, err := c.HTTP.Do(req)
	if err != nil {
		return
	}
	io.Copy(io.Discard, resp.Body)
	resp.Body.Close()
}

// pause sleeps and tells whether the context still lives.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// spin burns some CPU, as a handler that renders something does.
func spin(n int) int {
	x := n
	for i := range n * 1000 {
		x = x*31 + i
	}
	return x
}
