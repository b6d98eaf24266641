package main

import (
	"io"
	"net/http"
	"sync"
	"syscall"
	"time"
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

func ask(w http.ResponseWriter, r *http.Request, backend string) {
	request, err := http.NewRequestWithContext(r.Context(), "GET", backend+"/stock?"+r.URL.RawQuery, nil)
	check(err)
	request.Header.Set("Trace", r.Header.Get("Trace"))
	response, err := http.DefaultClient.Do(request)
	check(err)
	_, _ = io.Copy(w, response.Body)
	_ = response.Body.Close()
}
