package main

import (
	"context"
	"io"
	"net/http"
	"os"
	"runtime/trace"
	"sync"
	"syscall"
	"time"

	unpark "github.com/unpark/unpark/ingest/agent"
)

// Requests that wait for others: goroutines of their own, workers, other requests, holders of something, services.
func init() {
	waits := func(handler func(string) http.Handler, reason string) scenario {
		return scenario{handler: handler, kind: "waiting", reason: reason, service: "front"}
	}
	for name, s := range map[string]scenario{
		"fan_out":     waits(newFanOut, "network"),
		"fan_in":      waits(newFanIn, "sleep"),
		"nested":      waits(newNested, "network"),
		"semaphore":   waits(newSemaphore, "network"),
		"shared":      waits(newShared, "network"),
		"cond_pool":   waits(newCondPool, "sleep"),
		"readers":     waits(newReaders, "network"),
		"pipeline":    waits(newPipeline, "sleep"),
		"worker":      {handler: newWorkers, kind: "running", service: "front"},
		"system_call": {handler: newReader, kind: "syscall", service: "front"},
		"fan_out_two": {handler: newSpread, callee: newShop, agent: true, kind: "waiting", reason: "sleep", service: "callee"},
		"ids_only":    {handler: newTelling, callee: newTold, kind: "waiting", reason: "sleep", service: "callee"},
	} {
		scenarios[name] = s
	}
}

func answer(w http.ResponseWriter) { _, _ = io.WriteString(w, "ok") }

// Five goroutines, one of which calls a slow service; the request waits for all.
type fanOut struct{ backend string }

func newFanOut(backend string) http.Handler { return &fanOut{backend} }

func (f *fanOut) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var wg sync.WaitGroup
	for i := range 5 {
		wg.Go(func() { f.part(i == 3 && isSlow(r)) })
	}
	wg.Wait()
	answer(w)
}

func (f *fanOut) part(slow bool) {
	usual()
	if slow {
		f.ask()
	}
}

func (f *fanOut) ask() {
	response, err := http.Get(f.backend + "?delay=210ms") // root: fan_out
	check(err)
	_ = response.Body.Close()
}

// Results are gathered from a channel.
type fanIn struct{}

func newFanIn(string) http.Handler { return fanIn{} }

func (f fanIn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	results := make(chan int)
	for i := range 4 {
		go f.compute(i, i == 1 && isSlow(r), results)
	}
	for range 4 {
		<-results
	}
	answer(w)
}

func (f fanIn) compute(i int, slow bool, results chan<- int) {
	usual()
	if slow {
		time.Sleep(170 * time.Millisecond) // root: fan_in
	}
	results <- i
}

// The request waits for a goroutine that waits for a goroutine that waits for a lock whose holder calls a slow service.
type nested struct {
	mu      sync.Mutex
	backend string
	entries map[int]int
}

func newNested(backend string) http.Handler {
	return &nested{backend: backend, entries: map[int]int{}}
}

func (n *nested) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if isSlow(r) {
		go n.reload()
		time.Sleep(2 * time.Millisecond)
	}
	done := make(chan struct{})
	go n.outer(done)
	<-done
	answer(w)
}

func (n *nested) outer(done chan struct{}) {
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(n.inner)
	}
	wg.Wait()
	close(done)
}

func (n *nested) inner() {
	usual()
	n.mu.Lock()
	n.entries[len(n.entries)]++
	n.mu.Unlock()
}

func (n *nested) reload() {
	n.mu.Lock()
	defer n.mu.Unlock()
	response, err := http.Get(n.backend + "?delay=190ms") // root: nested
	check(err)
	_ = response.Body.Close()
}

// A semaphore of one, held through a slow call by a background job.
type semaphore struct {
	slots   chan struct{}
	backend string
}

func newSemaphore(backend string) http.Handler { return &semaphore{make(chan struct{}, 1), backend} }

func (s *semaphore) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if isSlow(r) {
		go s.export()
		time.Sleep(2 * time.Millisecond)
	}
	s.slots <- struct{}{}
	usual()
	<-s.slots
	answer(w)
}

func (s *semaphore) export() {
	s.slots <- struct{}{}
	response, err := http.Get(s.backend + "?delay=230ms") // root: semaphore
	check(err)
	_ = response.Body.Close()
	<-s.slots
}

// The first request for something fetches it, the others wait for that one.
type shared struct {
	mu      sync.Mutex
	flight  chan struct{}
	backend string
}

func newShared(backend string) http.Handler { return &shared{backend: backend} }

func (s *shared) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	usual()
	s.mu.Lock()
	flight := s.flight
	if flight == nil && isSlow(r) {
		s.flight = make(chan struct{})
		s.mu.Unlock()
		s.lead()
		answer(w)
		return
	}
	s.mu.Unlock()
	if flight != nil {
		<-flight
	}
	answer(w)
}

func (s *shared) lead() {
	response, err := http.Get(s.backend + "?delay=160ms") // root: shared
	check(err)
	_ = response.Body.Close()
	s.mu.Lock()
	close(s.flight)
	s.flight = nil
	s.mu.Unlock()
}

// A pool of two connections behind a condition; a report keeps both.
type condPool struct {
	mu   sync.Mutex
	free int
	cond *sync.Cond
}

func newCondPool(string) http.Handler {
	p := &condPool{free: 2}
	p.cond = sync.NewCond(&p.mu)
	return p
}

func (p *condPool) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if isSlow(r) {
		for range 2 {
			go p.report()
		}
		time.Sleep(2 * time.Millisecond)
	}
	p.take()
	usual()
	p.give()
	answer(w)
}

func (p *condPool) take() {
	p.mu.Lock()
	for p.free == 0 {
		p.cond.Wait()
	}
	p.free--
	p.mu.Unlock()
}

func (p *condPool) give() {
	p.mu.Lock()
	p.free++
	p.mu.Unlock()
	p.cond.Signal()
}

func (p *condPool) report() {
	p.take()
	time.Sleep(150 * time.Millisecond) // root: cond_pool
	p.give()
}

// A reader keeps a writer waiting, and the writer all other readers.
type readers struct {
	mu      sync.RWMutex
	backend string
	version int
}

func newReaders(backend string) http.Handler { return &readers{backend: backend} }

func (s *readers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	usual()
	if isSlow(r) {
		go s.dump()
		time.Sleep(2 * time.Millisecond)
		go s.write()
		time.Sleep(2 * time.Millisecond)
	}
	s.mu.RLock()
	_ = s.version
	s.mu.RUnlock()
	answer(w)
}

func (s *readers) write() {
	s.mu.Lock()
	s.version++
	s.mu.Unlock()
}

func (s *readers) dump() {
	s.mu.RLock()
	defer s.mu.RUnlock()
	response, err := http.Get(s.backend + "?delay=240ms") // root: readers
	check(err)
	_ = response.Body.Close()
}

// Three stages that never end; the request waits for the last one's answer.
type job struct {
	slow bool
	done chan struct{}
}

type pipeline struct{ first, second, third chan job }

func newPipeline(string) http.Handler {
	p := &pipeline{make(chan job), make(chan job), make(chan job)}
	go p.parse()
	go p.enrich()
	go p.store()
	return p
}

func (p *pipeline) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	j := job{isSlow(r), make(chan struct{})}
	p.first <- j
	<-j.done
	answer(w)
}

func (p *pipeline) parse() {
	for j := range p.first {
		usual()
		p.second <- j
	}
}

func (p *pipeline) enrich() {
	for j := range p.second {
		p.third <- j
	}
}

func (p *pipeline) store() {
	for j := range p.third {
		if j.slow {
			time.Sleep(140 * time.Millisecond) // root: pipeline
		}
		close(j.done)
	}
}

// Pooled workers that compute; the answer comes over a channel of the request's.
type workers struct{ jobs chan job }

func newWorkers(string) http.Handler {
	p := &workers{make(chan job)}
	for range 2 {
		go p.work()
	}
	return p
}

func (p *workers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	usual()
	j := job{isSlow(r), make(chan struct{}, 1)}
	p.jobs <- j
	<-j.done
	answer(w)
}

func (p *workers) work() {
	for j := range p.jobs {
		if j.slow {
			p.render(time.Now().Add(120 * time.Millisecond))
		}
		j.done <- struct{}{}
	}
}

func (p *workers) render(until time.Time) {
	for time.Now().Before(until) {
		busy++ // root: worker
	}
}

// A read that the poller cannot do: the thread blocks in the kernel.
type reader struct{}

func newReader(string) http.Handler { return reader{} }

func (f reader) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	usual()
	if isSlow(r) {
		f.load()
	}
	answer(w)
}

func (f reader) load() {
	var ends [2]int
	check(syscall.Pipe(ends[:]))
	time.AfterFunc(130*time.Millisecond, func() { _ = syscall.Close(ends[1]) })
	_, _ = syscall.Read(ends[0], make([]byte, 1)) // root: system_call
	_ = syscall.Close(ends[0])
}

// Two services: three calls at once, of which one takes long over there.
type spread struct {
	backend string
	client  *http.Client
}

func newSpread(backend string) http.Handler {
	return &spread{backend, &http.Client{Transport: unpark.RoundTripper(http.DefaultTransport)}}
}

func (s *spread) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var wg sync.WaitGroup
	for _, what := range []string{"/prices?", "/stock?", "/reviews?" + r.URL.RawQuery} {
		wg.Go(func() { s.call(r.Context(), what) })
	}
	wg.Wait()
	answer(w)
}

func (s *spread) call(ctx context.Context, what string) {
	request, err := http.NewRequestWithContext(ctx, "GET", s.backend+what, nil)
	check(err)
	response, err := s.client.Do(request)
	check(err)
	_ = response.Body.Close()
}

type shop struct{}

func newShop(string) http.Handler { return shop{} }

func (s shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	usual()
	if isSlow(r) {
		s.reviews()
	}
	answer(w)
}

func (s shop) reviews() {
	time.Sleep(200 * time.Millisecond) // root: fan_out_two
}

// Two services that log the trace id on a task of their own, and nothing of their calls.
func telling(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, task := trace.NewTask(r.Context(), r.Method+" "+r.URL.Path)
		defer task.End()
		trace.Log(ctx, "otel.trace_id", r.Header.Get("Trace"))
		trace.Log(ctx, "otel.span_id", newTraceID()[16:])
		h.ServeHTTP(w, r.WithContext(ctx))
	})
}

func newTelling(backend string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("Trace", newTraceID())
		telling(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { ask(w, r, backend) })).ServeHTTP(w, r)
	})
}

func newTraceID() string {
	id, err := os.ReadFile("/proc/sys/kernel/random/uuid")
	check(err)
	hex := make([]byte, 0, 32)
	for _, c := range id {
		if c != '-' && c != '\n' {
			hex = append(hex, c)
		}
	}
	return string(hex)
}

func ask(w http.ResponseWriter, r *http.Request, backend string) {
	request, err := http.NewRequestWithContext(r.Context(), "GET", backend+"/stock?"+r.URL.RawQuery, nil)
	check(err)
	request.Header.Set("Trace", r.Header.Get("Trace"))
	response, err := http.DefaultClient.Do(request)
	check(err)
	_, _ = io.Copy(w, response.Body)
	_ = response.Body.Close()
}

func newTold(string) http.Handler { return telling(http.HandlerFunc(stock)) }

func stock(w http.ResponseWriter, r *http.Request) {
	usual()
	if isSlow(r) {
		time.Sleep(175 * time.Millisecond) // root: ids_only
	}
	answer(w)
}
