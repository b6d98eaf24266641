package app

import (
	"net/http"
	"sync"
	"time"
)

type weighted struct {
	mu      sync.Mutex
	free    int
	waiters []chan struct{}
}

func (s *weighted) acquire() {
	s.mu.Lock()
	if s.free > 0 {
		s.free--
		s.mu.Unlock()
		return
	}
	ready := make(chan struct{})
	s.waiters = append(s.waiters, ready)
	s.mu.Unlock()
	<-ready
}

func (s *weighted) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.waiters) > 0 {
		close(s.waiters[0])
		s.waiters = s.waiters[1:]
		return
	}
	s.free++
}

func weightedQueue(e *Env) {
	s := &weighted{free: 3}
	e.Handle("/convert", func(*http.Request) string {
		go func() {
			s.acquire()
			defer s.release()
			time.Sleep(700 * time.Millisecond)
		}()
		return "converting"
	})
}

func condFleet(e *Env) {
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	queue, stopped := 0, false
	for range 24 {
		go func() {
			mu.Lock()
			defer mu.Unlock()
			for {
				for queue == 0 && !stopped {
					cond.Wait()
				}
				if stopped {
					return
				}
				queue--
				spin(2)
			}
		}()
	}
	e.OnStop(func() { mu.Lock(); stopped = true; mu.Unlock(); cond.Broadcast() })
	e.Handle("/enqueue", func(*http.Request) string {
		mu.Lock()
		queue++
		mu.Unlock()
		cond.Signal()
		return "queued"
	})
}

func snapshotRLock(e *Env) {
	var mu sync.RWMutex
	go func() {
		for pause(e.Ctx, 100*time.Millisecond) {
			mu.RLock()
			time.Sleep(1800 * time.Millisecond)
			mu.RUnlock()
		}
	}()
	e.Handle("/put2", func(*http.Request) string {
		go func() {
			mu.Lock()
			defer mu.Unlock()
			spin(1)
		}()
		return "will be put"
	})
}

func lead(e *Env, lock chan struct{}) {
	select {
	case lock <- struct{}{}:
	case <-e.Ctx.Done():
		return
	}
	defer func() { <-lock }()
	for pause(e.Ctx, 300*time.Millisecond) {
		spin(1)
	}
}

func standbyLock(e *Env) {
	lock := make(chan struct{}, 1)
	for range 3 {
		go lead(e, lock)
	}
}
