// Package work is what the handlers of all variants do, and the program's own record of it.
package work

import (
	"bytes"
	"runtime"
	"strconv"
	"sync"
	"time"
)

// Row is one request as the program saw it. Times are wall clock, nanoseconds since 1970.
type Row struct {
	Kind    string `json:"kind"`
	G       int64  `json:"g"`
	StartNs int64  `json:"start_ns"`
	EndNs   int64  `json:"end_ns"`
	// Created are the goroutines that it made, directly or not, and Served the worker of the pool that did its job.
	Created []int64 `json:"created,omitempty"`
	Served  int64   `json:"served,omitempty"`
	// ServedNs is how long that worker was busy with it.
	ServedNs int64  `json:"served_ns,omitempty"`
	SpanID   string `json:"span,omitempty"`
	TraceID  string `json:"trace,omitempty"`
}

var (
	mu   sync.Mutex
	rows []Row
)

// Rows is every request that has ended.
func Rows() []Row {
	mu.Lock()
	defer mu.Unlock()
	return append([]Row(nil), rows...)
}

type job struct{ done chan reply }

type reply struct{ g, ns int64 }

var jobs = make(chan job)

// StartPool starts the workers; called once, before any request.
func StartPool() {
	for range 2 {
		go worker()
	}
}

func worker() {
	for j := range jobs {
		begin := time.Now()
		Burn(2 * time.Millisecond)
		time.Sleep(time.Millisecond)
		Burn(time.Millisecond)
		j.done <- reply{G(), int64(time.Since(begin))}
	}
}

// G is the goroutine's number.
func G() int64 {
	buf := make([]byte, 64)
	buf = buf[:runtime.Stack(buf, false)]
	n, _ := strconv.ParseInt(string(bytes.Fields(buf)[1]), 10, 64)
	return n
}

// Burn uses the CPU for so long.
func Burn(d time.Duration) {
	for end := time.Now().Add(d); time.Now().Before(end); {
	}
}

// Do does a request's work and records it; set may add to the row.
func Do(kind string, set func(*Row)) {
	row := Row{Kind: kind, G: G(), StartNs: time.Now().UnixNano()}
	switch kind {
	case "plain":
		Burn(time.Millisecond)
		time.Sleep(3 * time.Millisecond)
	case "spawn":
		row.Created = spawn()
	case "pool":
		done := make(chan reply)
		jobs <- job{done}
		r := <-done
		row.Served, row.ServedNs = r.g, r.ns
	case "long":
		long()
	}
	if set != nil {
		set(&row)
	}
	row.EndNs = time.Now().UnixNano()
	mu.Lock()
	rows = append(rows, row)
	mu.Unlock()
}

// spawn has a goroutine work that has another one work.
func spawn() []int64 {
	ids := make(chan int64, 2)
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		Burn(time.Millisecond)
		wg.Add(1)
		go func() {
			defer wg.Done()
			Burn(2 * time.Millisecond)
			ids <- G()
		}()
		ids <- G()
	}()
	wg.Wait()
	return []int64{<-ids, <-ids}
}

func long() {
	tick := make(chan struct{})
	for range 4 {
		go func() {
			time.Sleep(70 * time.Millisecond)
			tick <- struct{}{}
		}()
		<-tick
	}
}
