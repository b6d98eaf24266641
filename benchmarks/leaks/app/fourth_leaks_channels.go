package app

import (
	"errors"
	"fmt"
	"iter"
	"net/http"
	"sync"
	"time"
)

func groupEarly(e *Env) {
	e.Handle("/enrich", func(r *http.Request) string {
		g := &taskGroup{make(chan error)}
		bad := isBad(r)
		for i := range 3 {
			g.Go(func() error {
				time.Sleep(time.Duration(i+1) * 5 * time.Millisecond)
				if bad && i == 0 {
					return errors.New("no customer")
				}
				return nil
			})
		}
		for range 3 {
			if err := <-g.results; err != nil {
				return err.Error()
			}
		}
		return "enriched"
	})
}

func broadcastSubscribers(e *Env) {
	b := &newsBus{}
	go func() {
		for i := 0; pause(e.Ctx, time.Second); i++ {
			b.mu.Lock()
			for _, l := range b.listeners {
				l <- i
			}
			b.mu.Unlock()
		}
	}()
	e.Handle("/observe", func(r *http.Request) string {
		if isBad(r) {
			b.subscribe()
		}
		return "observing"
	})
}

func boundedPut(e *Env) {
	q := &boundedQueue{}
	q.room = sync.NewCond(&q.mu)
	go func() {
		for time.Since(e.Started) < time.Second && pause(e.Ctx, 5*time.Millisecond) {
			q.take()
		}
	}()
	e.Handle("/record", func(r *http.Request) string {
		if isBad(r) {
			go q.put(1)
		}
		return "recorded"
	})
}

func droppedJob(e *Env) {
	jobs := make(chan chan int, 4)
	go func() {
		for {
			select {
			case reply := <-jobs:
				time.Sleep(4 * time.Millisecond)
				reply <- 1
			case <-e.Ctx.Done():
				return
			}
		}
	}()
	e.Handle("/convert", func(r *http.Request) string {
		reply := make(chan int, 1)
		if !isBad(r) {
			select {
			case jobs <- reply:
			default:
			}
		}
		return fmt.Sprint(<-reply)
	})
}

func dispatcherBlocked(e *Env) {
	d := &dispatcher{jobs: make(chan int)}
	for range 3 {
		own := make(chan int)
		d.workers = append(d.workers, own)
		go func() {
			for {
				select {
				case n := <-own:
					if n == 15 {
						return
					}
					spin(n % 3)
				case <-e.Ctx.Done():
					return
				}
			}
		}()
	}
	go d.run()
	n := 0
	var mu sync.Mutex
	e.Handle("/dispatch", func(*http.Request) string {
		mu.Lock()
		n++
		job := n
		mu.Unlock()
		if e.Bad() {
			go func() { d.jobs <- job }()
		}
		return "dispatched"
	})
}

func pullNoStop(e *Env) {
	e.Handle("/first-page", func(r *http.Request) string {
		next, stop := iter.Pull(pagesOf(r.FormValue("i")))
		page, _ := next()
		if !isBad(r) {
			stop()
		}
		return fmt.Sprint(page)
	})
}

func stagesAbandoned(e *Env) {
	e.Handle("/transform", func(r *http.Request) string {
		s := &stages{}
		raw, decoded, done := make(chan int), make(chan int), make(chan int)
		go s.read(raw)
		go s.decode(raw, decoded)
		go s.decode(decoded, done)
		sum := 0
		for n := range done {
			if sum += n; isBad(r) {
				break
			}
		}
		return fmt.Sprint(sum)
	})
}

func reportParent(e *Env) {
	e.Handle("/report4", func(r *http.Request) string {
		parts := []chan int{make(chan int, 1), make(chan int, 1), nil}
		parts[0] <- 1
		parts[1] <- 2
		if !isBad(r) {
			parts[2] = make(chan int, 1)
			parts[2] <- 3
		}
		go buildReport(parts)
		return "will be reported"
	})
}

func serverBlocked(e *Env) {
	s := &sequencer{make(chan chan int)}
	go s.run()
	n := 0
	var mu sync.Mutex
	e.Handle("/sequence", func(*http.Request) string {
		mu.Lock()
		n++
		impatient := n == 12
		mu.Unlock()
		go func() {
			reply := make(chan int)
			s.ask <- reply
			if impatient {
				return
			}
			spin(<-reply % 3)
		}()
		return "asked"
	})
}
