package app

import (
	"errors"
	"net/http"
	"strconv"
	"sync"
	"time"
)

func leaksOfWorkers() []Scenario {
	return []Scenario{
		{Name: "tenant_worker", Late: true, Leaks: []string{"tenant).work"}, Setup: tenantWorkers, Load: badEvery("/tenant", 70*time.Millisecond, 1),
			About: "each tenant has a worker; a tenant that goes is deleted from the map but its worker's queue is not closed"},
		{Name: "ticker_request", Leaks: []string{"progress"}, Setup: tickerRequest, Load: badEvery("/job", 100*time.Millisecond, 1),
			About: "each request starts a progress goroutine on a 300 ms ticker that nothing stops"},
		{Name: "retry_forever", Leaks: []string{"deliver"}, Setup: retryForever, Load: badEvery("/hook", 100*time.Millisecond, 5),
			About: "a web hook to an address that is gone is retried for ever, with a growing sleep, by a goroutine of each request"},
		{Name: "pool_per_request", Leaks: []string{"thumbnailPool).worker"}, Setup: poolPerRequest, Load: badEvery("/thumb", 200*time.Millisecond, 1),
			About: "a handler makes a pool of four workers for one request and never closes it"},
		{Name: "timer_stopped", Leaks: []string{"reminder).wait"}, Setup: timerStopped, Load: badEvery("/remind", 80*time.Millisecond, 2),
			About: "a cancelled reminder's timer is stopped, and the goroutine that waits for its channel is never told"},
	}
}

type tenant struct{ jobs chan int }

func (t *tenant) work() {
	for job := range t.jobs {
		spin(job)
	}
}

func tenantWorkers(e *Env) {
	var mu sync.Mutex
	tenants := map[string]*tenant{}
	find := func(id string) *tenant {
		mu.Lock()
		defer mu.Unlock()
		t := tenants[id]
		if t == nil {
			t = &tenant{jobs: make(chan int, 4)}
			tenants[id] = t
			go t.work()
		}
		return t
	}
	e.Handle("/tenant", func(r *http.Request) string {
		id := "default"
		if isBad(r) {
			id = r.FormValue("i")
		}
		for i := range 3 {
			find(id).jobs <- i
		}
		if isBad(r) {
			mu.Lock()
			delete(tenants, id)
			mu.Unlock()
		}
		return id
	})
}

func progress(done *int) {
	for range time.NewTicker(300 * time.Millisecond).C {
		spin(*done)
	}
}

func tickerRequest(e *Env) {
	e.Handle("/job", func(r *http.Request) string {
		done := 1
		go progress(&done)
		time.Sleep(10 * time.Millisecond)
		return "job done"
	})
}

func post(gone bool) error {
	time.Sleep(2 * time.Millisecond)
	if gone {
		return errors.New("no such host")
	}
	return nil
}

func deliver(gone bool) {
	for wait := 50 * time.Millisecond; post(gone) != nil; wait *= 2 {
		time.Sleep(wait)
	}
}

func retryForever(e *Env) {
	e.Handle("/hook", func(r *http.Request) string {
		go deliver(isBad(r))
		return "accepted"
	})
}

type thumbnailPool struct{ sizes, done chan int }

func (p *thumbnailPool) worker() {
	for size := range p.sizes {
		spin(size)
		p.done <- size
	}
}

func poolPerRequest(e *Env) {
	e.Handle("/thumb", func(r *http.Request) string {
		p, sum := &thumbnailPool{sizes: make(chan int, 8), done: make(chan int, 8)}, 0
		for range 4 {
			go p.worker()
		}
		for size := range 8 {
			p.sizes <- size
		}
		for range 8 {
			sum += <-p.done
		}
		return strconv.Itoa(sum)
	})
}

type reminder struct{ timer *time.Timer }

func (m *reminder) wait() {
	<-m.timer.C
	spin(1)
}

func timerStopped(e *Env) {
	e.Handle("/remind", func(r *http.Request) string {
		m := &reminder{timer: time.NewTimer(30 * time.Millisecond)}
		go m.wait()
		if isBad(r) {
			time.Sleep(5 * time.Millisecond)
			m.timer.Stop()
		}
		return "noted"
	})
}
