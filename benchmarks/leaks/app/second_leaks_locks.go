package app

import (
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

func assemble(bad bool) {
	parts := make(chan int)
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		spin(<-parts)
	}()
	go func() {
		defer wg.Done()
		if time.Sleep(10 * time.Millisecond); !bad {
			parts <- 3
		}
	}()
	wg.Wait()
}

func groupWaitChild(e *Env) {
	e.Handle("/assemble", func(r *http.Request) string {
		bad := isBad(r)
		go func() { assemble(bad) }()
		return "started"
	})
}

type mailbox struct {
	mu     sync.Mutex
	cond   *sync.Cond
	mails  []string
	closed bool
}

func (m *mailbox) next() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	for len(m.mails) == 0 && !m.closed {
		m.cond.Wait()
	}
	if len(m.mails) == 0 {
		return false
	}
	m.mails = m.mails[1:]
	return true
}

func (m *mailbox) read() {
	for m.next() {
		spin(1)
	}
}

func condSignalTwo(e *Env) {
	e.Handle("/mail", func(r *http.Request) string {
		m := &mailbox{}
		m.cond = sync.NewCond(&m.mu)
		for range 2 {
			go m.read()
		}
		for range 4 {
			m.mu.Lock()
			m.mails = append(m.mails, "mail")
			m.mu.Unlock()
			m.cond.Signal()
			time.Sleep(4 * time.Millisecond)
		}
		m.mu.Lock()
		m.closed = true
		m.mu.Unlock()
		m.cond.Signal()
		return "read"
	})
}

type bucket struct{ tokens chan struct{} }

func (b *bucket) take() { <-b.tokens }

func tokensStopped(e *Env) {
	b := &bucket{tokens: make(chan struct{}, 4)}
	go func() {
		for time.Since(e.Started) < 2500*time.Millisecond && pause(e.Ctx, 50*time.Millisecond) {
			b.tokens <- struct{}{}
		}
	}()
	e.Handle("/notify", func(r *http.Request) string {
		go func() {
			b.take()
			spin(2)
		}()
		return "will be sent"
	})
}

type inventory struct {
	mu    sync.Mutex
	stock map[string]int
}

func (v *inventory) sync(peer io.ReadWriter) {
	v.mu.Lock()
	defer v.mu.Unlock()
	writeFrame(peer, 1)
	n, _ := readFrame(peer)
	v.stock["all"] = int(n)
}

func (v *inventory) count(key string) int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.stock[key]
}

func lockAcrossCall(e *Env) {
	v := &inventory{stock: map[string]int{}}
	peer := e.dial()
	go func() {
		if pause(e.Ctx, 1200*time.Millisecond) {
			v.sync(peer)
		}
	}()
	e.Handle("/stock", func(r *http.Request) string { return fmt.Sprint(v.count(r.FormValue("i"))) })
}

type registry2 struct {
	mu      sync.Mutex
	entries map[string]time.Time
}

func (r *registry2) drop(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.entries, name)
}

func (r *registry2) sweep() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for name, at := range r.entries {
		if time.Since(at) > time.Second {
			r.drop(name)
		}
	}
}

func (r *registry2) size() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.entries)
}

func doubleLock(e *Env) {
	r := &registry2{entries: map[string]time.Time{"a": time.Now()}}
	loop := func(f func(), every time.Duration) {
		for pause(e.Ctx, every) {
			f()
		}
	}
	go loop(r.sweep, 300*time.Millisecond)
	for range 2 {
		go loop(func() { spin(r.size()) }, 200*time.Millisecond)
	}
}

func closeWhenDone(wg *sync.WaitGroup, out chan int) {
	wg.Wait()
	close(out)
}

func wgAddedTwice(e *Env) {
	go func() {
		for pause(e.Ctx, time.Second) {
			var wg sync.WaitGroup
			out := make(chan int, 3)
			for i := range 3 {
				wg.Add(1)
				if i == 0 {
					wg.Add(1)
				}
				go func() { defer wg.Done(); out <- spin(i) }()
			}
			go closeWhenDone(&wg, out)
		}
	}()
}

type rates struct {
	snapshot chan int
	value    func() int
}

func (r *rates) load() int { return <-r.snapshot }

func onceValueStarved(e *Env) {
	r := &rates{snapshot: make(chan int)}
	r.value = sync.OnceValue(r.load)
	e.Handle("/rate", func(*http.Request) string {
		go func() { spin(r.value() % 3) }()
		return "soon"
	})
}

type gate struct{ permits chan struct{} }

func (g *gate) enter() { g.permits <- struct{}{} }

func permitLost(e *Env) {
	g := &gate{permits: make(chan struct{}, 8)}
	e.Handle("/gate", func(r *http.Request) string {
		g.enter()
		if isBad(r) {
			return "rejected"
		}
		spin(2)
		<-g.permits
		return "passed"
	})
}
