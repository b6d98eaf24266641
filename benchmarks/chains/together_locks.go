package main

import (
	"net/http"
	"sync"
	"time"
)

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
