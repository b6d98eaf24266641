package main

import (
	"io"
	"net/http"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	unpark "github.com/unpark/unpark/ingest/agent"
)

var scenarios = map[string]scenario{
	"lock_network":    {handler: newStore, kind: "waiting", reason: "network", service: "front"},
	"chan_full":       {handler: newQueue, kind: "waiting", reason: "network", service: "front"},
	"slow_downstream": {handler: newGateway, callee: newOrders, agent: true, kind: "waiting", reason: "sleep", service: "callee"},
	"gc_assist":       {handler: newAllocator, kind: "gc_assist", reason: "", service: "front"},
	"timer":           {handler: newPatient, kind: "waiting", reason: "timer", service: "front"},
	"sched_delay":     {handler: newCrowded, kind: "running", reason: "", service: "front"},
}

func isSlow(r *http.Request) bool { return r.URL.Query().Has("slow") }

// usual is what every request waits for, as most do: it shows the trace which handler runs.
func usual() { time.Sleep(500 * time.Microsecond) }

// A store that calls another service while it holds the lock that every request needs.
type store struct {
	mu      sync.Mutex
	backend string
	values  int
}

func newStore(backend string) http.Handler { return &store{backend: backend} }

func (s *store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	usual()
	if isSlow(r) {
		go s.refresh()
		time.Sleep(2 * time.Millisecond)
	}
	s.read()
	_, _ = io.WriteString(w, "ok")
}

func (s *store) read() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.values++
}

func (s *store) refresh() {
	s.mu.Lock()
	defer s.mu.Unlock()
	response, err := http.Get(s.backend + "?delay=250ms") // root: lock_network
	check(err)
	_ = response.Body.Close()
}

// A queue of one, whose only consumer calls a slow service for some items.
type queue struct {
	backend string
	items   chan bool
}

func newQueue(backend string) http.Handler {
	q := &queue{backend, make(chan bool, 1)}
	go q.consume()
	return q
}

func (q *queue) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	usual()
	if isSlow(r) {
		q.items <- true
		q.items <- false
	}
	q.items <- false
	_, _ = io.WriteString(w, "ok")
}

func (q *queue) consume() {
	for slow := range q.items {
		if slow {
			q.deliver()
		}
	}
}

func (q *queue) deliver() {
	response, err := http.Get(q.backend + "?delay=200ms") // root: chan_full
	check(err)
	_ = response.Body.Close()
}

// Two services: the second one sleeps.
type gateway struct {
	backend string
	client  *http.Client
}

func newGateway(backend string) http.Handler {
	return &gateway{backend, &http.Client{Transport: unpark.RoundTripper(http.DefaultTransport)}}
}

func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	request, err := http.NewRequestWithContext(r.Context(), "GET", g.backend+"/orders?"+r.URL.RawQuery, nil)
	check(err)
	response, err := g.client.Do(request)
	check(err)
	_, _ = io.Copy(w, response.Body)
	_ = response.Body.Close()
}

type orders struct{}

func newOrders(string) http.Handler { return orders{} }

func (o orders) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	usual()
	if isSlow(r) {
		o.query()
	}
	_, _ = io.WriteString(w, "ok")
}

func (o orders) query() {
	time.Sleep(180 * time.Millisecond) // root: slow_downstream
}

// A great heap of pointers, and requests that allocate more of them than the collector can keep up with.
type allocator struct {
	heap []*[8]*byte
}

func newAllocator(string) http.Handler {
	debug.SetGCPercent(15)
	a := &allocator{}
	for range 400_000 {
		a.heap = append(a.heap, new([8]*byte))
	}
	return a
}

func (a *allocator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	usual()
	if isSlow(r) {
		a.work()
	}
	_, _ = io.WriteString(w, "ok")
}

func (a *allocator) work() {
	for range 1_500_000 {
		sink = new([8]*byte) // root: gc_assist
	}
}

var sink any

// Waits for a moment that never comes sooner.
type patient struct{}

func newPatient(string) http.Handler { return patient{} }

func (p patient) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	usual()
	if isSlow(r) {
		p.backOff(r)
	}
	_, _ = io.WriteString(w, "ok")
}

func (p patient) backOff(r *http.Request) {
	select { // root: timer
	case <-r.Context().Done():
	case <-time.After(150 * time.Millisecond):
	}
}

// Goroutines that never let go of the processors, while requests come back to the scheduler now and then.
type crowded struct{}

func newCrowded(string) http.Handler { return crowded{} }

func (c crowded) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	usual()
	if isSlow(r) {
		c.compete()
	}
	_, _ = io.WriteString(w, "ok")
}

func (c crowded) compete() {
	var wg sync.WaitGroup
	until := time.Now().Add(300 * time.Millisecond)
	for range 6 {
		wg.Go(func() { burn(until) })
	}
	for time.Now().Before(until) {
		runtime.Gosched()
	}
}

func burn(until time.Time) {
	for time.Now().Before(until) {
		busy++ // root: sched_delay
	}
}

var busy int
